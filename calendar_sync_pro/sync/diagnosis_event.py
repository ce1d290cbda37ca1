"""Why isn't this appointment in my calendar? The checks of one appointment, after its way there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..core.settings import MAX_DAYS, ExportPolicy
from .badge import LinkFacts
from .cleanup import CLEANED_UP
from .diagnosis import PATIENCE, time_zones, way
from .diagnosis_facts import Connection, Finding, Level, Reader
from .reasons import PASSING

REFUSED = frozenset({"forbidden", "read_only", "not_organizer", "guest_list_not_ours"})
"""The calendar does not take Odoo's change: taking the calendar's own word ends it."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment as one connection sees it. Moments are naive UTC.

    `link` is what stands in this connection's calendar, None for nothing; `problem_until` when a
    failed try comes again. `marked_at` is since when a change waits to be sent, None for none.
    `inviter` names whose calendar brings it by an invitation; `missing_invitations` is what the
    calendar service says about invitations that don't arrive. `synced` is the window.
    """

    start: datetime
    stop: datetime
    synced: tuple[datetime, datetime]
    is_attending: bool = True
    is_declined: bool = False
    is_cancelled: bool = False
    is_editable: bool = True
    has_lead: bool = False
    export_policy: ExportPolicy = ExportPolicy.EVERYTHING
    inviter: str = ""
    missing_invitations: str = ""
    link: LinkFacts | None = None
    calendar: str = ""
    problem_until: datetime | None = None
    marked_at: datetime | None = None


def appointment(event: Appointment, facts: Connection, reader: Reader) -> list[Finding]:
    """Every check of one appointment: its way to the calendar, what keeps it out by choice, then
    how it stands there."""
    found = way(facts, reader)
    if not event.link:
        checks = (_participants, _still_on, _choice, _window, _invitation)
        found += [each for check in checks if (each := check(event, facts, reader))]
    is_explained = any(each.level is Level.FAIL for each in found)
    there = _standing(event, facts, reader)
    if event.link or not is_explained:
        found.append(there)
    return [*found, *time_zones(facts, reader)]


def _participants(event: Appointment, _facts: Connection, _reader: Reader) -> Finding | None:
    check = "participants"
    if not event.is_attending:
        fixes = ("add_me",) if event.is_editable else ("open",)
        return Finding(check, Level.FAIL, "no_part", fixes)
    if event.is_declined:
        return Finding(check, Level.FAIL, "declined", ("open",))
    return None


def _still_on(event: Appointment, _facts: Connection, _reader: Reader) -> Finding | None:
    if not event.is_cancelled:
        return None
    fixes = ("plan_again",) if event.is_editable else ()
    return Finding("still_on", Level.FAIL, "cancelled", fixes)


def _choice(event: Appointment, _facts: Connection, reader: Reader) -> Finding | None:
    fixes = ("send_everything",) if reader.may_choose else (reader.or_tell("settings"),)
    if event.export_policy is ExportPolicy.NOTHING:
        return Finding("choice", Level.FAIL, "sends_nothing", fixes)
    if event.export_policy is ExportPolicy.LEADS and not event.has_lead:
        return Finding("choice", Level.FAIL, "sends_leads", fixes)
    return None


def _window(event: Appointment, facts: Connection, reader: Reader) -> Finding | None:
    """What belongs to a lead goes out however far ahead it is."""
    first, last = event.synced
    hand_on = reader.or_tell("settings")
    if event.stop < first:
        return Finding("window", Level.FAIL, "too_old", (hand_on,), {"first": first})
    if event.start < last or event.has_lead:
        return None
    days = (event.start - facts.now).days + 2
    values = {"last": last, "day": facts.now + (event.start - last), "value": days}
    may_choose = reader.may_choose and days <= MAX_DAYS
    fixes = ("more_days",) if may_choose else (hand_on,)
    return Finding("window", Level.FAIL, "too_far", fixes, values)


def _invitation(event: Appointment, _facts: Connection, _reader: Reader) -> Finding | None:
    if not event.inviter:
        return None
    code = "by_invitation_missing" if event.missing_invitations else "by_invitation"
    values = {"name": event.inviter, "hint": event.missing_invitations}
    return Finding("invitation", Level.FAIL, code, ("sync_now",), values)


def _standing(event: Appointment, facts: Connection, reader: Reader) -> Finding:
    """How it stands in the calendar itself."""
    check, link = "standing", event.link
    if link is None:
        return _not_there(event, facts)
    if link.problem_code == CLEANED_UP:
        return Finding(check, Level.FAIL, fixes=("connections",), reason=CLEANED_UP)
    if link.state == "frozen" or link.account.is_former:
        return Finding(check, Level.FAIL, "former", ("connections",), {"label": link.account.label})
    if link.state == "needs_you":
        fixes = ("send", "discard") if reader.is_owner else ("copy",)
        return Finding(check, Level.FAIL, "would_tell", fixes, {"count": link.told})
    if _has_problem(link):
        return _problem(event, reader)
    if event.marked_at:
        return _waits(event, facts)
    if link.state in ("creating", "waiting_master"):
        return Finding(check, Level.NOTE, "on_its_way", ("sync_now",))
    fixes = (("open_there",) if link.web_url else ()) + ("ask",)
    return Finding(check, Level.OK, "there", fixes, {"calendar": event.calendar})


def _not_there(event: Appointment, facts: Connection) -> Finding:
    if event.marked_at:
        return _waits(event, facts)
    return Finding("standing", Level.FAIL, "overlooked", ("send_now",))


def _waits(event: Appointment, facts: Connection) -> Finding:
    """Give it a moment; after a quarter of an hour something is wrong."""
    if event.problem_until and event.problem_until > facts.now:
        values = {"until": event.problem_until}
        return Finding("standing", Level.WARN, "tried_again", ("sync_now",), values)
    if facts.now - event.marked_at <= PATIENCE:
        return Finding("standing", Level.NOTE, "on_its_way", ("again",))
    values = {"since": event.marked_at}
    return Finding("standing", Level.FAIL, "waits_long", ("sync_now",), values)


def _has_problem(link: LinkFacts) -> bool:
    is_refused = link.state == "read_only" and link.is_marked
    return link.state == "quarantined" or bool(link.problem_code) or is_refused


def _problem(event: Appointment, reader: Reader) -> Finding:
    """Set aside, or a change of Odoo's that the calendar does not take."""
    check, link = "standing", event.link
    code = link.problem_code or ("malformed" if link.state == "quarantined" else "read_only")
    if code in PASSING:
        values = {"until": event.problem_until} if event.problem_until else {}
        sentence = "until" if values else ""
        return Finding(check, Level.WARN, sentence, ("sync_now",), values, reason=code)
    if code == "duplicate":
        fixes = ("merge",)
    elif code in REFUSED:
        fixes = ("take_theirs",)
    else:
        fixes = ("retry", *(("open_there",) if link.web_url else ()))
    fixes = fixes if reader.is_owner else ("copy",)
    return Finding(check, Level.FAIL, fixes=fixes, reason=code)
