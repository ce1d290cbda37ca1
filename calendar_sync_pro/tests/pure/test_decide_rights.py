"""Who may change what: the organizer's link, an elected one, and guests' links."""

from __future__ import annotations

from ...core.event import Response, ShowAs
from ...sync.decide import Agree, KeepLocal, Noop, decide
from ...sync.normalise import canonical
from .events import ANN, BOB, CARL, event, hour, person
from .pairs import AGREED, EARLY, LATE, POLICY, both, one


def test_guests_link_never_takes_or_sends_shared_fields():
    """B-06: title and time merge only through the organizer's link."""
    pair = both(AGREED.replace(title="Ours"), AGREED.replace(when=hour(15)), is_organizer=False)
    decision = one(pair)
    assert isinstance(decision, Agree)
    pushed = one(both(AGREED.replace(title="Ours"), is_organizer=False))
    assert pushed == Noop(rule="nothing_changed")


def test_guests_link_carries_personal_fields_and_the_own_answer():
    """B-06: show-as, reminders, privacy and the answer belong to the person."""
    people = (person(ANN), person(BOB))
    agreed = canonical(event(attendees=people))
    ours = agreed.replace(attendees=(person(ANN, Response.ACCEPTED), person(BOB)))
    theirs = agreed.replace(
        show_as=ShowAs.FREE, attendees=(person(ANN), person(BOB, Response.DECLINED))
    )
    update, push = decide(both(ours, theirs, agreed, is_organizer=False), POLICY)
    assert update.values == {"show_as": ShowAs.FREE}
    assert push.names == ("attendees",)
    assert push.values["attendees"][0].response is Response.ACCEPTED
    assert push.values["attendees"][1].response is Response.DECLINED


def test_answer_given_in_the_own_calendar_comes_to_odoo_alone():
    """B-06: another guest's answer is the organizer's link's business."""
    agreed = canonical(event(attendees=(person(ANN), person(BOB))))
    theirs = agreed.replace(
        attendees=(person(ANN, Response.ACCEPTED), person(BOB, Response.ACCEPTED))
    )
    decision = one(both(agreed, theirs, agreed, is_organizer=False))
    answers = [each.response for each in decision.values["attendees"]]
    assert answers == [Response.ACCEPTED, Response.NEEDS_ACTION]


def test_elected_link_takes_shared_fields_but_does_not_write_what_it_may_not():
    """B-06: organizer not connected: Odoo follows the calendar and keeps its own edit, once."""
    rights = {"is_organizer": False, "is_elected": True, "can_edit": False}
    moved = one(both(remote=AGREED.replace(when=hour(15)), **rights))
    assert moved.values == {"when": hour(15)}
    kept = one(both(AGREED.replace(title="Ours"), **rights))
    assert kept == KeepLocal(rule="read_only", reason="read_only", names=("title",))


def test_read_only_event_keeps_the_edit_in_odoo_and_pushes_only_personal_fields():
    """B-06: Forbidden is known before asking."""
    ours = AGREED.replace(title="Ours", show_as=ShowAs.FREE)
    push, keep = decide(both(ours, can_edit=False), POLICY)
    assert push.names == ("show_as",)
    assert keep == KeepLocal(rule="read_only", reason="read_only", names=("title",))


def test_read_only_event_changed_on_both_sides_follows_the_calendar():
    """B-06: the organizer's copy is authoritative, Odoo's value is kept in the journal."""
    ours, theirs = AGREED.replace(title="Ours"), AGREED.replace(title="Theirs")
    decision = one(both(ours, theirs, can_edit=False, local_edited_at=LATE, remote_edited_at=EARLY))
    assert decision.values == {"title": "Theirs"}
    assert decision.conflicts[0].lost == "Ours"


def test_read_only_event_still_sends_the_own_answer():
    """B-06: accepting is allowed to every guest."""
    agreed = canonical(event(attendees=(person(ANN), person(BOB))))
    ours = agreed.replace(attendees=(person(ANN, Response.ACCEPTED), person(BOB)))
    pair = both(ours, agreed, agreed, is_organizer=False, is_elected=True, can_edit=False)
    decision = one(pair)
    assert decision.names == ("attendees",)


def test_hidden_guest_list_removes_nobody_and_is_never_written_back():
    """B-06: a cut list is not a shorter list."""
    agreed = canonical(event(attendees=(person(ANN), person(BOB), person(CARL))))
    theirs = agreed.replace(attendees=(person(ANN, Response.ACCEPTED),), title="New")
    decision = one(both(agreed, theirs, agreed, has_hidden_guests=True))
    assert {each.email for each in decision.values["attendees"]} == {ANN, BOB, CARL}
    assert decision.values["title"] == "New"
    ours = agreed.replace(attendees=(person(ANN), person(BOB)))
    kept = one(both(ours, agreed, agreed, has_hidden_guests=True))
    assert kept == KeepLocal(rule="hidden_guests", reason="hidden_guests", names=("attendees",))


def test_answer_under_a_hidden_guest_list_is_not_written_back():
    """B-06: writing a cut list could take guests off; the answer is given in the calendar."""
    agreed = canonical(event(attendees=(person(ANN), person(BOB))))
    ours = agreed.replace(attendees=(person(ANN, Response.ACCEPTED), person(BOB)))
    pair = both(ours, agreed, agreed, is_organizer=False, has_hidden_guests=True)
    assert one(pair) == Noop(rule="nothing_changed")
