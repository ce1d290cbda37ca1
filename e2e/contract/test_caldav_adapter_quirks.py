"""What `providers/caldav/quirks.py` lists, met on real servers; and that each is met somewhere."""

from pathlib import Path

import pytest

from calendar_sync_pro.core.errors import NotFound
from calendar_sync_pro.providers.caldav.provider import CaldavProvider
from calendar_sync_pro.providers.caldav.quirks import QUIRKS
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

WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",)


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


def test_password_goes_along_from_the_first_request_on(world):
    """S4-14: quirk strangers_answered: nobody is asked as a stranger first."""
    ann, home = world.provider("ann"), world.calendar("ann")
    read_all(ann, home)
    assert world.requests()
    assert all(one.headers.get("authorization") for one in world.requests())


def test_date_that_was_added_into_the_window_brings_its_event(world):
    """S4-22: quirk added_dates_ignored: an old event without a rule, with one date ahead."""
    side = world.other_side()
    added = "RDATE:20270310T090000Z"
    side.put(vevent("Long ago", "20250302T090000", "20250302T100000", added))
    side.put(vevent("Only long ago", "20250302T090000", "20250302T100000"))
    assert Mirror(world).titles == ["Long ago"]


def test_signs_of_any_language_survive_our_edit(world):
    """S4-26: quirk text_without_charset."""
    side, (ann, home) = world.other_side(), (world.provider("ann"), world.calendar("ann"))
    path = side.put(vevent("Grüße 👋 日本", "20270302T110000", "20270302T120000", "LOCATION:Köln"))
    [event] = listed(read_all(ann, home))
    ann.update(home, event.remote_id, event.etag, changed(event, location="Tōkyō"), ["location"])
    stored = side.event(path)
    assert (str(stored["SUMMARY"]), str(stored["LOCATION"])) == ("Grüße 👋 日本", "Tōkyō")


def test_version_that_was_not_told_is_asked_for(world):
    """S4-14: quirk no_version_after_put; the next write is against the right version."""
    world.proxy.manners.has_put_tag = False
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("One"), new_key())
    assert event.etag
    again = ann.update(home, event.remote_id, event.etag, changed(event, title="Two"), ["title"])
    ann.delete(home, event.remote_id, again.etag)
    with pytest.raises(NotFound):
        ann.get(home, event.remote_id)


def test_resource_that_is_left_out_of_an_answer_is_asked_for_alone(world):
    """S1-27: quirk multiget_leaves_out; gone is what is not there when asked by its name."""
    world.proxy.manners.leaves_out_missing = True
    side = world.other_side()
    side.put(vevent("Stays"))
    gone = side.put(vevent("Goes"))
    mirror = Mirror(world)
    side.delete(gone)
    assert mirror.sync().titles == ["Stays"]


def test_meeting_whose_uid_is_taken_is_not_made_a_second_time(world):
    """S4-25: quirk uid_belongs_to_one: ours is adopted, wherever it went."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    wanted = draft("Ours")
    event = ann.create(home, wanted, new_key())
    again = ann.create(home, _with_uid(wanted, event.ical_uid), new_key())
    assert (again.remote_id, again.guid) == (event.remote_id, wanted.guid)
    assert side.paths() == [path_of(event.remote_id)]


def _with_uid(wanted, uid):
    return type(wanted)(wanted.fields, guid=wanted.guid, ical_uid=uid)


def test_series_is_told_whole_so_that_an_edit_taken_back_is_seen(world):
    """S4-30: an override and a removed day that another client takes back."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    event = ann.create(home, draft("Weekly", at(10, day=2), recurrence=WEEKLY), new_key())
    plain = side.text(path_of(event.remote_id))
    slots = [at(10, day=day).slot for day in (9, 16)]
    moved = changed(event, when=at(15, day=9), recurrence=())
    ann.update(home, f"{event.remote_id}#{slots[0]}", "", moved, ["when"])
    ann.delete(home, f"{event.remote_id}#{slots[1]}", "")
    pages = read_all(ann, home)
    assert pages[-1].wholes == {event.remote_id: frozenset(slots)}
    side.put(plain, path_of(event.remote_id))
    [page] = read_all(ann, home, pages[-1].cursor)
    assert page.wholes == {event.remote_id: frozenset()}
    assert ann.get(home, f"{event.remote_id}#{slots[0]}").fields.when == at(10, day=9)
    assert ann.busy([home], WINDOW)[home]


def test_each_peculiarity_is_met_by_a_test():
    """S4-14: what we do about it can be checked again."""
    root = Path(__file__).parents[2]
    folders = (root / "calendar_sync_pro/tests/pure", root / "e2e/contract")
    texts = [path.read_text() for one in folders for path in one.glob("test_caldav*.py")]
    missing = [quirk.key for quirk in QUIRKS if not any(f"quirk {quirk.key}" in t for t in texts)]
    assert not missing


@pytest.mark.parametrize("is_refused", [False, True])
def test_of_a_large_calendar_only_the_window_is_read(world, is_refused):
    """S4-04: the server is asked what is in it; where it cannot say, everything is looked at."""
    side = world.other_side()
    side.put(vevent("Inside"))
    side.put(vevent("Weekly", "20260302T090000", "20260302T100000", "RRULE:FREQ=WEEKLY"))
    old = side.put(vevent("Long ago", "20250302T090000", "20250302T100000"))
    home = world.calendar("ann")
    ann = CaldavProvider(world.app(), world.grant("ann"), whole_size=0)
    if is_refused:
        world.proxy.fault("error", body="calendar-query", status=500)
    pages = read_all(ann, home)
    assert sorted(event.fields.title for event in listed(pages)) == ["Inside", "Weekly"]
    assert bool(world.requests(body=old.rsplit("/", 1)[1])) is is_refused
    side.put(vevent("Later"))
    [later] = listed(read_all(ann, home, pages[-1].cursor))
    assert later.fields.title == "Later"
    ann.close()
