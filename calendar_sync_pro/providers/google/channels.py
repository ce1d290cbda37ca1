"""Google's notification channels: made for one calendar, never renewed, told by headers alone.

Source: Google's page "Push notifications" of the Calendar API. The first message of a channel
(`sync`) may come before the answer to the request that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ...core.errors import Forbidden, NotFound, ProviderError
from ..notices import ADDRESS_REFUSED, Channel, Notice, NoticeKind, Watch
from .client import Client
from .errors import garbage

_ADDRESS_REASONS = "push.webhook"


class Channels:
    """The part of `port.Provider` that has changes told."""

    _client: Client

    def watch(self, wish: Watch) -> Channel:
        """Open a channel on the events of a calendar."""
        body = {
            "id": wish.key,
            "type": "web_hook",
            "address": wish.address,
            "token": wish.secret,
            "expiration": str(_milliseconds(wish.until)),
        }
        request = self._client.events.watch(calendarId=wish.calendar_id, body=body)
        try:
            answer = self._client.run(request, "watch")
        except ProviderError as error:
            if error.reason.startswith(_ADDRESS_REASONS):
                raise Forbidden(ADDRESS_REFUSED, operation="watch") from None
            raise
        return _channel_from(answer, wish)

    def renew(self, channel: Channel, until: datetime) -> Channel:
        """Google renews no channel. Raises NotFound."""
        raise NotFound("not_renewable", operation="renew")

    def stop(self, channel: Channel) -> None:
        """Close a channel of this user and app."""
        body = {"id": channel.remote_id, "resourceId": channel.resource_id}
        try:
            self._client.run(self._client.channels.stop(body=body), "stop")
        except NotFound:
            return


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _channel_from(answer: Mapping[str, object], wish: Watch) -> Channel:
    """Google may grant less time than was asked for; without a word about it, as long as asked."""
    try:
        ends = int(str(answer.get("expiration") or _milliseconds(wish.until))) / 1000
        expires_at = datetime.fromtimestamp(ends, UTC)
    except (ValueError, OverflowError, OSError):
        raise garbage("watch", True) from None
    return Channel(
        remote_id=str(answer.get("id") or wish.key),
        resource_id=str(answer.get("resourceId") or ""),
        expires_at=expires_at,
    )


class GoogleNotices:
    """Reads Google's requests to our address; see `port.NoticeReader`."""

    def greeting(self, query: Mapping[str, str]) -> str:
        """Google tries an address by a first message, not by a question."""
        return ""

    def notices(self, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        """The one notice that the headers are; there is no body."""
        state, secret = headers.get("x-goog-resource-state"), headers.get("x-goog-channel-token")
        if not state or not secret:
            return ()
        kind = NoticeKind.PROOF if state == "sync" else NoticeKind.CHANGED
        return (Notice(kind, secret),)
