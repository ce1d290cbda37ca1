"""Outlook's series: sparse rows, removed and moved occurrences, rules against its own days."""

from datetime import timedelta

import pytest

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.core.errors import NotFound
from calendar_sync_pro.core.recurrence import expand
from calendar_sync_pro.core.when import When, slot_of
from calendar_sync_pro.providers.port import EventDraft
from calendar_sync_pro.tests.pure.contract.backend import (
    all_day,
    at,
    changed,
    draft,
    gone_ids,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import foreign, fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",)


def series(world, **fields):
    """Ann's weekly series of four Tuesdays."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Weekly", at(10), recurrence=WEEKLY, **fields)
    return ann, home, ann.create(home, wanted, new_key(), is_notifying=True)


@pytest.mark.parametrize("has_master", [True, False])
def test_series_is_told_whole_whether_delta_names_it_or_not(world, has_master):
    """S4-30: quirk sparse_occurrences:
    once each, and read in a batch only where something is missing."""
    world.box.settings(microsoft__delta_master=has_master)
    ann, home, event = series(world)
    world.box.clear_requests()
    (found,) = listed(read_all(ann, home))
    assert (found.remote_id, found.fields) == (event.remote_id, event.fields)
    operations = [operation for _method, operation in sent(world)]
    assert operations.count("batch") == (0 if has_master else 1)


def test_series_cut_by_pages_are_told_once_and_whole(world):
    """S4-04, S4-30: more occurrences than fit a page, one taken out and one moved."""
    world.shorten_pages()
    ann, home, event = series(world)
    second, third = at(10, day=9), at(10, day=16)
    ann.delete(home, ann.occurrence_id(home, event.remote_id, second.slot), "")
    moved = ann.occurrence_id(home, event.remote_id, third.slot)
    later = EventDraft(event.fields.replace(when=at(15, day=17), recurrence=()))
    ann.update(home, moved, "", later, ["when"])
    pages = read_all(ann, home)
    assert len(pages) > 1
    assert [e.remote_id for e in listed(pages) if not e.slot] == [event.remote_id]
    assert {e.remote_id for e in listed(pages) if e.slot} == {moved}
    gone = {(g.slot, g.master_id) for page in pages for g in page.gone}
    assert gone == {(second.slot, event.remote_id)}


def test_hundred_series_cost_no_request_each(world):
    """S1-22: a first listing asks only about series that are not as their rule says."""
    bodies = [
        foreign(
            f"S{n}",
            recurrence={
                "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
                "range": {"type": "noEnd", "startDate": "2027-03-02"},
            },
        )
        for n in range(100)
    ]
    world.box.ms.add_events(world.calendar("ann"), bodies)
    world.box.clear_requests()
    pages = read_all(world.provider("ann"), world.calendar("ann"))
    assert len({e.remote_id for e in listed(pages)}) == 100
    operations = [operation for _method, operation in sent(world)]
    assert operations.count("calendarView.delta") == len(pages)
    assert operations.count("events.get") < len(pages)  # only where a page's end cut a series


def test_occurrence_moved_out_of_the_window_is_still_known(world):
    """S4-30: "removed" only means that it is not in the window any more."""
    ann, home, event = series(world)
    cursor = read_all(ann, home)[-1].cursor
    slot = at(10, day=23).slot
    last = ann.occurrence_id(home, event.remote_id, slot)
    far = at(10)
    start = far.start + timedelta(days=400)
    away = When(start, start + timedelta(hours=1), "Europe/Berlin")
    moved = EventDraft(event.fields.replace(when=away, recurrence=()))
    ann.update(home, last, "", moved, ["when"])
    seen = [e for e in listed(read_all(ann, home, cursor)) if e.slot]
    assert {(e.remote_id, e.slot, e.fields.when) for e in seen} == {(last, slot, away)}
    assert ann.occurrence_id(home, event.remote_id, slot) == last
    assert ann.get(home, last).fields.when == away


def test_event_moved_out_of_the_window_is_moved_not_deleted(world):
    """S1-27, S1-24: quirk removed_or_outside: delta cannot tell the two apart, so it is asked."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Postponed"), new_key())
    cursor = read_all(ann, home)[-1].cursor
    start = at(10).start + timedelta(days=500)
    away = When(start, start + timedelta(hours=1), "Europe/Berlin")
    world.person("ann").update(home, event.remote_id, "", changed(event, when=away), ["when"])
    pages = read_all(ann, home, cursor)
    assert not gone_ids(pages)
    assert [(e.remote_id, e.fields.when) for e in listed(pages)] == [(event.remote_id, away)]


