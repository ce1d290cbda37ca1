"""A telephone with any CalDAV app, see `phones.py`; and people who connect with a password.

product = DavProduct(shared, proxy); ann = product.person("ann")
Faults and the request log are those of the proxy in front of the real server.
"""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from icalendar import Calendar, vCalAddress, vRecur
from recurring_ical_events import of as occurrences_of

from e2e.contract.caldav_other_side import OtherSide, vevent, whole

from .entry import CUSTOMER, HOUR_MIN, Entry, odoo_time
from .people import Person, Product, wait

PASSWORD = "app-password-of-this-rep"


class DavPhone:
    """A CalDAV app on the telephone of `email`; ids are paths of resources."""

    provider = "caldav"
    operations = {"create": "PUT", "update": "PUT", "delete": "DELETE", "list": "REPORT"}
    throttled = ""
    wide_days = 200  # so far back and ahead it looks

    def __init__(self, proxy, email):
        self.proxy, self.email = proxy, email
        proxy.server.add_user(email, PASSWORD)
        proxy.ask("PROPFIND", proxy.server.calendar(email), email, depth="0")
        self.side = OtherSide(proxy, email)

    # -- looking --------------------------------------------------------------------------------
    def entries(self, calendar="primary", *, is_expanded=False):
        """Everything that stands there: series as such, or their occurrences."""
        home = self._home(calendar)
        found = []
        for path in self.side.paths(home):
            try:
                resource = self.side.calendar(path)
            except AssertionError as answer:
                if "404" not in str(answer):
                    raise
                continue  # removed since it was listed
            events = self._occurrences(resource) if is_expanded else resource.walk("VEVENT")
            found += [_entry(path, event) for event in events]
        return found

    def _occurrences(self, resource):
        now, wide = datetime.now(UTC), timedelta(days=self.wide_days)
        return occurrences_of(resource).between(now - wide, now + wide)

    def _home(self, calendar):
        return self.side.home if calendar == "primary" else calendar

    def links(self, event_id, calendar="primary"):
        """Addresses that lead to the lead, outside the text."""
        return [str(self.side.event(event_id).get("URL", ""))]

    def guid(self, event_id, calendar="primary"):
        """Our lasting id on an event, "" when it has none."""
        return str(self.side.event(event_id).get("X-CALENDAR-SYNC-PRO-GUID", ""))

    # -- touching -------------------------------------------------------------------------------
    def add(self, title, start, minutes=HOUR_MIN, place="", guests=(CUSTOMER,), weeks=0):
        """A new event; its id. The app mails guests by itself, as it says beside each of them:
        Xandikos claims to do so and doesn't, and what a server would announce has to be asked."""
        lines = [f"LOCATION:{place}", f"ORGANIZER:mailto:{self.email}"]
        lines += [f"ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:{guest}" for guest in guests]
        lines += [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"] if weeks else []
        times = [f"{m.astimezone(UTC):%Y%m%dT%H%M%S}" for m in _span(start, minutes)]
        return unquote(self.side.put(vevent(title, *times, *lines)))

    def add_many(self, events):
        """Many at once, put where the server keeps its files: (title, start) pairs."""
        people = [f"ORGANIZER:mailto:{self.email}",
                  f"ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:{CUSTOMER}"]  # fmt: skip
        self.proxy.server.plant(
            self.email,
            (
                whole(
                    vevent(title, *(f"{m:%Y%m%dT%H%M%S}" for m in _span(start, HOUR_MIN)), *people)
                )
                for title, start in events
            ),
        )

    def change(self, event_id, calendar="primary", *, start=None, minutes=HOUR_MIN, **to):
        """Another title, place or start."""
        names = {"title": "summary", "place": "location"}
        values = {names[name]: value for name, value in to.items()}
        if start:
            begin, end = _span(start.astimezone(UTC), minutes)
            values |= {"dtstart": begin, "dtend": end}
        self.side.edit(event_id, **values)

    def move_occurrence(self, event_id, slot, start, minutes=HOUR_MIN):
        """Give one occurrence of a series another time, as apps do: an override beside it."""
        resource = self.side.calendar(event_id)
        begin, end = _span(start.astimezone(UTC), minutes)
        events = Calendar.from_ical(resource.to_ical()).walk("VEVENT")
        override = next(event for event in events if "RRULE" in event)
        for name in ("RRULE", "DTSTART", "DTEND", "SEQUENCE"):
            override.pop(name, None)
        override.add("RECURRENCE-ID", slot.astimezone(UTC))
        override.add("DTSTART", begin)
        override.add("DTEND", end)
        resource.add_component(override)
        self.side.put(resource.to_ical().decode("utf-8"), event_id)

    def remove(self, event_id, calendar="primary"):
        """Delete an event or a series."""
        self.side.delete(event_id)

    def new_calendar(self, name):
        """Another calendar of one's own; its id."""
        return self.side.make_calendar(name)


def _span(start, minutes):
    return start, start + timedelta(minutes=minutes)


def _stamps(start):
    return [f"{moment:%Y%m%dT%H%M%S}" for moment in _span(start, HOUR_MIN)]


def _entry(path, event):
    people = event.get("ATTENDEE", [])
    people = [people] if isinstance(people, vCalAddress) else people
    rule = event.get("RRULE") or vRecur()
    return Entry(
        unquote(urlsplit(path).path),
        str(event.get("SUMMARY", "")),
        odoo_time(event["DTSTART"].dt),
        odoo_time(event["DTEND"].dt),
        str(event.get("LOCATION", "")),
        tuple(str(one).lower().removeprefix("mailto:") for one in people),
        str(event.get("DESCRIPTION", "")),
        (rule.get("COUNT") or [0])[0],
        path if "RECURRENCE-ID" in event else "",
    )


class DavProduct(Product):
    """The running product with people whose calendars are on the server behind `proxy`."""

    def __init__(self, shared, proxy, others=()):
        self.__dict__.update(vars(shared.on("caldav")))
        self.proxy = proxy
        hosts = ", ".join(urlsplit(one.url).netloc for one in {proxy, *others})
        self.admin.call(
            "ir.config_parameter", "set_param", ["calendar_sync_pro.trusted_hosts", hosts]
        )

    def person(self, name, is_connected=True, domain="north.example"):
        """A new rep with an empty calendar on that server."""
        name = f"{name}{next(self._numbers)}"
        return DavPerson(self, name, self._groups, is_connected, domain)

    def phone(self, email):
        """The telephone of one person."""
        return DavPhone(self.proxy, email)


class DavPerson(Person):
    """A rep who connects with a server's address, a user name and a password."""

    def connect(self, password=PASSWORD):
        """Fill in the form; returns what it says when the first sync is over (or refused)."""
        said = self.signs_in(password)
        if said["is_ok"]:
            wait(lambda: self.state("first_sync_done"), f"{self.name}'s first sync")
            self.settle()
        return said

    def signs_in(self, password=PASSWORD):
        """Fill in the form; what it says. What follows is the workers' work."""
        said = self.odoo.rpc(
            "/calendar_sync/password/connect",
            {
                "provider": "caldav", "address": self.product.proxy.url,
                "username": self.email, "password": password,
            },
        )  # fmt: skip
        if said["is_ok"]:
            self.account_id = self.card()["id"]
        return said

    def asked(self, method="", since=0, body=""):
        """What the product asked the server for this person, oldest first."""
        return self.product.proxy.requests(method, self.email, since, body)

    def requests(self, operation="", since=0):
        """See `Person.requests`."""
        return self.asked(self._method(operation), since)

    def disturb(self, action, operation="", *, reason="", **facts):
        """A fault that strikes this person only, see `dav_faults.py`. Servers give no `reason`."""
        method = {"method": self._method(operation)} if operation else {}
        return self.product.proxy.fault(action, user=self.email, **method, **facts)

    def _method(self, operation):
        return self.phone.operations.get(operation.rpartition(".")[2], "")

    def last_request(self):
        """The number of the newest request."""
        return self.product.proxy.last
