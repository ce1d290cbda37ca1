"""WebDAV's XML (RFC 4918 §13, §14), read from servers that nobody vouches for.

No document type, no entities, nothing fetched: what tries that is Malformed. Sizes are bounded by
the sender.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from ...core.errors import Malformed

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"


@dataclass(frozen=True, slots=True)
class Part:
    """One `response` of a multistatus: the link as the server wrote it, and what it granted."""

    href: str
    properties: Mapping[str, etree._Element]

    def links(self, name: str) -> list[str]:
        """The links inside a property; none when it is absent or empty."""
        found = self.properties.get(name)
        return [] if found is None else texts(found, f"{DAV}href")

    def text(self, name: str) -> str:
        """The text of a property, '' when it is absent."""
        found = self.properties.get(name)
        return "" if found is None else (found.text or "").strip()

    def has_kind(self, kind: str) -> bool:
        """True when the resource is of that type, for instance `CALDAV + "calendar"`."""
        found = self.properties.get(f"{DAV}resourcetype")
        return found is not None and found.find(kind) is not None


def parse(body: bytes) -> etree._Element:
    """The root element. Raises Malformed for what is no XML, or more than plain XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed("not_xml") from None
    if root.getroottree().docinfo.doctype:
        raise Malformed("xml_with_entities")
    return root


def multistatus(body: bytes) -> list[Part]:
    """The parts of a 207 answer, each with the properties that were found (status 200).

    Raises Malformed when it is no multistatus.
    """
    root = parse(body)
    if root.tag != f"{DAV}multistatus":
        raise Malformed("not_multistatus")
    return [_part(response) for response in root.iterchildren(f"{DAV}response")]


def _part(response: etree._Element) -> Part:
    granted = {}
    for block in response.iterchildren(f"{DAV}propstat"):
        status = (block.findtext(f"{DAV}status") or "").split()
        if len(status) > 1 and status[1] == "200":
            granted |= {one.tag: one for one in block.iterfind(f"{DAV}prop/*")}
    return Part((response.findtext(f"{DAV}href") or "").strip(), granted)


def texts(element: etree._Element, name: str) -> list[str]:
    """The texts of all descendants with that name."""
    return [one.text.strip() for one in element.iter(name) if one.text and one.text.strip()]


def propfind_body(names: Iterable[str]) -> bytes:
    """A PROPFIND that asks for these properties, in Clark notation (`{namespace}name`)."""
    root = etree.Element(f"{DAV}propfind", nsmap={"d": "DAV:", "c": CALDAV[1:-1]})
    wanted = etree.SubElement(root, f"{DAV}prop")
    for name in names:
        etree.SubElement(wanted, name)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
