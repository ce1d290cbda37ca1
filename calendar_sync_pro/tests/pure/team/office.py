"""The small world's Odoo: records, links with their bases, marks, a journal, and the worker."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ....core.event import EventFields
from ....core.settings import Policy
from .town import Calendar, Town


class Killed(BaseException):
    """The worker is gone; nobody tidies up."""


@dataclass
class Record:
    """An Odoo event or series: `parts` are changed occurrences by slot, `cut` removed ones.

    `fields.attendees` are all participants, the owner too; `declined` those who threw their
    invitation away, which their answer at the organizer's may not tell.
    """

    fields: EventFields
    owner: str
    edited: datetime
    is_cancelled: bool = False
    parts: dict[str, EventFields] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)


@dataclass
class Link:
    """What Odoo remembers of a record on one calendar; bases are stored as JSON."""

    home: str
    remote_id: str
    key: str = ""
    uid: str = ""
    base: dict | None = None
    etag: int | None = None
    is_pending: bool = False
    is_ours: bool = False
    is_silent: bool = True
    is_organizer: bool = True
    is_waiting: bool = False
    parts: dict[str, dict] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)


@dataclass
class Desk:
    """One person's connection: what would be rows of this account."""

    links: dict[int, Link] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    cursor: int | None = None
    is_first_done: bool = False
    twins: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)


@dataclass
class State:
    """Everything that the database would hold."""

    records: dict[int, Record] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    journal: list[tuple[int, str, Any]] = field(default_factory=list)


class Office:
    """One Odoo with its team; see `e2e/search/office.py`, whose interface this is."""

    def __init__(self, shelf: Any, policy: Policy | None = None, clerk: Any = None) -> None:
        self.place, self.clerk = Town(shelf), clerk
        self.policy = policy or Policy()
        self.statistics: Counter = Counter()
        self.state = State()
        self._numbers = itertools.count(1)
        self.place.clock = self.tick
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.unexplained: list[int] = []
        self._kept: State | None = None
        self._left = 0

    def hires(self, *names: str) -> dict[str, Any]:
        """New people with empty calendars, connected."""
        from .clerk import Clerk

        for name in names:
            self.state.desks[name] = Desk()
            self.place.calendars[name, "primary"] = Calendar()
        return {name: (self.clerk or Clerk)(self, name) for name in names}

    def new_record(self, fields: EventFields, owner: str, edited: datetime) -> int:
        """Keep a new record; its number."""
        number = next(self._numbers)
        self.state.records[number] = Record(fields, owner, edited)
        return number

    def new_key(self) -> str:
        """A chosen id."""
        return f"key{next(self._numbers)}"

    def tick(self) -> datetime:
        """A minute goes by."""
        self.now += timedelta(minutes=1)
        return self.now

    # -- transactions ---------------------------------------------------------------------------
    def arms(self, at: int) -> None:
        """The worker dies at its `at`-th point from now; 0: it doesn't."""
        self._left = at
        self._kept = copy.deepcopy(self.state) if at else None

    def commit(self) -> None:
        """What was done until now stays."""
        if self._kept is not None:
            self._kept = copy.deepcopy(self.state)
        self.point()

    def point(self) -> None:
        """A commit has returned or an answer has come."""
        self._left -= 1
        if not self._left:
            self.statistics["kills"] += 1
            raise Killed

    def buries(self) -> None:
        """After a kill only what was committed is there."""
        self.state, self._kept, self._left = self._kept, None, 0

    # -- for whoever judges ----------------------------------------------------------------------
    def time_passes(self) -> None:
        """There are no pauses here."""

    def forgets_places(self) -> None:
        """The next reading of each calendar begins anew."""
        for desk in self.state.desks.values():
            desk.cursor = None

    def links(self) -> Any:
        """What is known of each link."""
        return repr([(name, desk.links, desk.marks) for name, desk in self.state.desks.items()])

    def unfinished(self) -> list:
        """What should not be there when all is done."""
        early = [(name, desk.early) for name, desk in self.state.desks.items() if desk.early]
        return (
            self.unexplained
            + early
            + [
                (name, each, link)
                for name, desk in self.state.desks.items()
                for each, link in desk.links.items()
                if link.is_waiting or link.is_pending or each in desk.marks
            ]
        )

    def mailed(self) -> set[str]:
        """Odoo itself mails nobody."""
        return set()

    def is_recorded(self, email: str, view: Any) -> bool:
        """Whether Odoo has written down that this event stands in that person's calendar."""
        links = self.state.desks[email].links.values()
        known = view.series or view.handle
        return any(link.remote_id == known and not link.is_pending for link in links)

    def is_left(self) -> None:
        """Nothing is kept."""
