"""Whose calendar can be read: a booking fails closed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from .intervals import FUTURE, PAST
from .layers import Layer, unreadable

FRESH_S = 30 * 60
"""A calendar that was last read longer ago than this counts as unread."""


class Connection(StrEnum):
    """The state of a person's accounts."""

    NEVER = "never"  # nothing was ever connected
    ACTIVE = "active"
    BROKEN = "broken"  # disconnected, paused or in need of a reconnect


class Reading(NamedTuple):
    """A calendar that blocks, in UTC seconds: when it was last read (None: never), if it failed,
    and up to when its times are known."""

    calendar_id: int
    read_at: int | None
    has_failed: bool = False
    known_until: int = FUTURE


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
        unreadable(each.calendar_id, _since(each, now - trusted_s))
        for each in readings
        if _since(each, now - trusted_s) < FUTURE
    ]


def _since(reading: Reading, oldest: int) -> int:
    """From when on nothing trustworthy is known of a calendar."""
    is_fresh = reading.read_at is not None and reading.read_at >= oldest
    return reading.known_until if is_fresh and not reading.has_failed else PAST
