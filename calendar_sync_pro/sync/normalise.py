"""Equal means equal: the form in which two sides of an event are compared and remembered."""

from __future__ import annotations

import html
from datetime import UTC

from ..core.event import FIELD_NAMES, Attendee, EventFields
from ..core.rule_text import canonical_lines
from ..core.timezones import alike
from ..core.when import When
from .html_text import text_of


def canonical(fields: EventFields) -> EventFields:
    """The comparison form: two values are equal exactly when nobody would see a difference.

    The description is its words, escaped, so that markup which providers rewrite never counts.
    The zone only counts for a series, where it decides when the event repeats. Applying it twice
    changes nothing.
    """
    return EventFields(
        when=_when(fields.when, is_series=bool(fields.recurrence)),
        title=_trimmed(fields.title),
        description=html.escape(text_of(fields.description), quote=False),
        location=_trimmed(fields.location),
        recurrence=canonical_lines(fields.recurrence, fields.when) if fields.recurrence else (),
        attendees=people(fields.attendees),
        show_as=fields.show_as,
        privacy=fields.privacy,
        reminders=None if fields.reminders is None else tuple(sorted(set(fields.reminders))),
        conference_url=fields.conference_url.strip(),
    )


def differing(a: EventFields, b: EventFields) -> frozenset[str]:
    """Names of the fields in which two canonical values differ."""
    if a == b:
        return frozenset()
    return frozenset(name for name in FIELD_NAMES if getattr(a, name) != getattr(b, name))


def people(attendees: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """Each address once, sorted; of a repeated address the first entry counts."""
    if len(attendees) < 2:
        return tuple(attendees)
    by_email: dict[str, Attendee] = {}
    for attendee in attendees:
        by_email.setdefault(attendee.email, attendee)
    return tuple(by_email[email] for email in sorted(by_email))


def _trimmed(text: str) -> str:
    return " ".join(text.split())


def _when(when: When, *, is_series: bool) -> When:
    """Whole seconds; the zone only where the event repeats (an unnamed zone is UTC), and then as
    the one name of all zones with the same clocks."""
    if when.is_all_day:
        return When(when.start, when.stop) if when.tz else when
    tz = alike(when.tz or "UTC") if is_series else ""
    if when.tz == tz and not when.start.microsecond and not when.stop.microsecond:
        return when
    start = when.start.astimezone(UTC).replace(microsecond=0)
    return When(start, when.stop.astimezone(UTC).replace(microsecond=0), tz)
