"""What a CalDAV server does on a bad day, over real HTTP: typed errors, and never two copies."""

import logging
from time import monotonic

import pytest

from calendar_sync_pro.core.errors import (
    AuthExpired,
    Conflict,
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    Unavailable,
)
from calendar_sync_pro.providers.port import BusyUnreadable, Grant
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    changed,
    draft,
    listed,
    new_key,
    read_all,
)
from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, Mirror, path_of


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["hang_after", "drop_after", "error_after"])
def test_answer_lost_after_the_server_stored_the_event_leaves_one_copy(world, kind):
    """S4-25: time-out, dropped line or an error after the fact: all mean "unknown"."""
    ann, home, key = world.provider("ann", timeout_s=0.7), world.calendar("ann"), new_key()
    wanted = draft(f"Lost by {kind}")
    world.fault(kind, "create", seconds=1.5, status=500)
    with pytest.raises(Unavailable) as lost:
        ann.create(home, wanted, key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key).guid == wanted.guid
    assert ann.create(home, wanted, key).guid == wanted.guid
    assert world.other_side().titles() == [wanted.fields.title]


def test_connection_dropped_before_the_server_did_anything_is_repeated_to_one_copy(world):
    """S4-25: nothing was made, so the repeat makes it."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    world.fault("drop", "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, draft("Dropped"), key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key) is None
    ann.create(home, draft("Dropped"), key)
    assert world.other_side().titles() == ["Dropped"]


def test_lost_answer_to_an_update_is_told_as_a_conflict_with_its_own_work(world):
    """S4-25: the second try with the old tag is told to read again."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Before"), new_key())
    world.fault("drop_after", "update")
    with pytest.raises(Unavailable) as lost:
        ann.update(home, event.remote_id, event.etag, changed(event, title="After"), ["title"])
    assert lost.value.has_unknown_outcome
    with pytest.raises(Conflict):
        ann.update(home, event.remote_id, event.etag, changed(event, title="After"), ["title"])
    assert ann.get(home, event.remote_id).fields.title == "After"


def test_edit_between_our_reading_and_our_writing_is_a_conflict(world):
    """S4-14: somebody saved in that very moment; their text stays, ours is told."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    event = ann.create(home, draft("Before"), new_key())
    path = path_of(event.remote_id)
    world.fault("meanwhile", "update", act=lambda: side.edit(path, location="Theirs"))
    with pytest.raises(Conflict):
        ann.update(home, event.remote_id, event.etag, changed(event, title="Ours"), ["title"])
    assert (side.titles(), str(side.event(path)["LOCATION"])) == (["Before"], "Theirs")


def test_meeting_that_lives_under_another_name_is_adopted_and_not_made_again(world):
    """S4-25: a server that moves what is created to a place of its own choosing."""
    ann, home, side, key = (
        world.provider("ann"), world.calendar("ann"), world.other_side(), new_key()
    )  # fmt: skip
    wanted = draft("Moved away")
    event = ann.create(home, wanted, key)
    text = side.text(path_of(event.remote_id))
    side.delete(path_of(event.remote_id))
    moved = side.put(text, f"{side.home}elsewhere.ics")
    again = ann.create(home, wanted, key)
    assert path_of(again.remote_id) == path_of(moved)
    assert again.guid == wanted.guid
    assert side.paths() == [path_of(moved)]


CONFLICTS = [
    (409, "c:no-uid-conflict"),
    (412, "c:no-uid-conflict"),
    (403, "c:no-uid-conflict"),
    (403, "c:unique-scheduling-object-resource"),
]


@pytest.mark.parametrize(("status", "condition"), CONFLICTS)
def test_uid_that_is_taken_is_found_however_a_server_says_so(world, status, condition):
    """S4-25: four servers, three statuses, two names for it: never a missing right, no copy."""
    ann, home, side, key = (
        world.provider("ann"), world.calendar("ann"), world.other_side(), new_key()
    )  # fmt: skip
    wanted = draft("Taken")
    path = path_of(ann.create(home, wanted, key).remote_id)
    text = side.text(path)
    side.delete(path)
    moved = side.put(text, f"{side.home}elsewhere.ics")
    world.fault("error", "create", status=status, condition=condition)
    assert path_of(ann.create(home, wanted, key).remote_id) == path_of(moved)
    assert side.titles() == ["Taken"]


def test_nothing_is_repeated_behind_the_engines_back(world):
    """S4-13: one failed call is one request; waiting is the engine's business."""
    ann, home = world.provider("ann"), world.calendar("ann")
    before = world.proxy.last
    world.fault("error", "create", status=503, count=0)
    with pytest.raises(Unavailable):
        ann.create(home, draft(), new_key())
    assert [one.method for one in world.proxy.requests(since=before)].count("PUT") == 1


