"""What can go wrong with a request of the small world: {name: (error, when it strikes)}."""

from ....core.errors import AuthExpired, RateLimited, SyncTokenExpired, Unavailable

UNKNOWN = {"has_unknown_outcome": True}
TROUBLE = {
    "down": (Unavailable(), "before"),
    "broken": (Unavailable(), "before"),
    "busy": (RateLimited(retry_after_s=1), "before"),
    "done, then down": (Unavailable(**UNKNOWN), "after"),
    "cut before": (Unavailable(**UNKNOWN), "before"),
    "cut after": (Unavailable(**UNKNOWN), "after"),
    "half an answer": (Unavailable(**UNKNOWN), "after"),
    "garbage": (Unavailable(**UNKNOWN), "after"),
    "old token": (AuthExpired(is_revoked=False), "before"),
    "place forgotten": (SyncTokenExpired(), "listing"),
    "write quota": (RateLimited(is_write_quota=True), "writing"),
    "grant taken back": (AuthExpired(), "before"),
}
