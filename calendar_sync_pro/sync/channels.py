"""What has to be done so that providers go on telling us of changes. Pure: `now` is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

LIFE = timedelta(days=7)
"""How long a channel is asked to live; providers may grant less."""
PATIENCE = timedelta(minutes=10)
"""The first notice comes within seconds; after this long none can reach us."""
TRY_AGAIN = timedelta(days=1)
SOON = timedelta(minutes=5)
"""When somebody else's try is likely to be over, or a provider answers again."""
AT_MOST = 10
"""Calendars of one account that are watched; the others are polled."""
DEAD = frozenset({"unreachable", "refused", "ended"})

Action = Literal["open", "renew", "stop", "give_up"]


@dataclass(frozen=True, slots=True)
class Known:
    """A channel as it is kept. `is_here`: it was given the address that this Odoo has now.

    `doubted_at`: a change was found by looking that nobody had told of, and nothing was told since.
    """

    id: int
    calendar_id: int
    state: str
    asked_at: datetime
    expires_at: datetime | None = None
    renew_at: datetime | None = None
    doubted_at: datetime | None = None
    is_here: bool = True

    def is_over(self, now: datetime) -> bool:
        """True when the provider has forgotten it."""
        return self.expires_at is not None and self.expires_at <= now

    def is_mute(self, now: datetime) -> bool:
        """True when the notice of a change would have come long ago."""
        return self.doubted_at is not None and self.doubted_at + PATIENCE <= now

    def is_heard(self, now: datetime) -> bool:
        """True when changes are told through it, as far as anybody knows."""
        return self.state == "working" and not self.is_over(now) and not self.is_mute(now)


class Step(NamedTuple):
    """One thing to do: to a channel, or (`open`) for a calendar."""

    action: Action
    calendar_id: int
    channel_id: int = 0


def plan(wanted: Sequence[int], known: Iterable[Known], now: datetime) -> list[Step]:
    """What to do so that each calendar of `wanted` (ids) has one working channel, others none.

    The newest channel of a calendar counts. An older one is heard until the newest has shown that
    it works, so that no change is missed in between.
    """
    rows = sorted(known, key=lambda one: -one.id)
    steps = [_stop(one) for one in rows if one.calendar_id not in wanted]
    for calendar_id in wanted:
        own = [one for one in rows if one.calendar_id == calendar_id]
        steps += _needed(calendar_id, own, now)
    return steps


def _needed(calendar_id: int, own: Sequence[Known], now: datetime) -> list[Step]:
    if not own:
        return [Step("open", calendar_id)]
    newest, older = own[0], own[1:]
    is_safe = newest.state == "working" and newest.is_here and not newest.is_over(now)
    is_lost = newest.state == "unreachable"
    steps = [
        _stop(one)
        for one in older
        if is_safe or one.is_over(now) or (is_lost and one.doubted_at is not None)
    ]
    return [*_for_newest(newest, now), *steps]


def _for_newest(newest: Known, now: datetime) -> list[Step]:
    is_due = newest.renew_at is None or newest.renew_at <= now
    open_another = [Step("open", newest.calendar_id)]
    match newest.state:
        case "ended":
            return open_another
        case "unreachable" | "refused":
            return open_another if is_due or not newest.is_here else []
        case "asked" if newest.is_here:
            is_late = newest.asked_at + PATIENCE <= now
            return [Step("give_up", newest.calendar_id, newest.id)] if is_late else []
    if not newest.is_here or newest.is_mute(now):
        return open_another
    if newest.is_over(now):
        return [*open_another, _stop(newest)]
    return [Step("renew", newest.calendar_id, newest.id)] if is_due else []


def _stop(one: Known) -> Step:
    return Step("stop", one.calendar_id, one.id)


def due(known: Sequence[Known], now: datetime) -> datetime:
    """When to look again: as soon as one of the channels needs it, tomorrow at the latest."""
    moments = [
        one.asked_at + PATIENCE if one.state == "asked" else one.renew_at or now for one in known
    ]
    moments += [one.doubted_at + PATIENCE for one in known if one.doubted_at]
    return min([*moments, now + TRY_AGAIN])


def renew_at(now: datetime, expires_at: datetime) -> datetime:
    """When to renew a channel that was just made: at half of its life."""
    return now + max(expires_at - now, timedelta()) / 2
