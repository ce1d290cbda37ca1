"""Organizer and guests in CalDAV: whose meeting it is, whose answer, and who would be told."""

from __future__ import annotations

import pytest

from ...core.errors import Forbidden
from ...core.event import Attendee, EventFields, Response
from ...providers.caldav import writes
from ...providers.caldav.guests import attendees_of, told_by_server
from ...providers.caldav.resource import Resource
from ...providers.port import EventDraft
from .caldav_texts import ANN, BOB, NOW, PATH, YEARS, event, only, resource
from .test_caldav_times import TIMED

CARL = "carl@client.example"
OURS = f"ORGANIZER;CN=Ann:mailto:{ANN}"
THEIRS = "ORGANIZER;CN=Boss:mailto:boss@client.example"
WEEKLY = "DTSTART:20270302T100000Z\nDTEND:20270302T110000Z\nRRULE:FREQ=WEEKLY;COUNT=4"


def guest_line(email: str, *params: str) -> str:
    """An ATTENDEE."""
    return ";".join(["ATTENDEE", *params]) + f":mailto:{email}"


def write(found: Resource, names: set[str], *, slot="", told=False, loud=True, guid="", **fields):
    """Change `names`; as on a server with scheduling when not `loud`."""
    draft = EventDraft(found.at(slot, "get").fields.replace(**fields), guid=guid)
    return writes.change(found, slot, draft, names, NOW, is_told=told, is_loud=loud)


def entries(found: Resource) -> list[str]:
    """The attendees' lines of the master."""
    return found.master.lines("ATTENDEE")


def created(*attendees: Attendee, told: bool, own=(ANN,)) -> Resource:
    """A new meeting."""
    fields = EventFields(TIMED, "Demo", attendees=tuple(sorted(attendees)))
    text = writes.new_text(EventDraft(fields), "u1", own, NOW, is_told=told)
    return Resource(PATH, text, '"1"', own=own)


def test_silent_meeting_asks_the_server_to_leave_its_guests_alone():
    """S4-11: SCHEDULE-AGENT=CLIENT on everybody but the organizer."""
    me = Attendee(ANN, response=Response.ACCEPTED)
    found = created(me, Attendee(BOB, "Bob, B.", is_optional=True), told=False)
    assert told_by_server(found.master, (ANN,)) == set()
    mine, his = entries(found)
    assert "SCHEDULE-AGENT" not in mine
    assert "PARTSTAT=ACCEPTED" in mine
    assert 'CN="Bob, B."' in his
    assert "SCHEDULE-AGENT=CLIENT" in his
    assert found.master.value("ORGANIZER") == f"mailto:{ANN}"


def test_meeting_that_invites_leaves_it_to_the_server():
    """S4-25: no SCHEDULE-AGENT; the server tells exactly the guests."""
    found = created(Attendee(BOB), Attendee(CARL), told=True)
    assert told_by_server(found.master, (ANN,)) == {BOB, CARL}
    assert "SCHEDULE-AGENT" not in found.text()


def test_meeting_without_guests_names_no_organizer():
    """S4-11: an appointment of one's own is no meeting for any server."""
    found = created(told=True)
    assert not found.has_people
    assert only(event()).is_organizer


def test_owner_without_an_address_invites_nobody():
    """S4-11: without an organizer no server may schedule (RFC 6638 §3.1)."""
    found = created(Attendee(BOB), told=False, own=())
    assert not found.master.lines("ORGANIZER")
    assert found.at("", "get").is_organizer
    assert [a.email for a in found.at("", "get").fields.attendees] == [BOB]


@pytest.mark.parametrize("name", ["title", "when", "location", "attendees", "recurrence"])
def test_silent_change_of_a_meeting_that_the_server_knows_is_refused(name):
    """S4-11: quirk silence_calls_off: either way somebody would be mailed."""
    found = resource(event(OURS, guest_line(BOB)))
    before = found.text()
    with pytest.raises(Forbidden, match="would_notify"):
        write(found, {name}, loud=False, title="New")
    assert found.text() == before


