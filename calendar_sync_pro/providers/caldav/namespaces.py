"""Names in XML, written short."""

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CS": "http://calendarserver.org/ns/",
    "I": "http://apple.com/ns/ical/",
}


def tag(name: str) -> str:
    """`D:href` → `{DAV:}href`."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
