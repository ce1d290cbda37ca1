"""A person's own CalDAV client: plain requests and iCalendar text, nothing of the adapter."""

import re
from urllib.parse import unquote, urlsplit
from uuid import uuid4
from xml.sax.saxutils import escape

from icalendar import Calendar, Timezone

QUERY = (
    '<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><getetag/></prop>'
    '<c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>'
)
HEAD = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Somebody else//Client 1//EN\n"


class OtherSide:
    """One person's telephone; every call goes straight to the server."""

    def __init__(self, proxy, user):
        self.proxy, self.user = proxy, user
        self.home = proxy.server.calendar(user)

    def put(self, text, href="", calendar="", **headers):
        """Store a resource; its path. `text` is a whole calendar or only its components."""
        path = href or f"{calendar or self.home}{uuid4()}.ics"
        content_type = "text/calendar; charset=utf-8"
        reply = self.proxy.hand(
            "PUT", path, self.user, whole(text), content_type=content_type, **headers
        )
        assert reply.status in (201, 204), (reply.status, reply.body[:300])
        return path

    def text(self, path):
        """A resource as it is stored."""
        reply = self.proxy.ask("GET", path, self.user)
        assert reply.status == 200, reply.status
        return reply.body.decode("utf-8")

    def calendar(self, path):
        """A resource, parsed."""
        return Calendar.from_ical(self.text(path))

    def event(self, path):
        """The first event of a resource: the master of a series."""
        events = self.calendar(path).walk("VEVENT")
        return next((one for one in events if "RECURRENCE-ID" not in one), events[0])

    def edit(self, path, **values):
        """Change properties of the first event (None takes one away)."""
        calendar = self.calendar(path)
        event = calendar.walk("VEVENT")[0]
        for name, value in values.items():
            event.pop(name, None)
            if value is not None:
                event.add(name, value)
        self.put(calendar.to_ical().decode("utf-8"), path)

    def delete(self, path):
        """Take a resource away."""
        assert self.proxy.hand("DELETE", path, self.user).status in (200, 204)

    def paths(self, calendar=""):
        """All resources of a calendar, without escapes."""
        return sorted(unquote(urlsplit(href).path) for href in self.raw_paths(calendar))

    def raw_paths(self, calendar=""):
        """All resources of a calendar as the server lists them."""
        home = calendar or self.home
        reply = self.proxy.ask("REPORT", home, self.user, QUERY, depth="1")
        assert reply.status == 207, reply.status
        hrefs = re.findall(r"href>([^<]+)</", reply.body.decode("utf-8"))
        return sorted(href for href in hrefs if href.endswith(".ics"))

    def events(self, calendar=""):
        """Every VEVENT that stands in a calendar."""
        found = [self.calendar(path) for path in self.paths(calendar)]
        return [event for one in found for event in one.walk("VEVENT")]

    def titles(self, calendar=""):
        """The titles of everything in a calendar, sorted."""
        return sorted(str(event.get("SUMMARY", "")) for event in self.events(calendar))

    def set_zone(self, tzid):
        """Say in which zone this calendar lives (RFC 4791 §5.2.2); True when that is kept."""
        calendar = Calendar()
        calendar.add_component(Timezone.from_tzid(tzid))
        body = (
            '<propertyupdate xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<c:calendar-timezone>{escape(calendar.to_ical().decode())}</c:calendar-timezone>"
            "</prop></set></propertyupdate>"
        )
        reply = self.proxy.ask("PROPPATCH", self.home, self.user, body)
        return reply.status == 207 and b"200" in reply.body

    def make_calendar(self, name):
        """One more calendar; its path."""
        parent = self.home.rstrip("/").rsplit("/", 1)[0]
        path = f"{parent}/{uuid4().hex[:12]}/"
        body = (
            '<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{escape(name)}</displayname></prop></set></c:mkcalendar>"
        )
        reply = self.proxy.ask("MKCALENDAR", path, self.user, body)
        assert reply.status == 201, (reply.status, reply.body[:300])
        return path


def whole(text):
    """A calendar with CRLF around components that were written for people to read."""
    text = (
        "\n".join(line.strip() for line in text.strip().splitlines()) if "\r" not in text else text
    )
    if not text.startswith("BEGIN:VCALENDAR"):
        text = f"{HEAD}{text}\nEND:VCALENDAR"
    return re.sub(r"\r?\n", "\r\n", text.rstrip()) + "\r\n"


def vevent(title="Theirs", start="20270302T110000", end="20270302T120000", *lines, zone=""):
    """An event as a client writes it; UTC unless a zone is given."""
    zone_of = f";TZID={zone}" if zone else ""
    utc = "" if zone else "Z"
    own = () if any(line.startswith("UID:") for line in lines) else (f"UID:{uuid4()}",)
    return "\n".join(
        [
            "BEGIN:VEVENT",
            *own,
            "DTSTAMP:20270101T000000Z",
            f"DTSTART{zone_of}:{start}{utc}",
            f"DTEND{zone_of}:{end}{utc}",
            f"SUMMARY:{title}",
            *lines,
            "END:VEVENT",
        ]
    )
