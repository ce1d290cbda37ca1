"""Google's limits as sliding windows of one minute; off (0) until a setting switches them on."""

from collections import defaultdict, deque

from ..service import ApiError

WINDOW_S = 60.0


class Quota:
    """Counts API requests per user and per project, and invitations per user."""

    def __init__(self, world):
        self.world = world
        self.clear()

    def clear(self):
        """Forget what was counted."""
        self._times = defaultdict(deque)

    def check(self, request, operation, user):
        """Count this request; 403 or 429 when it is one too many."""
        if operation == "batch":
            return
        per_user = self.world.setting("google.quota_per_user_per_min")
        per_project = self.world.setting("google.quota_per_project_per_min")
        if per_user and user and self._over(("user", user), per_user):
            raise ApiError(403, "userRateLimitExceeded", "User Rate Limit Exceeded", retry_after=1)
        if per_project and self._over(("project", ""), per_project):
            raise ApiError(429, "rateLimitExceeded", "Rate Limit Exceeded", retry_after=1)
        invitations = self.world.setting("google.quota_invitations_per_user")
        if invitations and operation in ("events.insert", "events.patch", "events.update"):
            self._check_invitations(user, invitations)

    def _over(self, key, limit):
        times, now = self._times[key], self.world.clock.timestamp()
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        if len(times) >= limit:
            return True
        times.append(now)
        return False

    def _check_invitations(self, user, limit):
        sent = sum(1 for m in self.world.mails.list(kind="invitation") if m["from"] == user)
        if sent >= limit:
            raise ApiError(403, "quotaExceeded", "Calendar usage limits exceeded.")
