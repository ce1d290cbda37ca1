"""Graph's subscriptions: both addresses are tried before one is made; it is renewed by PATCH.

Source: learn.microsoft.com/graph, "Receive change notifications through webhooks", "Reduce missing
change notifications", and the table of lifetimes (10,080 minutes for Outlook; 4,230 until 2024).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ...core.errors import AlreadyExists, Forbidden, Malformed, NotFound
from ..notices import ADDRESS_REFUSED, Channel, Notice, NoticeKind, Watch
from .errors import garbage
from .graph import Graph, segment

LONGEST = timedelta(minutes=10_000)
FORMER_LONGEST = timedelta(minutes=4_200)
"""Asked for where the longer life is refused."""
_KINDS = "created,updated,deleted"
_LIFECYCLE = {
    "reauthorizationrequired": NoticeKind.RENEW,
    "subscriptionremoved": NoticeKind.ENDED,
    "missed": NoticeKind.CHANGED,
}


class Channels:
    """The part of `port.Provider` that has changes told."""

    graph: Graph

    def watch(self, wish: Watch) -> Channel:
        """Subscribe to the events of a calendar, after ending what an earlier try may have left."""
        try:
            return self._subscribe(wish)
        except AlreadyExists:
            self._end_stale(_resource(wish))
            return self._subscribe(wish)

    def _subscribe(self, wish: Watch) -> Channel:
        body = {
            "changeType": _KINDS,
            "notificationUrl": wish.address,
            "lifecycleNotificationUrl": wish.address,
            "resource": _resource(wish),
            "clientState": wish.secret,
        }
        try:
            answer = self._within_limits("POST", "/subscriptions", "watch", body, wish.until)
        except Malformed as error:
            is_plain = not wish.address.lower().startswith("https:")
            if error.reason == "ValidationError" or (is_plain and error.reason == "InvalidRequest"):
                raise Forbidden(ADDRESS_REFUSED, operation="watch") from None
            raise
        return _channel_from(answer, "watch")

    def _within_limits(
        self, method: str, path: str, operation: str, body: dict[str, Any], until: datetime
    ) -> Mapping[str, Any]:
        """Ask with the longest life that Graph takes; it counts in minutes from its own now."""
        now = self.graph.server_time or datetime.now(UTC)
        try:
            return self.graph.ask(method, path, operation, body | _until(min(until, now + LONGEST)))
        except Malformed as error:
            if error.reason != "ExtensionError":
                raise
        until = min(until, now + FORMER_LONGEST)
        return self.graph.ask(method, path, operation, body | _until(until))

    def _end_stale(self, resource: str) -> None:
        """End this app's own subscription to the same thing: nobody listens to it any more."""
        for entry in self.graph.every("/subscriptions", "watch"):
            if entry.get("resource") == resource and entry.get("id"):
                self._delete(str(entry["id"]))

    def renew(self, channel: Channel, until: datetime) -> Channel:
        """Put the end off. Raises NotFound when it has ended."""
        path = f"/subscriptions/{segment(channel.remote_id)}"
        answer = self._within_limits("PATCH", path, "renew", {}, until)
        return _channel_from(answer, "renew")

    def stop(self, channel: Channel) -> None:
        """End a subscription of this user and app."""
        self._delete(channel.remote_id)

    def _delete(self, remote_id: str) -> None:
        try:
            self.graph.ask("DELETE", f"/subscriptions/{segment(remote_id)}", "stop")
        except NotFound:
            return


def _resource(wish: Watch) -> str:
    return f"/me/calendars/{segment(wish.calendar_id)}/events"


def _until(moment: datetime) -> dict[str, str]:
    return {"expirationDateTime": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _channel_from(answer: Mapping[str, Any], operation: str) -> Channel:
    """What Graph says of a subscription; its own word on the end counts."""
    try:
        ends = datetime.fromisoformat(str(answer["expirationDateTime"])[:19]).replace(tzinfo=UTC)
        return Channel(str(answer["id"]), ends, is_proven=True)
    except (KeyError, ValueError):
        raise garbage(operation, True) from None


class MicrosoftNotices:
    """Reads Graph's requests to our address; see `port.NoticeReader`."""

    def greeting(self, query: Mapping[str, str]) -> str:
        """The token that has to come back before there is a subscription."""
        return query.get("validationToken", "")

    def notices(self, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        """Changes and events of subscriptions' lives; what isn't like that is left out."""
        try:
            entries = json.loads(body)["value"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return ()
        entries = entries if isinstance(entries, list) else ()
        return tuple(_notice_from(entry) for entry in entries if isinstance(entry, dict))


def _notice_from(entry: Mapping[str, Any]) -> Notice:
    event = str(entry.get("lifecycleEvent") or "").lower()
    return Notice(_LIFECYCLE.get(event, NoticeKind.CHANGED), str(entry.get("clientState") or ""))
