"""The organisation's rooms. Source: Graph v1.0, place: list (microsoft.graph.room)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import Forbidden
from ..port import RemoteRoom
from .graph import Graph

_MEMBERS = "id,displayName,emailAddress,capacity,building,floorLabel"


def read_rooms(graph: Graph) -> list[RemoteRoom]:
    """All rooms, every page. Raises Forbidden(`rooms_not_allowed`) without the permission, and for
    personal accounts, whose provider has none."""
    try:
        items = list(graph.every("/places/microsoft.graph.room", "rooms", _select=_MEMBERS))
    except Forbidden:
        raise Forbidden("rooms_not_allowed", operation="rooms") from None
    return [room_from(item) for item in items if item.get("emailAddress")]


def room_from(item: Mapping[str, Any]) -> RemoteRoom:
    """One room. Seats are told where somebody entered them."""
    place = ", ".join(str(item[n]) for n in ("building", "floorLabel") if item.get(n))
    address = str(item["emailAddress"]).strip().lower()
    name = str(item.get("displayName") or address)
    return RemoteRoom(address, name, int(item.get("capacity") or 0), place)
