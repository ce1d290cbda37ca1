"""Push notifications: channels, and a sender that POSTs to the client's web hook."""

import hashlib
import heapq
import http.client
import itertools
import secrets
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ..clock import http_date
from ..http.message import Response, json_response
from ..service import ApiError
from .access import calendar_for, caller_of
from .errors import bad, invalid, not_found
from .events import body_of
from .robots import allows

WEEK_S = 7 * 86400
MONTH_S = 30 * 86400
RETRIED = (500, 502, 503, 504)
RETRY_DELAYS_S = (0.5, 1, 2, 4)
SETTINGS = {
    "google.watch_sync_first": False,
    "google.watch_drop": False,
    "google.watch_duplicate": False,
    "google.watch_reorder": False,
    "google.watch_delay_s": 0,
    "google.watch_robots": True,
}


def add_routes(router):
    """Watch on events, list and settings; stop."""
    router.add("POST", "/calendars/{calendar}/events/watch", "events.watch", watch_events)
    router.add("POST", "/users/me/calendarList/watch", "calendarList.watch", watch_list)
    router.add("POST", "/users/me/settings/watch", "settings.watch", watch_settings)
    router.add("POST", "/channels/stop", "channels.stop", stop)


def channels(world):
    """Living and expired channels by id."""
    return world.store.table("google.channels")


def watch_events(world, request):
    """A channel on the events of one calendar."""
    caller = caller_of(world, request, "events.watch")
    calendar, _role = calendar_for(world, caller, request.args["calendar"])
    return _open(world, request, caller, f"/calendars/{calendar['id']}/events", calendar["id"])


def watch_list(world, request):
    """A channel on the user's list of calendars."""
    caller = caller_of(world, request, "calendarList.watch")
    return _open(world, request, caller, "/users/me/calendarList", f"list:{caller.user}")


def watch_settings(world, request):
    """A channel on the user's settings."""
    caller = caller_of(world, request, "settings.watch")
    return _open(world, request, caller, "/users/me/settings", f"settings:{caller.user}")


def _open(world, request, caller, path, topic):
    body = body_of(request)
    check_channel(world, body)
    now = world.clock.timestamp()
    channel = {
        "id": body["id"],
        "token": body.get("token", ""),
        "address": body["address"],
        "user": caller.user,
        "client_id": caller.client_id,
        "topic": topic,
        "resourceId": hashlib.sha256(topic.encode()).hexdigest()[:27],
        "resourceUri": f"{world.base_url}/calendar/v3{path}?alt=json",
        "expires": expiry(body, now),
        "number": 1,
    }
    channels(world).save(channel["id"], channel)
    dispatcher = world.services["google"].dispatcher
    dispatcher.send(channel, "sync", 1, wait=world.setting("google.watch_sync_first"))
    answer = {name: channel[name] for name in ("id", "resourceId", "resourceUri")}
    answer.update(kind="api#channel", expiration=str(int(channel["expires"] * 1000)))
    if channel["token"]:
        answer["token"] = channel["token"]
    return json_response(answer)


def check_channel(world, body):
    """The rules for id, type, token and address; plain http only on loopback."""
    if not body.get("id") or len(str(body["id"])) > 64:
        raise bad("channelIdInvalid", "Channel id must have 1 to 64 characters.", "id")
    if body["id"] in channels(world):
        raise bad("channelIdNotUnique", f"Channel id {body['id']} not unique.", "id")
    if body.get("type") not in ("web_hook", "webhook"):
        raise bad("channelUnknown", f"Unknown channel type {body.get('type')}.", "type")
    if len(body.get("token") or "") > 256:
        raise invalid("Channel token is too long.", "token")
    parts = urlsplit(body.get("address") or "")
    loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise bad("push.webhookUrlNotHttps", "WebHook callback must be HTTPS.", "address")


def expiry(body, now):
    """The earlier of what the client asks and what Google grants (a week, at most a month)."""
    ttl = (body.get("params") or {}).get("ttl")
    if body.get("expiration"):
        return min(int(body["expiration"]) / 1000, now + MONTH_S)
    return now + (min(int(ttl), MONTH_S) if ttl else WEEK_S)


def stop(world, request):
    """`POST channels/stop`: 204; only the user and client that made the channel may."""
    caller = caller_of(world, request, "channels.stop")
    body = body_of(request)
    channel = channels(world).get(body.get("id"))
    if channel is None or channel["resourceId"] != body.get("resourceId"):
        raise not_found()
    if (channel["user"], channel["client_id"]) != (caller.user, caller.client_id):
        raise ApiError(403, "forbidden", "Forbidden")
    channels(world).drop(channel["id"])
    return Response(204)


