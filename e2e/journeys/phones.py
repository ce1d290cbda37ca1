"""The other side of the journeys: a person's telephone with the provider's own calendar app.

Both telephones know the same verbs and show the same entries, so that one journey can be walked
with either provider. They use public APIs only. Times of entries are UTC, as Odoo writes them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CUSTOMER = "customer@else.example"
HOUR_MIN = 60
IMMUTABLE = 'IdType="ImmutableId"'
WIDE_DAYS = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a calendar. `weeks` is the number of occurrences of a weekly series, 0 for
    singles; `series` is the id of the series of a changed occurrence."""

    id: str
    title: str
    start: str
    stop: str
    place: str = ""
    guests: tuple[str, ...] = ()
    text: str = ""
    weeks: int = 0
    series: str = ""


def odoo_time(moment):
    """Naive UTC text, as Odoo reads and writes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


class GoogleCalendar:
    """Google Calendar on the telephone of `email`."""

    provider = "google"
    operations = {"create": "events.insert", "list": "events.list", "update": "events.patch"}
    throttled = "rateLimitExceeded"

    def __init__(self, world, email):
        self.world = self.switches = world
        self.email, self.app, self._token = email, world.google, ""
        world.user(email)

    def _api(self, method, path, body=None, **query):
        self._token = self._token or self.world.token_of(self.email)
        if method != "GET" and "/events" in path:
            query.setdefault("sendUpdates", "none")
        return self.world.google_api(method, path, body, token=self._token, **query)

    def _events(self, method, path="", body=None, calendar="primary", **query):
        return self._api(method, f"/calendars/{calendar}/events{path}", body, **query)

    # -- looking --------------------------------------------------------------------------------
    def entries(self, calendar="primary", *, is_expanded=False):
        """Everything that stands there: series as such, or their occurrences."""
        query = {"maxResults": 2500, "singleEvents": str(is_expanded).lower()}
        answer = self._events("GET", calendar=calendar, **query)
        found = answer.get("items", [])
        while answer.get("nextPageToken"):
            page = {**query, "pageToken": answer["nextPageToken"]}
            answer = self._events("GET", calendar=calendar, **page)
            found += answer.get("items", [])
        return [self._entry(event) for event in found]

    @staticmethod
    def _entry(event):
        rule = " ".join(event.get("recurrence", ()))
        count = rule.partition("COUNT=")[2].partition(";")[0]
        return Entry(
            event["id"],
            event.get("summary", ""),
            *(odoo_time(datetime.fromisoformat(event[n]["dateTime"])) for n in ("start", "end")),
            event.get("location", ""),
            tuple(guest["email"] for guest in event.get("attendees", ())),
            event.get("description", ""),
            int(count or 0) if "FREQ=WEEKLY" in rule else 0,
            event.get("recurringEventId", ""),
        )

    def guid(self, event_id, calendar="primary"):
        """Our lasting id on an event, "" when it has none."""
        event = self._events("GET", f"/{event_id}", calendar=calendar)
        return event.get("extendedProperties", {}).get("private", {}).get("cspGuid", "")

    def links(self, event_id, calendar="primary"):
        """Addresses that lead to the lead, outside the text."""
        event = self._events("GET", f"/{event_id}", calendar=calendar)
        return [event["source"]["url"]] if "source" in event else []

    # -- touching -------------------------------------------------------------------------------
    def add(self, title, start, minutes=HOUR_MIN, place="", guests=(CUSTOMER,), weeks=0):
        """A new event; its id."""
        return self._events("POST", body=self._body(title, start, minutes, place, guests, weeks))[
            "id"
        ]

    def add_many(self, events):
        """Many at once: (title, start) pairs; their ids."""
        bodies = [self._body(*one, HOUR_MIN, "", (CUSTOMER,), 0) for one in events]
        return self.world.add_events(self.email, bodies)

    def _body(self, title, start, minutes, place, guests, weeks):
        body = {"summary": title, "location": place, **self._times(start, minutes)}
        if guests:
            body["attendees"] = [{"email": guest} for guest in guests]
        if weeks:
            body["recurrence"] = [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"]
        return body

    @staticmethod
    def _times(start, minutes):
        ends = (start, start + timedelta(minutes=minutes))
        points = [{"dateTime": end.isoformat(), "timeZone": "UTC"} for end in ends]
        return dict(zip(("start", "end"), points, strict=True))

    def change(self, event_id, calendar="primary", *, start=None, minutes=HOUR_MIN, weeks=0, **to):
        """Another title, place, start, or number of weeks."""
        words = {"title": "summary", "place": "location"}
        body = {words[name]: value for name, value in to.items()}
        body |= self._times(start, minutes) if start else {}
        body |= {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"]} if weeks else {}
        self._events("PATCH", f"/{event_id}", body, calendar=calendar)

    def remove(self, event_id, calendar="primary"):
        """Delete an event or one occurrence."""
        self._events("DELETE", f"/{event_id}", calendar=calendar)

    def new_calendar(self, name):
        """Another calendar of one's own; its id."""
        return self.world.calendar(self.email, name)["id"]

    def remove_calendar(self, calendar_id):
        """Delete a calendar with all that is in it."""
        self._api("DELETE", f"/calendars/{calendar_id}")

    # -- trouble --------------------------------------------------------------------------------
    def poison(self, event_id):
        """Make an event unreadable for programs; returns the reason that has to be told."""
        self.world.corrupt_event(self.email, event_id, recurrence=["RRULE:FREQ=NEVER"])
        return "broken_rule"

    def mend(self, event_id):
        """The person repairs it."""
        body = {"recurrence": [], "location": "Room 1"}
        self._events("PATCH", f"/{event_id}", body)


