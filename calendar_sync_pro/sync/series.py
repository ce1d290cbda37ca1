"""A series against its rows: which occurrences differ from the series, and which are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..core import recurrence
from ..core.changes import Window
from ..core.event import EventFields
from ..core.when import When, slot_start
from .normalise import canonical, differing


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What the occurrences of one series have that the series does not say.

    `changed`: slot → names of the fields in which the row differs from the series. `missing`:
    slots of the rule that have no row. `foreign`: slots that the rule does not have.
    """

    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()


def at_slot(series: EventFields, slot: str) -> EventFields:
    """The occurrence at `slot` as the series alone says it."""
    start = slot_start(slot)
    length = series.when.stop - series.when.start
    return series.replace(when=When(start, start + length, series.when.tz), recurrence=())


def compare(
    series: EventFields, rows: Mapping[str, EventFields], window: Window, made: Window | None = None
) -> Occurrences:
    """Compare the rows (by slot) with the series; `window` holds them all.

    A date of the rule can only be missing where its row was made once: in `made`. None stands for
    rows of Odoo's own rule: all dates have one, of an endless rule those up to the last row. Raises
    Malformed for a rule that can't be expanded.
    """
    expected = _expected(series, window)
    if made:
        had = {each.slot for each in expected if made.start <= each.instant < made.stop}
    else:
        had = _with_rows(series, rows, expected)
    known = {each.slot for each in expected}
    return Occurrences(
        changed={
            slot: names
            for slot, row in rows.items()
            if slot in known and (names := _differs(series, slot, row))
        },
        missing=tuple(sorted(had - set(rows))),
        foreign=tuple(slot for slot in rows if slot not in known),
    )


def _with_rows(series: EventFields, rows, expected: Sequence[When]) -> set[str]:
    """Slots for which Odoo made rows by its own rule: a limited number of an endless one."""
    last = max(rows, default="")
    has_end = any("COUNT=" in line or "UNTIL=" in line for line in series.recurrence)
    return {each.slot for each in expected if has_end or each.slot <= last}


def _expected(series: EventFields, window: Window) -> Sequence[When]:
    return recurrence.expand(series.when, series.recurrence, window, limit=1000)


def _differs(series: EventFields, slot: str, row: EventFields) -> frozenset[str]:
    said = canonical(at_slot(series, slot))
    return differing(said, canonical(row.replace(recurrence=())))
