"""How many requests a piece of work made, counted where they are sent.

Whoever wants to know opens `counting` around the work; `http.Sender` notes each request there. What
was asked for is never noted, only how many times and of which kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from typing import Any


@dataclass(slots=True)
class Requests:
    """Requests that were begun. `throttled`: how many were answered with 429 (RFC 6585 §4)."""

    reads: int = 0
    writes: int = 0
    sign_ins: int = 0
    throttled: int = 0
    _lock: Any = field(default_factory=Lock, repr=False, compare=False)

    def note(self, kind: str) -> None:
        """One more of `kind`, the name of a field; also from threads that read ahead."""
        with self._lock:
            setattr(self, kind, getattr(self, kind) + 1)


_counted: ContextVar[Requests | None] = ContextVar("counted", default=None)


@contextmanager
def counting(requests: Requests) -> Iterator[None]:
    """Count in `requests` what this context sends. Threads count when they run in a copy of it."""
    before = _counted.set(requests)
    try:
        yield
    finally:
        _counted.reset(before)


def note(kind: str) -> None:
    """One more request of `kind` for whoever counts; nothing where nobody does."""
    requests = _counted.get()
    if requests is not None:
        requests.note(kind)
