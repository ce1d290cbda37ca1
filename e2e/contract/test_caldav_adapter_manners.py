"""Manners of CalDAV servers that can't be run here (Cyrus, DAViCal, iCloud…), by the proxy."""

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from calendar_sync_pro.core.errors import Conflict, SyncTokenExpired
from calendar_sync_pro.core.event import ShowAs
from calendar_sync_pro.providers.port import AccessRole, BusyUnreadable
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    at,
    changed,
    draft,
    listed,
    new_key,
    read_all,
)

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, Mirror, path_of

WAYS_WITHOUT_TOKEN = [{"has_sync": False}, {"has_sync": False, "has_ctag": False}]


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


def has_manners(world, **values):
    """Let the server behave so from now on."""
    for name, value in values.items():
        setattr(world.proxy.manners, name, value)


@pytest.mark.parametrize("status", [403, 409, 412, 507])
def test_refused_token_is_an_expired_cursor_whatever_its_status(world, status):
    """S4-14: it is the body that says so; 403 is no missing right and 412 no conflict."""
    side, (ann, home) = world.other_side(), (world.provider("ann"), world.calendar("ann"))
    kept, gone = side.put(vevent("Kept")), side.put(vevent("Gone"))
    mirror = Mirror(world)
    cursor = read_all(ann, home)[-1].cursor
    world.proxy.forget_tokens(status)
    with pytest.raises(SyncTokenExpired):
        ann.changes(home, cursor, WINDOW)
    side.delete(gone)
    assert [path_of(event.remote_id) for event in mirror.sync().events] == [path_of(kept)]


@pytest.mark.parametrize("answer", ["full", "empty"])
def test_token_that_was_lost_in_silence_hides_no_deletion(world, answer):
    """S1-27, S4-14: DAViCal lists everything, or nothing, and mentions no deletion: an answer that
    cannot be true is not believed, and everything is listed anew."""
    side = world.other_side()
    side.put(vevent("Kept"))
    gone = side.put(vevent("Gone"))
    mirror = Mirror(world)
    world.proxy.forget_tokens(answer)
    side.delete(gone)
    side.put(vevent("New"))
    mirror.sync()
    assert mirror.titles == ["Kept", "New"]
    assert mirror.sync().listings == 2


def test_everything_is_compared_once_a_day(world):
    """S1-27, S4-14: what no answer ever gave away ends after a day."""
    world.other_side().put(vevent("Kept"))
    mirror = Mirror(world)
    assert mirror.sync().listings == 1
    with freeze_time(datetime.now(UTC) + timedelta(hours=25), tick=True):
        assert mirror.sync().listings == 2
        assert mirror.sync().listings == 2


@pytest.mark.parametrize("manners", WAYS_WITHOUT_TOKEN, ids=["ctag", "tags"])
def test_server_without_sync_collection_is_followed_by_its_tags(world, manners):
    """S1-24, S1-27, S4-14: what is new, changed and gone is told, and nothing else."""
    has_manners(world, **manners)
    side, (ann, home) = world.other_side(), (world.provider("ann"), world.calendar("ann"))
    side.put(vevent("Same"))
    edited, gone = side.put(vevent("Old")), side.put(vevent("Gone"))
    cursor = read_all(ann, home)[-1].cursor
    side.edit(edited, summary="New title")
    side.delete(gone)
    side.put(vevent("Added"))
    pages = read_all(ann, home, cursor)
    assert sorted(event.fields.title for event in listed(pages)) == ["Added", "New title"]
    told = {path_of(one.remote_id) for page in pages for one in page.gone}
    assert told == {path_of(gone)}
    assert not listed(read_all(ann, home, pages[-1].cursor))


def test_unchanged_ctag_costs_one_small_request(world):
    """S1-22: an idle poll asks for the ctag and for nothing else."""
    has_manners(world, has_sync=False)
    world.other_side().put(vevent())
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    before = world.proxy.last
    page = ann.changes(home, cursor, WINDOW)
    assert not page.events
    asked = world.proxy.requests(since=before)
    assert [(one.method, one.headers["depth"]) for one in asked] == [("PROPFIND", "0")]


@pytest.mark.parametrize("where", ["get", "all"])
def test_weak_tags_are_compared_as_such_and_never_sent(world, where):
    """S4-14: W/"x" and "x" are the same version; If-Match gets the strong form."""
    has_manners(world, weak_tags=where)
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("One"), new_key())
    once = ann.update(home, event.remote_id, event.etag, changed(event, title="Two"), ["title"])
    read = ann.get(home, event.remote_id)
    assert read.etag == once.etag
    twice = ann.update(home, once.remote_id, read.etag, changed(once, title="Three"), ["title"])
    with pytest.raises(Conflict):
        ann.delete(home, twice.remote_id, event.etag)
    ann.delete(home, twice.remote_id, twice.etag)
    sent = [one.headers.get("if-match", "") for one in world.requests()]
    assert not [tag for tag in sent if tag.startswith("W/")]


def add_stamp(text):
    """A server that notes something of its own in what it stores, and re-words the title."""
    return text.replace("END:VEVENT", "X-SERVER-STAMP:1\r\nEND:VEVENT", 1)


def test_server_that_rewrites_what_it_stores_is_asked_what_it_kept(world):
    """S4-14: without an ETag after the PUT the stored version is read; no write-back loop."""
    has_manners(world, has_put_tag=False, rewrites=add_stamp)
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    event = ann.create(home, draft("Stamped"), new_key())
    assert ann.get(home, event.remote_id) == event
    after = ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    assert after.fields.title == "New"
    assert ann.get(home, event.remote_id) == after
    assert str(side.event(path_of(event.remote_id))["X-SERVER-STAMP"])


