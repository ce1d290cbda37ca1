"""What the diagnosis looks at, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """FAIL: keeps it from being synced. WARN: something is not as it should be. NOTE: good to
    know."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `check` names its heading and `code` its sentence, filled in with
    `values`; with `reason` the sentence is that of `reasons`. `fixes` are buttons, the one that
    mends it first."""

    check: str
    level: Level
    code: str = ""
    fixes: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: owner or administrator of the connection, and whether the company lets people
    choose what is synced."""

    is_owner: bool = True
    is_admin: bool = False
    may_choose: bool = True

    def or_tell(self, fix: str) -> str:
        """The fix for an administrator; whoever is none gets what to hand on to one."""
        return fix if self.is_admin else "copy"


@dataclass(frozen=True, slots=True)
class Shared:
    """A calendar that another connection uses as well; `owner` is "" for the same person's."""

    calendar_id: int
    name: str
    owner: str = ""
    is_events: bool = False


@dataclass(frozen=True, slots=True)
class Zones:
    """Names of time zones, "" where none is set: the user's in Odoo, the calendar's, the device's,
    and those of booking calendars by name."""

    user: str = ""
    calendar: str = ""
    device: str = ""
    booking: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A connected account and what surrounds it. Moments are naive UTC, as Odoo has them.

    `trouble` is why the calendar for events can't be used: missing, read_only, free_busy or
    not_main; `usable` how many others could be chosen. `due_since` is when a worker should have
    come, None where nothing is due; `slowed_until` and `wait_writes_until` lie ahead, or are None.
    `unread` and `blocking` are names of calendars that count for availability, `read_only` of
    those without write permission. `grant_ends_at` is when the permission ends, once that is near.
    """

    now: datetime
    label: str
    email: str = ""
    status: str = "active"
    reason_code: str = ""
    retry_at: datetime | None = None
    slowed_until: datetime | None = None
    is_busy_only: bool = False
    is_sync_on: bool = True
    other_email: str = ""
    has_former_sync: bool = False
    calendar: str = ""
    trouble: str = ""
    usable: int = 0
    read_only: tuple[str, ...] = ()
    has_preview: bool = False
    is_first_sync: bool = False
    is_cron_on: bool = True
    due_since: datetime | None = None
    last_sync: datetime | None = None
    wait_writes_until: datetime | None = None
    asked_about_many: str = ""
    undecided: int = 0
    set_aside: int = 0
    shared: tuple[Shared, ...] = ()
    duplicates: int = 0
    zones: Zones = Zones()
    blocking: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    has_hours: bool = True
    grant_ends_at: datetime | None = None

    @property
    def is_active(self) -> bool:
        """True while the calendar service lets us in."""
        return self.status == "active"
