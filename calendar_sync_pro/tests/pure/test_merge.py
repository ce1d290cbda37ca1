"""Three-way merge: fields, people, and that both sides end equal."""

from __future__ import annotations

from ...core.event import Response
from ...sync.merge import merge
from ...sync.normalise import canonical
from .events import ANN, BOB, CARL, event, hour, person

BASE = canonical(event(attendees=(person(ANN), person(BOB))))


def with_people(*people):
    """BASE with other guests."""
    return BASE.replace(attendees=people)


def emails(attendees):
    """Their addresses."""
    return [each.email for each in attendees]


def test_guest_added_in_the_calendar_survives_an_edit_in_odoo():
    """B-06: the guest list is a map by address."""
    there = with_people(person(ANN), person(BOB), person(CARL))
    here = with_people(person(ANN))  # Bob was taken off in Odoo
    result = merge(BASE, here, there, "remote")
    assert emails(result.to_local["attendees"]) == [ANN, CARL]
    assert emails(result.to_remote["attendees"]) == [ANN, CARL]
    assert result.conflicts == ()


def test_answers_of_two_guests_are_merged_one_by_one():
    """B-06: a person's answer belongs to that person."""
    here = with_people(person(ANN, Response.ACCEPTED), person(BOB))
    there = with_people(person(ANN), person(BOB, Response.DECLINED))
    merged = merge(BASE, here, there, "remote").to_local["attendees"]
    assert [each.response for each in merged] == [Response.ACCEPTED, Response.DECLINED]


def test_same_persons_answer_and_optional_flag_are_merged():
    """B-06: parts of one entry are merged too."""
    here = with_people(person(ANN, is_optional=True), person(BOB))
    there = with_people(person(ANN, Response.ACCEPTED), person(BOB))
    result = merge(BASE, here, there, "remote")
    assert result.to_local["attendees"][0] == person(ANN, Response.ACCEPTED, is_optional=True)
    assert result.conflicts == ()


def test_two_answers_of_one_person_are_a_conflict_of_that_person_alone():
    """B-06: the loser is known by name."""
    here = with_people(person(ANN, Response.ACCEPTED), person(BOB))
    there = with_people(person(ANN, Response.DECLINED), person(BOB))
    result = merge(BASE, here, there, "local")
    assert result.to_remote["attendees"][0].response is Response.ACCEPTED
    (conflict,) = result.conflicts
    assert (conflict.name, conflict.lost.response) == ("attendees", Response.DECLINED)


def test_guest_taken_off_here_and_answering_there_is_off():
    """B-06: whoever invites decides; the answer is kept in the journal."""
    here = with_people(person(ANN))
    there = with_people(person(ANN), person(BOB, Response.ACCEPTED))
    result = merge(BASE, here, there, "remote")
    assert emails(result.to_remote["attendees"]) == [ANN]
    assert result.conflicts[0].lost.response is Response.ACCEPTED


def test_equal_sides_send_nothing_even_when_the_base_differs():
    """B-06: no write on either side."""
    same = BASE.replace(title="Same", when=hour(12))
    result = merge(BASE, same, same, "local")
    assert (result.to_local, result.to_remote, result.conflicts) == ({}, {}, ())
