"""The main job on real parts, without a person: `./dev demo --check`.

A rep connects a calendar through the consent form, books from a lead card, finds the event at the
provider with "Show Lead" and our id; it is moved and renamed on the other side, edited on both
sides, and deleted there. Odoo works with its own crons; the other side acts through the provider's
public API only. Prints what it did and `N passed, N failed`.
"""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from e2e.support.rep import Rep
from sandbox.client import Sandbox

EMAIL = "anna@northwind.example"
WAIT_S = 60
NEAR_REAL_TIME_S = 10


class Check:
    """The steps in order; what one learns the next ones use."""

    def __init__(self):
        self.world = Sandbox(json.loads(os.environ["CSP_SANDBOX"]))
        self.anna = Rep(os.environ["CSP_ODOO_URL"], os.environ["CSP_DB"], "anna", "anna")
        self.calendar_id = EMAIL
        self.event_id = self.lead = self.remote = None

    # -- helpers --------------------------------------------------------------------------------
    def api(self, method, path, body=None, **query):
        """The provider's public API as Anna's other device uses it."""
        return self.world.google_api(method, path, body, user=EMAIL, **query)

    def remote_events(self):
        """Everything on Anna's calendar that stands there now."""
        found, page = [], None
        while True:
            query = {"pageToken": page} if page else {}
            answer = self.api(
                "GET", f"/calendars/{self.calendar_id}/events", maxResults=2500, **query
            )
            found += answer.get("items", [])
            page = answer.get("nextPageToken")
            if not page:
                return found

    def ours(self):
        """Copies of the booked appointment at the provider, found by our id."""
        guid = self.anna.read("calendar.event", self.event_id, "sync_guid")["sync_guid"]
        return [event for event in self.remote_events() if guid_of(event) == guid]

    def event(self, *fields):
        """The appointment in Odoo."""
        return self.anna.read("calendar.event", self.event_id, *fields)

    def change_there(self, body):
        """Edit the event on the other side and let Odoo read it."""
        path = f"/calendars/{self.calendar_id}/events/{self.remote['id']}"
        answer = self.api("PATCH", path, body)
        self.anna.call("calendar.sync.account", "sync_now", [[self.anna.account()["id"]]])
        return answer

    # -- the main job ---------------------------------------------------------------------------
    def connect(self):
        """connect the calendar through the consent form"""
        self.anna.connect("google", self.world, EMAIL)
        card = self.anna.account()
        assert card["status"] == "active", card["status"]
        assert card["is_sync_on"], "the first account's sync is on by itself"
        wait(lambda: self.anna.account()["last_sync"], "the first sync")
        return f"{card['email']} is {card['status_label']}, {len(card['calendars'])} calendars"

    def choose(self):
        """choose the calendar for events"""
        card = self.anna.account()
        chosen = next(row for row in card["calendars"] if row["id"] == card["events_calendar_id"])
        self.anna.call("calendar.sync.account", "choose_calendar", [[card["id"]], chosen["id"]])
        return chosen["name"]

    def book(self):
        """book from the lead card"""
        domain = [["user_id", "=", self.anna.uid], ["partner_id", "!=", False]]
        self.lead = self.anna.search("crm.lead", domain, "name")[0]
        self.start = next_quarter_hour(datetime.now(UTC) + timedelta(days=2))
        times = {"start": odoo_time(self.start), "stop": odoo_time(self.start + timedelta(hours=1))}
        self.event_id = self.anna.book(self.lead["id"], name="Demo of the product", **times)
        return f"on {self.lead['name']!r}"

    def arrives(self):
        """the event appears at the provider with Show Lead and our id, mailing nobody"""
        started = time.monotonic()
        self.remote = wait(self.ours, "the event at the provider")[0]
        waited = time.monotonic() - started
        assert waited <= NEAR_REAL_TIME_S, f"{waited:.1f} s"
        assert "Show Lead" in self.remote["description"]
        assert "/calendar_sync/show_lead/" in self.remote["source"]["url"]
        assert not self.remote.get("attendees"), "nobody was invited"
        assert not self.world.mails(), "nobody is mailed"
        wait(lambda: self.event("sync_badge")["sync_badge"] == "synced", "the badge")
        return f"after {waited:.1f} s, {self.remote['source']['url']}"

    def show_lead(self):
        """the Show Lead link opens the lead, after login only"""
        import requests

        url = self.remote["source"]["url"]
        inside = self.anna.http.get(url, timeout=30, allow_redirects=False)
        assert f"/{self.lead['id']}" in inside.headers["Location"], inside.headers["Location"]
        outside = requests.get(url, timeout=30, allow_redirects=False)
        assert "/web/login" in outside.headers["Location"]
        assert self.lead["name"] not in outside.text
        return "the rep lands on the lead, a stranger on the login page"

    def moved_there(self):
        """moved and renamed on the other side, it follows in Odoo"""
        later = self.start + timedelta(hours=3)
        self.change_there(
            {
                "summary": "Demo with the board",
                "start": {"dateTime": later.isoformat()},
                "end": {"dateTime": (later + timedelta(hours=1)).isoformat()},
            }
        )
        wait(lambda: self.event("start")["start"] == odoo_time(later), "the new time")
        assert self.event("name")["name"] == "Demo with the board"
        self.start = later
        return "time and title came back"

    def both_sides(self):
        """edited on both sides in different fields, both edits survive"""
        path = f"/calendars/{self.calendar_id}/events/{self.remote['id']}"
        self.api("PATCH", path, {"location": "Pier 7"})
        self.anna.call(
            "calendar.event", "write", [[self.event_id], {"name": "Demo with the whole board"}]
        )
        wait(lambda: self.event("location")["location"] == "Pier 7", "the place in Odoo")
        wait(lambda: self.ours()[0]["summary"] == "Demo with the whole board", "the title there")
        there = self.ours()[0]
        assert there["location"] == "Pier 7"
        assert there["id"] == self.remote["id"], "the same event, never a new one"
        assert there["description"].count("/calendar_sync/show_lead/") == 1, "one link"
        assert self.event("name")["name"] == "Demo with the whole board"
        return "title from Odoo, place from the calendar"

    def one_copy(self):
        """there is one copy on each side"""
        assert len(self.ours()) == 1
        domain = [["name", "=", "Demo with the whole board"]]
        assert len(self.anna.search("calendar.event", domain, "id")) == 1
        assert not self.world.mails()
        return "1 there, 1 here, 0 mails"

    def deleted_there(self):
        """deleted on the other side, it is cancelled in Odoo with the reason on the lead"""
        path = f"/calendars/{self.calendar_id}/events/{self.remote['id']}"
        self.api("DELETE", path)
        self.anna.call("calendar.sync.account", "sync_now", [[self.anna.account()["id"]]])
        state = "appointment_state"
        wait(lambda: self.event(state)[state] == "cancelled", "the cancellation")
        domain = [["model", "=", "crm.lead"], ["res_id", "=", self.lead["id"]]]
        bodies = [row["body"] for row in self.anna.search("mail.message", domain, "body")]
        assert any("cancel" in body.lower() for body in bodies), bodies
        return self.event("cancel_reason")["cancel_reason"]

    def deleted_here(self):
        """an appointment that is deleted in Odoo disappears at the provider"""
        times = {"start": odoo_time(self.start), "stop": odoo_time(self.start + timedelta(hours=1))}
        self.event_id = self.anna.book(self.lead["id"], name="Second try", **times)
        wait(self.ours, "the second event")
        guid = self.event("sync_guid")["sync_guid"]
        self.anna.call("calendar.event", "unlink", [[self.event_id]])

        def is_gone():
            return all(guid_of(event) != guid for event in self.remote_events())

        wait(is_gone, "its removal")
        assert not self.world.mails()
        return "gone there too, nobody mailed"

    def disconnect(self):
        """disconnect takes the grant back and keeps the appointments"""
        before = len(self.anna.search("calendar.event", [], "id"))
        account_id = self.anna.account()["id"]
        self.anna.call("calendar.sync.account", "disconnect", [[account_id]])
        operations = [entry["operation"] for entry in self.world.requests()]
        assert any("revoke" in name for name in operations), "the grant is taken back"
        assert self.anna.account()["status"] == "not_connected"
        assert len(self.anna.search("calendar.event", [], "id")) == before
        return f"{before} events stay"

    STEPS = (
        connect,
        choose,
        book,
        arrives,
        show_lead,
        moved_there,
        both_sides,
        one_copy,
        deleted_there,
        deleted_here,
        disconnect,
    )

    def run(self) -> int:
        """All steps; the number that failed. What follows a failed step is not tried."""
        passed = 0
        for step in self.STEPS:
            started = time.monotonic()
            try:
                told = step(self)
            except Exception as error:  # a report for people; the exit code says failed
                print(f"FAILED  {step.__doc__}: {type(error).__name__}: {error}", flush=True)
                break
            passed += 1
            print(
                f"ok      {step.__doc__}: {told} ({time.monotonic() - started:.1f} s)", flush=True
            )
        failed = len(self.STEPS) - passed
        print(f"{passed} passed, {failed} failed")
        return failed


def wait(condition, what, timeout_s=WAIT_S):
    """The first true answer; AssertionError when it does not come in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.25)
    raise AssertionError(f"waited {timeout_s} s in vain for {what}")


def guid_of(event) -> str:
    """Our private id on a remote event."""
    return event.get("extendedProperties", {}).get("private", {}).get("cspGuid", "")


def next_quarter_hour(moment):
    """A time that people choose."""
    return moment.replace(minute=15, second=0, microsecond=0)


def odoo_time(moment) -> str:
    """Naive UTC text, as Odoo reads and writes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


if __name__ == "__main__":
    sys.exit(1 if Check().run() else 0)
