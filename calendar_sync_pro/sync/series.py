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


def compare(series: EventFields, rows: Mapping[str, EventFields], window: Window) -> Occurrences:
    """Compare the rows (by slot) with the series.

    Slots after the last row only count as missing when the rule ends: Odoo makes a limited number
    of rows of an endless one. Raises Malformed for a rule that can't be expanded.
    """
    slots = [each.slot for each in _expected(series, window)]
    last = max(rows, default="")
    has_end = any("COUNT=" in line or "UNTIL=" in line for line in series.recurrence)
    known = set(slots)
    return Occurrences(
        changed={
            slot: names
            for slot, row in rows.items()
            if slot in known and (names := _differs(series, slot, row))
        },
        missing=tuple(s for s in slots if s not in rows and (has_end or s <= last)),
        foreign=tuple(slot for slot in rows if slot not in known),
    )


def _expected(series: EventFields, window: Window) -> Sequence[When]:
    return recurrence.expand(series.when, series.recurrence, window, limit=1000)


def _differs(series: EventFields, slot: str, row: EventFields) -> frozenset[str]:
    said = canonical(at_slot(series, slot))
    return differing(said, canonical(row.replace(recurrence=())))
