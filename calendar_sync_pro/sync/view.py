"""What one calendar is meant to show of an Odoo event's guest list."""

from __future__ import annotations

from collections.abc import Set

from ..core.event import EventFields


def shown(
    fields: EventFields, agreed: EventFields | None, own: Set[str], *, is_silent: bool
) -> EventFields:
    """`fields` with the guests that belong on the remote event.

    Whoever is there already stays. The calendar's owner is not invited to an own event, although
    Odoo lists every participant. On a silent link nobody else is added: nobody chose to invite.
    A room is no guest: it is booked by standing there, and nobody is told.
    """
    there = {person.email for person in agreed.attendees} if agreed else set()
    return fields.replace(
        attendees=tuple(
            person
            for person in fields.attendees
            if person.email in there or person.is_resource or not (is_silent or person.email in own)
        )
    )