def test_server_that_cuts_values_of_our_own_properties_leaves_us_our_id(world):
    """S4-24: our id holds no comma, so nothing of it can be cut off."""
    has_manners(world, cuts_x_values=True)
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Ours, with a comma", location="Here, there")
    event = ann.create(home, wanted, new_key())
    read = next(iter(listed(read_all(ann, home))))
    assert (read.guid, read.remote_id) == (wanted.guid, event.remote_id)
    assert (read.fields.title, read.fields.location) == ("Ours, with a comma", "Here, there")


def test_occurrences_are_never_computed_by_the_server(world):
    """S4-22: quirk server_expands_wrong, about up to a fifth of the rules, so nobody asks."""
    has_manners(world, expands_wrongly=True)
    side = world.other_side()
    side.put(vevent("Weekly", "20270302T110000", "20270302T120000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    mirror = Mirror(world)
    assert mirror.named("Weekly").fields.when == at(11, tz=mirror.named("Weekly").fields.when.tz)
    world.provider("ann").busy([world.calendar("ann")], WINDOW)
    assert not world.requests(body="expand ") + world.requests(body="<c:expand")


@pytest.mark.parametrize("kind", ["error", "invalid", "body"])
def test_one_poisonous_resource_does_not_hide_the_others(world, kind):
    """S4-14: the rest is read one by one; what can't be read is named."""
    side = world.other_side()
    for number in range(5):
        side.put(vevent(f"Good {number}"))
    bad = side.put(vevent("Bad"))
    has_manners(world, poison=bad.rsplit("/", 1)[1], poison_kind=kind)
    mirror = Mirror(world)
    assert [title for title in mirror.titles if title != "Bad"] == [f"Good {n}" for n in range(5)]
    known = {path_of(r) for r in mirror.unreadable} | {path_of(e.remote_id) for e in mirror.events}
    assert path_of(bad) in known or kind == "body"


def test_resource_that_vanishes_between_listing_and_reading_is_no_trouble(world):
    """S1-27: DAViCal leaves it out of the answer altogether."""
    side = world.other_side()
    side.put(vevent("Stays"))
    gone = side.put(vevent("Vanishes"))
    has_manners(world, leaves_out_missing=True)
    world.proxy.fault("meanwhile", body="multiget", act=lambda: side.delete(gone))
    mirror = Mirror(world)
    assert mirror.titles == ["Stays"]
    assert not mirror.unreadable
    assert mirror.sync().titles == ["Stays"]


def test_busy_times_come_from_the_servers_report_where_it_has_one(world):
    """S0-23, S2-10: times and nothing else are asked for."""
    busy_of(world)
    assert world.requests("REPORT", body="free-busy-query")
    assert not world.requests("REPORT", body="calendar-data")


def test_busy_times_without_such_a_report_ask_for_times_only(world):
    """S0-23, S0-24: the query names what it wants, and a title is not among it."""
    has_manners(world, has_free_busy=False)
    busy_of(world)
    asked = world.requests("REPORT", body="calendar-query")
    assert asked
    assert not [one for one in asked if 'name="SUMMARY"' in one.text]
    assert all('name="DTSTART"' in one.text for one in asked)


def busy_of(world):
    """A calendar with a single, a series, something free and something cancelled."""
    side = world.other_side()
    side.put(vevent("Secret one"))
    side.put(vevent("Weekly", "20270303T090000", "20270303T100000", "RRULE:FREQ=WEEKLY;COUNT=2"))
    side.put(vevent("Free", "20270304T090000", "20270304T100000", "TRANSP:TRANSPARENT"))
    side.put(vevent("Off", "20270305T090000", "20270305T100000", "STATUS:CANCELLED"))
    ann, home = world.provider("ann"), world.calendar("ann")
    found = ann.busy([home], WINDOW)[home]
    assert not isinstance(found, BusyUnreadable)
    starts = [one.start.strftime("%m-%d %H") for one in found if one.kind != ShowAs.FREE]
    assert starts == ["03-02 11", "03-03 09", "03-10 09"]
    assert "Secret" not in repr(found)


def test_rights_on_a_calendar_are_what_the_server_says(world):
    """S0-14, S0-17: shared to read, subscribed, busy times only: none of them is written to."""
    side = world.other_side()
    names = {name: side.make_calendar(name) for name in ("read", "subscribed", "veiled")}
    has_manners(
        world,
        read_only=names["read"],
        subscribed=names["subscribed"],
        free_busy_only=names["veiled"],
    )
    roles = {path_of(one.remote_id): one.role for one in world.provider("ann").calendars()}
    assert roles[path_of(names["read"])] is AccessRole.READER
    assert roles.get(path_of(names["subscribed"]), AccessRole.READER) is AccessRole.READER
    assert roles[path_of(names["veiled"])] is AccessRole.FREE_BUSY
    assert [role.can_write for path, role in roles.items() if path == side_path(world)] == [True]


def side_path(world):
    """Path of Ann's own calendar."""
    return path_of(world.calendar("ann"))


def test_edit_that_a_racing_server_lets_through_is_seen_at_the_next_sync(world):
    """S4-14: If-Match that is not atomic; both sides end equal, and nothing is doubled."""
    side, ann, home = world.other_side(), world.provider("ann"), world.calendar("ann")
    path = side.put(vevent("Before", "20270302T110000", "20270302T120000", "LOCATION:Here"))
    mirror = Mirror(world)
    event = mirror.named("Before")
    world.proxy.fault("race", method="PUT", act=lambda: side.edit(path, summary="Theirs"))
    ann.update(home, event.remote_id, event.etag, changed(event, location="There"), ["location"])
    mirror.sync()
    assert mirror.titles == side.titles()
    assert len(side.paths()) == 1
