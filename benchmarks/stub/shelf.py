"""One account's calendar, whatever its provider: events as JSON texts and a revision counter."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..workload import LONG_AGO, Entry, entry, stamp


@dataclass(frozen=True, slots=True)
class Request:
    """One API call. `prefer` is its Prefer header, `site` the address that it was sent to."""

    method: str
    path: str
    query: dict[str, str]
    body: dict
    token: str
    etag: str = ""
    prefer: str = ""
    site: str = ""


class Shelf:
    """A calendar with generated events. A provider's subclass renders and changes them.

    `has_masters` says whether series are told beside their occurrences, where both are listed.
    """

    def __init__(self, token: str) -> None:
        self.account, count = re.match(r"acct-(\w+)-n(\d+)$", token).groups()
        self.lock = threading.Lock()
        self.revision = 1
        self.entries = [entry(self.account, number) for number in range(int(count))]
        self.singles = [item for item in self.entries if not item.is_series]
        self.changed_at: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.inserted: list[str] = []
        self.next_touch = 0
        self.has_masters = True
        for item in self.entries:
            self.store(item.key, self.render(item, LONG_AGO))

    def render(self, item: Entry, updated: str) -> dict:
        """The event as the provider tells it."""
        raise NotImplementedError

    def store(self, key: str, payload: dict) -> None:
        """Keep this version; it counts as changed now."""
        self.texts[key] = json.dumps(payload)
        self.changed_at[key] = self.revision

    def touch(self, count: int) -> None:
        """Change `count` single events, half of them in title and half in time."""
        with self.lock:
            self.revision += 1
            updated = stamp(datetime.now(UTC) + timedelta(seconds=1))
            for position in range(count):
                item = self.singles[(self.next_touch + position) % len(self.singles)]
                if position % 2:
                    item.title += f" v{self.revision}"
                else:
                    item.start += timedelta(minutes=30)
                    item.stop += timedelta(minutes=30)
                self.store(item.key, self.render(item, updated))
            self.next_touch += count

    def since(self, revision: int) -> list[str]:
        """Everything that changed after `revision`, as JSON texts."""
        return [self.texts[key] for key, at in self.changed_at.items() if at > revision]
