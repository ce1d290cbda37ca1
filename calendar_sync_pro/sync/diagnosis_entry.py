"""Why isn't this entry of my calendar in Odoo? And what the calendar itself answered."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.event import EventKind, RemoteEvent
from ..core.settings import ImportPolicy, Policy
from .admission import AdmissionKind, admit, is_in_window
from .diagnosis_facts import Finding, Level, Reader

_BRINGS_MORE = "bring_everything"
_BY_POLICY = {
    "import_nothing": ("bring_meetings", _BRINGS_MORE),
    "import_busy_only": ("bring_meetings", _BRINGS_MORE),
    "internal": (_BRINGS_MORE,),
    "alone": (_BRINGS_MORE,),
}
"""Reasons that a choice of the person's would change, and which."""


@dataclass(frozen=True, slots=True)
class Known:
    """What Odoo has of an entry: the state and problem of its link, and whether an appointment of
    it is there. `is_here` False without a state: nothing is known of it."""

    is_here: bool = False
    state: str = ""
    problem_code: str = ""


def entry(remote: RemoteEvent, known: Known, policy: Policy, window, reader: Reader) -> Finding:
    """Why an entry of the calendar is, or isn't, an appointment in Odoo. Names no title."""
    if known.state == "quarantined" and known.problem_code == "duplicate":
        return _said(Level.WARN, "", ("merge",), reason="duplicate")
    if known.state == "quarantined":
        return _said(Level.FAIL, "", ("retry",), reason=known.problem_code or "malformed")
    if known.is_here:
        return _said(Level.OK, "entry_here", ("open",))
    reason = why_not(remote, policy, window)
    if not reason:
        return _said(Level.FAIL, "entry_coming", ("sync_now",))
    fixes = _BY_POLICY.get(reason, ())
    if fixes and not reader.may_choose:
        fixes = (reader.or_tell("settings"),)
    if reason == "outside_window":
        fixes = (reader.or_tell("settings"),)
    return _said(Level.NOTE, f"entry_{reason}", fixes)


def why_not(remote: RemoteEvent, policy: Policy, window) -> str:
    """The rule that keeps an unknown entry out, "" when none does."""
    if not is_in_window(remote, window):
        return "outside_window"
    found = admit(remote, policy, window)
    if found.kind is AdmissionKind.FULL:
        return ""
    if remote.kind is not EventKind.DEFAULT:
        return "kind"
    is_internal = found.reason == "internal" and policy.import_policy is ImportPolicy.EXTERNAL
    others = {person.email for person in remote.fields.attendees} - policy.own_addresses
    return "alone" if is_internal and not others else found.reason


def _said(level: Level, code: str, fixes: tuple[str, ...], reason: str = "") -> Finding:
    return Finding("entry", level, code, fixes, reason=reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the calendar service answered just now: `error` the reason it gave none; `place` how
    the calendar for events is listed: there, gone, read_only, or "" where that isn't asked;
    `event` whether the appointment is there: there, gone, or "" where none was asked for."""

    error: str = ""
    place: str = ""
    event: str = ""


def asked(answer: Answer) -> Finding:
    """What that means."""
    check = "asked"
    if answer.error:
        return Finding(check, Level.FAIL, fixes=("ask",), reason=answer.error)
    if answer.place in ("gone", "read_only"):
        return Finding(check, Level.FAIL, f"asked_place_{answer.place}", ("choose",))
    if answer.event == "gone":
        return Finding(check, Level.FAIL, "asked_event_gone", ("sync_now",))
    code = "asked_event_there" if answer.event else "asked_fine"
    return Finding(check, Level.OK, code)
