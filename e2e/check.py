"""The main job on real parts, without a person: `./dev demo --check`.

At each provider a rep connects a calendar, books from a lead card, finds the event there with
"Show Lead" and our id; it is moved and renamed on the other side, edited on both sides, and deleted
there; a free time is picked from a booking calendar, and a customer books on its public page. Odoo
works with its own crons; the other side acts through the provider's public API only. The reps work
at the same time. Prints what they did and `N passed, N failed`.
"""

import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from e2e.check_page import PageCustomer
from e2e.check_sides import SIDES, Side
from e2e.journeys.entry import odoo_time
from e2e.support.rep import Rep
from sandbox.client import Sandbox

WAIT_S = 60
NEAR_REAL_TIME_S = 10
PAGE = "northwind"
SHOW_LEAD = re.compile(r"https?://[^\s\"'<>]+/calendar_sync/show_lead/[\w-]+")


class Check:
    """The steps in order; what one learns the next ones use."""

    def __init__(self, side: Side, world: Sandbox):
        self.side, self.world = side, world
        self.rep = Rep(os.environ["CSP_ODOO_URL"], os.environ["CSP_DB"], side.login, side.login)
        self.phone = side.phone(world)
        self.title = f"Demo by {side.login}"
        self.event_id = self.lead = self.there_id = self.url = None
        self.told = []

    # -- helpers --------------------------------------------------------------------------------
    def ours(self):
        """Copies of the booked appointment on the other side."""
        return [entry for entry in self.phone.entries() if entry.title == self.title]

    def event(self, *fields):
        """The appointment in Odoo."""
        return self.rep.read("calendar.event", self.event_id, *fields)

    def sync(self):
        """Let Odoo read the other side now."""
        self.rep.call("calendar.sync.account", "sync_now", [[self.rep.account()["id"]]])

    # -- the main job ---------------------------------------------------------------------------
    def connect(self):
        """connect the calendar as the provider asks for it"""
        self.side.connect(self.rep, self.world)
        shown = self.preview()
        card = self.rep.account()
        assert card["status"] == "active", card["status"]
        assert card["is_sync_on"], "the first account's sync is on by itself"
        wait(lambda: self.rep.account()["last_sync"], "the first sync")
        calendars = len(card["calendars"])
        return f"{card['email']} is {card['status_label']}, {calendars} calendars{shown}"

    def preview(self):
        """Look at what the first sync would do, where the company shows that, and start it."""
        if not self.rep.account()["preview"]:
            return ""
        number = self.rep.account()["preview"]["id"]
        look = ("calendar.sync.preview", "page", [[number]])
        wait(lambda: self.rep.call(*look)["state"] == "ready", "the preview of the first sync")
        counts = self.rep.call(*look)["counts"]
        self.rep.call("calendar.sync.preview", "start", [[number]])
        return f"; {counts['into_odoo']} events to Odoo, {counts['into_calendar']} to the calendar"

    def choose(self):
        """choose the calendar for events"""
        card = self.rep.account()
        chosen = next(row for row in card["calendars"] if row["id"] == card["events_calendar_id"])
        self.rep.call("calendar.sync.account", "choose_calendar", [[card["id"]], chosen["id"]])
        return chosen["name"]

    def book(self):
        """book from the lead card"""
        domain = [["user_id", "=", self.rep.uid], ["partner_id", "!=", False]]
        self.lead = self.rep.search("crm.lead", domain, "name")[0]
        self.start = next_quarter_hour(datetime.now(UTC) + timedelta(days=2))
        times = {"start": odoo_time(self.start), "stop": odoo_time(self.start + timedelta(hours=1))}
        self.event_id = self.rep.book(self.lead["id"], name=self.title, **times)
        return f"on {self.lead['name']!r}"

    def arrives(self):
        """the event appears at the provider with Show Lead and our id, mailing nobody"""
        started = time.monotonic()
        [there] = wait(self.ours, "the event on the other side")
        waited = time.monotonic() - started
        assert waited <= NEAR_REAL_TIME_S, f"{waited:.1f} s"
        self.there_id, self.url = there.id, self.link_in(there)
        assert self.phone.guid(there.id) == self.event("sync_guid")["sync_guid"]
        assert self.phone.links(there.id) == ([self.url] if self.side.has_source else [])
        assert not there.guests, "nobody was invited"
        assert not self.world.mails(), "nobody is mailed"
        wait(lambda: self.event("sync_badge")["sync_badge"] == "synced", "the badge")
        return f"after {waited:.1f} s, {self.url}"

    @staticmethod
    def link_in(there):
        """The one link to the lead in an event's text."""
        assert there.text.count("Show Lead") == 1, there.text
        [url] = set(SHOW_LEAD.findall(there.text))
        return url

    def show_lead(self):
        """the Show Lead link opens the lead, after login only"""
        import requests

        inside = self.rep.http.get(self.url, timeout=30, allow_redirects=False)
        assert f"/{self.lead['id']}" in inside.headers["Location"], inside.headers["Location"]
        outside = requests.get(self.url, timeout=30, allow_redirects=False)
        assert "/web/login" in outside.headers["Location"]
        assert self.lead["name"] not in outside.text
        return "the rep lands on the lead, a stranger on the login page"

    def moved_there(self):
        """moved and renamed on the other side, it follows in Odoo"""
        later = self.start + timedelta(hours=3)
        self.title = f"{self.title} for the board"
        self.phone.change(self.there_id, title=self.title, start=later)
        self.sync()
        wait(lambda: self.event("start")["start"] == odoo_time(later), "the new time")
        assert self.event("name")["name"] == self.title
        self.start = later
        return "time and title came back"

    def both_sides(self):
        """edited on both sides in different fields, both edits survive"""
        self.phone.change(self.there_id, place="Pier 7")
        self.title = f"Whole {self.title}"
        self.rep.call("calendar.event", "write", [[self.event_id], {"name": self.title}])
        wait(lambda: self.event("location")["location"] == "Pier 7", "the place in Odoo")
        [there] = wait(self.ours, "the title on the other side")
        assert there.place == "Pier 7"
        assert there.id == self.there_id, "the same event, never a new one"
        assert self.link_in(there) == self.url, "one link"
        assert self.event("name")["name"] == self.title
        return "title from Odoo, place from the calendar"

    def one_copy(self):
        """there is one copy on each side"""
        assert len(self.ours()) == 1
        domain = [["name", "=", self.title]]
        assert len(self.rep.search("calendar.event", domain, "id")) == 1
        assert not self.world.mails()
        return "1 there, 1 here, 0 mails"

    def deleted_there(self):
        """deleted on the other side, it is cancelled in Odoo with the reason on the lead"""
        self.phone.remove(self.there_id)
        self.sync()
        state = "appointment_state"
        wait(lambda: self.event(state)[state] == "cancelled", "the cancellation")
        domain = [["model", "=", "crm.lead"], ["res_id", "=", self.lead["id"]]]
        bodies = [row["body"] for row in self.rep.search("mail.message", domain, "body")]
        assert any("cancel" in body.lower() for body in bodies), bodies
        return self.event("cancel_reason")["cancel_reason"]

    def deleted_here(self):
        """an appointment that is deleted in Odoo disappears at the provider"""
        times = {"start": odoo_time(self.start), "stop": odoo_time(self.start + timedelta(hours=1))}
        self.title = f"Second try of {self.side.login}"
        self.event_id = self.rep.book(self.lead["id"], name=self.title, **times)
        wait(self.ours, "the second event")
        self.rep.call("calendar.event", "unlink", [[self.event_id]])
        wait(lambda: not self.ours(), "its removal")
        assert not self.world.mails()
        return "gone there too, nobody mailed"

    def pick(self):
        """a free time is picked on the lead card, stands in the calendar and is offered no more"""
        ask = self.slot_picker
        [calendar] = [one for one in ask("")["calendars"] if one["name"] == "Meet Northwind"]
        service = next(one for one in calendar["services"] if one["name"] == "Consultation")
        choice = (calendar["id"], service["id"], self.rep.uid)
        day = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
        start = ask("_week", *choice, day)["next_start"]
        booked = ask("_book", *choice, start, {"notes": "Likes an early call"})
        self.event_id = booked["event_id"]
        self.title = self.event("name")["name"]
        [there] = wait(self.ours, "the booking on the other side")
        assert there.start == odoo_time(datetime.fromtimestamp(start, UTC)), there.start
        assert "Likes an early call" in there.text, there.text
        [time_of] = [one for one in ask("_week", *choice, day)["times"] if one["start"] == start]
        assert not time_of["free"], "nobody gets it twice"
        assert "taken" in ask("_book", *choice, start, {})
        assert not self.world.mails()
        return self.title

    def customer_books(self):
        """a customer books with this rep on the public page, and it stands in the calendar"""
        name = self.rep.read("res.users", self.rep.uid, "name")["name"]
        customer = f"Mia of {self.side.provider}"
        start = PageCustomer(self.rep.url, PAGE).book(
            "Consultation", name, name=customer, email=f"mia@{self.side.provider}.example"
        )
        self.title = f"Consultation – {customer}"
        [there] = wait(self.ours, "the customer's booking on the other side")
        assert there.start == odoo_time(datetime.fromtimestamp(start, UTC)), there.start
        assert customer in there.text, there.text
        assert not there.guests, "the calendar invites nobody"
        assert not self.world.mails()
        return f"{self.rep.url}/book/{PAGE}: {self.title} with {name}"

    def slot_picker(self, method, *args):
        """What the picker on the lead's card asks."""
        return self.rep.call("crm.lead", f"slot_picker{method}", [[self.lead["id"]], *args])

    def disconnect(self):
        """disconnect gives the calendar back and keeps the appointments"""
        own = [["user_id", "=", self.rep.uid]]
        before = len(self.rep.search("calendar.event", own, "id"))
        account_id = self.rep.account()["id"]
        last = max((entry["n"] for entry in self.world.requests()), default=0)
        self.rep.call("calendar.sync.account", "disconnect", [[account_id]])
        operations = [entry["operation"] for entry in self.world.requests(since=last)]
        asked = [name for name in operations if name.startswith(self.side.provider)]
        is_told = any("revoke" in name for name in asked)
        assert is_told == self.side.takes_back, "the grant is taken back where that can be said"
        assert self.rep.account()["status"] == "not_connected"
        assert len(self.rep.search("calendar.event", own, "id")) == before
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
        pick,
        customer_books,
        disconnect,
    )

    def run(self) -> int:
        """All steps; the number that passed. What follows a failed step is not tried."""
        for number, step in enumerate(self.STEPS):
            started = time.monotonic()
            try:
                answer = step(self)
            except Exception as error:  # a report for people; the exit code says failed
                self.told.append(f"FAILED  {step.__doc__}: {type(error).__name__}: {error}")
                return number
            seconds = time.monotonic() - started
            self.told.append(f"ok      {step.__doc__}: {answer} ({seconds:.1f} s)")
        return len(self.STEPS)


def wait(condition, what, timeout_s=WAIT_S):
    """The first true answer; AssertionError when it does not come in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.25)
    raise AssertionError(f"waited {timeout_s} s in vain for {what}")


def next_quarter_hour(moment):
    """A time that people choose."""
    return moment.replace(minute=15, second=0, microsecond=0)


def main() -> int:
    """The main job at every provider at once; 1 when a step failed or was not reached."""
    world = Sandbox(json.loads(os.environ["CSP_SANDBOX"]))
    checks = [Check(side, world) for side in SIDES]
    with ThreadPoolExecutor(len(checks)) as people:
        running = [people.submit(check.run) for check in checks]
    for check in checks:
        print(f"{check.side.provider}: {check.side.email}", *check.told, sep="\n", flush=True)
    passed = sum(one.result() for one in running)
    failed = len(checks) * len(Check.STEPS) - passed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