@pytest.mark.parametrize(
    ("fault", "error", "facts"),
    [
        ({"status": 429, "retry_after": "9"}, RateLimited, {"retry_after_s": 9}),
        ({"status": 503, "retry_after": "9"}, Unavailable, {"retry_after_s": 9}),
        ({"status": 500}, Unavailable, {"has_unknown_outcome": True}),
        ({"status": 502}, Unavailable, {"has_unknown_outcome": True}),
        ({"status": 401}, AuthExpired, {"reason": "password_refused"}),
        ({"status": 403, "condition": "need-privileges"}, Forbidden, {}),
        ({"status": 403}, Forbidden, {}),
        ({"status": 412}, Conflict, {}),
        ({"status": 404}, NotFound, {}),
        ({"status": 423}, Unavailable, {}),
    ],
    ids=lambda value: str(value.get("status")) if isinstance(value, dict) else "",
)
def test_refusals_of_a_write_are_told_apart(world, fault, error, facts):
    """S1-10, S1-13: who has to do what about it follows from the type."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    world.fault("error", "update", **fault)
    with pytest.raises(error) as refused:
        ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    for name, value in facts.items():
        assert getattr(refused.value, name) == value


@pytest.mark.parametrize("kind", ["garbage", "cut", "drop_after", "hang"])
def test_nonsense_instead_of_a_listing_is_told_and_deletes_nothing(world, kind):
    """S4-14: a sign-in page, half an answer or silence; the next sync goes on."""
    side = world.other_side()
    side.put(vevent("Stays"))
    mirror = Mirror(world)
    ann, home = world.provider("ann", timeout_s=0.7), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    side.put(vevent("New"))
    world.fault(kind, "changes", seconds=1.5)
    with pytest.raises(Unavailable) as trouble:
        read_all(ann, home, cursor)
    assert not trouble.value.has_unknown_outcome
    assert mirror.sync().titles == ["New", "Stays"]


@pytest.mark.parametrize("kind", ["endless", "drip"])
def test_answer_without_end_is_cut_off(world, kind):
    """S4-14: neither memory nor a worker is held for ever."""
    world.other_side().put(vevent())
    home = world.calendar("ann")
    ann = world.provider("ann", timeout_s=1.5)
    cursor = read_all(ann, home)[-1].cursor
    world.fault(kind, "changes", seconds=0.2)
    started = monotonic()
    with pytest.raises(Unavailable):
        read_all(ann, home, cursor)
    assert monotonic() - started < 8


@pytest.mark.parametrize("status", [301, 302, 307])
def test_server_that_sends_us_elsewhere_learns_nothing_and_deletes_nothing(world, status):
    """S2-04: the password stays with the server that it was given for."""
    world.other_side().put(vevent("Stays"))
    mirror = Mirror(world)
    with passing("radicale", "elsewhere") as other, DavProxy(other) as elsewhere:
        world.fault("redirect", "changes", status=status, location=f"{elsewhere.url}/x/")
        with pytest.raises(ProviderError):
            mirror.sync()
        assert not elsewhere.last
        assert not elsewhere.refused
    assert mirror.sync().titles == ["Stays"]


def test_slow_server_is_waited_for(world):
    """S1-22: slow is not dead."""
    world.other_side().put(vevent("Slow"))
    world.fault("slow", "changes", seconds=0.5)
    assert Mirror(world).titles == ["Slow"]


def test_wrong_password_is_the_accounts_trouble_and_asked_once(world):
    """S1-10: throttling servers punish every further try."""
    home = world.calendar("ann")
    wrong = Grant("wrong", username=world.email("ann"), home_url=world.grant("ann").home_url)
    ann = world.provider("ann", grant=wrong)
    before = len(world.proxy.refused)
    with pytest.raises(AuthExpired, match="password_refused"):
        ann.changes(home, "", WINDOW)
    assert len(world.proxy.refused) - before == 1


def test_calendar_that_was_deleted_is_told_as_such(world):
    """S0-17: not as an empty calendar, which would delete everything here."""
    side = world.other_side()
    path = side.make_calendar("Short-lived")
    ann = world.provider("ann")
    home = next(c.remote_id for c in ann.calendars() if path_of(c.remote_id) == path_of(path))
    side.put(vevent(), calendar=path)
    cursor = read_all(ann, home)[-1].cursor
    assert world.proxy.ask("DELETE", path, world.email("ann")).status in (200, 204)
    with pytest.raises(NotFound):
        ann.changes(home, cursor, WINDOW)
    with pytest.raises(NotFound):
        ann.changes(home, "", WINDOW)


@pytest.mark.parametrize("status", [401, 403, 500, 503])
def test_busy_times_that_cannot_be_read_are_unknown_not_free(world, status):
    """S2-10: unless the whole account is in trouble, which is told as that."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.proxy.fault("error", user=world.email("ann"), status=status, count=0)
    if status == 403:
        assert isinstance(ann.busy([home], WINDOW)[home], BusyUnreadable)
        return
    with pytest.raises((AuthExpired, Unavailable)):
        ann.busy([home], WINDOW)


def test_titles_and_passwords_stay_out_of_logs_and_errors(world, caplog):
    """S4-11: not even at the finest level, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    world.other_side().put(vevent("Canary title"))
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor, texts = read_all(ann, home)[-1].cursor, []
    for fault in ({"kind": "garbage"}, {"kind": "error", "status": 500}, {"kind": "cut"}):
        world.fault(operation="changes", **fault)
        with pytest.raises(Unavailable) as trouble:
            read_all(ann, home, cursor)
        texts += [str(trouble.value), repr(trouble.value)]
    assert listed(read_all(ann, home))
    said = caplog.text + "".join(texts) + repr(world.grant("ann"))
    assert not [word for word in ("Canary", "app-password-1", "Basic ") if word in said]
