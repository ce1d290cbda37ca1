"""One occurrence of a series, found by its original start.

`instances` lists what happens around that start; one that was moved away is only told by its
series (`exceptionOccurrences`). Ids are never put together or taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from ...core.errors import Malformed, NotFound
from ...core.when import slot_start
from . import resource
from .graph import Graph, segment

_AROUND = timedelta(days=1)
_PAGE = "50"


def read_occurrence(
    graph: Graph, events_path: str, master_id: str, slot: str, operation: str
) -> dict[str, Any]:
    """The occurrence as it is now. Raises NotFound when the series has none with that start."""
    path = f"{events_path}/{segment(master_id)}"
    try:
        around = _around(graph, path, slot, operation)
    except Malformed:  # it is no series any more
        raise NotFound("noSuchOccurrence", operation=operation) from None
    found = _with_slot(around, slot) or _with_slot(_changed(graph, path, operation), slot)
    if found is None:
        raise NotFound("noSuchOccurrence", operation=operation)
    return dict(found)


def _around(graph: Graph, path: str, slot: str, operation: str) -> list[Mapping[str, Any]]:
    """Instances near the slot."""
    start = slot_start(slot)
    if not isinstance(start, datetime):
        start = datetime.combine(start, time(), UTC)
    window = {
        "startDateTime": _text(start - _AROUND),
        "endDateTime": _text(start + 2 * _AROUND),
    }
    query = {"_select": resource.SELECT, "_top": _PAGE}
    return list(graph.every(f"{path}/instances", operation, **window, **query))


def _changed(graph: Graph, path: str, operation: str) -> list[Mapping[str, Any]]:
    """All changed occurrences of the series."""
    master = graph.ask(
        "GET",
        path,
        operation,
        _select="id,exceptionOccurrences",
        _expand="exceptionOccurrences",
    )
    return master.get("exceptionOccurrences") or []


def _with_slot(items: list[Mapping[str, Any]], slot: str) -> Mapping[str, Any] | None:
    is_day = "T" not in slot
    for item in items:
        if resource.slot_from(item, is_day=is_day) == slot:
            return item
    return None


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
