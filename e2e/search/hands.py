"""People's hands on their calendars, through the providers' public interfaces.

A hand is a telephone (see `e2e/journeys/phones.py`) that also knows whole days and occurrences, and
that shows everything in the form of `views.View`.
"""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from e2e.journeys.dav_phone import DavPhone
from e2e.journeys.entry import odoo_time
from e2e.journeys.google_phone import GoogleCalendar
from e2e.journeys.outlook_phone import Outlook

from .views import DAY, View


class GoogleHand(GoogleCalendar):
    """Google Calendar."""

    def views(self, calendar="primary"):
        """Everything that stands there, each occurrence for itself."""
        answer = self._events("GET", calendar=calendar, maxResults=2500, singleEvents="true")
        return [_google_view(event) for event in answer.get("items", [])]

    def stored(self, calendar="primary"):
        """{id: everything that the provider keeps of it}."""
        answer = self._events("GET", calendar=calendar, maxResults=2500)
        return {event["id"]: event for event in answer.get("items", [])}

    def home(self, calendar):
        """What the telephone calls a calendar that the product knows by its remote id."""
        return calendar

    def change(self, event_id, calendar="primary", *, day=None, **to):
        """Another title, place, start, number of weeks, or a whole day instead."""
        if day is None:
            super().change(event_id, calendar, **to)
            return
        ends = (day, day + timedelta(days=1))
        dates = [{"date": f"{end:{DAY}}", "dateTime": None, "timeZone": None} for end in ends]
        body = dict(zip(("start", "end"), dates, strict=True))
        self._events("PATCH", f"/{event_id}", body, calendar=calendar)

    @staticmethod
    def _times(start, minutes):
        ends = (start, start + timedelta(minutes=minutes))
        return {
            name: {"dateTime": end.isoformat(), "timeZone": "UTC", "date": None}
            for name, end in zip(("start", "end"), ends, strict=True)
        }

    def reply(self, event_id, answer, calendar="primary"):
        """Answer an invitation; nothing where there is none."""
        event = self._events("GET", f"/{event_id}", calendar=calendar)
        guests = event.get("attendees", [])
        mine = [guest for guest in guests if guest["email"] == self.email]
        for guest in mine:
            guest["responseStatus"] = answer
        if mine:
            self._events("PATCH", f"/{event_id}", {"attendees": guests}, calendar=calendar)


def _google_view(event):
    start, stop = event["start"], event["end"]
    is_all_day = "date" in start
    slot = event.get("originalStartTime", {})
    return View(
        event.get("summary", ""),
        start["date"] if is_all_day else _utc(start["dateTime"]),
        _day_before(stop["date"]) if is_all_day else _utc(stop["dateTime"]),
        event.get("location", ""),
        is_all_day,
        event["id"],
        event.get("recurringEventId", ""),
        slot.get("date") or (_utc(slot["dateTime"]) if slot else ""),
        event["iCalUID"],
    )


class OutlookHand(Outlook):
    """Outlook."""

    def views(self, calendar="primary"):
        """Everything that takes place, each occurrence for itself: Outlook leaves a meeting that
        was called off in its guests' calendars."""
        events = self._view(self._home(calendar))
        return [_outlook_view(event) for event in events if not event.get("isCancelled")]

    def stored(self, calendar="primary"):
        """{id: everything that the provider keeps of it}."""
        return {event["id"]: event for event in self._all(f"{self._home(calendar)}/events")}

    def home(self, calendar):
        """What the telephone calls a calendar that the product knows by its remote id."""
        return calendar

    def change(self, event_id, calendar="primary", *, day=None, **to):
        """Another title, place, start, number of weeks, or a whole day instead."""
        if day is None:
            super().change(event_id, calendar, **to)
            return
        body = {"isAllDay": True, **super()._times(day, 24 * 60)}
        self.graph("PATCH", f"/events/{event_id}", body)

    @staticmethod
    def _times(start, minutes):
        return {**Outlook._times(start, minutes), "isAllDay": False}

    def reply(self, event_id, answer, calendar="primary"):
        """Answer an invitation; nothing where there is none."""
        verb = {"accepted": "accept", "declined": "decline", "tentative": "tentativelyAccept"}
        event = self.graph("GET", f"/events/{event_id}")
        if not event["isOrganizer"]:
            self.graph("POST", f"/events/{event_id}/{verb[answer]}", {"sendResponse": False})


def _outlook_view(event):
    start, stop = (event[name]["dateTime"][:19].replace("T", " ") for name in ("start", "end"))
    is_all_day = event["isAllDay"]
    slot = event.get("originalStart") or ""
    series = event.get("seriesMasterId") or ""
    return View(
        event["subject"],
        start[:10] if is_all_day else start,
        _day_before(stop[:10]) if is_all_day else stop,
        (event.get("location") or {}).get("displayName", ""),
        is_all_day,
        event["id"],
        series,
        (_utc(slot) if slot else start) if series else "",
        series or event["iCalUId"],
    )


