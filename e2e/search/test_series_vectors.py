"""Forty-six series from the real world in Odoo, at each provider: read, kept, edited, untouched."""

import re
from datetime import UTC, datetime, timedelta

from odoo.addons.calendar_sync_pro.core.changes import Window
from odoo.addons.calendar_sync_pro.core.errors import ProviderError
from odoo.addons.calendar_sync_pro.core.event import EventFields
from odoo.addons.calendar_sync_pro.providers.port import EventDraft
from odoo.addons.calendar_sync_pro.tests.pure.series_files import VECTORS, read

from .member import moment_of

AHEAD = 800
CYCLES = 2
REFUSED = {"google": 3, "microsoft": 24, "caldav": 0}
"""So many of the series can't be put into a calendar of this provider at the most."""


PLAIN = {"google": 12, "microsoft": 2, "caldav": 14}
"""So many of those that can have no rule in Odoo at the least."""


def put(provider, home, vector):
    """Somebody else's series, as the provider takes it; False where it takes no such series."""
    series = read(vector)
    fields = EventFields(series.when, vector["id"], recurrence=series.lines)
    try:
        master = provider.create(home, EventDraft(fields), f"vector{vector['id']}".replace("-", ""))
        for slot, when in series.overrides.items():
            remote_id = provider.occurrence_id(home, master.remote_id, slot)
            if when is None:
                provider.delete(home, remote_id, "")
            else:
                draft = EventDraft(fields.replace(when=when, recurrence=()))
                provider.update(home, remote_id, "", draft, ["when"])
    except ProviderError:
        return False
    return True


def expected(vector, window):
    """Starts in the window, as the vector has them."""
    return [when.start for _slot, when in read(vector).seen_in(window)]


def test_every_series_is_read_kept_and_left_alone(office):
    """S4-22, S4-30, B-13: the same occurrences in Odoo, and not one byte changed after cycles."""
    with office.opened() as env:
        env["res.company"].search([]).sync_days_ahead = AHEAD
    ann = office.hires("ann")["ann"]
    with office.opened() as env:
        account = env["calendar.sync.account"].browse(ann.account)
        provider, home = account._open_provider(), account.events_calendar_id.remote_id
        window = account._window(datetime.now(UTC))
    taken = [vector for vector in VECTORS if put(provider, home, vector)]
    assert len(VECTORS) - len(taken) <= REFUSED[office.place.provider]
    before = ann.stored()
    ann.syncs()
    rows = ann.here()
    window = Window(window.start, window.stop)
    wrong = {
        vector["id"]: (got, wanted)
        for vector in taken
        if (got := [moment_of(row) for row in rows if row.title == vector["id"]])
        != (wanted := expected(vector, window))
    }
    assert not wrong, "\n".join(f"{name}: {got} {said}" for name, (got, said) in wrong.items())
    for cycle in range(CYCLES):
        if cycle == 1:
            office.forgets_places()
        ann.syncs()
    assert ann.stored() == before
    renames_one_date_of_each(ann)


def renames_one_date_of_each(ann):
    """A new title for one date of each series that Odoo has no rule for: just this date of the
    calendar is called so, and every rule and every other date is as it was."""
    first = {row.title: row for row in reversed(ann.here()) if not row.series}
    assert len(first) >= PLAIN[ann.hand.provider]
    ann.hand.wide_days = AHEAD
    rules, shown = rules_of(ann), dates_of(ann)
    for row in first.values():
        ann.edits(row.handle, name=f"{row.title} renamed")
    ann.syncs()
    assert rules_of(ann) == rules
    renamed = {(row.title, row.start): f"{row.title} renamed" for row in first.values()}
    wanted = sorted((renamed.get(date, date[0]), date[1]) for date in shown)
    assert dates_of(ann) == wanted


def rules_of(person):
    """Every rule in the calendar, as the provider keeps it."""
    return sorted(
        rule
        for events in person.stored().values()
        for event in events.values()
        for rule in (_lines(event) if isinstance(event, str) else [str(event.get("recurrence"))])
        if rule != "None"
    )


def _lines(text):
    return re.findall(r"^(?:RRULE|RDATE|EXDATE|EXRULE).*", text, re.MULTILINE)


def dates_of(person):
    """(title, start) of what the calendar shows in the next two years, about which Google ends to
    show endless series."""
    end = f"{datetime.now(UTC) + timedelta(days=700):%Y-%m-%d}"
    found = ((view.title, view.start) for view, _home in person.there())
    return sorted(date for date in found if date[1] < end)
