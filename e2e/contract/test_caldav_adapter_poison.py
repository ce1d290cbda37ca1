"""Rules that no server survives: each test has a server of its own, which may hang afterwards."""

from time import monotonic

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import SERVERS, passing

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, Mirror


@pytest.fixture(params=sorted(SERVERS))
def world(request):
    """Ann and Bob on a server that nobody else uses."""
    with passing(request.param, "poison") as server, DavProxy(server) as proxy:
        made = CaldavWorld(proxy)
        yield made
        made.close()


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;BYSECOND=1"])
def test_rule_of_every_second_does_not_hang_the_sync(world, rule):
    """S4-14: quirk endless_rule_hangs: it costs no time, hides nothing, the server lives on."""
    side = world.other_side()
    side.put(vevent("Good"))
    side.put(vevent("Ticker", "20270302T110000", "20270302T110001", f"RRULE:{rule}"))
    started = monotonic()
    mirror = Mirror(world)
    assert "Good" in mirror.titles
    side.put(vevent("Later"))
    assert "Later" in mirror.sync().titles
    assert monotonic() - started < 8
