"""A series against its rows, and who stands on the remote guest list."""

from datetime import UTC, datetime, timedelta

from ...core.changes import Window
from ...core.event import Attendee, EventFields
from ...core.when import When
from ...sync import series, view

START = datetime(2027, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
WINDOW = Window(START - WEEK, START + 20 * WEEK)


def weekly(count=4, rule=None):
    lines = (rule or f"RRULE:FREQ=WEEKLY;COUNT={count}",)
    return EventFields(When(START, START + HOUR, "UTC"), title="Weekly", recurrence=lines)


def rows(master, n=4):
    slots = [When(START + i * WEEK, START + i * WEEK + HOUR).slot for i in range(n)]
    return {slot: series.at_slot(master, slot) for slot in slots}


def test_rows_that_follow_the_rule_say_nothing():
    """S4-30: no exception where nothing differs."""
    master = weekly()
    assert series.compare(master, rows(master), WINDOW) == series.Occurrences()


def test_moved_row_is_the_only_change():
    """S4-30: one moved occurrence."""
    master = weekly()
    held = rows(master)
    slot = sorted(held)[1]
    moved = held[slot].when
    held[slot] = held[slot].replace(when=When(moved.start + HOUR, moved.stop + HOUR, moved.tz))
    found = series.compare(master, held, WINDOW)
    assert found.changed == {slot: frozenset({"when"})}
    assert not found.missing


def test_row_without_its_slot_is_missing():
    """S4-30: also the last one, when the rule ends by itself."""
    master = weekly()
    held = rows(master)
    gone = [sorted(held)[0], sorted(held)[3]]
    for slot in gone:
        del held[slot]
    assert list(series.compare(master, held, WINDOW).missing) == gone


def test_endless_series_misses_nothing_after_its_last_row():
    """Odoo makes a limited number of rows; the rest isn't cancelled."""
    master = weekly(rule="RRULE:FREQ=WEEKLY")
    assert not series.compare(master, rows(master), WINDOW).missing


def test_row_outside_the_rule_is_foreign():
    """A row that the rule doesn't have is named, never sent as an occurrence."""
    master = weekly(count=3)
    found = series.compare(master, rows(master, 4), WINDOW)
    assert len(found.foreign) == 1
    assert not found.changed


def test_nobody_is_added_to_a_silent_event():
    """Saved without inviting: only who is there already stays."""
    here, new = Attendee("here@x.example"), Attendee("new@x.example")
    fields = EventFields(When(START, START + HOUR), attendees=(here, new))
    agreed = fields.replace(attendees=(here,))
    assert view.shown(fields, agreed, frozenset(), is_silent=True).attendees == (here,)
    assert view.shown(fields, agreed, frozenset(), is_silent=False).attendees == (here, new)


def test_owner_is_not_invited_to_an_own_event():
    """Odoo lists every participant; a calendar's owner is there without an invitation."""
    me, guest = Attendee("me@x.example"), Attendee("guest@x.example")
    fields = EventFields(When(START, START + HOUR), attendees=(guest, me))
    shown = view.shown(fields, None, frozenset({"me@x.example"}), is_silent=False)
    assert shown.attendees == (guest,)


def test_dates_outside_of_what_was_made_are_never_missing():
    """S4-30, B-13: rows exist for some weeks of an endless series: only a week in between can be
    missing, and a row from before still counts."""
    master = weekly(rule="RRULE:FREQ=WEEKLY")
    held = rows(master, 8)
    old, *_between, gone = sorted(held)[:5]
    made = Window(START + 2 * WEEK, START + 8 * WEEK)
    held = {slot: held[slot] for slot in held if slot in (old, *sorted(held)[2:]) and slot != gone}
    held[old] = held[old].replace(title="Special")
    found = series.compare(master, held, WINDOW, made)
    assert found == series.Occurrences({old: frozenset({"title"})}, (gone,))
