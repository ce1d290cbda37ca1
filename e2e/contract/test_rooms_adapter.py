"""Rooms and other people's times at Google and Microsoft, through the port, over real HTTP."""

import itertools

import pytest

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.core.errors import Forbidden
from calendar_sync_pro.core.event import Response
from calendar_sync_pro.providers.microsoft.oauth import PLACES, scopes_of
from calendar_sync_pro.providers.port import BusyUnreadable, Grant, Purpose
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    at,
    changed,
    draft,
    guest,
    new_key,
    shares_times,
)

from .google_world import GoogleWorld
from .microsoft_world import MicrosoftWorld

_NUMBERS = itertools.count(1)
DAY = Window(at(0).start, at(0, day=3).start)


class Google(GoogleWorld):
    """Where the calendar list tells rooms."""

    def room(self, name, seats):
        """A room of the domain; its address."""
        name = f"{name} {next(_NUMBERS)}"
        facts = {"name": name, "capacity": seats, "domain": "sales.example"}
        return self.box.admin("POST", "/google/rooms", facts)["id"], name

    def organizer(self):
        """Ann's account."""
        return self.provider("ann")


class Microsoft(MicrosoftWorld):
    """Where Graph tells rooms, to those who may list places."""

    def room(self, name, seats):
        """A room of the organisation; its address."""
        name = f"{name} {next(_NUMBERS)}"
        address = f"{name.replace(' ', '')}@sales.example".lower()
        self.box.ms.room(address, name, capacity=seats, auto_accept=True)
        return address, name

    def organizer(self):
        """Ann's account, with the permission for rooms."""
        scopes = [*scopes_of(Purpose.SYNC), PLACES]
        tokens = self.box.ms.tokens(self.email("ann"), scopes=scopes)
        grant = Grant(tokens["access_token"], scopes=frozenset(tokens["scopes"]))
        return self.provider("ann", grant=grant)


@pytest.fixture(params=(Google, Microsoft), ids=("google", "microsoft"))
def office(request, google_box):
    """Ann and Bob at one provider."""
    made = request.param(google_box)
    yield made
    made.close()
    google_box.faults.clear()


def room_of(office, seats=6):
    """A room as an attendee."""
    address, name = office.room("Weser", seats)
    return guest(address, name=name, is_resource=True)


def answers(provider, home, event):
    """{address: answer} as the calendar tells them now."""
    found = provider.get(home, event.remote_id).fields.attendees
    return {one.email: (one.response, one.is_resource) for one in found}


def test_a_listed_room_is_booked_and_mails_nobody(office):
    """S3-31, S3-32: found by name and seats, invited as a resource in silence, it accepts."""
    room, ann, home = room_of(office), office.organizer(), office.calendar("ann")
    listed = {one.address: one for one in ann.rooms()}
    assert (listed[room.email].name, listed[room.email].capacity) == (room.name, 6)
    event = ann.create(home, draft("Visit", location=room.name, attendees=(room,)), new_key())
    assert answers(ann, home, event)[room.email] == (Response.ACCEPTED, True)
    assert not office.mails()
    busy = ann.busy_of([room.email], DAY)[room.email]
    assert [(one.start, one.stop) for one in busy] == [(at(10).start, at(10).stop)]


def test_a_room_that_is_taken_declines(office):
    """S3-32: the second meeting at that time gets no; without the room the time is free again."""
    room, ann, home = room_of(office), office.organizer(), office.calendar("ann")
    first = ann.create(home, draft("First", attendees=(room,)), new_key())
    second = ann.create(home, draft("Second", when=at(10, 30), attendees=(room,)), new_key())
    assert answers(ann, home, second)[room.email][0] is Response.DECLINED
    later = changed(ann.get(home, first.remote_id), attendees=())
    ann.update(home, first.remote_id, "", later, ["attendees"])
    assert ann.busy_of([room.email], DAY)[room.email] == ()
    assert not office.mails()


def test_only_times_are_asked_for_other_people(office):
    """S3-34: one request for all, which can't answer with a title; strangers are unreadable."""
    bob, home = office.person("bob"), office.calendar("bob")
    bob.create(home, draft("Canary title", at(10)), new_key())
    shares_times(office, "bob", "ann")
    office.box.clear_requests()
    found = office.provider("ann").busy_of([office.email("bob"), "who@nowhere.example"], WINDOW)
    assert len(found[office.email("bob")]) == 1
    assert isinstance(found["who@nowhere.example"], BusyUnreadable)
    asked = [one["operation"] for one in office.box.requests(user=office.email("ann"))]
    kinds = {one.partition(".")[2] for one in asked}
    assert kinds in ({"freebusy.query"}, {"calendar.getSchedule"})
    assert "Canary" not in repr(found)


def test_outlook_lists_rooms_only_where_that_was_allowed(google_box):
    """S3-32: without the permission it is a reason, not an empty list."""
    world = Microsoft(google_box)
    with pytest.raises(Forbidden, match="rooms_not_allowed"):
        world.provider("ann", grant=world.grant("ann")).rooms()
    world.close()
    assert PLACES not in scopes_of(Purpose.SYNC)
    assert PLACES in scopes_of(Purpose.SYNC, wants_rooms=True)
    assert PLACES not in scopes_of(Purpose.BUSY_ONLY, wants_rooms=True)
