"""The fault switchboard: what goes wrong, for whom, where and how often.

A fault waits until a request matches it, acts `count` times (0: until removed), then is spent.
Faults are rehearsals, not state of the world: a restart clears them.
"""

import random
import threading
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase

ACTIONS = {
    "error": "answers `status`/`reason` (with `retry_after`), nothing is done",
    "error_after": "does the work, then answers `status`/`reason`",
    "delay": "waits `seconds`, then works as usual",
    "hang": "never answers and does nothing (until removed, or for `seconds`)",
    "hang_after": "does the work, then never answers: a timeout after the write",
    "drop": "closes the connection before doing anything",
    "drop_after": "does the work, then closes the connection: a lost answer",
    "truncate": "does the work, sends half of the answer and closes",
    "garbage": "does the work, answers with something that is no JSON",
    "expire_token": "makes the access token of this request invalid (401)",
    "revoke_grant": "revokes the user's consent to this client, then works as usual",
    "sync_token_expired": "answers 410 to a request that carries a sync token",
    "empty_page": "a listing answers with an empty page that has a next page",
}
FOREVER_S = 3600.0


@dataclass(slots=True)
class Fault:
    """One switch. Empty matchers match everything."""

    action: str
    user: str = ""  # address of the account whose token is used
    operation: str = ""  # glob, `events.insert`, `google.events.*`, `oauth.token`
    path: str = ""  # glob on the URL path, `*/events/abc123`
    method: str = ""
    contains: str = ""  # text that must be in the body or the query
    agent: str = ""  # text that must be in the User-Agent
    count: int = 1  # 0: until removed
    skip: int = 0  # so many matching requests pass first
    probability: float = 1.0
    status: int = 503
    reason: str = "backendError"
    message: str = ""
    retry_after: float | None = None
    seconds: float | None = None
    id: int = 0
    hits: int = 0
    _released: threading.Event = field(default_factory=threading.Event, repr=False)

    def wait(self, default_s):
        """Hold the request; ends early when the fault is removed."""
        self._released.wait(default_s if self.seconds is None else self.seconds)

    def release(self):
        """Let go of every request that this fault holds."""
        self._released.set()

    def as_json(self):
        """What the admin API shows."""
        shown = (f.name for f in fields(self) if not f.name.startswith("_"))
        return {name: getattr(self, name) for name in shown}

    def matches(self, user, operation, request):
        """Whether this request is meant."""
        short = operation.partition(".")[2]
        globs = ((self.operation, (operation, short)), (self.path, (request.path,)))
        if any(glob and not any(fnmatchcase(t, glob) for t in texts) for glob, texts in globs):
            return False
        if self.user and self.user.lower() != (user or "").lower():
            return False
        if self.method and self.method.upper() != request.method:
            return False
        if self.agent not in request.headers.get("user-agent", ""):
            return False
        return not self.contains or self._found_in(request)

    def _found_in(self, request):
        return self.contains.encode() in request.body or self.contains in request.target


class Switchboard:
    """All faults that are set; thread-safe."""

    def __init__(self, seed=1):
        self._lock = threading.Lock()
        self._faults = []
        self._next_id = 1
        self._random = random.Random(seed)

    def add(self, **values):
        """Set a fault; raises ValueError for an unknown action or field."""
        known = {f.name for f in fields(Fault) if not f.name.startswith("_")} - {"id", "hits"}
        if set(values) - known:
            raise ValueError(f"unknown fields: {', '.join(sorted(set(values) - known))}")
        if values.get("action") not in ACTIONS:
            raise ValueError(f"action must be one of {', '.join(ACTIONS)}")
        with self._lock:
            fault = Fault(**values, id=self._next_id)
            self._next_id += 1
            self._faults.append(fault)
        return fault

    def take(self, user, operation, request):
        """The first fault that strikes this request, counted as used, or None."""
        with self._lock:
            for fault in self._faults:
                if not fault.matches(user, operation, request) or not self._strikes(fault):
                    continue
                fault.hits += 1
                if fault.count and fault.hits >= fault.count:
                    self._faults.remove(fault)
                return fault
        return None

    def _strikes(self, fault):
        if fault.skip > 0:
            fault.skip -= 1
            return False
        return fault.probability >= 1 or self._random.random() < fault.probability

    def remove(self, fault_id=None):
        """Remove one fault, or all; requests that hang on them go on. Returns how many."""
        with self._lock:
            gone = [f for f in self._faults if fault_id in (None, f.id)]
            self._faults = [f for f in self._faults if f not in gone]
        for fault in gone:
            fault.release()
        return len(gone)

    def list(self):
        """All faults that are still set."""
        with self._lock:
            return [fault.as_json() for fault in self._faults]


__all__ = ["ACTIONS", "FOREVER_S", "Fault", "Switchboard"]
