"""Why isn't it synced? Plain facts in, findings out, in the order in which a person should look.

A check that has nothing to say gives no finding. What is asked about one appointment stands in
`diagnosis_event`, about an entry of the calendar in `diagnosis_entry`, what is looked at in
`diagnosis_facts`, the words in `diagnosis_words`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ..core.timezones import alike
from .diagnosis_facts import Connection, Finding, Level, Reader
from .triage import NEEDS_APPROVAL

PATIENCE = timedelta(minutes=15)
"""So long a change may be on its way, or an account due, before something is wrong."""
OF_THE_APP = frozenset({"app_misconfigured", "api_disabled", "redirect_mismatch"})
"""What only an administrator mends: the registered app is refused, not the person."""
ASKS_ABOUT_MANY = frozenset({"mass_delete", "mass_removal"})


def whole(facts: Connection, reader: Reader) -> list[Finding]:
    """Every check of a connection, in the order of the manuals: is it connected, switched on, does
    it go to the right calendar; then what is slow, doubled or shifted."""
    later = (_grant, _decisions, _set_aside, _shared, _duplicates, _time_zones, _availability)
    return _found((*_FIRST, *later), facts, reader)


def way(facts: Connection, reader: Reader) -> list[Finding]:
    """The checks that an appointment on its way to the calendar has to pass."""
    return _found(_FIRST, facts, reader)


def time_zones(facts: Connection, reader: Reader) -> list[Finding]:
    """Whether times are shown shifted."""
    return _found((_time_zones,), facts, reader)


def main_trouble(findings: Iterable[Finding]) -> int:
    """The place of the finding to begin with: the first that fails, else the first warning;
    -1 when all is well."""
    levels = [finding.level for finding in findings]
    for level in (Level.FAIL, Level.WARN):
        if level in levels:
            return levels.index(level)
    return -1


def _found(checks, facts, reader):
    return [finding for check in checks if (finding := check(facts, reader))]


def _connected(facts: Connection, reader: Reader) -> Finding:
    """Never connected, lost and by what, paused, or refused as a whole."""
    check = "connection"
    sign_in = ("authorize",) if facts.status == "not_connected" else ("reconnect",)
    sign_in = sign_in if reader.is_owner else ("copy",)
    match facts.status:
        case "not_connected":
            return Finding(check, Level.FAIL, fixes=sign_in, reason="not_connected")
        case "reconnect_required" if facts.reason_code == NEEDS_APPROVAL:
            return Finding(check, Level.FAIL, fixes=("approval", *sign_in), reason=NEEDS_APPROVAL)
        case "reconnect_required":
            reason = facts.reason_code or "access_revoked"
            return Finding(check, Level.FAIL, fixes=sign_in, reason=reason)
        case "paused" if facts.reason_code:  # whose it is has left
            fixes = (reader.or_tell("open_hours"),)
            return Finding(check, Level.FAIL, fixes=fixes, reason=facts.reason_code)
        case "paused":
            return Finding(check, Level.FAIL, "paused", (reader.or_tell("resume"),))
    if facts.reason_code in OF_THE_APP:
        fixes = (reader.or_tell("open_apps"),)
        return Finding(check, Level.FAIL, fixes=fixes, reason=facts.reason_code)
    values = {"email": facts.email, "label": facts.label}
    return Finding(check, Level.OK, "connected", values=values)


def _toggle(facts: Connection, reader: Reader) -> Finding:
    check = "toggle"
    if facts.is_sync_on:
        return Finding(check, Level.OK, "on")
    if facts.has_preview:
        return Finding(check, Level.FAIL, "preview", ("start",))
    if facts.other_email:
        values = {"email": facts.other_email}
        return Finding(check, Level.FAIL, "other_on", ("switch_here",), values)
    if facts.has_former_sync:
        return Finding(check, Level.FAIL, "former_sync", (reader.or_tell("take_over"),))
    if facts.is_busy_only:
        return Finding(check, Level.FAIL, "busy_only", ("connections",))
    return Finding(check, Level.FAIL, "off", ("switch_on",) if facts.is_active else ())


def _calendar(facts: Connection, _reader: Reader) -> Finding | None:
    """The right one? Only a person knows; whether it can be used we know."""
    check, values = "calendar", {"calendar": facts.calendar}
    mend = "choose" if facts.usable else "refresh"
    if facts.is_busy_only or not (facts.is_sync_on or facts.calendar):
        return None
    if facts.trouble:
        return Finding(check, Level.FAIL, f"calendar_{facts.trouble}", (mend,), values)
    if not facts.calendar:
        code = "none_chosen" if facts.usable else "none_usable"
        return Finding(check, Level.FAIL, code, (mend,))
    fixes = ("choose",) if facts.usable else ()
    if facts.read_only:
        values["others"] = ", ".join(facts.read_only)
        return Finding(check, Level.OK, "goes_to_not", fixes, values)
    return Finding(check, Level.OK, "goes_to", fixes, values)


def _worker(facts: Connection, reader: Reader) -> Finding | None:
    """Nothing is synced while Odoo's scheduled actions do not run."""
    check = "worker"
    if not facts.is_cron_on:
        return Finding(check, Level.FAIL, "cron_off", (reader.or_tell("switch_cron_on"),))
    if not facts.is_active:
        return None
    is_late = facts.due_since and facts.now - facts.due_since > PATIENCE
    if is_late and not facts.slowed_until:
        fixes = ("sync_now", reader.or_tell("open_crons"))
        return Finding(check, Level.FAIL, "cron_late", fixes, {"since": facts.due_since})
    if facts.is_first_sync:
        return Finding(check, Level.NOTE, "first_sync", ("again",))
    if facts.last_sync:
        return Finding(check, Level.OK, "runs", values={"at": facts.last_sync})
    return Finding(check, Level.NOTE, "soon", ("sync_now",))


