"""Request bodies, built of the caldav library's elements. Pure.

Source: RFC 4791 §7, RFC 4918 §9.1, RFC 6578 §3. No `limit` is ever asked for: a server may cut
its answer without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from caldav.elements import base, cdav, dav
from lxml import etree

from ...core.changes import Window
from .namespaces import tag

_TIMES = "UID DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID TRANSP STATUS SEQUENCE"
TIMES = tuple(_TIMES.split())
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)


class _Element(base.BaseElement):
    """An element that the library has no class for."""

    def __init__(self, name: str, value: str | None = None) -> None:
        super().__init__(value=value)
        self.tag = tag(name)


def _text(root: base.BaseElement) -> bytes:
    return etree.tostring(root.xmlelement(), encoding="utf-8", xml_declaration=True)


def _props(names: Iterable[str]) -> base.BaseElement:
    return _of(dav.Prop(), *(_Element(name) for name in names))


def _of(parent: base.BaseElement, *children: base.BaseElement) -> base.BaseElement:
    return parent.append(children)


def propfind(*names: str) -> bytes:
    """PROPFIND of these properties."""
    return _text(_of(dav.Propfind(), _props(names)))


def sync_collection(token: str) -> bytes:
    """What changed since `token`: names and versions only, not all servers send more."""
    parts = [dav.SyncToken(value=token), dav.SyncLevel(value="1"), _props(["D:getetag"])]
    return _text(_of(dav.SyncCollection(), *parts))


def multiget(paths: Sequence[str]) -> bytes:
    """The stored texts of some resources, with their versions."""
    parts = [_props(["D:getetag", "C:calendar-data"])]
    parts += [_Element("D:href", path) for path in paths]
    return _text(_of(cdav.CalendarMultiGet(), *parts))


def query(window: Window) -> bytes:
    """Versions of the events that may take place in the window."""
    return _text(_query(_props(["D:getetag"]), _time_range(window)))


def query_uid(uid: str) -> bytes:
    """Texts of the events whose UID has this in it."""
    data = _props(["D:getetag", "C:calendar-data"])
    condition = _of(cdav.PropFilter("UID"), cdav.TextMatch(uid, collation="i;octet"))
    return _text(_query(data, condition))


def query_times(window: Window) -> bytes:
    """Nothing but the times of the events that may take place in the window."""
    return _text(_query(_only_props(*TIMES), _time_range(window)))


def _only_props(*names: str) -> base.BaseElement:
    """Versions, and of the stored texts only these properties and the zones."""
    events = _of(cdav.Comp("VEVENT"), *(_named("prop", name) for name in names))
    whole = _of(cdav.Comp("VCALENDAR"), cdav.Comp("VTIMEZONE"), events)
    return _of(dav.Prop(), _Element("D:getetag"), _of(cdav.CalendarData(), whole))


def _named(name: str, value: str) -> base.BaseElement:
    element = _Element(f"C:{name}")
    element.attributes["name"] = value
    return element


def _query(props: base.BaseElement, condition: base.BaseElement) -> base.BaseElement:
    events = _of(cdav.CompFilter("VEVENT"), condition)
    condition = _of(cdav.Filter(), _of(cdav.CompFilter("VCALENDAR"), events))
    return _of(cdav.CalendarQuery(), props, condition)


def _time_range(window: Window) -> base.BaseElement:
    """Within the years that every server takes."""
    return cdav.TimeRange(max(window.start, _FIRST), min(window.stop, _LAST))


def free_busy(window: Window) -> bytes:
    """The busy times in the window."""
    return _text(_of(cdav.FreeBusyQuery(), _time_range(window)))
