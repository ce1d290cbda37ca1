"""Answers of WebDAV: rows of properties, sync tokens, and what a refusal names. Pure.

Source: RFC 4918 §13, §16, RFC 6578 §6.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from lxml import etree

from ...core.errors import Malformed
from .namespaces import tag
from .xml import parse

_STATUS_AT = 1
_SAFE = "/~!$&'()*+,;=:@"


@dataclass(slots=True)
class Row:
    """One `response` of a multistatus: whose it is, its own status (0 without one), the values
    that were found by tag, and the statuses of those that were not."""

    path: str
    status: int = 0
    found: dict[str, etree._Element] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property, '' when it was not found."""
        element = self.found.get(tag(name))
        return "" if element is None else "".join(element.itertext()).strip()

    def raw(self, name: str) -> str:
        """The text of a property as it came."""
        element = self.found.get(tag(name))
        return "" if element is None else "".join(element.itertext())

    def paths(self, name: str) -> list[str]:
        """The hrefs in a property, as they came."""
        element = self.found.get(tag(name))
        if element is None:
            return []
        return [(one.text or "").strip() for one in element.iter(tag("D:href"))]

    def names(self, name: str) -> set[str]:
        """Tags of everything below a property."""
        element = self.found.get(tag(name))
        if element is None:
            return set()
        return {one.tag for one in element.iterdescendants() if isinstance(one.tag, str)}

    def values(self, name: str, below: str, attribute: str) -> set[str]:
        """An attribute's values of all elements `below` a property."""
        element = self.found.get(tag(name))
        if element is None:
            return set()
        return {one.get(attribute, "") for one in element.iter(tag(below))}


@dataclass(slots=True)
class Multistatus:
    """A whole answer. `sync_token` is that of a sync-collection report."""

    rows: list[Row]
    sync_token: str = ""


def read(body: bytes) -> Multistatus:
    """A 207 answer. Raises Malformed for anything else."""
    root = parse(body)
    if root.tag != tag("D:multistatus"):
        raise Malformed("not_multistatus")
    rows = [row for one in root.iterchildren(tag("D:response")) for row in _rows(one)]
    return Multistatus(rows, (root.findtext(tag("D:sync-token")) or "").strip())


def _rows(response: etree._Element) -> Iterator[Row]:
    """A response may name several hrefs that share a status."""
    status = _status(response)
    for href in response.iterchildren(tag("D:href")):
        row = Row(path_of((href.text or "").strip()), status)
        for part in response.iterchildren(tag("D:propstat")):
            _take(row, part)
        yield row


def _take(row: Row, propstat: etree._Element) -> None:
    status = _status(propstat) or 200
    for props in propstat.iterchildren(tag("D:prop")):
        for one in props:
            if not isinstance(one.tag, str):
                continue
            if 200 <= status < 300:
                row.found[one.tag] = one
            else:
                row.missing[one.tag] = status


def _status(element: etree._Element) -> int:
    """The number in a `status` line, 0 without one."""
    parts = (element.findtext(tag("D:status")) or "").split()
    return int(parts[_STATUS_AT]) if len(parts) > _STATUS_AT and parts[_STATUS_AT].isdigit() else 0


def preconditions(body: bytes) -> set[str]:
    """Local names of the conditions in a `DAV:error` body; none when it is something else."""
    try:
        root = parse(body)
    except Malformed:
        return set()
    if root.tag != tag("D:error"):
        return set()
    return {etree.QName(one).localname for one in root.iter() if isinstance(one.tag, str)}


def path_of(href: str) -> str:
    """The path of an href in the one form that is compared: servers escape it as they like."""
    path = urlsplit(href).path if "://" in href else href.partition("#")[0].partition("?")[0]
    if "?" in href and "://" not in href:
        path = href.partition("#")[0]  # a raw question mark belongs to the name on some servers
    while path.startswith("//"):
        path = path[1:]
    return quote(unquote(path), safe=_SAFE)