def test_deleted_series_is_gone_as_one_and_a_cancelled_occurrence_as_that(world):
    """S1-27: quirk no_removed_occurrence: told apart by their slot."""
    ann, home, event = series(world)
    cursor = read_all(ann, home)[-1].cursor
    day = ann.occurrence_id(home, event.remote_id, at(10, day=9).slot)
    world.person("ann").delete(home, day, "")
    pages = read_all(ann, home, cursor)
    assert [(g.remote_id, g.slot) for p in pages for g in p.gone] == [(day, at(10, day=9).slot)]
    world.person("ann").delete(home, event.remote_id, "")
    pages = read_all(ann, home, pages[-1].cursor)
    assert [(g.remote_id, g.slot) for p in pages for g in p.gone] == [(event.remote_id, "")]
    with pytest.raises(NotFound):
        ann.occurrence_id(home, event.remote_id, at(10, day=16).slot)


def test_series_of_whole_days_names_its_occurrences_by_date(world):
    """S1-24, S1-27: no hour gets in, whatever the mailbox's zone."""
    ann, home = world.provider("ann"), world.calendar("ann")
    rule = ("RRULE:FREQ=DAILY;COUNT=3",)
    event = ann.create(home, draft("Days", all_day(2), recurrence=rule), new_key())
    cursor = read_all(ann, home)[-1].cursor
    ann.delete(home, ann.occurrence_id(home, event.remote_id, "20270303"), "")
    gone = [g for page in read_all(ann, home, cursor) for g in page.gone]
    assert [(g.slot, g.master_id) for g in gone] == [("20270303", event.remote_id)]


def test_shifted_series_keeps_its_id_and_wall_clock(world):
    """S4-28, S4-30: every occurrence is an hour later, also in summer time."""
    ann, home = world.provider("ann"), world.calendar("ann")
    rule = ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3",)
    event = ann.create(home, draft("Mondays", at(9, day=22), recurrence=rule), new_key())
    new = changed(event, when=at(10, day=22))
    after = ann.update(home, event.remote_id, event.etag, new, ["when"])
    assert (after.remote_id, after.fields.recurrence) == (event.remote_id, rule)
    summer = at(9, day=29)  # eleven o'clock in Berlin, as the week before
    found = ann.get(home, ann.occurrence_id(home, event.remote_id, summer.slot))
    assert found.fields.when.start == summer.start


PATTERNS = [
    {"type": "daily", "interval": 3},
    {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"]},
    {
        "type": "weekly",
        "interval": 2,
        "daysOfWeek": ["sunday", "tuesday"],
        "firstDayOfWeek": "monday",
    },
    {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
    {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "fourth"},
    {
        "type": "relativeMonthly",
        "interval": 2,
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "index": "last",
    },
    {"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29},
    {
        "type": "relativeYearly",
        "interval": 1,
        "month": 4,
        "daysOfWeek": ["tuesday", "friday"],
        "index": "second",
    },
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p["type"])
def test_rule_that_is_read_happens_when_outlook_says(world, pattern):
    """S4-30: quirk last_day_of_short_months:
    our days against the server's own instances, over three years."""
    span = {"type": "noEnd", "startDate": "2027-03-02", "recurrenceTimeZone": "Europe/Berlin"}
    body = foreign("Ruled", recurrence={"pattern": pattern, "range": span})
    made = world.api("POST", f"/me/calendars/{world.calendar('ann')}/events", body)
    event = world.provider("ann").get(world.calendar("ann"), made["id"])
    window = Window(event.fields.when.start, event.fields.when.start + timedelta(days=1100))
    bounds = {"startDateTime": _text(window.start), "endDateTime": _text(window.stop)}
    answer = world.api("GET", f"/me/events/{made['id']}/instances", **bounds, **{"$top": 1000})
    listed_starts = [one["start"]["dateTime"][:19] for one in answer["value"]]
    ours = expand(event.fields.when, event.fields.recurrence, window, limit=1000)
    assert [one.start.strftime("%Y-%m-%dT%H:%M:%S") for one in ours] == listed_starts


def _text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_slot_of_a_moved_occurrence_is_never_its_new_place(world):
    """S4-30: a copy of the slot's arithmetic in the server, seen from outside."""
    ann, home, event = series(world)
    remote_id = ann.occurrence_id(home, event.remote_id, at(10, day=16).slot)
    part = EventDraft(event.fields.replace(when=at(7, day=18), recurrence=()))
    after = ann.update(home, remote_id, "", part, ["when"])
    assert (after.slot, slot_of(after.fields.when.start)) == (
        at(10, day=16).slot,
        at(7, day=18).slot,
    )
