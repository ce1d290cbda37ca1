"""`calendar.event` values and `EventFields`, both ways, in field groups.

The only place where Odoo's naive UTC times become instants. Whole days: Odoo's `stop_date` is
inclusive and its `start`/`stop` carry 08:00 and 18:00 of the first and last day in no zone at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ..core.event import FIELD_NAMES, Attendee, EventFields, Privacy, Response, ShowAs
from ..core.when import When
from .html_text import html_of

NO_TITLE = "(No title)"
"""Odoo requires a title; this one stands for none."""

_DAY = timedelta(days=1)
_FIRST_HOUR, _LAST_HOUR = time(8), time(18)
_STATES = {
    Response.NEEDS_ACTION: "needsAction",
    Response.ACCEPTED: "accepted",
    Response.TENTATIVE: "tentative",
    Response.DECLINED: "declined",
}
_RESPONSES = {state: response for response, state in _STATES.items()}


@dataclass(frozen=True, slots=True)
class EventRow:
    """The columns of one `calendar.event` (or series) that sync looks at, as Odoo holds them.

    `start`/`stop` are naive UTC, `stop_date` is inclusive. `fine_show_as` is the finer kind that
    the link remembers, `recurrence` the series' lines, `reminders` minutes or None.
    """

    name: str | bool
    start: datetime
    stop: datetime
    allday: bool = False
    start_date: date | bool = False
    stop_date: date | bool = False
    description: str | bool = ""
    location: str | bool = ""
    show_as: str | bool = "busy"
    privacy: str | bool = False
    event_tz: str | bool = ""
    videocall_location: str | bool = ""
    fine_show_as: str | bool = ""
    recurrence: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()
    reminders: tuple[int, ...] | None = None


def event_fields(row: EventRow) -> EventFields:
    """What Odoo says about an event, in shared words."""
    title = row.name or ""
    return EventFields(
        when=when_from(row),
        title="" if title == NO_TITLE else title,
        description=str(row.description or ""),
        location=row.location or "",
        recurrence=tuple(row.recurrence),
        attendees=tuple(sorted(row.attendees)),
        show_as=show_as_from(row.show_as or "busy", row.fine_show_as or ""),
        privacy=Privacy(row.privacy or Privacy.DEFAULT),
        reminders=row.reminders,
        conference_url=row.videocall_location or "",
    )


def event_values(
    fields: EventFields | Mapping[str, Any], names: Collection[str] | None = None
) -> dict[str, Any]:
    """Values for `create` or `write` of `calendar.event`.

    `fields` is a whole event or a mapping of changed fields; `names` narrows it. Attendees,
    reminders, the finer show-as and the rule are written elsewhere.
    """
    if isinstance(fields, EventFields):
        fields = {name: getattr(fields, name) for name in FIELD_NAMES}
    values: dict[str, Any] = {}
    for name, to_values in _GROUPS.items():
        if name in fields and (names is None or name in names):
            values |= to_values(fields[name])
    return values


def when_from(row: EventRow) -> When:
    """Instants, or whole days with an exclusive end. A stop before the start counts as none."""
    if not row.allday:
        start = row.start.replace(tzinfo=UTC)
        return When(start, max(row.stop.replace(tzinfo=UTC), start), row.event_tz or "")
    first = row.start_date or row.start.date()
    last = max(row.stop_date or row.stop.date(), first)
    return When(first, last + _DAY)


def when_values(when: When) -> dict[str, Any]:
    """Start, stop and what Odoo would compute from them (given, it need not)."""
    if not when.is_all_day:
        start, stop = (at.astimezone(UTC).replace(tzinfo=None) for at in (when.start, when.stop))
        values = {"allday": False, "start_date": False, "stop_date": False}
        return values | _span(start, stop) | ({"event_tz": when.tz} if when.tz else {})
    last = max(when.stop - _DAY, when.start)
    start, stop = datetime.combine(when.start, _FIRST_HOUR), datetime.combine(last, _LAST_HOUR)
    return {"allday": True, "start_date": when.start, "stop_date": last} | _span(start, stop)


def _span(start: datetime, stop: datetime) -> dict[str, Any]:
    hours = round((stop - start).total_seconds() / 3600, 2)
    return {"start": start, "stop": stop, "duration": hours}


def show_as_from(show_as: str, fine: str = "") -> ShowAs:
    """Odoo only knows free and busy; the remembered finer kind counts while it still fits."""
    if fine and show_as == show_as_value(ShowAs(fine)):
        return ShowAs(fine)
    return ShowAs.FREE if show_as == "free" else ShowAs.BUSY


def show_as_value(show_as: ShowAs) -> str:
    """`free` or `busy`. Working elsewhere leaves the time free; all other kinds do not."""
    return "free" if show_as in (ShowAs.FREE, ShowAs.ELSEWHERE) else "busy"


def fine_show_as(show_as: ShowAs) -> str:
    """What the link has to remember: the kind that Odoo's own field cannot say, else ''."""
    return "" if show_as in (ShowAs.FREE, ShowAs.BUSY) else show_as.value


def state_from(response: Response) -> str:
    """The state of `calendar.attendee` for an answer."""
    return _STATES[response]


def response_from(state: str | bool) -> Response:
    """The answer for a state of `calendar.attendee`."""
    return _RESPONSES.get(state or "", Response.NEEDS_ACTION)


_GROUPS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "when": when_values,
    "title": lambda title: {"name": title.strip() or NO_TITLE},
    "description": lambda text: {"description": html_of(text) or False},
    "location": lambda location: {"location": location or False},
    "show_as": lambda show_as: {"show_as": show_as_value(show_as)},
    "privacy": lambda privacy: {
        "privacy": False if privacy is Privacy.DEFAULT else Privacy(privacy).value
    },
    "conference_url": lambda url: {"videocall_location": url or False},
}
