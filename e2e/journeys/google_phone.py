"""A telephone with Google's own calendar app, see `phones.py`."""

from datetime import datetime, timedelta

from .entry import CUSTOMER, HOUR_MIN, Entry, odoo_time


class GoogleCalendar:
    """Google Calendar on the telephone of `email`."""

    provider = "google"
    operations = {"create": "events.insert", "list": "events.list", "update": "events.patch"}
    throttled = "rateLimitExceeded"

    def __init__(self, world, email):
        self.world = self.switches = world
        self.email, self.app, self._token = email, world.google, ""
        if email not in {user["email"] for user in world.users()}:
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
        return [self._entry(event) for event in found if event["status"] != "cancelled"]

    @staticmethod
    def _entry(event):
        rule = " ".join(event.get("recurrence", ()))
        count = rule.partition("COUNT=")[2].partition(";")[0]
        return Entry(
            event["id"],
            event.get("summary", ""),
            *(_time(event[name]) for name in ("start", "end")),
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

    def call(self, event_id):
        """The link of the event's video call, "" when it has none."""
        return self._events("GET", f"/{event_id}").get("hangoutLink", "")

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

    def answer(self, event_id, answer, comment=""):
        """Answer an invitation, with words."""
        me = {"email": self.email, "responseStatus": answer, "comment": comment}
        body = {"attendees": [me], "attendeesOmitted": True}
        self._events("PATCH", f"/{event_id}", body)

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


def _time(point):
    """One end of an event; of whole days, the day."""
    moment = point.get("dateTime")
    return odoo_time(datetime.fromisoformat(moment)) if moment else point["date"]
