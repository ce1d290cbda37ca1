"""Rows of calendarView/delta: gathered from Graph's small pages, the next ones read ahead.

Graph may give smaller pages than it is asked for. They are gathered, because each page costs a
transaction above, and a series that a page cuts in two costs a request. While those above work on
one lot, the next is read over a connection of its own: with small pages it is mostly waiting.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.errors import ProviderError, Unavailable
from .graph import Graph

_GATHERING_S = 5.0


@dataclass(frozen=True, slots=True)
class Lot:
    """Rows, the link behind them, whether it leads to more of this round, and Graph's clock.
    `pages` is how many pages they took."""

    rows: list[Any]
    link: str
    has_more: bool
    server_time: datetime | None
    pages: int


def gather(
    graph: Graph,
    first: Callable[[], dict[str, Any]],
    size: int,
    is_over: Callable[[], bool] = lambda: False,
) -> Lot:
    """Rows of as many pages as make `size`; `first` asks for the first of them.

    What goes wrong after the first page is left to the next call, which begins there.
    Raises Unavailable for what is no page.
    """
    until = time.monotonic() + _GATHERING_S
    rows, link, has_more = _page(graph, first())
    pages = 1
    while has_more and len(rows) < size and time.monotonic() < until and not is_over():
        try:
            more, link, has_more = _page(graph, follow(graph, link, size))
        except ProviderError:
            break
        rows += more
        pages += 1
    return Lot(rows, link, has_more, graph.server_time, pages)


def follow(graph: Graph, link: str, size: int) -> dict[str, Any]:
    """The page behind a link."""
    return graph.follow(link, "changes", prefer=preference(size))


def preference(size: int) -> str:
    """How many rows a page should have."""
    return f"odata.maxpagesize={size}"


def _page(graph: Graph, answer: dict[str, Any]) -> tuple[list[Any], str, bool]:
    rows, onward = answer.get("value"), answer.get("@odata.nextLink")
    link = onward or answer.get("@odata.deltaLink")
    if not isinstance(rows, list) or not link:
        raise Unavailable("not_a_listing", operation="changes")
    return rows, graph.own_link(link, "changes"), bool(onward)


class Ahead:
    """Reads the lot behind a link in a thread. One at a time; `open_graph` gives a connection."""

    def __init__(self, open_graph: Callable[[], Graph]) -> None:
        self._open_graph = open_graph
        self._thread: threading.Thread | None = None
        self._link = ""
        self._lot: Lot | None = None
        self._is_over = False

    def start(self, link: str, size: int) -> None:
        """Begin to read what is behind `link`."""
        self._link, self._lot = link, None
        # In a copy of the context, so that these requests are counted with the rest.
        work = contextvars.copy_context().run
        self._thread = threading.Thread(target=work, args=(self._read, link, size), daemon=True)
        self._thread.start()

    def _read(self, link: str, size: int) -> None:
        graph = self._open_graph()
        try:
            lot = gather(graph, lambda: follow(graph, link, size), size, lambda: self._is_over)
        except ProviderError:
            return  # whoever asks for it meets the trouble himself
        finally:
            graph.close()
        self._lot = lot

    def take(self, link: str) -> Lot | None:
        """What was read behind `link`; None when nothing was."""
        if self._thread is None:
            return None
        self._thread.join()
        self._thread = None
        return self._lot if link == self._link else None

    def stop(self) -> None:
        """Nobody will ask any more: the page under way is the last."""
        self._is_over = True
