"""Implicit scheduling (RFC 6638) over servers that have none: who is mailed, who gets a copy.

    proxy.scheduling.is_on = True
    proxy.scheduling.mails      # [Mail("REQUEST", "ann@…", "customer@…", uid), ...]

As Cyrus does it: an organizer's PUT reaches every participant whose SCHEDULE-AGENT is absent or
SERVER; people on this server get a copy in their calendar, everybody gets a mail. The stored
resource gains SCHEDULE-STATUS, so the answer carries no ETag. A participant's answer goes back to
the organizer's copy. Taking SCHEDULE-AGENT=SERVER away from somebody cancels for them (§3.2.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from icalendar import Calendar, vCalAddress

from .dav_faults import Reply

AUTO = "calendar-access, calendar-schedule, calendar-auto-schedule"
TOLD = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION", "RRULE", "EXDATE", "STATUS")


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that such a server sends: an iTIP method, from, to, and about which UID."""

    method: str
    sender: str
    to: str
    uid: str


class Scheduling:
    """The scheduling side of a proxy; off until `is_on` is set."""

    def __init__(self, proxy):
        self._proxy = proxy
        self.is_on = False
        self.mails: list[Mail] = []
        self.inboxes: dict[str, str] = {}
        """Where copies go: calendar path by address; others only get mail."""

    # -- the address book of the protocol --------------------------------------------------------
    def advertised(self, request, reply: Reply) -> Reply:
        """The answer of a server that schedules, and that knows its users' addresses."""
        names = reply.header("DAV")
        if request.method == "OPTIONS" or names:
            value = f"{names}, {AUTO}" if names else f"1, 2, 3, {AUTO}"
            reply = Reply(reply.status, {**reply.without("DAV").headers, "DAV": value}, reply.body)
        if request.method == "PROPFIND" and b"calendar-user-address-set" in request.body:
            reply = reply.with_body(_with_address(reply.body, request.user))
        return reply

    # -- writes ----------------------------------------------------------------------------------
    def write(self, request) -> Reply:
        """Store or delete, then tell whom it concerns."""
        before = self._stored(request.path, request.user)
        asked = self._proxy.manners.request(replace(request))
        after = None
        if request.method == "PUT":
            after = _parsed(asked.body)
            if after is not None and _is_organizer(after, request.user):
                asked.body = _with_status(after).to_ical()
        reply = self._proxy.forward(asked)
        if reply.status >= 300:
            return reply
        told = self._tell(request, before, after)
        return reply.without("ETag") if told and request.method == "PUT" else reply

    def _tell(self, request, before, after) -> bool:
        """True when something was sent or a participant is scheduled by the server."""
        subject = after or before
        if subject is None:
            return False
        if _is_organizer(subject, request.user):
            return self._from_organizer(request.user, before, after)
        if request.headers.get("schedule-reply", "").upper() != "F":
            self._answered(request.user, before, after)
        return False

    def _from_organizer(self, user, before, after) -> bool:
        was, now = _scheduled(before, user), _scheduled(after, user)
        uid = _uid(after or before)
        is_news = before is None or after is None or _content(before) != _content(after)
        for address in sorted(now):
            if is_news or address not in was:
                self.mails.append(Mail("REQUEST", user, address, uid))
            self._deliver(address, uid, after)
        for address in sorted(was - now):
            self.mails.append(Mail("CANCEL", user, address, uid))
            self._deliver(address, uid, _cancelled(before))
        return bool(now | was)

    def _answered(self, user, before, after) -> None:
        """A participant's answer, or the deletion of a copy (a refusal), to the organizer."""
        held = after or before
        organizer = _organizer(held)
        if not organizer or _agent_of(held, "ORGANIZER") in ("CLIENT", "NONE"):
            return
        said = _answer(after, user) if after is not None else "DECLINED"
        if said == _answer(before, user) or said in ("", "NEEDS-ACTION"):
            return
        self.mails.append(Mail("REPLY", user, organizer, _uid(held)))
        self._note_answer(organizer, _uid(held), user, said)

    # -- copies ----------------------------------------------------------------------------------
    def _deliver(self, address: str, uid: str, calendar) -> None:
        if address not in self.inboxes:
            return
        path = self._path_of(address, uid)
        mine = self._stored(path, address)
        copy = Calendar.from_ical(calendar.to_ical())
        if mine is not None:
            _set_answer(copy, address, _answer(mine, address))
        self._proxy.ask("PUT", path, address, _without_status(copy))

    def _note_answer(self, organizer: str, uid: str, user: str, said: str) -> None:
        if organizer not in self.inboxes:
            return
        path = self._path_of(organizer, uid)
        held = self._stored(path, organizer)
        if held is not None:
            _set_answer(held, user, said)
            self._proxy.ask("PUT", path, organizer, held.to_ical())

    def _path_of(self, address: str, uid: str) -> str:
        """Where this person keeps that meeting, or a place for it."""
        home = self.inboxes[address]
        query = (
            '<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop>'
            '<getetag/></prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter '
            f'name="VEVENT"><c:prop-filter name="UID"><c:text-match>{uid}</c:text-match>'
            "</c:prop-filter></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
        )
        found = self._proxy.ask("REPORT", home, address, query, depth="1").body.decode()
        href = re.search(r"href>([^<]+\.ics)<", found)
        return href.group(1) if href else f"{home}{re.sub(r'[^A-Za-z0-9-]', '-', uid)}.ics"

    def _stored(self, path: str, user: str):
        reply = self._proxy.ask("GET", path, user)
        return _parsed(reply.body) if reply.status == 200 else None