@pytest.mark.parametrize("params", [("SCHEDULE-AGENT=CLIENT",), ("SCHEDULE-AGENT=NONE",)])
def test_silent_change_of_a_meeting_that_the_server_leaves_alone_passes(params):
    """S4-11: our own silent meetings can be changed silently."""
    found = resource(event(OURS, guest_line(BOB, *params)))
    assert write(found, {"title"}, loud=False, title="New")
    assert found.at("", "get").fields.title == "New"
    assert entries(found) == [guest_line(BOB, *params)]


@pytest.mark.parametrize("name", ["reminders", "show_as", "guid", "privacy"])
def test_what_a_server_keeps_to_itself_is_written_silently(name):
    """S4-13: a reminder or our id is no news to guests."""
    found = resource(event(OURS, guest_line(BOB)))
    show_as = only(event("TRANSP:TRANSPARENT")).fields.show_as
    privacy = only(event("CLASS:PRIVATE")).fields.privacy
    fields = {"reminders": (5,), "show_as": show_as, "privacy": privacy}
    assert write(found, {name}, loud=False, guid="g", **fields)


def test_choosing_to_invite_hands_the_guests_to_the_server():
    """S4-25: also those who stood there silently before, and those of changed occurrences."""
    part = "RECURRENCE-ID:20270309T100000Z\nDTSTART:20270309T120000Z\nDTEND:20270309T130000Z"
    silent = guest_line(BOB, "PARTSTAT=ACCEPTED", "SCHEDULE-AGENT=CLIENT")
    found = resource(event(WEEKLY, OURS, silent), event(part, OURS, silent))
    assert write(found, {"title"}, told=True, title="Now official")
    assert "SCHEDULE-AGENT" not in found.text()
    assert found.text().count("PARTSTAT=ACCEPTED") == 2


def test_silent_deletion_of_an_invited_meeting_is_refused():
    """S4-11: the server would call it off by mail; silent and foreign ones may go."""
    invited = resource(event(OURS, guest_line(BOB)))
    with pytest.raises(Forbidden, match="would_notify"):
        writes.check_delete(invited, (ANN,), is_loud=False)
    writes.check_delete(invited, (ANN,), is_loud=True)
    silent = guest_line(BOB, "SCHEDULE-AGENT=CLIENT")
    writes.check_delete(resource(event(OURS, silent)), (ANN,), is_loud=False)
    writes.check_delete(resource(event(THEIRS, guest_line(ANN))), (ANN,), is_loud=False)


def test_new_guest_list_keeps_everybodys_own_answer_and_parameters():
    """S4-14: our stale idea of an answer is never written, other programs' notes stay."""
    his = guest_line(BOB, "PARTSTAT=TENTATIVE", "X-NUM-GUESTS=2", "SCHEDULE-STATUS=1.1")
    nameless = "ATTENDEE;CUTYPE=GROUP:urn:uuid:123"
    found = resource(event(OURS, his, nameless))
    people = (Attendee(BOB, response=Response.DECLINED), Attendee(CARL))
    assert write(found, {"attendees"}, attendees=people)
    lines = entries(found)
    assert lines[0] == his
    assert nameless in lines
    assert {a.email: a.response for a in attendees_of(found.master)} == {
        BOB: Response.TENTATIVE,
        CARL: Response.NEEDS_ACTION,
    }


def test_guest_who_leaves_the_list_is_gone_and_the_last_one_takes_the_organizer_along():
    """S1-25: a meeting without guests is an appointment again."""
    found = resource(event(OURS, guest_line(BOB), guest_line(CARL)))
    assert write(found, {"attendees"}, attendees=(Attendee(CARL),))
    assert [a.email for a in attendees_of(found.master)] == [CARL]
    assert write(found, {"attendees"}, attendees=())
    assert not found.has_people


