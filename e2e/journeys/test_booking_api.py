"""Agents book by the JSON API: the example agent, an MCP client, a fuzzer, and crowds."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests

from e2e.contract import own_venv
from e2e.support.stack import Stack
from scripts.ground import places

from .people import Product

EXAMPLES = places.REPO / "examples"
DEEP = bool(os.environ.get("CALENDAR_SYNC_PRO_DEEP"))
DANA = {"name": "Dana Fox", "phone": "+4915112345678", "email": "dana@south.example"}
SETUP = """
import json
user = env["res.users"].browse({uid})
keys = env["res.users.apikeys"].with_user(user).sudo()
hours = env["resource.calendar"].create({{"name": "Always", "tz": "UTC", "attendance_ids": [
    (0, 0, {{"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 20,
             "day_period": "morning"}}) for day in range(7)]}})
service = env["booking.service"].create({{"name": {service!r}, "duration_min": 30}})
calendar = env["booking.calendar"].create({{
    "name": {service!r}, "tz": "UTC", "notice_min": 0, "location_kind": "phone",
    "buffer_before_min": 0, "buffer_after_min": 0, "change_notice_min": 0,
    "service_ids": [(4, service.id)],
    "member_ids": [(0, 0, {{"user_id": user.id, "hours_id": hours.id}})]}})
env["calendar.sync.calendar"].search([("user_id", "=", user.id)]).write(
    {{"blocks_availability": True}})
made = [keys._generate(scope, "agent", False) for scope in keys._booking_scopes()]
print("MADE", json.dumps([calendar.id, service.id, *made]))
"""


@pytest.fixture(scope="module")
def product():
    """A product of its own: customers are mailed here."""
    with Stack("booking_api") as stack:
        yield Product(stack)


@pytest.fixture(scope="module")
def desk(product):
    """A rep with a calendar at Google who can be booked by the API."""
    return Desk(product, "Consultation")


class Desk:
    """A rep, her booking calendar, and keys to it."""

    def __init__(self, product, service):
        self.product, self.service_name = product, service
        self.rep = product.person("rep")
        said = product.stack.shell(SETUP.format(uid=self.rep.uid, service=service))
        made = json.loads(said.partition("MADE ")[2].splitlines()[0])
        self.calendar, self.service, self.book_key, self.look_key = made
        self.url = product.stack.odoo.url
        self.rep.sync()

    def ask(self, method, path, body=None, key=None, **headers):
        """One request with the key that may book."""
        headers = {"Authorization": f"Bearer {key or self.book_key}", **headers}
        url = f"{self.url}/booking/api/v1{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=30)

    def slots(self, days=7, **search):
        """Free times."""
        query = "&".join(f"{name}={value}" for name, value in search.items())
        path = f"/calendars/{self.calendar}/slots?service={self.service}&days={days}&{query}"
        return self.ask("GET", path).json()["slots"]

    def choice(self, start):
        """The body that means a time."""
        return {"calendar": self.calendar, "service": self.service, "start": start}

    def book(self, key, customer=DANA, **more):
        """Book something."""
        body = {"customer": customer, **more}
        return self.ask("POST", "/bookings", body, **{"Idempotency-Key": key})

    def environment(self):
        """What the examples are told."""
        env = own_venv.without_python_settings()
        return {**env, "BOOKING_URL": self.url, "BOOKING_API_KEY": self.book_key}

    def booked(self):
        """Odoo's appointments with this service in their title."""
        return self.product.sql(
            "SELECT id, start FROM calendar_event WHERE name LIKE %s AND active ORDER BY start",
            f"{self.service_name}%",
        )


def test_an_assistant_books_for_a_customer_and_it_stands_in_the_calendar(desk):
    """S2-33, S2-36, S2-37: the example agent, as it stands in the product's folder."""
    wish = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT10:00")
    command = [
        sys.executable, EXAMPLES / "booking_agent.py", "--service", "consultation", "--wish", wish,
        "--name", "Dana Fox", "--phone", DANA["phone"], "--notes", "Wants the blue one",
        "--transcript-url", "https://voice.example.com/calls/17",
    ]  # fmt: skip
    env = {**os.environ, **desk.environment()}
    said = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "Done: Consultation" in said.stdout
    desk.rep.settle()
    [event] = desk.rep.named_there("Consultation – Dana Fox")
    assert "Wants the blue one" in event.text
    assert "https://voice.example.com/calls/17" in event.text
    assert DANA["phone"] in event.text.replace(" ", "")


def test_what_was_held_is_nobody_elses_and_a_lost_answer_books_once(desk):
    """B-05, S2-45: hold, book, and the same request again, as after a broken line."""
    first, second = desk.slots(limit=2)
    held = desk.ask("POST", "/holds", desk.choice(first["start"])).json()
    other = desk.ask("POST", "/holds", desk.choice(first["start"]))
    assert (other.status_code, other.json()["type"]) == (409, "taken")
    assert other.json()["next_slots"][0]["start"] == second["start"]
    before = len(desk.booked())
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _n: desk.book("same", hold=held["hold"]), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["booking"] for answer in answers}) == 1
    assert len(desk.booked()) == before + 1
    mixed_up = desk.book("same", slot=desk.choice(second["start"]))
    assert mixed_up.status_code == 409
    assert len(desk.booked()) == before + 1


