"""The account's calendars: which there are, what one may do there, and which is the main one.

Source: RFC 4791 §5.2, RFC 3744 §5.5, RFC 6638 §9.2, and the calendarserver.org properties.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...core import timezones
from ...core.errors import Forbidden, Malformed, NotFound
from ..port import AccessRole, RemoteCalendar
from .dav import Dav
from .lines import parse
from .multistatus import Row, path_of
from .namespaces import tag

_PROPERTIES = (
    "D:resourcetype",
    "D:displayname",
    "D:current-user-privilege-set",
    "D:owner",
    "C:supported-calendar-component-set",
    "C:calendar-timezone",
    "I:calendar-color",
)
_WRITE = {tag("D:write"), tag("D:all"), tag("D:write-content"), tag("D:bind")}
_READ = {tag("D:read"), tag("D:all")}
_BORROWED = {tag("CS:subscribed"), tag("CS:shared"), tag("CS:calendar-proxy-read")}
_NOT_TOLD = (NotFound, Forbidden, Malformed)
_COLOR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})(?:[0-9a-fA-F]{2})?")


def read_calendars(dav: Dav, main_path: str, principal: str, *, can_invite: bool):
    """All calendars that can hold events, the main one marked: the one where the server puts
    invitations (`main_path`), else the first that can be written."""
    own = dav.properties(dav.home, "calendars", *_PROPERTIES)
    rows = [own] if is_for_events(own) else dav.members(dav.home, "calendars", *_PROPERTIES)
    found = [_calendar(row, principal, can_invite) for row in rows if is_for_events(row)]
    found.sort(key=lambda one: not one.is_own)
    main = next((one for one in found if one.remote_id == main_path), None)
    main = main or next((one for one in found if one.is_own and one.role.can_write), None)
    main = main or next((one for one in found if one.role.can_write), None)
    return [replace(one, is_primary=one is main) for one in found]


def is_for_events(row: Row) -> bool:
    """True for a calendar whose components are events; one that names none takes all."""
    if tag("C:calendar") not in row.names("D:resourcetype"):
        return False
    kinds = row.values("C:supported-calendar-component-set", "C:comp", "name")
    return not kinds or "VEVENT" in {kind.upper() for kind in kinds}


def _calendar(row: Row, principal: str, can_invite: bool) -> RemoteCalendar:
    role = role_of(row)
    owner = path_of(next(iter(row.paths("D:owner")), ""))
    is_borrowed = bool(_BORROWED & row.names("D:resourcetype"))
    is_foreign = bool(owner and principal) and owner.rstrip("/") != principal.rstrip("/")
    return RemoteCalendar(
        remote_id=row.path,
        name=row.text("D:displayname") or row.path.rstrip("/").rpartition("/")[2],
        role=role,
        color=color_of(row.text("I:calendar-color")),
        tz=zone_of(row.raw("C:calendar-timezone")),
        is_own=not is_borrowed and not is_foreign,
        can_invite=can_invite and role.can_write,
    )


def role_of(row: Row) -> AccessRole:
    """What one may do there. A subscription is read-only whatever it says; a server without
    privileges lets its users write."""
    if tag("CS:subscribed") in row.names("D:resourcetype"):
        return AccessRole.READER
    if tag("D:current-user-privilege-set") not in row.found:
        return AccessRole.OWNER
    held = row.names("D:current-user-privilege-set")
    if held & {tag("D:all"), tag("D:write-acl")}:
        return AccessRole.OWNER
    if held & _WRITE:
        return AccessRole.WRITER
    return AccessRole.READER if held & _READ else AccessRole.FREE_BUSY


def color_of(text: str) -> str:
    """`#RRGGBB` of any form of colour, '' for none."""
    found = _COLOR.fullmatch(text.strip())
    if not found:
        return ""
    digits = found[1] if len(found[1]) == 6 else "".join(2 * one for one in found[1])
    return f"#{digits.lower()}"


def zone_of(text: str) -> str:
    """The IANA zone of a calendar-timezone property, '' when it has none that we know."""
    try:
        zones = parse(text).inner("VTIMEZONE")
    except Malformed:
        return ""
    return next(filter(None, (timezones.resolve(one.value("TZID")) for one in zones)), "")


# -- who it is -------------------------------------------------------------------------------------


class Person:
    """The account's principal; asked for once, when somebody needs to know.

    `addresses` are the person's own, the one that was signed in with first. `schedules`: the
    server mails guests by itself, in the name of those addresses. `main_path` is the calendar in
    which it puts invitations.
    """

    def __init__(self, dav: Dav, username: str) -> None:
        self._dav = dav
        self.principal = self._principal()
        self.main_path = ""
        listed = self._listed() if self.principal else []
        own = [username.strip().lower()] if "@" in username else []
        self.addresses = tuple(dict.fromkeys([*own, *listed]))
        self.schedules = bool(self.addresses) and "calendar-auto-schedule" in self._features()

    def _features(self) -> set[str]:
        try:
            return self._dav.features(self._dav.home, "who")
        except _NOT_TOLD:
            return set()

    def _links(self, path: str, *names: str) -> list[list[str]]:
        """The links in some properties of `path`; none where the server does not tell."""
        try:
            row = self._dav.properties(path, "who", *names)
        except _NOT_TOLD:
            return [[] for _name in names]
        return [row.paths(name) for name in names]

    def _own_link(self, path: str, name: str) -> str:
        (links,) = self._links(path, name)
        return next(filter(None, map(self._dav.own_path, links)), "")

    def _principal(self) -> str:
        return self._own_link(self._dav.home, "D:current-user-principal")

    def _listed(self) -> list[str]:
        """The person's addresses; on the way, where the server puts invitations."""
        addresses, boxes = self._links(
            self.principal, "C:calendar-user-address-set", "C:schedule-inbox-URL"
        )
        inbox = next(filter(None, map(self._dav.own_path, boxes)), "")
        if inbox:
            self.main_path = self._own_link(inbox, "C:schedule-default-calendar-URL")
        mails = [one[7:].strip().lower() for one in addresses if one.lower().startswith("mailto:")]
        return [one for one in mails if "@" in one]
