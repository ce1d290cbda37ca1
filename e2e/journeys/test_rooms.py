"""Rooms and free times as a rep meets them, at each provider: live, silent, and never a title."""

import json

import pytest

from .entry import odoo_time
from .people import in_days, wait, walked

DOMAIN = "north.example"


@pytest.fixture
def with_rooms(product):
    """The product, whose people are asked to let rooms be listed."""
    apps = product.admin.search("calendar.sync.oauth.app", [["name", "=", "Sandbox"]], "id")
    ids = [app["id"] for app in apps]
    product.admin.call("calendar.sync.oauth.app", "write", [ids, {"lists_rooms": True}])
    yield product
    product.admin.call("calendar.sync.oauth.app", "write", [ids, {"lists_rooms": False}])


def new_room(product, name, seats):
    """A room of the organisation; its address."""
    if product.provider == "google":
        facts = {"name": name, "capacity": seats, "domain": DOMAIN}
        return product.world.admin("POST", "/google/rooms", facts)["id"]
    address = f"{name.lower()}@{DOMAIN}"
    product.world.ms.room(address, name, capacity=seats, auto_accept=True)
    return address


def rooms_at(person, event_id):
    """The Rooms tab of an appointment."""
    times = person.odoo.read("calendar.event", event_id, "start", "stop")
    found = person.odoo.call(
        "calendar.event", "rooms_at", [[event_id], times["start"], times["stop"]]
    )
    return {row["name"]: row for row in found["rooms"]}, found["booked"]


def badge(person, event_id):
    """The chip on the appointment."""
    return person.odoo.read("calendar.event", event_id, "sync_badge")["sync_badge"]


@walked("google", deep=["microsoft"])
def test_a_room_is_found_booked_and_its_answer_comes_back(with_rooms, provider):
    """S3-31, S3-32: free with its seats; booked it accepts; taken meanwhile it declines, and that
    needs the organizer. Nobody is mailed."""
    product = with_rooms
    ann, bob = product.person("ann"), product.person("bob")
    name = f"Weser{ann.uid}"
    new_room(product, name, 6)
    ann.odoo.call("calendar.sync.account", "refresh_rooms", [[ann.account_id]])
    bob.odoo.call("calendar.sync.account", "refresh_rooms", [[bob.account_id]])
    first = ann.book("Workshop", start=in_days(3))
    ann.settle()
    room = rooms_at(ann, first)[0][name]
    assert (room["state"], room["capacity"]) == ("free", 6)
    ann.odoo.call("calendar.event", "book_room", [[first], room["id"]])
    ann.settle()
    ann.sync()
    [booked] = rooms_at(ann, first)[1]
    assert (booked["name"], booked["state"]) == (name, "accepted")
    assert ann.odoo.read("calendar.event", first, "location")["location"] == name

    second = bob.book("Clash", start=in_days(4))
    bob.settle()
    bob.odoo.call("calendar.event", "book_room", [[second], room["id"]])
    bob.settle()
    times = {"start": odoo_time(in_days(3)), "stop": odoo_time(in_days(3).replace(minute=30))}
    bob.edit(second, **times)
    bob.settle()
    bob.sync()
    wait(lambda: badge(bob, second) == "problem", "the room's refusal")
    assert badge(ann, first) == "synced"


@walked("google", deep=["microsoft"])
def test_a_day_is_live_and_holds_times_only(product, provider):
    """S3-33, S3-34: what a telephone has just entered counts at once; titles are neither asked for
    nor told, and who can't be read is unknown."""
    ann, bob = product.person("ann"), product.person("bob")
    day = in_days(3)
    bob.add("Canary meeting", day)
    stranger = product.admin.call(
        "res.partner", "create", [[{"name": "Sue", "email": "sue@elsewhere.example"}]]
    )[0]
    people = [bob.partner, ann.partner, stranger]
    product.world.clear_requests()
    found = ann.odoo.call(
        "calendar.availability", "day_of", [people, day.date().isoformat(), "UTC", 60]
    )
    rows = {person["id"]: person for person in found["people"]}
    assert odoo_time(day) in {span["start"] for span in rows[bob.partner]["busy"]}
    assert rows[bob.partner]["source"] == "live"
    assert not rows[ann.partner]["busy"]
    assert (rows[stranger]["source"], rows[stranger]["busy"]) == ("none", [])
    assert rows[stranger]["why"]
    assert odoo_time(day) not in {slot["start"] for slot in found["slots"]}
    assert "Canary" not in json.dumps(found)
    asked = {one["operation"].partition(".")[2] for one in product.world.requests(user=bob.email)}
    assert asked
    assert asked <= {"freebusy.query", "calendarView.list", "calendars.get"}