def _service(facts: Connection, _reader: Reader) -> Finding | None:
    """The calendar service itself: away, or it asks us to wait."""
    check, is_told_above = "service", facts.reason_code in OF_THE_APP | ASKS_ABOUT_MANY
    if not facts.is_active or is_told_above:
        return None
    if facts.slowed_until:
        values = {"until": max(facts.slowed_until, facts.retry_at or facts.now)}
        return Finding(check, Level.FAIL, "until", ("again",), values, reason="rate_limited")
    if facts.wait_writes_until:
        values = {"until": facts.wait_writes_until}
        return Finding(check, Level.WARN, "until", ("again",), values, reason="write_quota")
    if facts.reason_code and facts.retry_at:
        values, is_lost = {"until": facts.retry_at}, facts.reason_code == "calendar_lost"
        fixes = ("refresh",) if is_lost else ("again",)
        return Finding(check, Level.FAIL, "until", fixes, values, reason=facts.reason_code)
    return None


def _grant(facts: Connection, reader: Reader) -> Finding | None:
    """It works, and will not for long: some grants are given for a time only."""
    if not facts.grant_ends_at:
        return None
    values = {"label": facts.label, "until": facts.grant_ends_at}
    fixes = ("reconnect",) if reader.is_owner else ("copy",)
    return Finding("grant", Level.WARN, "grant_ends", fixes, values)


def _asked_about_many(facts: Connection, _reader: Reader) -> Finding | None:
    if not facts.asked_about_many:
        return None
    return Finding("decisions", Level.FAIL, fixes=("decide",), reason=facts.asked_about_many)


def _decisions(facts: Connection, reader: Reader) -> Finding | None:
    if not facts.undecided:
        return None
    fixes = ("show",) if reader.is_owner else ("copy",)
    return Finding("decisions", Level.WARN, "undecided", fixes, {"count": facts.undecided})


def _set_aside(facts: Connection, reader: Reader) -> Finding | None:
    if not facts.set_aside:
        return None
    fixes = ("show",) if reader.is_owner else ("copy",)
    return Finding("set_aside", Level.WARN, "set_aside", fixes, {"count": facts.set_aside})


