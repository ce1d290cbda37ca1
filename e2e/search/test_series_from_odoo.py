"""Series that people make in Odoo's own form, and what each provider makes of them."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from odoo.addons.calendar_sync_pro.core.changes import Window
from odoo.addons.calendar_sync_pro.core.when import When, slot_start
from odoo.addons.calendar_sync_pro.tests.pure.series_files import VECTORS, read

from .member import moment_of
from .odoo_series import CANNOT, FORMS, MONDAY_FIRST, expressible, makes

AHEAD = 700
NOT_SENT = {"microsoft": {"r04-feb29", "r05-day31"}}
"""Outlook would take the last day of months that are shorter, so these stay in Odoo."""
NOT_MOVED = {
    "microsoft": {
        "r32-override-out-of-window": "20270111T090000Z",
        "r33-override-into-window": "20270301T090000Z",
        "r38-allday-exdate": "20270107",
        "g41-allday-instance": "20270105",
    }
}
"""Outlook moves no date of a series over another one: these stay at their old place there."""


def test_each_vector_is_made_or_said_to_be_impossible():
    """S4-30: none was forgotten."""
    cannot = [name for names in CANNOT.values() for name in names]
    assert sorted([*FORMS, *cannot]) == sorted(vector["id"] for vector in VECTORS)


def test_series_made_in_odoo_take_place_at_the_provider(office):
    """S4-30, S3-12, C9: thirty-one series, with dates that were moved and taken out, across changes
    of the clocks, in many zones: each is one series there with the same dates, reads back as it
    was, and "all" and "this and following" change just these."""
    ann, mona = team_with_weeks(office)
    wanted, window = expected(office.place.provider)
    kept = {*NOT_SENT.get(office.place.provider, ()), *NOT_MOVED.get(office.place.provider, ())}
    vectors = expressible()
    makes(ann, [vector for vector in vectors if vector["id"] not in MONDAY_FIRST])
    makes(mona, [vector for vector in vectors if vector["id"] in MONDAY_FIRST])
    for person in (ann, mona):
        person.syncs()
    assert not differences(shown_there((ann, mona), window), wanted)
    assert series_there((ann, mona)) == dict.fromkeys(wanted, 1)
    assert reasons_of_kept(office) == kept
    here = [person.here() for person in (ann, mona)]
    stored = [person.stored() for person in (ann, mona)]
    office.forgets_places()
    for person in (ann, mona):
        person.syncs()
    assert [person.here() for person in (ann, mona)] == here
    assert [person.stored() for person in (ann, mona)] == stored
    assert not office.mailed()

    hour = timedelta(hours=1)
    [first, *_rest] = rows_called(ann, "r26-windows-tzid")
    start = moment_of(first).replace(tzinfo=None) + hour
    ann.edits(first.handle, start=start, stop=start + hour, recurrence_update="all_events")
    third = rows_called(ann, "r39-lord-howe")[2]
    ann.edits(third.handle, name="later", recurrence_update="future_events")
    ann.syncs()
    wanted["r26-windows-tzid"] = [at + hour for at in wanted["r26-windows-tzid"]]
    wanted["later"] = wanted["r39-lord-howe"][2:]
    del wanted["r39-lord-howe"][2:]
    assert not differences(shown_there((ann, mona), window), wanted)
    assert series_there((ann, mona)) == dict.fromkeys(wanted, 1)


def team_with_weeks(office):
    """Ann's weeks begin on Sundays and Mona's on Mondays; both look far ahead."""
    with office.opened() as env:
        env["res.company"].search([]).sync_days_ahead = AHEAD
        env["res.lang"]._activate_lang("en_GB")
    people = office.hires("ann", "mona")
    with office.opened() as env:
        env["res.users"].browse(people["mona"].uid).lang = "en_GB"
    for person in people.values():
        person.hand.wide_days = AHEAD
    return people["ann"], people["mona"]


def expected(provider):
    """{title: starts that the provider has to show in the window}, and the window."""
    window = Window(datetime.now(UTC), datetime.now(UTC) + timedelta(days=AHEAD))
    wanted = {}
    for vector in expressible():
        name, series = vector["id"], read(vector)
        if name in NOT_SENT.get(provider, ()):
            continue
        if slot := NOT_MOVED.get(provider, {}).get(name):
            series.overrides[slot] = When(slot_start(slot), slot_start(slot))
        wanted[name] = sorted(when.start for _slot, when in series.seen_in(window))
    return wanted, window


def rows_called(person, title):
    """This person's meetings of that title in Odoo, by start."""
    return [row for row in person.here() if row.title == title]


def shown_there(people, window):
    """{title: starts in the window}, as the providers expand the series."""
    found = defaultdict(list)
    for person in people:
        for view, _home in person.there():
            found[view.title].append(moment_of(view))
    return {title: sorted(at for at in starts if _is_in(at, window))
            for title, starts in found.items()}  # fmt: skip


def differences(found, wanted):
    """One line for each title whose starts are not the wanted ones."""
    return "\n".join(
        f"{title}: {_texts(found.get(title, ()))}, not {_texts(wanted.get(title, ()))}"
        for title in sorted({*found, *wanted})
        if found.get(title) != wanted.get(title)
    )


def _texts(starts):
    return [f"{start}" for start in starts]


def _is_in(start, window):
    ends = (window.start, window.stop)
    first, last = ends if isinstance(start, datetime) else (end.date() for end in ends)
    return first <= start < last


def series_there(people):
    """{title: how many series of that title stand there}; nothing is a single event."""
    found = {(view.title, view.series) for person in people for view, _home in person.there()}
    assert all(series for _title, series in found), found
    return dict(Counter(title for title, _series in found))


def reasons_of_kept(office):
    """Titles of what was not sent, each with a reason for its owner."""
    rows = office.sql(_NOT_SENT)
    assert all(reason for _title, reason in rows), rows
    return {title for title, _reason in rows}


_NOT_SENT = """
    SELECT DISTINCT event.name, link.problem_code FROM calendar_sync_link link
      JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id
      JOIN calendar_event event ON event.sync_meeting_id = meeting.id
     WHERE link.state NOT IN ('synced', 'cancelled', 'closed')
"""
