"""The calendars of a mailbox: its own ones of all groups, and those that others share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..port import AccessRole, RemoteCalendar
from .graph import Graph

_SELECT = "id,name,hexColor,isDefaultCalendar,canEdit,owner"
_PAGE = "100"


def read_calendars(graph: Graph, *, tz: str, has_shared: bool) -> list[RemoteCalendar]:
    """All calendars, every page; shared ones only where the grant lets us use them."""
    entries = list(graph.every("/me/calendars", "calendars", _select=_SELECT, _top=_PAGE))
    own = next((_owner(one) for one in entries if one.get("isDefaultCalendar")), "")
    found = [calendar_from(entry, own, tz) for entry in entries]
    return [one for one in found if one.is_own or has_shared]


def calendar_from(entry: Mapping[str, Any], own: str, tz: str = "") -> RemoteCalendar:
    """One calendar. `own` is the mailbox's address: what has another owner is shared with us."""
    is_own = _owner(entry) in ("", own) or bool(entry.get("isDefaultCalendar"))
    can_edit = bool(entry.get("canEdit"))
    role = AccessRole.WRITER if can_edit else AccessRole.READER
    return RemoteCalendar(
        remote_id=entry["id"],
        name=entry.get("name") or entry["id"],
        role=AccessRole.OWNER if can_edit and is_own else role,
        color=entry.get("hexColor") or "",
        tz=tz if is_own else "",
        is_primary=bool(entry.get("isDefaultCalendar")),
        is_own=is_own,
    )


def _owner(entry: Mapping[str, Any]) -> str:
    return str((entry.get("owner") or {}).get("address") or "").strip().lower()
