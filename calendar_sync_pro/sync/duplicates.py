"""Which events are one and the same, entered or synced twice, and which of them should stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, or a series as one. `lead_id` is a lead that a person chose, 0 for none; `people`
    are those who take part beside the user. `is_linked`: it stands in a calendar; `is_booked`: it
    was booked, and whoever did relies on this very event."""

    id: int
    title: str
    start: datetime
    stop: datetime
    rule: str = ""
    lead_id: int = 0
    people: frozenset[str] = frozenset()
    has_outcome: bool = False
    is_linked: bool = False
    is_booked: bool = False


def find(entries: Iterable[Entry]) -> list[tuple[Entry, ...]]:
    """Groups of the same event, the one that should stay first; in the order of their times.

    Same title, start, stop and repetition. Never the same: two appointments about two leads, two
    with different people, or two that were booked or whose outcome was told.
    """
    same = defaultdict(list)
    for entry in entries:
        key = (" ".join(entry.title.split()).casefold(), entry.start, entry.stop, entry.rule)
        same[key].append(entry)
    found = []
    for group in same.values():
        ranked = sorted(group, key=_worth)
        copies = [entry for entry in ranked[1:] if _is_copy(entry, ranked[0])]
        if copies:
            found.append((ranked[0], *copies))
    return sorted(found, key=lambda group: (group[0].start, group[0].id))


def _worth(entry: Entry) -> tuple[bool, bool, bool, int, int]:
    """What somebody has worked with stays, then what stands in a calendar, then the fuller and
    the older one."""
    unlinked = not entry.is_linked
    return (not _must_stay(entry), not entry.lead_id, unlinked, -len(entry.people), entry.id)


def _must_stay(entry: Entry) -> bool:
    return entry.has_outcome or entry.is_booked


def _is_copy(entry: Entry, kept: Entry) -> bool:
    has_two_leads = bool(entry.lead_id) and bool(kept.lead_id) and entry.lead_id != kept.lead_id
    is_other_company = bool(entry.people) and bool(kept.people) and not entry.people & kept.people
    return not (has_two_leads or is_other_company or (_must_stay(entry) and _must_stay(kept)))