def test_somebody_elses_meeting_is_told_as_such():
    """S4-14: whose it is decides what may be changed; our own id does not travel to guests."""
    found = only(event(THEIRS, guest_line(ANN), "X-CALENDAR-SYNC-PRO-GUID:g1"))
    assert (found.is_organizer, found.can_edit, found.guid) == (False, False, "")
    assert (found.organizer_email, found.organizer_name) == ("boss@client.example", "Boss")


@pytest.mark.parametrize("name", ["title", "when", "location", "description", "recurrence"])
def test_guest_cannot_change_what_everybody_shares(name):
    """S4-14: a refusal that is told, and nothing changed."""
    found = resource(event(THEIRS, guest_line(ANN)))
    before = found.text()
    with pytest.raises(Forbidden, match="not_organizer"):
        write(found, {name, "reminders"}, title="Mine", reminders=(5,))
    assert found.text() == before


def test_guest_answers_and_sets_reminders_and_nothing_else_changes():
    """S4-14: the own answer, the own reminder; the list itself is the organizer's."""
    others = guest_line(CARL, "PARTSTAT=ACCEPTED")
    found = resource(event(THEIRS, guest_line(ANN, "RSVP=TRUE", "X-A=1"), others))
    people = tuple(sorted((Attendee(ANN, response=Response.ACCEPTED), Attendee(CARL))))
    assert write(found, {"attendees", "reminders"}, attendees=people, reminders=(10,))
    mine, his = entries(found)
    assert mine == guest_line(ANN, "X-A=1", "PARTSTAT=ACCEPTED")
    assert his == others
    assert found.at("", "get").fields.reminders == (10,)
    with pytest.raises(Forbidden, match="guest_list_not_ours"):
        write(found, {"attendees"}, attendees=people[:1])


def test_guest_answers_one_day_of_a_series():
    """S4-30: a changed occurrence of the guest's own copy, with that answer only there."""
    found = resource(event(WEEKLY, THEIRS, guest_line(ANN)))
    declined = (Attendee(ANN, response=Response.DECLINED),)
    assert write(found, {"attendees"}, slot="20270309T100000Z", attendees=declined)
    series, day = Resource(PATH, found.text(), "", own=(ANN,)).told(YEARS).events
    assert series.fields.attendees[0].response is Response.NEEDS_ACTION
    assert (day.slot, day.fields.attendees[0].response) == ("20270309T100000Z", Response.DECLINED)


@pytest.mark.parametrize(
    ("line", "email"),
    [
        ('ATTENDEE;CN="A, B":MAILTO:Bob@Client.Example', BOB),
        (f"ATTENDEE;EMAIL={BOB}:urn:uuid:1", BOB),
        (f"ATTENDEE:{BOB}", BOB),
        (f'ATTENDEE;X-P="a:b;c":mailto: {BOB} ', BOB),
    ],
)
def test_addresses_are_found_in_any_form(line, email):
    """S2-11: capitals, another scheme with EMAIL beside it, quoted parameters."""
    assert [a.email for a in only(event(line)).fields.attendees] == [email]


@pytest.mark.parametrize(
    ("params", "response"),
    [
        ("PARTSTAT=accepted", Response.ACCEPTED),
        ("PARTSTAT=DELEGATED", Response.NEEDS_ACTION),
        ("PARTSTAT=X-MAYBE", Response.NEEDS_ACTION),
        ("CUTYPE=INDIVIDUAL", Response.NEEDS_ACTION),
    ],
)
def test_answers_that_nobody_knows_are_no_answers(params, response):
    """S4-14: neither yes nor no is made up."""
    assert only(event(guest_line(BOB, params))).fields.attendees[0].response is response


def test_rooms_and_optional_people_are_told_apart():
    """S4-14: a room is not invited like a person."""
    room, maybe = only(
        event(
            guest_line("a-room@x.example", "CUTYPE=ROOM"), guest_line(BOB, "ROLE=OPT-PARTICIPANT")
        )
    ).fields.attendees
    assert (room.is_resource, room.is_optional) == (True, False)
    assert (maybe.is_resource, maybe.is_optional) == (False, True)