def test_a_time_that_was_taken_in_the_calendar_meanwhile_is_refused_with_the_next_ones(desk):
    """C12, S2-43, S2-44: the rep enters something herself while the agent talks."""
    slot = desk.slots(limit=1)[0]
    held = desk.ask("POST", "/holds", desk.choice(slot["start"])).json()
    start = datetime.fromisoformat(slot["start"])
    desk.rep.phone.add("Dentist", start, 30, guests=())
    before = len(desk.booked())
    answer = desk.book("late", hold=held["hold"])
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["type"] == "taken"
    assert "orry" in problem["title"]
    assert len(problem["next_slots"]) == 3
    assert "Dentist" not in answer.text
    again = desk.book("late", slot=desk.choice(problem["next_slots"][0]["start"]))
    assert again.status_code == 201
    assert len(desk.booked()) == before + 1
    desk.rep.sync()


def test_a_booking_is_moved_and_cancelled_by_its_own_key_only(desk, product):
    """S2-66: a key of another person doesn't find it."""
    first, second = desk.slots(limit=2)
    made = desk.book("to-move", slot=desk.choice(first["start"]))
    assert made.status_code == 201, made.text
    booking = made.json()["booking"]
    stranger = Desk(product, "Repair")
    assert stranger.ask("GET", f"/bookings/{booking}").status_code == 404
    assert stranger.ask("POST", f"/bookings/{booking}/cancel", {}).status_code == 404
    path = f"/bookings/{booking}/reschedule"
    for _twice in range(2):
        moved = desk.ask("POST", path, {"start": second["start"]})
        assert (moved.status_code, moved.json()["start"]) == (200, second["start"])
    assert first["start"] in {slot["start"] for slot in desk.slots()}
    for _twice in range(2):
        gone = desk.ask("POST", f"/bookings/{booking}/cancel", {"reason": "ill"})
    assert desk.ask("GET", f"/bookings/{booking}").json()["state"] == "cancelled"
    assert gone.status_code in (200, 409)
    assert second["start"] in {slot["start"] for slot in desk.slots()}


def test_a_key_opens_what_it_is_for_and_nothing_else(desk):
    """B-08, S0-33: looking is not booking, and neither is Odoo's own API."""
    start = desk.slots(limit=1)[0]["start"]
    path = f"/calendars/{desk.calendar}/explanation?service={desk.service}&start="
    free = desk.ask("GET", path + start.replace("+", "%2B"), key=desk.look_key).json()
    assert [person["is_free"] for person in free["people"]] == [True]
    night = desk.ask("GET", path + f"{start[:10]}T03:00:00Z", key=desk.look_key).json()
    assert "hours" in {why["code"] for why in night["people"][0]["reasons"]}
    refused = desk.ask("POST", "/holds", desk.choice(start), key=desk.look_key)
    assert refused.status_code == 403
    assert desk.ask("GET", "/calendars", key="nonsense").status_code == 401
    body = {"domain": []}
    headers = {"Authorization": f"Bearer {desk.book_key}"}
    other = requests.post(
        f"{desk.url}/json/2/res.users/search_read", json=body, headers=headers, timeout=30
    )
    assert other.status_code == 401


def test_what_is_too_long_or_no_json_is_refused_in_words(desk):
    """B-08: also a body whose length nobody announced."""
    url, token = f"{desk.url}/booking/api/v1/holds", {"Authorization": f"Bearer {desk.book_key}"}
    long = [b"x" * 60_000] * 2
    for body in (b"".join(long), iter(long)):
        answer = requests.post(url, data=body, headers=token, timeout=30)
        assert answer.status_code == 413, answer.text[:300]
        assert answer.json()["type"] == "too_long"
    answer = requests.post(url, data=b"\xff{", headers=token, timeout=30)
    assert (answer.status_code, answer.json()["type"]) == (400, "no_json")


def test_any_assistant_books_with_the_mcp_server(desk):
    """S2-45: the official SDK's own client starts the server and books through it."""
    task = json.dumps({"service": desk.service_name, "customer": DANA})
    python = own_venv.python_of("agents", EXAMPLES)
    command = [python, places.REPO / "e2e" / "journeys" / "mcp_session.py", task]
    done = subprocess.run(
        command, env=desk.environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert {"find_slots", "hold", "book", "cancel", "why_not"} <= set(seen["tools"])
    assert seen["booked"]["answer"]["state"] == "booked"
    assert seen["again"]["answer"]["booking"] == seen["booked"]["answer"]["booking"]
    assert seen["taken"]["refused"]["type"] == "taken"
    assert seen["taken"]["refused"]["next_slots"]
    assert seen["cancelled"]["answer"]["state"] == "cancelled"


def test_the_api_keeps_to_its_document_whatever_is_sent(desk, tmp_path):
    """B-08: schemathesis makes requests of every kind, and follows the links from a free time over
    a hold to a booking; none may break the server or the promise."""
    config = tmp_path / "schemathesis.toml"
    known = {"path.calendar": desk.calendar, "query.service": desk.service}
    lines = [f'"{name}" = {number}' for name, number in known.items()]
    config.write_text("\n".join(["[parameters]", *lines, ""]), encoding="utf-8")
    desk.product.stack.shell(
        "env['ir.config_parameter'].set_param('calendar_sync_pro.booking_limit_api', '1000000')"
    )
    command = [
        own_venv.python_of("schemathesis"), "-m", "schemathesis.cli", "--config-file", config,
        "run", f"{desk.url}/booking/api/v1/openapi.json", "--url", f"{desk.url}/booking/api/v1",
        "--header", f"Authorization: Bearer {desk.book_key}", "--seed", "1", "--no-color",
        "--max-examples", "25" if DEEP else "5",
        "--phases", "examples,coverage,fuzzing,stateful" if DEEP else "examples,fuzzing,stateful",
    ]  # fmt: skip
    done = subprocess.run(
        command, env=own_venv.without_python_settings(), capture_output=True, text=True,
        timeout=1800, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"Tested: +10", done.stdout)
