"""Who would hear of a write from a provider that cannot write silently. Pure."""

from __future__ import annotations

from collections.abc import Collection

from ..core.event import EventFields


def by_change(
    before: EventFields | None,
    after: EventFields | None,
    names: Collection[str],
    quiet: Collection[str],
    own: Collection[str],
) -> frozenset[str]:
    """Addresses of those who would be mailed when `names` of an event become as in `after`.

    `before` is what the calendar shows, None for an event that is only made now. A change of the
    guest list alone is told to those who come or go, any other to everybody; `quiet` fields are
    told to nobody, and `own` addresses are the organizer's.
    """
    there, wanted = _addresses(before), _addresses(after)
    loud = set(names) - set(quiet)
    told = there ^ wanted if "attendees" in loud else frozenset()
    if loud - {"attendees"}:
        told |= there
    return told - set(own)


def by_removal(before: EventFields | None, own: Collection[str]) -> frozenset[str]:
    """Addresses of those who would get a cancellation when the event is removed."""
    return _addresses(before) - set(own)


def _addresses(fields: EventFields | None) -> frozenset[str]:
    """Those who read their mail: a room is told too, and tells nobody."""
    people = fields.attendees if fields else ()
    return frozenset(person.email for person in people if not person.is_resource)
