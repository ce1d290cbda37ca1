"""What a provider's listing says: pages of changes and the window they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .errors import Malformed
from .event import RemoteEvent


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is synced, `[start, stop)` in aware UTC."""

    start: datetime
    stop: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """The provider says that this event (or, with `slot`, this occurrence) is gone."""

    remote_id: str
    slot: str = ""
    master_id: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An item that made no sense. It goes to quarantine; the page goes on without it."""

    remote_id: str
    error: Malformed


class Listing(StrEnum):
    """Whether a page belongs to an incremental answer or to a full listing, and if that ended."""

    INCREMENTAL = "incremental"
    PARTIAL = "partial"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One page. `cursor` is opaque and may be saved after any page, also in mid-listing.

    `server_time` is the provider's clock when it answered (HTTP Date), for conflict decisions.
    `wholes` names series that the page tells as a whole, by remote id, with the slots of their
    occurrences that were changed or taken out: within the window any other is as its series says,
    also one that was different before. Only of providers that don't tell such an occurrence itself.
    """

    cursor: str
    events: tuple[RemoteEvent, ...] = ()
    gone: tuple[Gone, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    has_more: bool = False
    listing: Listing = Listing.INCREMENTAL
    server_time: datetime | None = None
    wholes: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A stretch of time that a calendar shows, `[start, stop)` UTC, and how. Never a title."""

    start: datetime
    stop: datetime
    kind: str = "busy"
