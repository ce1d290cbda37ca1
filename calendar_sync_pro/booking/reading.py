"""Whose calendar can be read: a booking fails closed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from .layers import Layer, unreadable

FRESH_S = 30 * 60
"""A calendar that was last read longer ago than this counts as unread."""


class Connection(StrEnum):
    """The state of a person's accounts."""

    NEVER = "never"  # nothing was ever connected
    ACTIVE = "active"
    BROKEN = "broken"  # disconnected, paused or in need of a reconnect


class Reading(NamedTuple):
    """A calendar that blocks: when it was last read (UTC seconds; None: never), if it failed."""

    calendar_id: int
    read_at: int | None
    has_failed: bool = False


def unread_layers(
    connection: Connection,
    readings: Iterable[Reading],
    now: int,
    *,
    is_odoo_enough: bool = False,
    trusted_s: int = FRESH_S,
) -> list[Layer]:
    """What takes a person out because a calendar can't be read; [] when all can.

    `is_odoo_enough`: the booking calendar takes people who never connected a calendar. `trusted_s`
    is how long the last known busy times are trusted.
    """
    if connection is Connection.NEVER:
        return [] if is_odoo_enough else [unreadable()]
    if connection is Connection.BROKEN:
        return [unreadable()]
    return [
        unreadable(each.calendar_id)
        for each in readings
        if each.has_failed or each.read_at is None or each.read_at < now - trusted_s
    ]
