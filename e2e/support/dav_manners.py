"""Manners of other CalDAV servers, put over a real one: what they leave out, lose and rewrite.

Each field of `Manners` is one habit that was seen on a server that cannot be run here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from .dav_faults import Reply, refusal

D, C, CS = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
TOKEN = re.compile(rb"<(?:[\w.-]+:)?sync-token[^>]*>([^<]+)</")
EXPANDED = re.compile(r"(DTSTART|DTEND|RECURRENCE-ID)([^:\n]*):(\d{8}T)(\d\d)(\d{4})")
LOST_TOKEN_STATUSES = (403, 409, 412, 507)


@dataclass(slots=True)
class Manners:
    """How this server differs from the one behind it."""

    has_sync: bool = True
    """False: no sync-collection and no sync-token."""
    has_ctag: bool = True
    """False: no getctag."""
    has_free_busy: bool = True
    """False: free-busy-query is refused (Google, iCloud, SOGo)."""
    lost_token: int | str = 0
    """How a token that was forgotten is answered: one of LOST_TOKEN_STATUSES, "full" (all there is
    and no deletions, DAViCal), "empty" (nothing at all, DAViCal after a calendar was made anew)."""
    weak_tags: str = ""
    """"get": a weak ETag on GET only (Cyrus with gzip); "all": weak ones everywhere."""
    has_put_tag: bool = True
    """False: no ETag after a PUT."""
    cuts_x_values: bool = False
    """X- values end at their first comma (Radicale does so by itself)."""
    rewrites: Callable[[str], str] | None = None
    """What is stored instead of what was sent."""
    shows: Callable[[bytes], bytes] | None = None
    """What a client is shown instead of what is stored."""
    leaves_out_missing: bool = False
    """multiget says nothing about resources that are gone (DAViCal)."""
    expands_wrongly: bool = False
    """Occurrences that the server computes are an hour late."""
    poison: str = ""
    """Part of a path: every REPORT over that resource fails, others and single GETs don't."""
    poison_kind: str = "error"
    """"error": 500; "invalid": bytes that are no XML (Cyrus); "body": the resource is nonsense."""
    read_only: str = ""
    """Part of a path: calendars that may be read only."""
    subscribed: str = ""
    """Part of a path: calendars that are subscriptions."""
    free_busy_only: str = ""
    """Part of a path: calendars that show when, never what."""
    forgotten: set[bytes] = field(default_factory=set)
    handed_out: set[bytes] = field(default_factory=set)

    def forget_tokens(self, answer: int | str) -> None:
        """Lose all tokens handed out so far."""
        self.lost_token = answer
        self.forgotten |= self.handed_out

    # -- what is not asked of the server at all --------------------------------------------------
    def instead(self, request, proxy) -> Reply | None:
        """An answer that needs no server, or None."""
        if request.method == "REPORT":
            return self._report_instead(request, proxy)
        if request.method in ("PUT", "DELETE", "MKCALENDAR", "PROPPATCH"):
            for part in (self.read_only, self.subscribed, self.free_busy_only):
                if part and part in request.plain_path:
                    return refusal(403, "need-privileges")
        if request.method == "GET" and self._is_veiled(request):
            return refusal(403, "need-privileges")
        if request.method == "GET" and self.poison_kind == "body" and self._poisoned(request):
            return Reply(200, {"Content-Type": "text/calendar", "ETag": '"poison"'}, b"\x00\xff?")
        return None

    def _is_veiled(self, request) -> bool:
        return bool(self.free_busy_only) and self.free_busy_only in request.plain_path

    def _poisoned(self, request) -> bool:
        return bool(self.poison) and self.poison in request.plain_path

    def _report_instead(self, request, proxy) -> Reply | None:
        is_busy = b"free-busy-query" in request.body
        if self._is_veiled(request) and not is_busy:
            return refusal(403, "need-privileges")
        if is_busy and not self.has_free_busy:
            return refusal(403, "supported-report")
        if b"sync-collection" not in request.body:
            return None
        if not self.has_sync:
            return refusal(403, "supported-report")
        return self._lost(request, proxy)

    def _lost(self, request, proxy) -> Reply | None:
        token = _token_in(request.body)
        if token not in self.forgotten or not self.lost_token:
            return None
        if self.lost_token in LOST_TOKEN_STATUSES:
            return refusal(self.lost_token, "valid-sync-token")
        request.body = request.body.replace(token, b"")  # DAViCal: as if there were no token
        full = self.reply(request, proxy.forward(request))
        return _thinned(full, keeps_events=self.lost_token == "full")

    # -- what the server is asked and what is made of it -----------------------------------------
    def request(self, request):
        """The request as the server gets it."""
        if request.method == "PUT":
            request.body = self._stored(request.text).encode()
        if request.headers.get("if-match", "").startswith("W/"):
            request.headers["if-match"] = '"weak tags never match"'
        return request

    def _stored(self, text: str) -> str:
        if self.cuts_x_values:
            lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
            cut = [re.sub(r"^(X-[^:]*:[^,\\]*),.*", r"\1", line) for line in lines]
            text = "\r\n".join(cut) + "\r\n"
        return self.rewrites(text) if self.rewrites else text

    def reply(self, request, reply: Reply) -> Reply:
        """The answer as the client gets it."""
        if request.method == "PUT" and not self.has_put_tag:
            reply = reply.without("ETag")
        if self.weak_tags == "all" or (self.weak_tags and request.method == "GET"):
            reply = _with_weak_tag(reply)
        if self.expands_wrongly and b"expand" in request.body:
            text = EXPANDED.sub(_an_hour_late, reply.body.decode())
            reply = reply.with_body(text.encode())
        if self.shows and request.method in ("GET", "REPORT"):
            reply = reply.with_body(self.shows(reply.body))
        if reply.status == 207:
            reply = self._multistatus(request, reply)
            self.handed_out.update(TOKEN.findall(reply.body))
        return reply

    def _multistatus(self, request, reply: Reply) -> Reply:
        if request.method == "REPORT" and self.poison and self._is_about_poison(request, reply):
            if self.poison_kind == "error":
                return Reply(500, {"Content-Type": "text/plain"}, b"Internal error")
            if self.poison_kind == "invalid":
                return reply.with_body(reply.body.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\xff\x01"))
        if not self._touches_xml(request):
            return reply
        tree = etree.fromstring(reply.body)
        for response in tree.iterfind(f"{{{D}}}response"):
            self._response(request, tree, response)
        if not self.has_sync:
            _drop(tree, f"{{{D}}}sync-token")
        text = etree.tostring(tree, xml_declaration=True, encoding="utf-8")
        return reply.with_body(text)

    def _is_about_poison(self, request, reply: Reply) -> bool:
        """A REPORT with contents that covers the poisonous resource; a list of tags survives."""
        return b"calendar-data" in request.body and self.poison.encode() in reply.body

    def _touches_xml(self, request) -> bool:
        parts = (self.read_only, self.subscribed, self.free_busy_only)
        return (
            not (self.has_sync and self.has_ctag and self.has_free_busy)
            or self.weak_tags == "all"
            or any(parts)
            or (self.leaves_out_missing and b"multiget" in request.body)
        )

    def _response(self, request, tree, response) -> None:
        href = response.findtext(f"{{{D}}}href") or ""
        if not self.has_sync:
            _drop_report(response, f"{{{D}}}sync-collection")
            _drop(response, f"{{{D}}}sync-token")
        if not self.has_ctag:
            _drop(response, f"{{{CS}}}getctag")
        if not self.has_free_busy:
            _drop_report(response, f"{{{C}}}free-busy-query")
        if self.weak_tags == "all":
            for tag in response.iter(f"{{{D}}}getetag"):
                tag.text = f"W/{tag.text}" if tag.text else tag.text
        if self.leaves_out_missing and "404" in (response.findtext(f"{{{D}}}status") or ""):
            tree.remove(response)
        self._rights(response, href)

    def _rights(self, response, href: str) -> None:
        for part, names in ((self.read_only, ("read",)), (self.subscribed, ("read",)),
                            (self.free_busy_only, ("c:read-free-busy",))):  # fmt: skip
            if part and part in href:
                _only_privileges(response, names)
        kinds = response.iter(f"{{{D}}}resourcetype")
        if self.subscribed and self.subscribed in href:
            for kind in list(kinds):
                etree.SubElement(kind, f"{{{CS}}}subscribed")


def _token_in(body: bytes) -> bytes:
    found = TOKEN.search(body)
    return found.group(1).strip() if found else b""


def _thinned(reply: Reply, keeps_events: bool) -> Reply:
    """A listing without its deletions, or without anything."""
    tree = etree.fromstring(reply.body)
    for response in tree.findall(f"{{{D}}}response"):
        if not keeps_events or response.find(f"{{{D}}}status") is not None:
            tree.remove(response)
    return reply.with_body(etree.tostring(tree))


def _drop(tree, name: str) -> None:
    for element in list(tree.iter(name)):
        element.getparent().remove(element)


def _drop_report(tree, name: str) -> None:
    """Take a report out of a supported-report-set."""
    for element in list(tree.iter(name)):
        supported = next(element.iterancestors(f"{{{D}}}supported-report"), None)
        if supported is not None:
            supported.getparent().remove(supported)


def _only_privileges(response, names) -> None:
    for held in list(response.iter(f"{{{D}}}current-user-privilege-set")):
        for one in list(held):
            held.remove(one)
        for name in names:
            privilege = etree.SubElement(held, f"{{{D}}}privilege")
            space = C if name.startswith("c:") else D
            etree.SubElement(privilege, f"{{{space}}}{name.removeprefix('c:')}")


def _with_weak_tag(reply: Reply) -> Reply:
    headers = {
        name: f"W/{value}" if name.lower() == "etag" and not value.startswith("W/") else value
        for name, value in reply.headers.items()
    }
    return Reply(reply.status, headers, reply.body)


def _an_hour_late(found) -> str:
    name, parameters, day, hour, rest = found.groups()
    return f"{name}{parameters}:{day}{(int(hour) + 1) % 24:02d}{rest}"