class Dispatcher:
    """One thread that sends queued messages; several changes at once make one message."""

    def __init__(self, world):
        self.world = world
        self._queue = []
        self._order = itertools.count()
        self._waiting = set()
        self._wake = threading.Condition()
        self._thread = None
        self._stopped = False
        self._held = None

    def note(self, topic):
        """A topic changed: tell its channels soon. Called with the world's lock held."""
        now = self.world.clock.timestamp()
        for channel in list(channels(self.world).values()):
            if (
                channel["topic"] == topic
                and channel["expires"] > now
                and channel["id"] not in self._waiting
            ):
                self._waiting.add(channel["id"])
                channel["number"] += secrets.randbelow(3) + 1
                channels(self.world).save(channel["id"], channel)
                self.send(channel, "exists", channel["number"])

    def send(self, channel, state, number, wait=False):
        """Queue a message, or send it at once and wait for it."""
        if wait:
            post(channel, headers_of(channel, state, number))
            return
        delay = float(self.world.setting("google.watch_delay_s")) or 0.05
        self._push(time.monotonic() + delay, 0, channel, headers_of(channel, state, number))

    def _push(self, due, attempt, channel, headers):
        with self._wake:
            heapq.heappush(self._queue, (due, next(self._order), attempt, dict(channel), headers))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._wake.notify()

    def _run(self):
        while not self._stopped:
            with self._wake:
                if not self._queue:
                    self._wake.wait(1.0)
                    continue
                left = self._queue[0][0] - time.monotonic()
                if left > 0:
                    self._wake.wait(left)
                    continue
                _due, _n, attempt, channel, headers = heapq.heappop(self._queue)
            self._waiting.discard(channel["id"])
            for message in self._disturbed(headers):
                self._deliver(channel, message, attempt)

    def _disturbed(self, headers):
        """Switches: lose, double or swap messages."""
        if headers["X-Goog-Resource-State"] == "sync":
            return [headers]
        if self.world.setting("google.watch_drop"):
            return []
        if self.world.setting("google.watch_reorder"):
            held, self._held = self._held, None if self._held else headers
            return [headers, held] if held else []
        return [headers, headers] if self.world.setting("google.watch_duplicate") else [headers]

    def _deliver(self, channel, headers, attempt):
        if self.world.setting("google.watch_robots") and not robots_allow(channel["address"]):
            self.world.meta["robots_refused"] = self.world.meta.get("robots_refused", 0) + 1
            return
        status = post(channel, headers)
        if status in RETRIED and attempt < len(RETRY_DELAYS_S):
            self._push(time.monotonic() + RETRY_DELAYS_S[attempt], attempt + 1, channel, headers)

    def stop(self):
        """End the thread."""
        self._stopped = True
        with self._wake:
            self._wake.notify()


def headers_of(channel, state, number):
    """The headers of a message; there is no body."""
    expires = datetime.fromtimestamp(channel["expires"], UTC)
    headers = {
        "X-Goog-Channel-ID": channel["id"],
        "X-Goog-Channel-Expiration": http_date(expires),
        "X-Goog-Resource-ID": channel["resourceId"],
        "X-Goog-Resource-URI": channel["resourceUri"],
        "X-Goog-Resource-State": state,
        "X-Goog-Message-Number": str(number),
        "User-Agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        "Content-Length": "0",
    }
    if channel["token"]:
        headers["X-Goog-Channel-Token"] = channel["token"]
    return headers


def _connect(parts):
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname, parts.port, timeout=5)


def post(channel, headers):
    """Send one message; the status, or 0 when nobody answered (which is final)."""
    parts = urlsplit(channel["address"])
    connection = _connect(parts)
    try:
        connection.request(
            "POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), b"", headers
        )
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def robots_allow(address):
    """Whether the site's robots.txt lets `APIs-Google` in; no file means yes."""
    parts = urlsplit(address)
    connection = _connect(parts)
    try:
        connection.request("GET", "/robots.txt", headers={"User-Agent": "APIs-Google"})
        answer = connection.getresponse()
        text = answer.read(100_000).decode("utf-8", "replace") if answer.status == 200 else ""
    except (OSError, http.client.HTTPException):
        return True
    finally:
        connection.close()
    return allows(text, parts.path or "/")