def _parsed(body: bytes):
    try:
        calendar = Calendar.from_ical(body)
    except (ValueError, IndexError):
        return None
    return calendar if calendar.walk("VEVENT") else None


def _events(calendar):
    return calendar.walk("VEVENT") if calendar is not None else []


def _address(value) -> str:
    return str(value).lower().removeprefix("mailto:")


def _organizer(calendar) -> str:
    return next((_address(e["ORGANIZER"]) for e in _events(calendar) if "ORGANIZER" in e), "")


def _is_organizer(calendar, user: str) -> bool:
    return _organizer(calendar) == user


def _people(event) -> list:
    found = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]


def _scheduled(calendar, user: str) -> set[str]:
    """Participants that the server is to tell."""
    return {
        _address(one)
        for event in _events(calendar)
        for one in _people(event)
        if _address(one) != user
        and one.params.get("SCHEDULE-AGENT", "SERVER").upper() not in ("CLIENT", "NONE")
    }


def _agent_of(calendar, name: str) -> str:
    values = [e[name] for e in _events(calendar) if name in e]
    return values[0].params.get("SCHEDULE-AGENT", "").upper() if values else ""


def _uid(calendar) -> str:
    return str(_events(calendar)[0]["UID"])


def _content(calendar):
    """What participants are told about."""
    return sorted(
        tuple(event[name].to_ical() if hasattr(event.get(name), "to_ical") else str(event.get(name))
              for name in TOLD)
        for event in _events(calendar)
    )  # fmt: skip


def _answer(calendar, user: str) -> str:
    return next(
        (
            one.params.get("PARTSTAT", "NEEDS-ACTION")
            for event in _events(calendar)
            for one in _people(event)
            if _address(one) == user
        ),
        "",
    )


def _set_answer(calendar, user: str, said: str) -> None:
    for event in _events(calendar):
        for one in _people(event):
            if _address(one) == user and said:
                one.params["PARTSTAT"] = said


def _with_status(calendar):
    """What Cyrus notes beside a participant whom it told."""
    for event in _events(calendar):
        for one in _people(event):
            if isinstance(one, vCalAddress) and _address(one) in _scheduled(
                calendar, _organizer(calendar)
            ):
                one.params["SCHEDULE-STATUS"] = "1.1"
    return calendar


def _without_status(calendar) -> bytes:
    for event in _events(calendar):
        for one in _people(event):
            one.params.pop("SCHEDULE-STATUS", None)
    return calendar.to_ical()


def _cancelled(calendar):
    copy = Calendar.from_ical(calendar.to_ical())
    for event in _events(copy):
        event.pop("STATUS", None)
        event.add("STATUS", "CANCELLED")
    return copy


def _with_address(body: bytes, user: str) -> bytes:
    """A principal that tells its user's e-mail address (RFC 6638 §2.4.1)."""
    from lxml import etree

    d, c = "DAV:", "urn:ietf:params:xml:ns:caldav"
    tree = etree.fromstring(body)
    for old in list(tree.iter(f"{{{c}}}calendar-user-address-set")):
        old.getparent().remove(old)
    for response in tree.iterfind(f"{{{d}}}response"):
        if user not in (response.findtext(f"{{{d}}}href") or "").replace("%40", "@"):
            continue
        part = etree.SubElement(response, f"{{{d}}}propstat")
        prop = etree.SubElement(part, f"{{{d}}}prop")
        known = etree.SubElement(prop, f"{{{c}}}calendar-user-address-set")
        etree.SubElement(known, f"{{{d}}}href").text = f"mailto:{user}"
        etree.SubElement(part, f"{{{d}}}status").text = "HTTP/1.1 200 OK"
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8")