def _shared(facts: Connection, _reader: Reader) -> Finding | None:
    """The same calendar by two connections: busy times count twice, or two people's appointments
    meet in it."""
    if not facts.shared:
        return None
    one = min(facts.shared, key=lambda each: (not each.owner, not each.is_events))
    values = {"calendar": one.name, "owner": one.owner, "value": one.calendar_id}
    if one.owner:
        fixes = ("choose",) if one.is_events and facts.usable else ()
        return Finding("shared", Level.WARN, "shared_with", (*fixes, "connections"), values)
    fixes = ("choose",) if one.is_events else ("count_once",)
    return Finding("shared", Level.WARN, "connected_twice", fixes, values)


def _duplicates(facts: Connection, reader: Reader) -> Finding | None:
    if not facts.duplicates:
        return None
    fixes = ("merge",) if reader.is_owner else ("copy",)
    return Finding("duplicates", Level.WARN, "duplicates", fixes, {"count": facts.duplicates})


def _time_zones(facts: Connection, _reader: Reader) -> Finding | None:
    """Instants are always right; a zone that differs shows them shifted on one side."""
    zones, check = facts.zones, "zones"
    wanted = zones.calendar or zones.device
    if not zones.user:
        fixes = ("set_zone",) if wanted else ()
        return Finding(check, Level.WARN, "no_zone", fixes, {"value": wanted})
    values = {"user": zones.user, "value": zones.calendar, "other": zones.calendar}
    if zones.calendar and not _is_alike(zones.user, zones.calendar):
        return Finding(check, Level.WARN, "zones_differ", ("set_zone",), values)
    if zones.device and not _is_alike(zones.user, zones.device):
        values |= {"value": zones.device, "other": zones.device}
        return Finding(check, Level.NOTE, "device_differs", ("set_zone",), values)
    for id_, name, zone in zones.booking:
        if not _is_alike(zones.user, zone):
            values = {"user": zones.user, "other": zone, "calendar": name, "value": id_}
            return Finding(check, Level.NOTE, "booking_differs", ("open_booking",), values)
    return Finding(check, Level.OK, "zones_alike", values=values) if zones.calendar else None


def _is_alike(one: str, other: str) -> bool:
    return alike(one) == alike(other)


def _availability(facts: Connection, reader: Reader) -> Finding | None:
    """Busy events block; working hours come from elsewhere."""
    check = "availability"
    if not facts.is_active:
        return None
    if facts.unread:
        values = {"calendars": ", ".join(facts.unread)}
        return Finding(check, Level.WARN, "unread", ("sync_now",), values)
    if not facts.blocking:
        return Finding(check, Level.WARN, "nothing_blocks", ("connections",))
    values = {"calendars": ", ".join(facts.blocking)}
    if not facts.has_hours:
        return Finding(check, Level.WARN, "no_hours", (reader.or_tell("open_hours"),), values)
    return Finding(check, Level.OK, "blocks", values=values)


def offered(facts: Connection | None, zone: str) -> list[Finding]:
    """What to look at when free times of somebody are wrong on a booking calendar in `zone`: is the
    right calendar ticked, is it connected, do the time zones match? Tells others nothing personal.
    """
    if facts is None:
        return [Finding("connection", Level.WARN, "person_never")]
    is_in = facts.is_active and facts.reason_code not in OF_THE_APP
    count, shown = len(facts.blocking), facts.zones.user or "UTC"
    values = {"user": shown, "other": zone}
    is_same = _is_alike(shown, zone)
    return [
        Finding("connection", Level.OK, "person_connected") if is_in
        else Finding("connection", Level.FAIL, "person_lost"),
        Finding("availability", Level.OK, "person_blocks", values={"count": count}) if count
        else Finding("availability", Level.WARN, "person_blocks_none"),
        Finding("zones", Level.OK, "person_zone", values=values) if is_same
        else Finding("zones", Level.WARN, "person_zones_differ", values=values),
    ]  # fmt: skip


_FIRST = (_connected, _toggle, _calendar, _worker, _service, _asked_about_many)
