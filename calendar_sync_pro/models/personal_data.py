"""What is kept about a person, kind by kind: to be shown, taken along and erased.

A kind names a model and the field that leads to the person. Contents of events (titles, texts,
guests) are read by nobody but their owner, so an export for somebody else leaves them out.
"""

from dataclasses import dataclass, field

from odoo import fields
from odoo.tools.translate import LazyGettext, LazyTranslate

_lt = LazyTranslate(__name__)

GOES = _lt("Erased")
GOES_WITH_CONNECTION = _lt("Erased with the connection; the access is taken back")
STAYS = _lt("Stays: it is part of the company's appointments")
EMPTIED = _lt("Name, address, phone, notes and answers are emptied")
_TECHNICAL = {"create_uid", "write_uid", "display_name"}
_UNREAD = {"binary", "one2many"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`model` and the `path` from it to the person; `contents`: fields for the person alone."""

    key: str
    model: str
    path: str
    label: LazyGettext = field(compare=False)
    fate: LazyGettext = field(compare=False)
    contents: frozenset[str] = frozenset()


USER_KINDS = (
    Kind(
        "connections", "calendar.sync.account", "user_id", _lt("Connected calendar accounts"),
        GOES_WITH_CONNECTION,
    ),
    Kind(
        "calendars", "calendar.sync.calendar", "account_id.user_id", _lt("Their calendars"),
        GOES_WITH_CONNECTION,
    ),
    Kind(
        "busy_times", "calendar.sync.busy", "user_id", _lt("Busy times: when, never what"),
        GOES_WITH_CONNECTION,
    ),
    Kind(
        "links", "calendar.sync.link", "account_id.user_id",
        _lt("Which appointment is which event in the calendar"), GOES_WITH_CONNECTION,
        frozenset({"base", "told_to", "sent_block"}),
    ),
    Kind(
        "journal", "calendar.sync.journal", "user_id", _lt("Journal of what was synced"),
        GOES_WITH_CONNECTION, frozenset({"old", "new"}),
    ),
    Kind(
        "previews", "calendar.sync.preview.item", "preview_id.user_id",
        _lt("Previews of a first sync"), GOES_WITH_CONNECTION, frozenset({"title"}),
    ),
    Kind(
        "clean_ups", "calendar.sync.cleanup.item", "cleanup_id.user_id",
        _lt("Events that a clean-up removed"), GOES_WITH_CONNECTION,
        frozenset({"base", "told_to"}),
    ),
    Kind(
        "requests", "calendar.sync.hour", "user_id",
        _lt("What was asked of the calendar, counted by the hour"), GOES_WITH_CONNECTION,
    ),
    Kind("sign_ins", "calendar.sync.consent", "user_id", _lt("Sign-ins of the last days"), GOES),
    Kind(
        "blocked_times", "booking.blocked.time", "user_id", _lt("Times blocked for bookings"),
        GOES, frozenset({"name"}),
    ),
    Kind("moves", "calendar.sync.takeover.user", "user_id", _lt("Moves from another sync"), GOES),
    Kind("bookings", "booking.hold", "user_id", _lt("Booked times"), STAYS),
    Kind("booking_pages", "booking.member", "user_id", _lt("Places in booking calendars"), STAYS),
)  # fmt: skip
CUSTOMER_KINDS = (
    Kind("bookings", "booking.customer", "id", _lt("Bookings"), EMPTIED),
    Kind(
        "appointments", "calendar.event", "id",
        _lt("Appointments that were booked: notes and answers"), EMPTIED,
    ),
)  # fmt: skip
EVENT_FIELDS = (
    "customer_name", "customer_phone", "conversation_notes", "transcript_url", "booking_answers",
)  # fmt: skip
"""What an appointment keeps of its customer."""
_OF_EVENTS = ("name", "start", "stop", *EVENT_FIELDS)


def rows(records, kind, *, is_own):
    """The records as plain values for a file. `is_own`: the person reads them, so contents may be
    in it. Secrets and what only the product needs are never in it."""
    if kind.model == "calendar.event":
        names = _OF_EVENTS
    else:
        names = [
            name
            for name, one in records._fields.items()
            if one.store and one.type not in _UNREAD and name not in _TECHNICAL
            and (one.groups != fields.NO_ACCESS or name in kind.contents)
            and (is_own or name not in kind.contents)
        ]  # fmt: skip
    return records.sudo().read(sorted(names), load="") if records else []
