"""Notices of the in-memory provider: channels, and messages waiting to be delivered by the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..core.errors import Forbidden, NotFound
from .memory_rules import faulty
from .notices import ADDRESS_REFUSED, Channel, Notice, NoticeKind, Watch

SECRET, KIND = "x-memory-secret", "x-memory-kind"


@dataclass(slots=True)
class Post:
    """The provider's side of all channels. `proves`: it has reached the address before its yes."""

    channels: dict[str, Watch] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    refuses_address: bool = False
    proves: bool = True
    renews: bool = True
    longest: timedelta = timedelta(days=7)


class MemoryChannels:
    """The part of `port.Provider` that has changes told."""

    @faulty
    def watch(self, wish: Watch) -> Channel:
        """Open a channel."""
        post, now = self.world.post, self.world.now
        if post.refuses_address:
            raise Forbidden(ADDRESS_REFUSED, operation="watch")
        post.channels[wish.key] = wish
        post.ends[wish.key] = min(wish.until, now + post.longest)
        return Channel(wish.key, post.ends[wish.key], f"r-{wish.key}", is_proven=post.proves)

    @faulty
    def renew(self, channel: Channel, until: datetime) -> Channel:
        """Put the end off, where channels can be renewed."""
        post = self.world.post
        if channel.remote_id not in post.channels or not post.renews:
            raise NotFound("not_renewable", operation="renew")
        ends = post.ends[channel.remote_id] = min(until, self.world.now + post.longest)
        return replace(channel, expires_at=ends)

    @faulty
    def stop(self, channel: Channel) -> None:
        """End it."""
        self.world.post.channels.pop(channel.remote_id, None)
        self.world.post.stopped.append(channel.remote_id)


class MemoryNotices:
    """Reads this provider's requests: all is in the headers."""

    def greeting(self, query: Mapping[str, str]) -> str:
        """The token of a first question."""
        return query.get("greeting", "")

    def notices(self, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        """The one notice of a request."""
        if SECRET not in headers:
            return ()
        return (Notice(NoticeKind(headers.get(KIND, "changed")), headers[SECRET]),)
