"""Invitations on a server that really schedules: Xandikos, between two of its own users."""

import re

import pytest

from calendar_sync_pro.core.errors import Forbidden
from calendar_sync_pro.tests.pure.contract.backend import at, changed, draft, guest, new_key
from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing

from .caldav_world import CaldavWorld

ADDRESS = (
    '<propertyupdate xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>'
    "<c:calendar-user-address-set><href>mailto:{}</href></c:calendar-user-address-set>"
    "</prop></set></propertyupdate>"
)
MEMBERS = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'


@pytest.fixture(scope="module")
def proxy():
    """Xandikos; the proxy adds nothing of its own."""
    with passing("xandikos", "invitations") as server, DavProxy(server) as made:
        yield made


@pytest.fixture
def world(proxy):
    """Ann and Bob, whose addresses the server knows."""
    made = CaldavWorld(proxy)
    for user in ("ann", "bob"):
        email = made.email(user)
        made.other_side(user)
        reply = proxy.ask("PROPPATCH", f"/{email}/", email, ADDRESS.format(email))
        assert b"200 OK" in reply.body
    yield made
    made.close()


def inbox(world):
    """Methods of the messages in Bob's inbox, sorted."""
    bob = world.email("bob")
    listed = world.proxy.ask("PROPFIND", f"/{bob}/inbox/", bob, MEMBERS, depth="1")
    hrefs = re.findall(r"href>([^<]+\.ics)<", listed.body.decode())
    texts = [world.proxy.ask("GET", href, bob).body.decode() for href in hrefs]
    return sorted(re.search(r"METHOD:(\w+)", text)[1] for text in texts)


def meeting(world, **told):
    """Ann's meeting with Bob."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(world.email("bob")),))
    return ann, home, ann.create(home, wanted, new_key(), **told)


def test_meeting_saved_without_inviting_tells_nobody(world):
    """S4-11: as the product saves it, with the guests in the text alone. This server tells its own
    users whatever SCHEDULE-AGENT says, so nothing less would do."""
    ann, home = world.provider("ann"), world.calendar("ann")
    text = f"With {world.email('bob')}"
    event = ann.create(home, draft("Meeting", description=text), new_key())
    event = ann.update(home, event.remote_id, event.etag, changed(event, when=at(16)), ["when"])
    ann.delete(home, event.remote_id, event.etag)
    assert inbox(world) == []


def test_server_that_schedules_invites_and_calls_off_when_we_wish(world):
    """S4-25: the invitation and the cancellation arrive, each once."""
    ann, home, event = meeting(world, is_notifying=True)
    assert inbox(world) == ["REQUEST"]
    with pytest.raises(Forbidden, match="would_notify"):
        ann.update(home, event.remote_id, "", changed(event, title="Quiet"), ["title"])
    assert inbox(world) == ["REQUEST"]
    ann.delete(home, event.remote_id, "", is_notifying=True)
    assert inbox(world) == ["CANCEL", "REQUEST"]


def test_reminder_on_an_announced_meeting_reaches_nobody(world):
    """S4-28: what is personal stays personal on a real server too."""
    ann, home, event = meeting(world, is_notifying=True)
    ann.update(home, event.remote_id, "", changed(event, reminders=(5,)), ["reminders"])
    assert inbox(world) == ["REQUEST"]
