"""Which events of a calendar become Odoo events, and which only block time (C3).

Asked once, for events that nothing in Odoo knows: what is imported stays imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from ..core.changes import Window
from ..core.errors import Malformed
from ..core.event import EventKind, Privacy, RemoteEvent, Response
from ..core.recurrence import expand
from ..core.settings import ImportPolicy, Policy
from ..core.when import When

_PUBLIC = (
    "aol.com fastmail.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com"
    " hotmail.co.uk hotmail.com hotmail.de hotmail.fr icloud.com laposte.net libero.it live.com"
    " mac.com mail.com mail.ru me.com msn.com orange.fr outlook.com outlook.de pm.me posteo.de"
    " proton.me protonmail.com qq.com t-online.de tutanota.com web.de yahoo.co.uk yahoo.com"
    " yahoo.de yahoo.fr yandex.ru ymail.com zoho.com"
)
PUBLIC_MAIL_DOMAINS = frozenset(_PUBLIC.split())
"""Domains where anybody gets an address: sharing one makes nobody a colleague."""

_CALENDAR_DOMAINS = ("calendar.google.com",)
"""Addresses of calendars, groups and rooms, not of people (`….group.calendar.google.com`)."""

_KINDS = {
    EventKind.OUT_OF_OFFICE: "busy",
    EventKind.FOCUS: "busy",
    EventKind.FROM_MAIL: "busy",
    EventKind.WORKING_LOCATION: "none",
    EventKind.BIRTHDAY: "none",
}


class AdmissionKind(StrEnum):
    """FULL: an Odoo event. BUSY: only its time, without a title. NONE: not at all."""

    FULL = "full"
    BUSY = "busy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer and a machine-readable reason."""

    kind: AdmissionKind
    reason: str


def admit(remote: RemoteEvent, policy: Policy, window: Window) -> Admission:
    """Say what an unknown event becomes. Entries that we wrote ourselves always come in full."""
    if not is_in_window(remote, window):
        return Admission(AdmissionKind.NONE, "outside_window")
    if remote.kind in _KINDS:
        return Admission(AdmissionKind(_KINDS[remote.kind]), f"kind_{remote.kind.value}")
    if remote.guid:
        return Admission(AdmissionKind.FULL, "ours")
    if _is_declined(remote, policy):
        return Admission(AdmissionKind.NONE, "declined")
    return _by_policy(remote, policy)


def has_outsider(remote: RemoteEvent, policy: Policy) -> bool:
    """True when somebody outside the company organizes or is invited.

    A room is nobody, and neither is the user; a public mail domain is never the company's.
    """
    people = {person.email for person in remote.fields.attendees if not person.is_resource}
    people.add(remote.organizer_email.strip().lower())
    return any(is_outside(address, policy) for address in people if address)


def is_outside(address: str, policy: Policy) -> bool:
    """True for the address of a person outside the company."""
    address = address.strip().lower()
    domain = address.rpartition("@")[2]
    if is_calendar(address) or address in policy.own_addresses:
        return False
    return domain in PUBLIC_MAIL_DOMAINS or domain not in policy.internal_domains


def is_calendar(address: str) -> bool:
    """True for what is nobody's address: a calendar's, a group's, a room's, or none at all."""
    domain = address.rpartition("@")[2]
    return not domain or domain.endswith(_CALENDAR_DOMAINS)


def is_in_window(remote: RemoteEvent, window: Window) -> bool:
    """True when the event, or an occurrence of the series, touches the window.

    A rule that cannot be read counts as inside, so that the error is seen.
    """
    fields = remote.fields
    if not fields.recurrence:
        return _touches(fields.when, window)
    try:
        return bool(expand(fields.when, fields.recurrence, window, limit=1))
    except Malformed:
        return True


def _touches(when: When, window: Window) -> bool:
    start, stop = when.start, when.stop
    if when.is_all_day:
        start, stop = (
            datetime.combine(day, time(), UTC) + shift
            for day, shift in ((start, -timedelta(hours=12)), (stop, timedelta(hours=12)))
        )
    return start < window.stop and (stop > window.start or start == stop == window.start)


def _is_declined(remote: RemoteEvent, policy: Policy) -> bool:
    return any(
        person.response is Response.DECLINED and person.email in policy.own_addresses
        for person in remote.fields.attendees
    )


def _by_policy(remote: RemoteEvent, policy: Policy) -> Admission:
    if policy.import_policy is ImportPolicy.NOTHING:
        return Admission(AdmissionKind.NONE, "import_nothing")
    if policy.import_policy is ImportPolicy.BUSY_ONLY:
        return Admission(AdmissionKind.BUSY, "import_busy_only")
    if remote.fields.privacy in (Privacy.PRIVATE, Privacy.CONFIDENTIAL):
        return Admission(AdmissionKind.BUSY, "private")
    if policy.import_policy is ImportPolicy.EVERYTHING:
        return Admission(AdmissionKind.FULL, "import_everything")
    if has_outsider(remote, policy):
        return Admission(AdmissionKind.FULL, "outside_person")
    return Admission(AdmissionKind.BUSY, "internal")
