"""Reminders: alarms so many minutes before the start. All other alarms are left alone. Pure.

An alarm at a fixed time, at the end or by place is the user's own and never touched; no alarm at
all means that each program follows its own defaults. Source: RFC 5545 §3.6.6, §3.8.6.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ...core.errors import Malformed
from .lines import Component, put_together
from .moments import parts_of

_SHOWN = frozenset({"DISPLAY", "AUDIO", "EMAIL"})
_MINUTE = timedelta(minutes=1)


def reminders_of(event: Component) -> tuple[int, ...] | None:
    """Minutes before the start, each once, sorted; None without any such alarm."""
    found = {minutes_of(alarm) for alarm in event.inner("VALARM")} - {None}
    return tuple(sorted(found)) or None


def minutes_of(alarm: Component) -> int | None:
    """How many minutes before the start the alarm comes; None for another kind of alarm."""
    trigger = alarm.first("TRIGGER")
    if trigger is None or alarm.value("ACTION").upper() not in _SHOWN:
        return None
    if trigger.param("RELATED").upper() == "END" or trigger.param("VALUE").upper() == "DATE-TIME":
        return None
    try:
        minutes, rest = divmod(-sum(parts_of(trigger.value), timedelta()), _MINUTE)
    except (Malformed, OverflowError):
        return None
    return minutes if minutes >= 0 and not rest else None


def put_reminders(event: Component, reminders: Sequence[int] | None, title: str) -> None:
    """Bring the alarms before the start to `reminders`; those that stay are not rewritten."""
    wanted = set(reminders or ())
    kept: list[str | Component] = []
    for item in event.items:
        is_alarm = isinstance(item, Component) and item.name == "VALARM"
        minutes = minutes_of(item) if is_alarm else None
        if minutes is None or minutes in wanted:
            kept.append(item)
    wanted -= set(reminders_of(Component("VEVENT", kept)) or ())
    event.items = [*kept, *(_alarm(minutes, title) for minutes in sorted(wanted))]


def _alarm(minutes: int, title: str) -> Component:
    lines = [
        "ACTION:DISPLAY",
        put_together("DESCRIPTION", title or "Reminder"),
        f"TRIGGER:-PT{minutes}M",
    ]
    return Component("VALARM", lines)
