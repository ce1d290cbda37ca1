"""Policy values: what decides where people may want different things.

`SETTINGS` documents each choice in one sentence; the settings view and the docs are checked
against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RemoteDelete(StrEnum):
    """C1: an event vanished from the calendar."""

    CANCEL = "cancel"
    KEEP = "keep"


class LocalDelete(StrEnum):
    """C2: an event was deleted in Odoo."""

    REMOVE = "remove"
    LEAVE = "leave"


class ImportPolicy(StrEnum):
    """C3: which events of the calendar become Odoo events."""

    EXTERNAL = "external"
    EVERYTHING = "everything"
    BUSY_ONLY = "busy_only"
    NOTHING = "nothing"


class ExportPolicy(StrEnum):
    """Which Odoo events go to the calendar."""

    EVERYTHING = "everything"
    LEADS = "leads"
    NOTHING = "nothing"


class ConflictWinner(StrEnum):
    """Both sides changed the same field."""

    LATEST = "latest"
    CALENDAR = "calendar"
    ODOO = "odoo"


class VideoCalls(StrEnum):
    """C13: whether the calendar is asked for a video call by itself."""

    OUTSIDERS = "outsiders"
    NEVER = "never"


MAX_DAYS = 3650
"""So far back or ahead somebody may choose to be synced."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The effective choices for one account. Days are whole days from today."""

    remote_delete: RemoteDelete = RemoteDelete.CANCEL
    local_delete: LocalDelete = LocalDelete.REMOVE
    import_policy: ImportPolicy = ImportPolicy.EXTERNAL
    export_policy: ExportPolicy = ExportPolicy.EVERYTHING
    conflict_winner: ConflictWinner = ConflictWinner.LATEST
    video_calls: VideoCalls = VideoCalls.OUTSIDERS
    days_back: int = 30
    days_ahead: int = 92
    internal_domains: frozenset[str] = frozenset()
    own_addresses: frozenset[str] = frozenset()


SETTINGS: dict[str, tuple[str, str]] = {
    "remote_delete": (
        RemoteDelete.CANCEL,
        "When somebody deletes an appointment in the calendar, it is cancelled in Odoo and kept.",
    ),
    "local_delete": (
        LocalDelete.REMOVE,
        "When somebody deletes an appointment in Odoo, it is removed from the calendar.",
    ),
    "import_policy": (
        ImportPolicy.EXTERNAL,
        "Meetings with somebody outside the company come to Odoo in full; everything else only"
        " blocks the time.",
    ),
    "export_policy": (
        ExportPolicy.EVERYTHING,
        "Every Odoo meeting that the user attends goes to the calendar.",
    ),
    "conflict_winner": (
        ConflictWinner.LATEST,
        "When both sides changed the same field, the latest edit wins and the other value is kept"
        " in the journal.",
    ),
    "video_calls": (
        VideoCalls.OUTSIDERS,
        "A new appointment with somebody outside the company and without a place gets the"
        " calendar's own video call.",
    ),
    "allow_further": (
        "True",
        "Users may connect further accounts, which only block their availability.",
    ),
    "lock_primary": (
        "False",
        "When this is on, new appointments go to the main calendar of an account and no other"
        " can be chosen.",
    ),
    "preview_first": (
        "True",
        "Before a calendar is synced for the first time, its user sees what would happen and"
        " starts it.",
    ),
    "show_colleagues": (
        "False",
        "When this is on, colleagues without an Odoo user are shown among the participants of a"
        " meeting from the calendar.",
    ),
    "use_push": (
        "True",
        "Calendars that can, tell Odoo of changes within seconds. Where Odoo can't be reached from"
        " the internet that is found out by itself, and calendars are looked at as often as set"
        " here.",
    ),
    "days_back": ("30", "Changes up to this many days back are still synced."),
    "days_ahead": ("92", "Events up to this many days ahead are synced."),
}
