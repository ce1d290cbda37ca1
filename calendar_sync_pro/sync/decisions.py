"""What a decision can be, with the rule that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core.event import EventFields
from .merge import FieldConflict

GAVE_WAY = "gave_way"
"""The sentence of an entry that keeps the value of the side that did not win."""
RULES: dict[str, str] = {
    "new_remote": "New in the calendar.",
    "new_local": "New in Odoo.",
    "adopted": "Known on both sides already; connected without creating a copy.",
    "nothing_changed": "Nothing changed.",
    "both_sides_equal": "Both sides say the same.",
    "changed_in_odoo": "Changed in Odoo.",
    "changed_in_calendar": "Changed in the calendar.",
    "changed_on_both": "Changed on both sides; merged field by field.",
    GAVE_WAY: "Changed on both sides; the value that gave way is kept.",
    "read_only": "Changed in Odoo; the calendar does not let this user change it.",
    "hidden_guests": "Guests changed in Odoo; the calendar hides the guest list.",
    "deleted_in_calendar": "Deleted in the calendar.",
    "kept_after_calendar_delete": "Deleted in the calendar; kept in Odoo by setting.",
    "declined_by_guest": "This guest removed the meeting from the own calendar.",
    "deleted_in_odoo": "Deleted in Odoo.",
    "left_in_calendar": "Deleted in Odoo; left in the calendar by setting.",
    "not_ours_to_delete": "Deleted in Odoo; the calendar's event belongs to somebody else.",
    "deleted_on_both": "Deleted on both sides.",
    "invited": "The organizer's invitation took the place of the copy.",
    "would_notify": "Not sent by itself: the calendar would e-mail the guests.",
    "chosen_to_tell": "The owner chose to send it although the guests are told.",
    "discarded": "Taken back in Odoo; the calendar was not changed and nobody was told.",
    "never_sent": "Deleted in Odoo before it was sent to the calendar.",
    "cleaned_up": "Removed from the calendar by a clean-up. It stays in Odoo.",
    "put_back": "Put back into the calendar. Nobody was e-mailed.",
    "merged": "Merged with another entry of the same appointment. Nobody was e-mailed.",
    "undone": "Undone on both sides. Nobody was e-mailed.",
}
"""Every rule with a sentence for the journal."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One event as base, Odoo and one calendar know it, and what this link may do.

    `is_organizer`: this calendar owns the event. `is_elected`: it does not, but the organizer is
    not connected and this link carries the shared fields. Any other guest's link only carries
    personal fields and that guest's own answer; personal values of an UpdateLocal belong to the
    link then, not to the shared Odoo event. Times of the last edits are aware UTC, the remote one
    corrected to our clock; None is unknown. Descriptions are without our text block.
    """

    base: EventFields | None = None
    local: EventFields | None = None
    remote: EventFields | None = None
    is_local_gone: bool = False
    is_remote_gone: bool = False
    is_organizer: bool = True
    is_elected: bool = False
    can_edit: bool = True
    has_hidden_guests: bool = False
    local_edited_at: datetime | None = None
    remote_edited_at: datetime | None = None

    @property
    def has_shared(self) -> bool:
        """True when shared fields merge through this link."""
        return self.is_organizer or self.is_elected

    @property
    def can_write_shared(self) -> bool:
        """True when shared fields may be written to this calendar."""
        return self.has_shared and self.can_edit


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateLocal:
    """Create the Odoo event; record `base`."""

    rule: str
    fields: EventFields
    base: EventFields


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLocal:
    """Write `values` (by field name, as the calendar has them) to Odoo; record `base`."""

    rule: str
    values: dict[str, Any]
    base: EventFields
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelLocal:
    """Cancel the Odoo event and keep it; the link ends. `conflicts`: Odoo's edits that are lost."""

    rule: str
    reason: str
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLocal:
    """Odoo keeps what it has although the calendar differs. With rule
    `kept_after_calendar_delete` the link ends; else `names` could not be sent: no retry."""

    rule: str
    reason: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushCreate:
    """Create the event in the calendar; record `base` once it answered."""

    rule: str
    fields: EventFields
    base: EventFields


@dataclass(frozen=True, slots=True, kw_only=True)
class PushUpdate:
    """Write `names` with `values` to the calendar; record `base` once it answered."""

    rule: str
    names: tuple[str, ...]
    values: dict[str, Any]
    base: EventFields
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDelete:
    """Delete the event in the calendar. `conflicts`: the calendar's edits that are lost."""

    rule: str
    conflicts: tuple[FieldConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree:
    """Only record `base`; nothing is written on either side."""

    rule: str
    base: EventFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Noop:
    """Nothing to do."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """The calendar's event stays and is left alone from now on (never imported again)."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropLink:
    """Forget the link; there is nothing left on at least one side."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """The owner of this calendar does not come. The meeting itself stays."""

    rule: str


Decision = (
    CreateLocal | UpdateLocal | CancelLocal | KeepLocal | PushCreate | PushUpdate | PushDelete
    | Agree | Noop | Unlink | DropLink | Decline
)  # fmt: skip
