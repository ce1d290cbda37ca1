"""What one pull carries along: plain values beside the records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..core.changes import Gone, Unreadable, Window
from ..core.event import Attendee, EventFields, RemoteEvent, Response
from ..core.settings import Policy
from ..core.when import When
from ..sync.admission import is_calendar

Entry = RemoteEvent | Gone | Unreadable
STANDING = ("synced", "needs_you", "read_only", "quarantined")
"""States of a link whose event was in Odoo when it was last looked at."""


@dataclass(slots=True)
class PullResult:
    """What one run did. `has_more` is True when it stopped early and wants another turn;
    `leftovers` are remote ids to look at once more at its end, and their window."""

    pages: int = 0
    seen: int = 0
    counts: Counter = field(default_factory=Counter)
    has_more: bool = False
    is_stopped: bool = False
    leftovers: tuple = ((), None)

    def add(self, other: PullResult) -> None:
        """Take over what reading one more calendar did."""
        self.pages += other.pages
        self.seen += other.seen
        self.counts += other.counts
        self.has_more |= other.has_more
        self.is_stopped |= other.is_stopped

    @property
    def changed(self) -> int:
        """Events that were written in Odoo."""
        return sum(self.counts[name] for name in ("create", "update", "cancel"))

    def __str__(self) -> str:
        done = " ".join(f"{name}={n}" for name, n in sorted(self.counts.items()))
        return f"pages={self.pages} seen={self.seen} changed={self.changed} {done}".strip()


@dataclass(slots=True)
class Run:
    """One chunk's surroundings, read again in each transaction.

    `clock_offset_s` is the provider's clock minus ours. `is_last_page`: nothing more is to come,
    so an occurrence whose series is unknown will stay alone. `is_alone`: the chunk was tried
    again and again, so what looks like a race is an error of the data. `is_answer`: what comes in
    is the calendar's answer to a write of ours, so no other write is asked for.
    """

    calendar: Any
    account: Any
    owner: Any
    policy: Policy
    window: Window
    now: datetime
    clock_offset_s: float = 0.0
    is_last_page: bool = False
    is_alone: bool = False
    is_answer: bool = False


@dataclass(slots=True)
class Outcome:
    """What applying some entries led to; only counts once their transaction holds."""

    counts: Counter = field(default_factory=Counter)
    journal: list[dict] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)

    def add(self, other: Outcome) -> None:
        """Take over what another part did."""
        self.counts += other.counts
        self.journal += other.journal
        self.changed |= other.changed


@dataclass(slots=True)
class RowPlan:
    """One `calendar.event` to create."""

    fields: EventFields
    meeting_id: int
    slot: str = ""
    recurrence_id: int | None = None
    guid: str = ""
    organizer_id: int | None = None
    own_response: str = "accepted"
    host: Attendee | None = None
    shared: dict | None = None


@dataclass(slots=True)
class Shape:
    """How a series stands in Odoo: its occurrences, and Odoo's own rule where that is exact."""

    occurrences: tuple[When, ...]
    native: dict[str, Any] | None


@dataclass(slots=True)
class Item:
    """A remote event on its way into Odoo. `link` and `meeting` are records or None; `side` is
    what Odoo said of it, as the link compares it, `agreed` the base. `is_copy`: we made it for
    somebody who only attends the meeting."""

    remote: RemoteEvent
    link: Any = None
    meeting: Any = None
    organizer_id: int | None = None
    own_response: str = "accepted"
    rule: str = ""
    guid: str = ""
    is_copy: bool = False
    side: EventFields | None = None
    agreed: EventFields | None = None
    shape: Shape | None = None

    @property
    def has_own_guid(self) -> bool:
        """True when the calendar does not know our id of this event yet: a copy that somebody
        made still carries that of the original."""
        return bool(self.remote.guid) and self.guid != self.remote.guid

    @property
    def is_organizers(self) -> bool:
        """True on the calendar of the person who organizes the meeting."""
        return self.remote.is_organizer and not self.is_copy

    def removed(self, values: dict[str, Any]) -> frozenset[str]:
        """Addresses that leave the guest list. Guests whom this calendar never showed stay."""
        if self.side is None or "attendees" not in values:
            return frozenset()
        kept = {person.email for person in values["attendees"]}
        return frozenset(p.email for p in self.side.attendees if p.email not in kept)

    @property
    def form(self) -> str:
        """How the remote event stands: a series, an occurrence, or alone."""
        if self.remote.slot:
            return "override"
        return "series" if self.remote.is_series else "single"


def own_fields(item: Item) -> dict[str, Any]:
    """What the rows of one event share, for `RowPlan`."""
    return {
        "meeting_id": item.meeting.id,
        "guid": item.guid if not item.remote.slot else "",
        "organizer_id": item.organizer_id,
        "own_response": item.own_response,
        "host": _host(item),
    }


def _host(item: Item) -> Attendee | None:
    """Who invites, where the calendar does not list that person as a guest; in Odoo it is one more
    who takes part, a colleague as well as somebody from outside."""
    remote = item.remote
    address = remote.organizer_email.strip().lower()
    is_listed = any(person.email == address for person in remote.fields.attendees)
    if remote.is_organizer or is_listed or is_calendar(address):
        return None
    return Attendee(address, name=remote.organizer_name, response=Response.ACCEPTED)


def journal_row(run: Run, link, action, rule, *, event_id=None, old=None, new=None, conflict=False):
    """Values of a journal row."""
    return {
        "account_id": run.account.id,
        "calendar_id": run.calendar.id,
        "link_id": link.id if link else None,
        "event_id": event_id,
        "direction": "in",
        "action": action,
        "rule": rule or None,
        "old": old,
        "new": new,
        "is_conflict": conflict,
    }
