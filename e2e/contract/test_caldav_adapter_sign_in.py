"""Connecting to real CalDAV servers: from what a user types in to the calendars."""

import pytest

from calendar_sync_pro.core.errors import AuthExpired, ProviderError
from calendar_sync_pro.providers.port import AccessRole, OAuthApp, Purpose

from .caldav_world import PASSWORD, CaldavWorld, path_of


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


def connected(world, **values):
    """Sign in with what is typed, then the calendars of that account."""
    grant, identity = world.sign_in().sign_in(world.app(), world.login(**values))
    return world.provider("ann", grant=grant).calendars(), identity, grant


@pytest.mark.parametrize("path", ["", "/", "/.well-known/caldav", "{principal}", "{calendar}"])
def test_any_address_of_the_server_leads_to_the_calendars(world, path):
    """S0-05: a host, a principal, or the address of one calendar that was copied somewhere."""
    email = world.email("ann")
    facts = {"principal": f"/{email}/", "calendar": world.server.calendar(email)}
    calendars, identity, grant = connected(world, address=world.proxy.url + path.format(**facts))
    own = [one for one in calendars if path_of(one.remote_id) == path_of(facts["calendar"])]
    assert [(one.role, one.is_primary) for one in own] == [(AccessRole.OWNER, True)]
    assert identity.email == email
    assert grant.username == email
    assert PASSWORD not in repr(grant) + repr(identity)


def test_wrong_password_is_said_so_and_tried_once(world):
    """S0-05: not "not found", not "no calendars"; and throttling servers aren't provoked."""
    before = world.proxy.last
    with pytest.raises(AuthExpired):
        connected(world, password="wrong")
    assert world.proxy.last - before <= 2


def test_address_that_is_not_allowed_is_not_even_asked(world):
    """S2-04: a machine of one's own network, unless the administrator allows it."""
    before = world.proxy.last
    with pytest.raises(ProviderError):
        world.sign_in().sign_in(OAuthApp("", ""), world.login())
    assert world.proxy.last == before


def test_web_page_is_no_calendar_server(world):
    """S0-05: a host that answers with pages is told apart from a wrong password."""
    world.proxy.fault("garbage", count=0)
    with pytest.raises(ProviderError) as refused:
        connected(world)
    assert not isinstance(refused.value, AuthExpired)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_on_the_same_server_is_followed_with_method_and_body(world, status):
    """S0-05: a web client would turn the question into another one on the way."""
    home = world.server.home(world.email("ann"))
    world.proxy.fault("redirect", path="/start", status=status, location=f"{world.proxy.url}{home}")
    calendars, _identity, _grant = connected(world, address=f"{world.proxy.url}/start/")
    assert calendars
    assert {one.method for one in world.requests()} <= {"PROPFIND", "OPTIONS"}


def test_redirect_in_a_circle_ends(world):
    """S0-05: with a message, after few requests."""
    world.proxy.fault("redirect", status=302, location=f"{world.proxy.url}/again/", count=0)
    before = world.proxy.last
    with pytest.raises(ProviderError):
        connected(world)
    assert world.proxy.last - before < 60


def test_calendars_are_listed_with_name_colour_and_rights(world):
    """S0-14, S0-17: more than one, each once, none of them something else."""
    side = world.other_side()
    path = side.make_calendar("Customer & visits")
    calendars, _identity, _grant = connected(world)
    by_path = {path_of(one.remote_id): one for one in calendars}
    assert by_path[path_of(path)].name == "Customer & visits"
    assert by_path[path_of(path)].role.can_write
    assert len(calendars) == len(by_path) == 2
    assert [one.is_primary for one in calendars].count(True) == 1


def test_rows_of_the_permission_table_are_those_of_a_password(world):
    """S2-04: everything for a sync, times only where only availability is wanted."""
    rows = world.sign_in().permissions
    assert len(rows(Purpose.SYNC)) > len(rows(Purpose.BUSY_ONLY)) >= 1
