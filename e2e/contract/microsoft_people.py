"""Fixtures of the Microsoft conformance tests: one sandbox, fresh mailboxes for every test."""

import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.client import SandboxProcess, http

BERLIN = "Europe/Berlin"
WIDE = {"startDateTime": "2026-11-01T00:00:00Z", "endDateTime": "2027-06-01T00:00:00Z"}
CALLBACK = "http://127.0.0.1:9/callback"
IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}
_NUMBERS = itertools.count(1)


class Refused(Exception):
    """An answer from 400 on: `status`, `code`, `headers`."""

    def __init__(self, status, headers, body):
        error = body.get("error", {})
        self.status, self.headers, self.body = status, headers, body
        self.code = error.get("code", "") if isinstance(error, dict) else error
        super().__init__(f"{status} {self.code}")


class Person:
    """One mailbox, called over plain HTTP with a token."""

    def __init__(self, box, email, token=""):
        self.box, self.email = box, email
        self.token = token or box.ms.token_of(email)

    def call(self, method, path, body=None, headers=None, **query):
        """JSON of an answer; raises Refused."""
        url = path if path.startswith("http") else self.box.microsoft["api_base"] + path
        url += f"?{urlencode(query)}" if query else ""
        status, answered, raw = http(method, url, body, self.token, headers=headers)
        body = json.loads(raw) if raw.strip() else {}
        if status >= 400:
            raise Refused(status, answered, body)
        return body

    def get(self, path, headers=None, **query):
        """GET."""
        return self.call("GET", path, headers=headers, **query)

    def post(self, path, body=None, headers=None):
        """POST."""
        return self.call("POST", path, body or {}, headers)

    def patch(self, path, body, headers=None):
        """PATCH."""
        return self.call("PATCH", path, body, headers)

    def delete(self, path, headers=None):
        """DELETE."""
        return self.call("DELETE", path, headers=headers)

    def add(self, headers=None, **members):
        """A new event in the default calendar."""
        return self.post("/me/events", event(**members), headers)

    def one(self, event_id, headers=None, **query):
        """An event by id."""
        return self.get(f"/me/events/{event_id}", headers, **query)

    def view(self, **query):
        """All of a wide calendarView."""
        return self.get("/me/calendarView", **WIDE, **{"$top": 500}, **query)["value"]

    def instances(self, master_id):
        """Occurrences of a series."""
        return self.get(f"/me/events/{master_id}/instances", **WIDE, **{"$top": 500})["value"]

    def round(self, link="", headers=None, path="/me/calendarView/delta", **window):
        """A whole delta round: `(rows, deltaLink)`."""
        answer = self.get(link, headers) if link else self.get(path, headers, **(window or WIDE))
        rows = answer["value"]
        while "@odata.nextLink" in answer:
            answer = self.get(answer["@odata.nextLink"], headers)
            rows = rows + answer["value"]
        return rows, answer["@odata.deltaLink"]


def event(subject="Call", day="2026-12-01", start="10:00", end="11:00", guests=(), **more):
    """An event body on one day in Berlin."""
    body = {"subject": subject}
    for name, clock in (("start", start), ("end", end)):
        body[name] = {"dateTime": f"{day}T{clock}:00", "timeZone": BERLIN}
    if guests:
        body["attendees"] = attendees(*guests)
    return {**body, **more}


def attendees(*emails):
    """Required attendees."""
    return [{"emailAddress": {"address": email}, "type": "required"} for email in emails]


def weekly(*days, day="2026-12-01", interval=1, count=4, **pattern):
    """A numbered weekly recurrence from `day` on."""
    shape = {"type": "weekly", "interval": interval, "daysOfWeek": list(days or ("tuesday",))}
    span = {"type": "numbered", "startDate": day, "numberOfOccurrences": count}
    return {"pattern": {**shape, "firstDayOfWeek": "monday", **pattern}, "range": span}


def days(items):
    """Start days of events."""
    return [item["start"]["dateTime"][:10] for item in items]


def refusal(function, *args, **values):
    """`(status, code)` with which a call is refused."""
    with pytest.raises(Refused) as caught:
        function(*args, **values)
    return caught.value.status, caught.value.code


class Hook:
    """A web hook on loopback; it shakes hands, and keeps what it is sent."""

    def __init__(self):
        self.got, self.asked, self.answered, self.status = [], [], [], 202
        self.shakes = True
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = parse_qs(urlsplit(self.path).query)
                if "validationToken" in query:
                    hook.asked.append(self.path)
                    self._answer(200, query["validationToken"][0] if hook.shakes else "no")
                    return
                hook.got += json.loads(raw)["value"]
                self._answer(hook.status, "")
                hook.answered.append(hook.status)

            def _answer(self, status, text):
                self.send_response(status)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook?s=1"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def office():
    """A running sandbox."""
    with SandboxProcess(seed="empty") as running:
        yield running


@pytest.fixture
def domain():
    """An organisation that no other test has."""
    return f"north{next(_NUMBERS)}.example"


@pytest.fixture
def team(office, domain):
    """Two colleagues with fresh mailboxes."""
    emails = (f"{name}@{domain}" for name in ("nora", "otto"))
    pair = [Person(office, office.ms.user(email)["email"]) for email in emails]
    office.clear_mails()
    yield pair
    office.faults.clear()


@pytest.fixture
def nora(team):
    """The first colleague."""
    return team[0]


@pytest.fixture
def otto(team):
    """The second colleague."""
    return team[1]


@pytest.fixture
def hook():
    """A web hook."""
    made = Hook()
    yield made
    made.close()


@pytest.fixture
def setting(office):
    """Change settings for one test."""
    before = office.settings()
    yield office.settings
    after = office.settings()
    changed = {name.replace(".", "__"): v for name, v in before.items() if after[name] != v}
    office.settings(**changed)


def mailed(box, kind=""):
    """`(kind, to)` of the mails so far."""
    return [(mail["kind"], mail["to"]) for mail in box.mails() if kind in ("", mail["kind"])]
