"""Where events stand in a week: day, minutes, and side by side when they overlap."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY_MIN = 24 * 60


@dataclass(slots=True)
class Block:
    """A piece of an event on one day; times in minutes since midnight."""

    entry: dict
    event: dict
    start: int
    stop: int
    lane: int = 0
    lanes: int = 1


def blocks_by_day(pairs, monday, zone):
    """`(all-day lists, timed blocks)` for the seven days from `monday`."""
    whole, timed = [[] for _ in range(7)], [[] for _ in range(7)]
    for entry, event in pairs:
        if "date" in event["start"]:
            _place_whole(whole, entry, event, monday)
        else:
            _place_timed(timed, entry, event, monday, zone)
    for blocks in timed:
        spread_lanes(blocks)
    return whole, timed


def _place_whole(whole, entry, event, monday):
    first = date.fromisoformat(event["start"]["date"])
    end = date.fromisoformat(event["end"]["date"])
    for offset in range(7):
        if first <= monday + timedelta(days=offset) < end:
            whole[offset].append((entry, event))


def _place_timed(timed, entry, event, monday, zone):
    start, stop = (
        datetime.fromisoformat(event[n]["dateTime"]).astimezone(zone) for n in ("start", "end")
    )
    for offset in range(7):
        day = monday + timedelta(days=offset)
        if not start.date() <= day <= stop.date():
            continue
        low = start.hour * 60 + start.minute if start.date() == day else 0
        high = stop.hour * 60 + stop.minute if stop.date() == day else DAY_MIN
        if high > low or start == stop:
            timed[offset].append(Block(entry, event, low, max(high, low + 20)))


def spread_lanes(blocks):
    """Give overlapping blocks lanes of their own; a group shares its number of lanes."""
    blocks.sort(key=lambda b: (b.start, -b.stop))
    group, group_end = [], -1
    for block in blocks:
        if block.start >= group_end:
            _close(group)
            group, group_end = [], -1
        taken = {b.lane for b in group if b.stop > block.start}
        block.lane = next(n for n in range(len(group) + 1) if n not in taken)
        group.append(block)
        group_end = max(group_end, block.stop)
    _close(group)


def _close(group):
    lanes = max((b.lane for b in group), default=0) + 1
    for block in group:
        block.lanes = lanes
