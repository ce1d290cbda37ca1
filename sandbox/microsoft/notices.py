"""Change notifications: a handshake, and a sender that POSTs what changed to those who asked."""

import heapq
import http.client
import itertools
import json
import secrets
import ssl
import threading
import time
from collections import defaultdict, deque
from urllib.parse import quote_plus, urlsplit

from .present import etag
from .shelf import Item

HANDSHAKE_S = 10
SLOW_S = 3
DEAD_S = 10
RETRY_DELAYS_S = (0.5, 1, 2, 4)
GATHER_S = 0.05
SETTINGS = {
    "microsoft.notify_drop": False,
    "microsoft.notify_duplicate": False,
    "microsoft.notify_reorder": False,
    "microsoft.notify_delay_s": 0,
    "microsoft.subscription_cap_min": 10080,
}


def send(address, body, kind, timeout_s):
    """`(status, content type, text)`; status 0 when nobody answered."""
    parts = urlsplit(address)
    connection = _connect(parts, timeout_s)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": kind})
        answer = connection.getresponse()
        text = answer.read(10_000).decode("utf-8", "replace")
        return answer.status, answer.headers.get_content_type(), text
    except (OSError, http.client.HTTPException):
        return 0, "", ""
    finally:
        connection.close()


def _connect(parts, timeout_s):
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout_s, context=context
        )
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)


def handshake(address):
    """Ask for the token back; an empty text when all is well, else the reason."""
    token = f"Validation: Testing client application reachability {secrets.token_urlsafe(16)}"
    joint = "&" if urlsplit(address).query else "?"
    asked = f"{address}{joint}validationToken={quote_plus(token)}"
    status, kind, text = send(asked, b"", "text/plain; charset=utf-8", HANDSHAKE_S)
    if status == 0:
        return "Notification endpoint could not be reached in time."
    if status != 200:
        return f"Must respond with 200 OK to this request, got {status}."
    if kind != "text/plain" or text != token:
        return "Response must contain the validation token as plain text."
    return ""


class Dispatcher:
    """Gathers changes, POSTs them, and tries again after 5xx and silence."""

    def __init__(self, world):
        self.world = world
        self._wake = threading.Condition()
        self._queue, self._order = [], itertools.count()
        self._gathered = defaultdict(list)
        self._held = None
        self._paces = defaultdict(lambda: deque(maxlen=20))
        self._thread, self._stopped = None, False

    def note(self, rec, day, kind):
        """Remember a change for every subscription that covers it; called with the lock held."""
        now = self.world.clock.timestamp()
        for sub in list(self.world.store.table("ms.subscriptions").values()):
            covers = sub["box"] == rec["box"] and sub["cal"] in ("", rec["cal"])
            if covers and sub["expires"] > now and kind in sub["changeType"].split(","):
                self._gather(sub["notificationUrl"], notice(sub, Item(rec, day), kind))

    def lifecycle(self, sub, event):
        """Queue a lifecycle notification, when the subscription has an address for them."""
        if sub.get("lifecycleNotificationUrl"):
            body = {**head(sub), "lifecycleEvent": event}
            self._gather(sub["lifecycleNotificationUrl"], body)

    def _gather(self, address, body):
        with self._wake:
            fresh = not self._gathered[address]
            self._gathered[address].append(body)
        if fresh:
            delay = float(self.world.setting("microsoft.notify_delay_s")) or GATHER_S
            self._push(time.monotonic() + delay, address, None, 0)

    def _push(self, due, address, value, attempt):
        with self._wake:
            heapq.heappush(self._queue, (due, next(self._order), address, value, attempt))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            self._wake.notify()

    def _run(self):
        while not self._stopped:
            with self._wake:
                left = self._queue[0][0] - time.monotonic() if self._queue else 1.0
                if not self._queue or left > 0:
                    self._wake.wait(min(left, 1.0))
                    continue
                _due, _n, address, value, attempt = heapq.heappop(self._queue)
                value = value or self._gathered.pop(address, [])
            self._deliver(address, value, attempt)

    def _deliver(self, address, value, attempt):
        for message in self._disturbed(value) if attempt == 0 else [value]:
            began = time.monotonic()
            body = json.dumps({"value": message}).encode()
            status, _kind, _text = send(address, body, "application/json; charset=utf-8", DEAD_S)
            self._paces[address].append(time.monotonic() - began)
            if (status == 0 or status >= 500) and attempt < len(RETRY_DELAYS_S):
                due = time.monotonic() + RETRY_DELAYS_S[attempt] + self.penalty_s(address)
                self._push(due, address, message, attempt + 1)

    def penalty_s(self, address):
        """Slow endpoints wait: ten seconds when more than a tenth of the answers took over 3 s."""
        paces = self._paces[address]
        slow = sum(pace > SLOW_S for pace in paces)
        return 10.0 if len(paces) >= 10 and slow > len(paces) / 10 else 0.0

    def _disturbed(self, value):
        """Switches: lose, double or swap messages."""
        if self.world.setting("microsoft.notify_drop"):
            return []
        if self.world.setting("microsoft.notify_reorder"):
            held, self._held = self._held, None if self._held else value
            return [value, held] if held else []
        return [value, value] if self.world.setting("microsoft.notify_duplicate") else [value]

    def stop(self):
        """End the thread."""
        self._stopped = True
        with self._wake:
            self._wake.notify()


def head(sub):
    """What every notification says of its subscription."""
    return {
        "subscriptionId": sub["id"],
        "subscriptionExpirationDateTime": sub["expirationDateTime"],
        "clientState": sub["clientState"],
        "tenantId": sub["tid"],
        "organizationId": sub["tid"],
    }


def notice(sub, item, kind):
    """One change; it carries no data but ids."""
    event_id = item.id(sub["immutable"])
    path = f"Users/{sub['oid']}/Events/{event_id}"
    data = {"@odata.type": "#Microsoft.Graph.Event", "@odata.id": path, "id": event_id}
    data["@odata.etag"] = etag(item)
    return {**head(sub), "changeType": kind, "resource": path, "resourceData": data}
