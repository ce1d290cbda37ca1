"""Microsoft's limits: requests per app and mailbox in ten minutes, and four at a time."""

import threading
from collections import Counter, defaultdict, deque

from ..service import ApiError


def throttled(retry_after):
    """429 with the time to wait."""
    text = "Application is over its MailboxConcurrency limit."
    return ApiError(429, "ApplicationThrottled", text, retry_after=retry_after)


class Limits:
    """Counts what is going on; thread-safe."""

    def __init__(self, world):
        self.world = world
        self._lock = threading.Lock()
        self.clear()

    def clear(self):
        """Forget what was counted."""
        self._times = defaultdict(deque)
        self._busy = Counter()

    def enter(self, user):
        """Note a request that begins; False when it is one too many at this moment."""
        most = self.world.setting("microsoft.concurrency")
        with self._lock:
            self._busy[user] += 1
            return not most or self._busy[user] <= most

    def leave(self, user):
        """Note its end."""
        with self._lock:
            self._busy[user] -= 1

    def check(self, user):
        """Count this request; 429 when the window is full."""
        most = self.world.setting("microsoft.quota_per_mailbox")
        window_s = self.world.setting("microsoft.quota_window_s")
        times, now = self._times[user], self.world.clock.timestamp()
        while times and times[0] <= now - window_s:
            times.popleft()
        if most and len(times) >= most:
            raise throttled(max(1, int(times[0] + window_s - now) + 1))
        times.append(now)
