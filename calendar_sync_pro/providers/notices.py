"""Change notices: what a provider is asked to tell us, what came, and how it is read.

A notice says that something changed in a calendar and never what: it is read by an ordinary sync.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

ADDRESS_REFUSED = "address_refused"
"""Reason of the Forbidden with which `watch` says that notices can't be sent to our address."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What to watch: notices about `calendar_id` go to `address` and carry `secret`, at most until
    `until` (aware UTC). `key` is our name for it, at most 64 letters, used once."""

    calendar_id: str
    address: str
    key: str
    secret: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A watch that the provider keeps until `expires_at`. `resource_id` is what some want to hear
    beside `remote_id`. `is_proven`: it has reached our address already."""

    remote_id: str
    expires_at: datetime
    resource_id: str = ""
    is_proven: bool = False


class NoticeKind(StrEnum):
    """What a notice asks for: nothing (it shows that notices arrive), to read the calendar, to
    renew the channel, or to make another one."""

    PROOF = "proof"
    CHANGED = "changed"
    RENEW = "renew"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as it came in, from whomever: only its secret shows who sent it."""

    kind: NoticeKind
    secret: str = field(repr=False)


class NoticeReader(Protocol):
    """How a provider's requests to our address are read. Pure; never raises."""

    def greeting(self, query: Mapping[str, str]) -> str:
        """What a request that tries our address wants to have back, '' when it is none."""

    def notices(self, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        """The notices of a request; none where it makes no sense. Header names in lower case."""


class Watching(Protocol):
    """The part of `port.Provider` that only those with `has_push_channel` have."""

    def watch(self, wish: Watch) -> Channel:
        """Have changes of a calendar told. Raises Forbidden(`ADDRESS_REFUSED`) when our address
        can't be reached from there, other errors when this calendar can't be watched."""

    def renew(self, channel: Channel, until: datetime) -> Channel:
        """Let a channel live longer. Raises NotFound when that can't be: another one is made."""

    def stop(self, channel: Channel) -> None:
        """End it; already gone is success."""
