"""How an account stands at a glance: which lights are on, the worst first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

OVERDUE_S = 15 * 60
"""Due for so long and nobody came: the workers' longest wait is a fraction of it."""
LATE_S = 15 * 60
"""A change that waits longer than this is late, as the product promises."""
LONG_S = 3600
"""Failing, or not renewing a channel, for so long is no passing trouble."""
APP_CODES = frozenset({"app_misconfigured", "api_disabled", "redirect_mismatch"})
"""Reasons that concern everybody who signs in with the same credentials."""
LASTING = APP_CODES | {"calendar_lost"}
"""Reasons that never pass by themselves."""

Health = Literal["good", "attention", "broken", "paused", "off"]
_WORST_FIRST: tuple[Health, ...] = ("broken", "attention", "paused", "off")


class Light(NamedTuple):
    """`code` is one of `sync.reasons`; `health` is what it makes of the account."""

    code: str
    health: Health


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an account without asking anybody.

    `is_used`: sync is on, or a calendar blocks availability. `has_calendar`: a calendar for events
    that the provider still lists, where sync is on. `asking`: the code of what its owner is asked
    before anything goes on. `failing_s`, `overdue_s` and `late_s`: for how
    long it has been failing, has been due, and for how long the oldest change waits to be sent.
    `unrenewed_s`: for how long a channel for notices should have been renewed. `throttled`: how
    many times it was asked to slow down in the last hour; `set_aside`: events that need somebody.
    `is_grant_ending`: what its owner granted ends soon.
    """

    status: str
    reason_code: str = ""
    is_used: bool = True
    has_calendar: bool = True
    asking: str = ""
    failures: int = 0
    failing_s: float = 0.0
    overdue_s: float = 0.0
    late_s: float = 0.0
    unrenewed_s: float = 0.0
    throttled: int = 0
    set_aside: int = 0
    is_grant_ending: bool = False


def lights(facts: Facts) -> tuple[Light, ...]:
    """The lights that are on, the worst first; none when all is well."""
    match facts.status:
        case "reconnect_required":
            return (Light(facts.reason_code or "access_revoked", "broken"),)
        case "paused":
            return (Light(facts.reason_code or "paused_by_admin", "paused"),)
        case "not_connected":
            return (Light("not_connected", "off"),)
    if not facts.is_used:
        return (Light("not_in_use", "off"),)
    found = [light for light in _of_a_working(facts) if light is not None]
    return tuple(sorted(found, key=lambda light: _WORST_FIRST.index(light.health)))


def health(found: tuple[Light, ...]) -> Health:
    """What the worst of these lights makes of the account."""
    return found[0].health if found else "good"


def _of_a_working(facts: Facts) -> tuple[Light | None, ...]:
    """The lights of an account whose sign-in works; None for one that is off."""
    return (
        None if facts.has_calendar else Light("calendar_lost", "broken"),
        _failing(facts),
        Light("overdue", "broken") if facts.overdue_s > OVERDUE_S else None,
        Light(facts.asking, "attention") if facts.asking else None,
        Light("waiting_long", "attention") if facts.late_s > LATE_S else None,
        Light("push_ending", "attention") if facts.unrenewed_s > LONG_S else None,
        Light("grant_ending", "attention") if facts.is_grant_ending else None,
        _slowed(facts),
        Light("set_aside", "attention") if facts.set_aside else None,
    )


def _failing(facts: Facts) -> Light | None:
    if not facts.failures or (facts.reason_code == "calendar_lost" and not facts.has_calendar):
        return None
    is_lasting = facts.failing_s > LONG_S or facts.reason_code in LASTING
    return Light(facts.reason_code or "unavailable", "broken" if is_lasting else "attention")


def _slowed(facts: Facts) -> Light | None:
    """Asked to slow down, also when it works again; told once."""
    if facts.reason_code == "write_quota":
        return Light("write_quota", "attention")
    is_told = facts.failures and facts.reason_code == "rate_limited"
    return Light("rate_limited", "attention") if facts.throttled and not is_told else None
