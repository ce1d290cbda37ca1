"""A telephone with Outlook, see `phones.py`."""

from datetime import UTC, datetime, timedelta

from .entry import CUSTOMER, HOUR_MIN, Entry

IMMUTABLE = 'IdType="ImmutableId"'


class Outlook:
    """Outlook on the telephone of `email`."""

    provider = "microsoft"
    operations = {
        "create": "events.create",
        "list": "calendarView.delta",
        "update": "events.update",
    }
    throttled = "ApplicationThrottled"
    wide_days = 200  # so far back and ahead it looks

    def __init__(self, world, email):
        self.world, self.switches = world, world.ms
        self.email, self.app, self._token = email, world.microsoft, ""
        if email not in {user["email"] for user in world.ms.users()}:
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
        ends = [now + timedelta(days=days) for days in (-self.wide_days, self.wide_days)]
        names = ("startDateTime", "endDateTime")
        window = {n: end.strftime("%Y-%m-%dT%H:%M:%S") for n, end in zip(names, ends, strict=True)}
        return self._all(f"{home}/calendarView", **window)

    def _all(self, path, **query):
        self._token = self._token or self.world.ms.token_of(self.email)
        query |= {"token": self._token, "headers": {"Prefer": IMMUTABLE}, "$top": 500}
        found, _last = self.world.ms.every(f"/me{path}", **query)
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

    def call(self, event_id):
        """The link of the event's video call, "" when it has none."""
        meeting = self.graph("GET", f"/events/{event_id}").get("onlineMeeting") or {}
        return meeting.get("joinUrl", "")

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

    def answer(self, event_id, answer, comment=""):
        """Answer an invitation, with words; they only stand in the mail to the organizer."""
        action = {"accepted": "accept", "tentative": "tentativelyAccept", "declined": "decline"}
        sent = {"comment": comment, "sendResponse": True}
        self.graph("POST", f"/events/{event_id}/{action[answer]}", sent)

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
