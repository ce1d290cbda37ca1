"""Microsoft as the page "the other side" sees it: Graph's events in the page's words."""

import json
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from ..http.message import Request
from ..service import ApiError
from .access import default_calendar
from .accounts import people
from .calendars import COLORS
from .grants import Grants
from .recurrence import DAYS
from .seed import ready_token
from .zones import zone

SHADES = {"auto": "#0f6cbd", **COLORS}
ANSWERS = {
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
    "organizer": "accepted",
}
ACTIONS = {"accepted": "accept", "tentative": "tentativelyAccept", "declined": "decline"}
TEXT = {"prefer": 'outlook.body-content-type="text", outlook.timezone="UTC"'}
REPEATS = {"FREQ=DAILY": "daily", "FREQ=WEEKLY": "weekly"}


class MicrosoftSide:
    """Translates between the page's words (those of a calendar event) and Graph's."""

    name = "microsoft"
    label = "Microsoft"
    asks_before_mailing = False
    operations = {"every": "events.*", "create": "events.create", "changes": "calendarView.delta"}

    def __init__(self, world):
        self.world = world

    def accounts(self):
        """Accounts of people by address."""
        return {user["email"]: user for user in people(self.world)}

    def zone(self, user):
        """The mailbox's time zone."""
        return zone(user["timezone"])

    def act(self, user, method, path, body=None, **query):
        """Call a Graph handler as `user`; returns its JSON. Raises ApiError."""
        service = self.world.services["microsoft"]
        target = f"/v1.0{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"authorization": f"Bearer {ready_token(self.world, user)}", **TEXT}
        request = Request(method, target, headers, json.dumps(body or {}).encode())
        request.base_url = self.world.base_url
        route, request.args, _allowed = service.router.match(method, service.path_of(request))
        if route is None:
            raise ApiError(404, "ErrorItemNotFound", f"no such path {path}")
        answer = route.handler(self.world, request)
        return json.loads(answer.body) if answer.body else {}

    def calendars(self, user):
        """Listed calendars in the page's words."""
        listed = self.act(user, "GET", "/me/calendars", **{"$top": 200})["value"]
        return [
            {
                "id": c["id"],
                "summary": c["name"],
                "accessRole": "writer" if c["canEdit"] else "reader",
                "backgroundColor": c["hexColor"] or SHADES["auto"],
            }
            for c in listed
        ]

    def home(self, user):
        """Id of the mailbox's own calendar."""
        return default_calendar(self.world, user)["id"]

    def week(self, user, low, high):
        """`(calendar, event)` pairs between two aware datetimes, over all listed calendars."""
        span = {"startDateTime": low.isoformat(), "endDateTime": high.isoformat(), "$top": 1000}
        found = []
        for entry in self.calendars(user):
            path = f"/me/calendars/{quote(entry['id'])}/calendarView"
            listed = self.act(user, "GET", path, **span)["value"]
            found += [(entry, page_event(e, user)) for e in listed]
        return found

    def get(self, user, cal, event_id):
        """One event."""
        return page_event(self.act(user, "GET", path_of(cal, event_id)), user)

    def create(self, user, cal, body, repeat, notify):
        """A new event; Outlook always mails guests."""
        event = graph_event(body)
        if repeat:
            event["recurrence"] = recurrence(repeat, event)
        self.act(user, "POST", f"/me/calendars/{quote(cal)}/events", event)

    def update(self, user, cal, event_id, body, notify):
        """Change what is different; the blob of an online meeting is left alone."""
        changes = different(body, self.get(user, cal, event_id))
        if changes:
            self.act(user, "PATCH", path_of(cal, event_id), graph_event(changes))

    def delete(self, user, cal, event_id, notify):
        """Delete an event; guests of the organizer are told."""
        self.act(user, "DELETE", path_of(cal, event_id))

    def answer(self, user, cal, event_id, response):
        """Answer an invitation; the organizer is told."""
        self.act(user, "POST", f"{path_of(cal, event_id)}/{ACTIONS[response]}")

    def revoke(self, user):
        """The user takes back every consent."""
        Grants(self.world).revoke(user)

    def linked(self, request):
        """`(account, calendar, event)` of an event's web link, or None."""
        event_id = request.param("itemid", "")
        try:
            item = self.world.services["microsoft"].shelf.find(event_id)
        except ApiError:
            return None
        return item.rec["box"], item.rec["cal"], event_id


