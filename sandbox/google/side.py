"""Google as the page "the other side" sees it: the page goes through the handlers of any client.

It is neither counted nor struck by faults: a person at the provider is no API client.
"""

import json
from urllib.parse import quote, urlencode

from ..http.message import Request
from ..service import ApiError
from .accounts import accounts
from .grants import Grants
from .seed import ready_token
from .when import zone

EVENT_ID = "eid"


class GoogleSide:
    """Calendars and events in the words of Calendar API v3, which are the page's own."""

    name = "google"
    label = "Google"
    asks_before_mailing = True
    operations = {"every": "events.*", "create": "events.insert", "changes": "events.list"}

    def __init__(self, world):
        self.world = world

    def accounts(self):
        """Accounts by address."""
        return accounts(self.world)

    def zone(self, user):
        """The account's time zone."""
        return zone(user["timezone"])

    def act(self, user, method, path, body=None, **query):
        """Call a Calendar API handler as `user`; returns its JSON. Raises ApiError."""
        service = self.world.services["google"]
        target = f"{path}?{urlencode(query, doseq=True)}" if query else path
        headers = {"authorization": f"Bearer {ready_token(self.world, user)}"}
        request = Request(method, target, headers, json.dumps(body or {}).encode())
        route, request.args, _allowed = service.router.match(method, path)
        if route is None:
            raise ApiError(404, "notFound", f"no such path {path}")
        answer = route.handler(self.world, request)
        return json.loads(answer.body) if answer.body else {}

    def calendars(self, user):
        """Listed calendars: id, summary, accessRole, backgroundColor."""
        return self.act(user, "GET", "/users/me/calendarList")["items"]

    def home(self, user):
        """Id of the account's own calendar."""
        return user

    def week(self, user, low, high):
        """`(calendar, event)` pairs between two aware datetimes, over all listed calendars."""
        found = []
        for entry in self.calendars(user):
            span = {"timeMin": low.isoformat(), "timeMax": high.isoformat()}
            query = {"singleEvents": "true", "maxResults": 2500, **span}
            found += [
                (entry, e) for e in self.act(user, "GET", path_of(entry["id"]), **query)["items"]
            ]
        return found

    def get(self, user, cal, event_id):
        """One event."""
        return self.act(user, "GET", path_of(cal, event_id))

    def create(self, user, cal, body, repeat, notify):
        """A new event; `repeat` is a rule or empty."""
        body = {k: v for k, v in body.items() if v not in (None, "")}
        if repeat:
            body["recurrence"] = [repeat]
        self.act(user, "POST", path_of(cal), body, sendUpdates=choice(notify))

    def update(self, user, cal, event_id, body, notify):
        """Change an event."""
        self.act(user, "PATCH", path_of(cal, event_id), body, sendUpdates=choice(notify))

    def delete(self, user, cal, event_id, notify):
        """Delete an event."""
        self.act(user, "DELETE", path_of(cal, event_id), sendUpdates=choice(notify))

    def answer(self, user, cal, event_id, response):
        """Answer an invitation; the organizer is told."""
        own = [{"email": user, "responseStatus": response}]
        body = {"attendeesOmitted": True, "attendees": own}
        self.act(user, "PATCH", path_of(cal, event_id), body, sendUpdates="all")

    def revoke(self, user):
        """The user takes back every consent."""
        Grants(self.world).revoke(user)

    def linked(self, request):
        """`(account, calendar, event)` of an event's web link, or None."""
        cal = request.param("cal", "")
        calendar = self.world.store.table("google.calendars").get(cal, {})
        email = cal if cal in self.accounts() else calendar.get("dataOwner", "")
        return (email, cal, request.param(EVENT_ID, "")) if email in self.accounts() else None


def path_of(calendar_id, event_id=""):
    """API path of a calendar's events, or of one of them."""
    path = f"/calendars/{quote(calendar_id, safe='')}/events"
    return f"{path}/{quote(event_id, safe='')}" if event_id else path


def choice(notify):
    """`sendUpdates` for a box that is ticked or not."""
    return "all" if notify else "none"