class Outlook:
    """Outlook on the telephone of `email`."""

    provider = "microsoft"
    operations = {
        "create": "events.create",
        "list": "calendarView.delta",
        "update": "events.update",
    }
    throttled = "ApplicationThrottled"

    def __init__(self, world, email):
        self.world, self.switches = world, world.ms
        self.email, self.app, self._token = email, world.microsoft, ""
        world.ms.user(email, timezone="W. Europe Standard Time")

    def graph(self, method, path, body=None, prefer="", **query):
        """Graph, as this person's own Outlook uses it."""
        self._token = self._token or self.world.ms.token_of(self.email)
        headers = {"Prefer": ", ".join(filter(None, (IMMUTABLE, prefer)))}
        return self.world.ms.api(
            method, f"/me{path}", body, token=self._token, headers=headers, **query
        )

    @staticmethod
    def _home(calendar):
        return f"/calendars/{calendar}" if calendar != "primary" else "/calendar"

    # -- looking --------------------------------------------------------------------------------
    def entries(self, calendar="primary", *, is_expanded=False):
        """Everything that stands there: series as such, or their occurrences."""
        home = self._home(calendar)
        if is_expanded:
            return [self._entry(event) for event in self._view(home)]
        found = self._all(f"{home}/events")
        series = [event["id"] for event in found if event["type"] == "seriesMaster"]
        changed = [one for master in series for one in self._changed(master)]
        return [self._entry(event) for event in (*found, *changed)]

    def _view(self, home):
        now = datetime.now(UTC)
        ends = [now + timedelta(days=days) for days in (-WIDE_DAYS, WIDE_DAYS)]
        names = ("startDateTime", "endDateTime")
        window = {n: end.strftime("%Y-%m-%dT%H:%M:%S") for n, end in zip(names, ends, strict=True)}
        return self._all(f"{home}/calendarView", **window)

    def _all(self, path, **query):
        self._token = self._token or self.world.ms.token_of(self.email)
        headers = {"Prefer": f'{IMMUTABLE}, outlook.body-content-type="text"'}
        query["$top"] = 500
        found, _last = self.world.ms.every(
            f"/me{path}", token=self._token, headers=headers, **query
        )
        return found

    def _changed(self, master):
        query = {"$select": "id,exceptionOccurrences", "$expand": "exceptionOccurrences"}
        return self.graph("GET", f"/events/{master}", **query).get("exceptionOccurrences", [])

    @staticmethod
    def _entry(event):
        span = (event.get("recurrence") or {}).get("range") or {}
        times = (event[name]["dateTime"][:19].replace("T", " ") for name in ("start", "end"))
        return Entry(
            event["id"],
            event["subject"],
            *times,
            (event.get("location") or {}).get("displayName", ""),
            tuple(guest["emailAddress"]["address"] for guest in event.get("attendees", ())),
            event["body"]["content"],
            span.get("numberOfOccurrences", 0),
            event.get("seriesMasterId") or "",
        )

    def guid(self, event_id, calendar="primary"):
        """Our lasting id on an event, "" when it has none."""
        event = self.graph("GET", f"/events/{event_id}", **{"$expand": "extensions"})
        return next((e["AppointmentGuid"] for e in event.get("extensions") or ()), "")

    def links(self, event_id, calendar="primary"):
        """Addresses that lead to the lead, outside the text: Outlook has no place for them."""
        return []

    # -- touching -------------------------------------------------------------------------------
    def add(self, title, start, minutes=HOUR_MIN, place="", guests=(CUSTOMER,), weeks=0):
        """A new event; its id."""
        body = self._body(title, start, minutes, place, guests, weeks)
        return self.graph("POST", "/events", body)["id"]

    def add_many(self, events):
        """Many at once: (title, start) pairs; their ids."""
        bodies = [self._body(*one, HOUR_MIN, "", (CUSTOMER,), 0) for one in events]
        return self.world.ms.add_events(self.email, bodies)

    def _body(self, title, start, minutes, place, guests, weeks):
        body = {"subject": title, "location": {"displayName": place}}
        people = [{"emailAddress": {"address": guest}, "type": "required"} for guest in guests]
        body |= {"attendees": people, **self._times(start, minutes)}
        return body | ({"recurrence": self._weekly(start, weeks)} if weeks else {})

    @staticmethod
    def _times(start, minutes):
        ends = (start, start + timedelta(minutes=minutes))
        texts = [end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S") for end in ends]
        points = [{"dateTime": text, "timeZone": "UTC"} for text in texts]
        return dict(zip(("start", "end"), points, strict=True))

    @staticmethod
    def _weekly(start, weeks):
        day = start.astimezone(UTC)
        pattern = {"type": "weekly", "interval": 1, "daysOfWeek": [day.strftime("%A").lower()]}
        pattern["firstDayOfWeek"] = "monday"
        span = {"type": "numbered", "numberOfOccurrences": weeks}
        return {"pattern": pattern, "range": {**span, "startDate": day.date().isoformat()}}

    def change(self, event_id, calendar="primary", *, start=None, minutes=HOUR_MIN, weeks=0, **to):
        """Another title, place, start, or number of weeks."""
        words = {
            "title": lambda text: {"subject": text},
            "place": lambda text: {"location": {"displayName": text}},
        }
        body = {}
        for name, value in to.items():
            body |= words[name](value)
        body |= self._times(start, minutes) if start else {}
        known = self.graph("GET", f"/events/{event_id}") if start or weeks else {}
        if known.get("recurrence"):
            shown = datetime.fromisoformat(known["start"]["dateTime"][:19]).replace(tzinfo=UTC)
            count = weeks or known["recurrence"]["range"]["numberOfOccurrences"]
            body["recurrence"] = self._weekly(start or shown, count)
        self.graph("PATCH", f"/events/{event_id}", body)

    def remove(self, event_id, calendar="primary"):
        """Delete an event or one occurrence."""
        self.graph("DELETE", f"/events/{event_id}")

    def new_calendar(self, name):
        """Another calendar of one's own; its id."""
        return self.world.ms.calendar(self.email, name)["id"]

    def remove_calendar(self, calendar_id):
        """Delete a calendar with all that is in it."""
        self.graph("DELETE", f"/calendars/{calendar_id}")

    # -- trouble --------------------------------------------------------------------------------
    def poison(self, event_id):
        """Make an event unreadable for programs; returns the reason that has to be told."""
        self.world.ms.raw_event(event_id, reminderMinutesBeforeStart="soon")
        return "malformed"

    def mend(self, event_id):
        """The person repairs it."""
        self.world.ms.raw_event(event_id, reminderMinutesBeforeStart=5)


PHONES = {phone.provider: phone for phone in (GoogleCalendar, Outlook)}