class DavHand(DavPhone):
    """Any app that speaks CalDAV; a handle is a path, of an occurrence with its slot behind it."""

    def views(self, calendar="primary"):
        """Everything that stands there, each occurrence for itself."""
        home = self._home(calendar)
        found = []
        for path in self.side.paths(home):
            resource = self.side.calendar(path)
            is_series = any("RRULE" in event for event in resource.walk("VEVENT"))
            found += [_dav_view(path, event, is_series) for event in self._occurrences(resource)]
        return found

    def stored(self, calendar="primary"):
        """{path: (etag, everything that the server keeps of it)}."""
        return {path: self.side.text(path) for path in self.side.paths(self._home(calendar))}

    def home(self, calendar):
        """What the telephone calls a calendar that the product knows by its remote id."""
        return calendar

    def change(self, event_id, calendar="primary", *, day=None, weeks=0, start=None, **to):
        """Another title, place, start, number of weeks, or a whole day instead."""
        path, _hash, slot = event_id.partition("#")
        if slot:
            self._change_one(path, slot, day=day, start=start, **to)
            return
        values = {{"title": "summary", "place": "location"}[n]: v for n, v in to.items()}
        if day is not None:
            values |= {"dtstart": day.date(), "dtend": day.date() + timedelta(days=1)}
        if start is not None:
            utc = start.astimezone(UTC)
            values |= {"dtstart": utc, "dtend": utc + timedelta(hours=1)}
        if weeks:
            values["rrule"] = {"freq": "weekly", "count": weeks}
        self._edit_master(path, values)

    def _edit_master(self, path, values):
        resource = self.side.calendar(path)
        events = resource.walk("VEVENT")
        master = next((one for one in events if "RECURRENCE-ID" not in one), events[0])
        for name, value in values.items():
            master.pop(name, None)
            master.add(name, value)
        self.side.put(resource.to_ical().decode("utf-8"), path)

    def _change_one(self, path, slot, *, day=None, start=None, **to):
        """Put an override beside the series, or edit the one that is there."""
        resource = self.side.calendar(path)
        moment = datetime.fromisoformat(slot).replace(tzinfo=UTC)
        override = _override_at(resource, moment)
        if override is None:
            override = _new_override(resource, moment)
        for name, value in to.items():
            name = {"title": "SUMMARY", "place": "LOCATION"}[name]  # noqa: PLW2901
            override.pop(name, None)
            override.add(name, value)
        if start is not None:
            for name, value in (("DTSTART", start), ("DTEND", start + timedelta(hours=1))):
                override.pop(name, None)
                override.add(name, value.astimezone(UTC))
        self.side.put(resource.to_ical().decode("utf-8"), path)

    def remove(self, event_id, calendar="primary"):
        """Delete an event, a series or one occurrence."""
        path, _hash, slot = event_id.partition("#")
        if not slot:
            self.side.delete(path)
            return
        resource = self.side.calendar(path)
        moment = datetime.fromisoformat(slot).replace(tzinfo=UTC)
        override = _override_at(resource, moment)
        if override is not None:
            resource.subcomponents.remove(override)
        _master(resource).add("EXDATE", moment)
        self.side.put(resource.to_ical().decode("utf-8"), path)

    def reply(self, event_id, answer, calendar="primary"):
        """There are no invitations on a server that delivers none."""


def _master(resource):
    return next(one for one in resource.walk("VEVENT") if "RECURRENCE-ID" not in one)


def _override_at(resource, moment):
    found = (one for one in resource.walk("VEVENT") if "RECURRENCE-ID" in one)
    return next((one for one in found if one["RECURRENCE-ID"].dt == moment), None)


def _new_override(resource, moment):
    copy = Calendar.from_ical(resource.to_ical())
    override = _master(copy)
    length = override["DTEND"].dt - override["DTSTART"].dt
    for name in ("RRULE", "EXDATE", "DTSTART", "DTEND", "SEQUENCE"):
        override.pop(name, None)
    override.add("RECURRENCE-ID", moment)
    override.add("DTSTART", moment)
    override.add("DTEND", moment + length)
    resource.add_component(override)
    return override


def _dav_view(path, event, is_series):
    start, stop = event["DTSTART"].dt, event["DTEND"].dt
    is_all_day = not isinstance(start, datetime)
    slot = event["RECURRENCE-ID"].dt if is_series else None
    text = "" if slot is None else _slot_text(slot)
    return View(
        str(event.get("SUMMARY", "")),
        f"{start:{DAY}}" if is_all_day else odoo_time(start),
        f"{stop - timedelta(days=1):{DAY}}" if is_all_day else odoo_time(stop),
        str(event.get("LOCATION", "")),
        is_all_day,
        f"{path}#{text}" if is_series else path,
        path if is_series else "",
        text,
        str(event["UID"]),
    )


def _slot_text(slot):
    return odoo_time(slot) if isinstance(slot, datetime) else f"{slot:{DAY}}"


def _utc(text):
    moment = datetime.fromisoformat(text)
    return odoo_time(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _day_before(text):
    return f"{datetime.fromisoformat(text) - timedelta(days=1):{DAY}}"
