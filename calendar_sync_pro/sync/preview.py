"""What a first sync would do with one event, as a person reads it before it is started."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .decisions import CreateLocal, Decision, PushCreate, PushUpdate, UpdateLocal


class Side(StrEnum):
    """INTO_ODOO and INTO_CALENDAR: it is created there. SAME: both sides have it already and it is
    only connected. KEPT_OUT: Odoo gets no event of it."""

    INTO_ODOO = "into_odoo"
    INTO_CALENDAR = "into_calendar"
    SAME = "same"
    KEPT_OUT = "kept_out"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The side of one event, and the fields that would be filled in: in Odoo, in the calendar."""

    side: Side
    to_odoo: tuple[str, ...] = ()
    to_calendar: tuple[str, ...] = ()


def foresee(decisions: Iterable[Decision]) -> Foreseen:
    """What the decisions about one event come to."""
    side, to_odoo, to_calendar = Side.SAME, (), ()
    for decision in decisions:
        match decision:
            case CreateLocal():
                side = Side.INTO_ODOO
            case PushCreate():
                side = Side.INTO_CALENDAR
            case UpdateLocal():
                to_odoo = tuple(sorted(decision.values))
            case PushUpdate():
                to_calendar = tuple(decision.names)
    return Foreseen(side, to_odoo, to_calendar)
