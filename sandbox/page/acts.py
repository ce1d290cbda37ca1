"""Acting as the account's user: the page goes through the same handlers as any client.

It is neither counted nor struck by faults: a person at the provider is no API client.
"""

import json
from urllib.parse import quote, urlencode

from ..google.seed import ready_token
from ..http.message import Request
from ..service import ApiError


def act(world, user, method, path, body=None, **query):
    """Call a Calendar API handler as `user`; returns its JSON. Raises ApiError."""
    service = world.services["google"]
    target = f"{path}?{urlencode(query, doseq=True)}" if query else path
    headers = {"authorization": f"Bearer {ready_token(world, user)}"}
    request = Request(method, target, headers, json.dumps(body or {}).encode())
    route, request.args, _allowed = service.router.match(method, path)
    if route is None:
        raise ApiError(404, "notFound", f"no such path {path}")
    answer = route.handler(world, request)
    return json.loads(answer.body) if answer.body else {}


def event_path(calendar_id, event_id):
    """API path of an event."""
    return f"/calendars/{quote(calendar_id, safe='')}/events/{quote(event_id, safe='')}"


def week_of(world, user, low, high):
    """`(calendar entry, event)` pairs between two aware datetimes, over all listed calendars."""
    found = []
    for entry in act(world, user, "GET", "/users/me/calendarList")["items"]:
        path = f"/calendars/{quote(entry['id'], safe='')}/events"
        span = {"timeMin": low.isoformat(), "timeMax": high.isoformat()}
        listed = act(world, user, "GET", path, singleEvents="true", maxResults=2500, **span)
        found += [(entry, event) for event in listed["items"]]
    return found
