"""The request log and its counters: what was asked, and what was really written."""

import threading
from collections import Counter, deque

KEEP = 20_000
BODY_KEPT = 4096


class RequestLog:
    """Remembers the last requests; counts all of them and every committed write."""

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forget entries and counters."""
        with self._lock:
            self._entries = deque(maxlen=KEEP)
            self._requests = Counter()
            self._writes = Counter()
            self._next = 1

    def begin(self, request, service, operation, user, secret=False):
        """Note a request that has just come in; the entry is completed by `end`."""
        entry = {
            "at": self._clock.timestamp(),
            "service": service,
            "operation": operation,
            "user": user,
            "method": request.method,
            "path": request.path,
            "query": {}
            if secret
            else {k: v for k, v in request.query.items() if k != "access_token"},
            "body": "" if secret else request.body[:BODY_KEPT].decode("utf-8", "replace"),
            "if_match": request.header("if-match"),
            "user_agent": request.header("user-agent"),
            "status": None,
            "fault": None,
            "committed": False,
        }
        with self._lock:
            entry["n"] = self._next
            self._next += 1
            self._entries.append(entry)
            self._requests[operation, user] += 1
        return entry

    def committed(self, entry):
        """Note that the request changed the world, whatever answer the client gets."""
        with self._lock:
            entry["committed"] = True
            self._writes[entry["operation"], entry["user"]] += 1

    def end(self, entry, response, fault):
        """Note the answer."""
        entry["status"] = response.status if response.cut != "drop" else 0
        entry["ms"] = round((self._clock.timestamp() - entry["at"]) * 1000, 1)
        entry["fault"] = fault.action if fault else None

    def entries(self, since=0, operation="", user=""):
        """Entries after number `since`, oldest first."""
        with self._lock:
            found = [e for e in self._entries if e["n"] > since]
        if operation:
            found = [
                e for e in found if operation in (e["operation"], e["operation"].partition(".")[2])
            ]
        return [e for e in found if not user or e["user"] == user]

    def counters(self, user=""):
        """`{"requests": {operation: n}, "writes": {operation: n}}`, of one user or of all."""
        with self._lock:
            pairs = {"requests": self._requests, "writes": self._writes}
            return {name: _by_operation(counter, user) for name, counter in pairs.items()}


def _by_operation(counter, user):
    total = Counter()
    for (operation, who), number in counter.items():
        if not user or who == user:
            total[operation] += number
    return dict(total)