def path_of(cal, event_id):
    """Graph path of an event."""
    return f"/me/calendars/{quote(cal)}/events/{quote(event_id)}"


def page_event(e, user):
    """A Graph event as the page shows it."""
    organizer = e["organizer"]["emailAddress"]["address"]
    shown = {"id": e["id"], "summary": e["subject"], "description": e["body"]["content"]}
    shown |= {n: page_time(e[n], e["isAllDay"]) for n in ("start", "end")}
    shown["location"] = e["location"].get("displayName", "")
    shown["organizer"] = {"email": organizer, "self": e["isOrganizer"]}
    shown["transparency"] = "transparent" if e["showAs"] == "free" else "opaque"
    if e["sensitivity"] != "normal":
        shown["visibility"] = "private"
    if e["seriesMasterId"]:
        shown["recurringEventId"] = e["seriesMasterId"]
    shown["attendees"] = [page_guest(a, e, user) for a in e["attendees"]]
    return shown


def page_guest(attendee, e, user):
    """An attendee; the own answer is the mailbox's."""
    email = attendee["emailAddress"]["address"].lower()
    mine = email == user and not e["isOrganizer"]
    given = e["responseStatus"]["response"] if mine else attendee["status"]["response"]
    return {"email": email, "responseStatus": ANSWERS.get(given, "needsAction"), "self": mine}


def page_time(value, all_day):
    """A date, or an instant in UTC."""
    if all_day:
        return {"date": value["dateTime"][:10]}
    return {"dateTime": value["dateTime"][:19] + "+00:00"}


def different(body, old):
    """Members of a form that differ from the event before."""
    texts = ("summary", "location", "description")
    changes = {n: body[n] for n in texts if n in body and body[n] != old.get(n, "")}
    before, after = (
        {g["email"] for g in e.get("attendees", []) if not g.get("self")} for e in (old, body)
    )
    if "attendees" in body and before != after:
        changes["attendees"] = body["attendees"]
    if "start" in body and any(moment(body[n]) != moment(old[n]) for n in ("start", "end")):
        changes |= {n: body[n] for n in ("start", "end")}
    return changes


def moment(value):
    """A date, or an instant, for comparing."""
    if value.get("date"):
        return value["date"]
    parsed = datetime.fromisoformat(value["dateTime"])
    local = zone(value.get("timeZone") or "UTC")
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=local)).timestamp()


def graph_event(body):
    """The page's form as a Graph body."""
    words = {"summary": "subject", "location": "location", "description": "body"}
    event = {}
    for name in words.keys() & body.keys():
        event[words[name]] = body[name] or ""
    if "location" in event:
        event["location"] = {"displayName": event["location"]}
    if "body" in event:
        event["body"] = {"contentType": "text", "content": event["body"]}
    if "start" in body:
        event["isAllDay"] = bool(body["start"].get("date"))
        event |= {name: graph_time(body[name]) for name in ("start", "end")}
    if "attendees" in body:
        guests = [g["email"] for g in body["attendees"] if not g.get("self")]
        event["attendees"] = [{"emailAddress": {"address": g}, "type": "required"} for g in guests]
    return event


def graph_time(value):
    """A date at midnight, or a wall-clock time in its zone."""
    if value.get("date"):
        return {"dateTime": f"{date.fromisoformat(value['date'])}T00:00:00", "timeZone": "UTC"}
    moment, name = datetime.fromisoformat(value["dateTime"]), value.get("timeZone")
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone(name) if name else UTC).replace(tzinfo=None)
    return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": name or "UTC"}


def recurrence(rule, event):
    """One of the rules that the page offers, as pattern and range."""
    parts = dict(part.split("=") for part in rule.removeprefix("RRULE:").split(";"))
    first = event["start"]["dateTime"][:10]
    kind = REPEATS[f"FREQ={parts['FREQ']}"]
    pattern = {"type": kind, "interval": 1, "firstDayOfWeek": "monday"}
    if kind == "weekly":
        names = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
        short = {day[:2].upper(): day for day in DAYS}
        own = [DAYS[date.fromisoformat(first).weekday()]]
        pattern["daysOfWeek"] = [short[name] for name in names] or own
    span = {"type": "noEnd", "startDate": first}
    if "COUNT" in parts:
        span |= {"type": "numbered", "numberOfOccurrences": int(parts["COUNT"])}
    return {"pattern": pattern, "range": span}
