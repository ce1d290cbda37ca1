"""The decision table: every row, who may change what, and what must not happen."""

from __future__ import annotations

import pytest

from ...core.event import PERSONAL_FIELDS, Privacy
from ...core.settings import ConflictWinner, LocalDelete, Policy, RemoteDelete
from ...sync.decide import (
    RULES,
    Agree,
    CancelLocal,
    CreateLocal,
    Decline,
    DropLink,
    KeepLocal,
    Noop,
    Pair,
    PushCreate,
    PushDelete,
    PushUpdate,
    Unlink,
    UpdateLocal,
    decide,
    must_ask,
)
from ...sync.normalise import canonical
from .events import ANN, BOB, CARL, event, hour, person
from .pairs import AGREED, EARLY, LATE, POLICY, both, one


def test_event_that_only_the_calendar_has_is_created_in_odoo():
    """S4-04: row `none | none | new`."""
    fields = event(description="<p>Hi</p>")
    decision = one(Pair(remote=fields))
    assert decision == CreateLocal(rule="new_remote", fields=fields, base=canonical(fields))


def test_event_that_only_odoo_has_is_created_in_the_calendar():
    """S4-03: row `none | new | none`."""
    fields = event()
    decision = one(Pair(local=fields))
    assert decision == PushCreate(rule="new_local", fields=fields, base=canonical(fields))


def test_nothing_changed_means_no_write_anywhere():
    """S4-14: row `agreed | same | same`."""
    assert one(both()) == Noop(rule="nothing_changed")


def test_markup_that_the_calendar_rewrote_is_no_change():
    """S1-26: HTML comes back in other words."""
    ours = event(description="<p>Hello <b>Bob</b></p><p>Line</p>")
    theirs = event(description="Hello Bob<br>Line")
    assert one(both(ours, theirs, canonical(ours))) == Noop(rule="nothing_changed")


def test_series_whose_zone_has_another_name_there_is_as_it_was():
    """S4-20, S4-28: Vienna comes back as Berlin, and keeps its name when it is moved there."""
    rule = ("RRULE:FREQ=WEEKLY;COUNT=4",)
    ours = event(when=hour(10, tz="Europe/Vienna"), recurrence=rule)
    theirs = event(when=hour(10, tz="Europe/Berlin"), recurrence=rule)
    assert one(both(ours, theirs, canonical(ours))) == Noop(rule="nothing_changed")
    moved = theirs.replace(when=hour(12, tz="Europe/Berlin"))
    assert one(both(ours, moved, canonical(ours))).values["when"] == hour(12, tz="Europe/Vienna")
    abroad = theirs.replace(when=hour(10, tz="Europe/London"))
    assert one(both(ours, abroad, canonical(ours))).values["when"].tz == "Europe/London"


def test_same_edit_on_both_sides_only_moves_the_base():
    """S4-14: row `both changed to equal values`: no write, no loop."""
    moved = AGREED.replace(when=hour(14))
    decision = one(both(moved, moved))
    assert decision == Agree(rule="both_sides_equal", base=canonical(moved))


def test_edit_in_odoo_is_pushed_with_only_its_field():
    """S4-26, S4-28: row `agreed | changed | same`; markup and zone travel as Odoo has them."""
    ours = AGREED.replace(description="<p>New</p>", when=hour(14, tz="Europe/Paris"))
    decision = one(both(ours))
    assert isinstance(decision, PushUpdate)
    assert decision.rule == "changed_in_odoo"
    assert decision.names == ("when", "description")
    assert decision.values == {"when": ours.when, "description": "<p>New</p>"}
    assert decision.base == canonical(ours)


def test_edit_in_the_calendar_is_taken_with_only_its_field():
    """S1-24, S1-25: row `agreed | same | changed`."""
    theirs = AGREED.replace(title="Workshop")
    decision = one(both(remote=theirs))
    assert decision == UpdateLocal(
        rule="changed_in_calendar", values={"title": "Workshop"}, base=canonical(theirs)
    )


def test_edits_of_different_fields_both_survive():
    """B-06: title here, time there."""
    ours, theirs = AGREED.replace(title="Workshop"), AGREED.replace(when=hour(15))
    update, push = decide(both(ours, theirs), POLICY)
    assert update.values == {"when": theirs.when}
    assert (push.names, push.values) == (("title",), {"title": "Workshop"})
    assert push.base == canonical(theirs.replace(title="Workshop"))
    assert update.conflicts == push.conflicts == ()
    assert {update.rule, push.rule} == {"changed_on_both"}


def test_after_the_first_step_the_push_finds_the_rest_by_itself():
    """B-06: the base after UpdateLocal is what the calendar shows; a crash loses nothing."""
    ours, theirs = AGREED.replace(title="Workshop"), AGREED.replace(when=hour(15))
    update, push = decide(both(ours, theirs), POLICY)
    merged = ours.replace(**update.values)
    later = one(both(merged, update.base, update.base))
    assert (later.names, later.values, later.base) == (push.names, push.values, push.base)


@pytest.mark.parametrize(
    ("winner", "ours_at", "theirs_at", "expected"),
    [
        (ConflictWinner.LATEST, LATE, EARLY, "Ours"),
        (ConflictWinner.LATEST, EARLY, LATE, "Theirs"),
        (ConflictWinner.LATEST, EARLY, EARLY, "Theirs"),
        (ConflictWinner.LATEST, None, EARLY, "Theirs"),
        (ConflictWinner.LATEST, LATE, None, "Theirs"),
        (ConflictWinner.CALENDAR, LATE, EARLY, "Theirs"),
        (ConflictWinner.ODOO, EARLY, LATE, "Ours"),
    ],
)
def test_same_field_on_both_sides_is_decided_by_setting_and_the_loser_is_kept(
    winner, ours_at, theirs_at, expected
):
    """B-06: latest by default, a tie or no time favours the calendar; the journal has both."""
    pair = both(
        AGREED.replace(title="Ours"),
        AGREED.replace(title="Theirs"),
        local_edited_at=ours_at,
        remote_edited_at=theirs_at,
    )
    decisions = decide(pair, Policy(conflict_winner=winner))
    written = [d for d in decisions if isinstance(d, UpdateLocal | PushUpdate)]
    assert [d.values for d in written] == [{"title": expected}]
    (conflict,) = written[0].conflicts
    assert (conflict.was, conflict.here, conflict.there) == ("Demo", "Ours", "Theirs")
    assert conflict.lost == ({"Ours", "Theirs"} - {expected}).pop()


def test_lost_text_is_kept_with_its_markup():
    """B-06: one click restores it."""
    ours = AGREED.replace(description="<p>Our <b>agenda</b></p>")
    (decision,) = decide(both(ours, AGREED.replace(description="Theirs")), POLICY)
    assert decision.conflicts[0].here == "<p>Our <b>agenda</b></p>"


def test_deleted_in_the_calendar_cancels_in_odoo_by_default():
    """S1-27: row `agreed | same | gone`; kept in Odoo, never unlinked."""
    decision = one(Pair(base=AGREED, local=AGREED, is_remote_gone=True))
    assert decision == CancelLocal(rule="deleted_in_calendar", reason="deleted_in_calendar")


def test_deleted_in_the_calendar_after_an_edit_in_odoo_keeps_the_edit_in_the_journal():
    """S1-27: a local change is never silently dropped."""
    ours = AGREED.replace(title="Important")
    decision = one(Pair(base=AGREED, local=ours, is_remote_gone=True))
    assert [(c.name, c.was, c.lost) for c in decision.conflicts] == [("title", "Demo", "Important")]


def test_deleted_in_the_calendar_can_leave_odoo_alone():
    """S1-27: setting C1."""
    policy = Policy(remote_delete=RemoteDelete.KEEP)
    decision = one(Pair(base=AGREED, local=AGREED, is_remote_gone=True), policy)
    assert isinstance(decision, KeepLocal)


def test_deleted_in_odoo_is_removed_from_the_calendar_by_default():
    """S4-25: row `agreed | gone | same`."""
    decision = one(Pair(base=AGREED, remote=AGREED, is_local_gone=True))
    assert decision == PushDelete(rule="deleted_in_odoo")


def test_deleted_in_odoo_after_an_edit_in_the_calendar_keeps_that_edit_in_the_journal():
    """S4-25: row `agreed | gone | changed`."""
    theirs = AGREED.replace(location="Room 2")
    decision = one(Pair(base=AGREED, remote=theirs, is_local_gone=True))
    assert isinstance(decision, PushDelete)
    assert [(c.name, c.lost) for c in decision.conflicts] == [("location", "Room 2")]


def test_deleted_in_odoo_can_stay_in_the_calendar():
    """S4-25: setting C2."""
    policy = Policy(local_delete=LocalDelete.LEAVE)
    decision = one(Pair(base=AGREED, remote=AGREED, is_local_gone=True), policy)
    assert decision == Unlink(rule="left_in_calendar", reason="left_in_calendar")


@pytest.mark.parametrize("rights", [{"is_organizer": False}, {"can_edit": False}])
def test_deleted_in_odoo_never_deletes_what_belongs_to_somebody_else(rights):
    """S4-25: not ours to delete."""
    decision = one(Pair(base=AGREED, remote=AGREED, is_local_gone=True, **rights))
    assert isinstance(decision, Unlink)


def test_guest_who_removes_the_meeting_declines_and_cancels_nothing():
    """S1-27: row `gone at a guest's calendar`."""
    pair = Pair(base=AGREED, local=AGREED, is_remote_gone=True, is_organizer=False)
    assert [type(d) for d in decide(pair, POLICY)] == [Decline, DropLink]


def test_deleted_on_both_sides_only_forgets_the_link():
    """S4-25: row `agreed | gone | gone`."""
    for local in (None, AGREED):  # deleted, or only cancelled
        pair = Pair(base=AGREED, local=local, is_local_gone=True, is_remote_gone=True)
        assert one(pair) == DropLink(rule="deleted_on_both")


def test_deleted_in_odoo_before_it_was_sent_sends_nothing():
    """S4-25: nothing is created to be deleted."""
    assert one(Pair(is_local_gone=True)) == DropLink(rule="never_sent")


def test_adopting_an_event_after_a_reinstall_removes_no_guest_and_keeps_what_loses():
    """B-06: no base: nothing is known about who changed what."""
    ours = event("Ours", attendees=(person(ANN), person(BOB)))
    theirs = event("Theirs", attendees=(person(ANN), person(CARL)))
    update, push = decide(Pair(local=ours, remote=theirs), POLICY)
    assert {each.email for each in update.values["attendees"]} == {ANN, BOB, CARL}
    assert update.values["title"] == "Theirs"
    assert push.names == ("attendees",)
    assert [c.here for c in update.conflicts] == ["Ours"]
    assert update.rule == "adopted"


def test_adopting_an_equal_event_writes_nothing():
    """B-06: reinstall on a calendar that is already right."""
    assert isinstance(one(Pair(local=AGREED, remote=AGREED)), Agree)


def test_moving_a_series_takes_its_rule_along():
    """S4-22: start and rule belong together; weekday and exceptions would not fit otherwise."""
    base = event(when=hour(9), recurrence=("RRULE:FREQ=WEEKLY",))
    theirs = event(when=hour(9, day=5), recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TU",))
    decision = one(both(base, theirs, canonical(base)))
    assert decision.values == {"when": theirs.when, "recurrence": theirs.recurrence}


def test_series_time_here_and_exception_there_is_one_conflict():
    """S4-22: otherwise an occurrence that was deleted would come back."""
    base = event(when=hour(9), recurrence=("RRULE:FREQ=WEEKLY;COUNT=5",))
    ours = base.replace(when=hour(10))
    theirs = base.replace(recurrence=(*base.recurrence, "EXDATE:20270111T090000Z"))
    decision = one(both(ours, theirs, canonical(base)))
    assert decision.values["when"] == base.when
    assert decision.values["recurrence"] == theirs.recurrence
    assert {c.name for c in decision.conflicts} == {"when", "recurrence"}


def test_zone_alone_is_no_change_of_a_single_event():
    """S1-24: instances come without a zone."""
    ours, theirs = event(when=hour(9)), event(when=hour(9, tz=""))
    assert isinstance(one(both(ours, theirs, canonical(ours))), Noop)


@pytest.mark.parametrize(
    ("gone", "links", "is_asked"),
    [
        (5, 5, False),
        (6, 12, False),
        (6, 11, True),
        (7, 13, True),
        (100, 1000, False),
        (0, 0, False),
    ],
)
def test_mass_disappearance_asks_a_person_first(gone, links, is_asked):
    """S1-27: more than five and more than half."""
    assert must_ask(gone, links) is is_asked


def test_every_rule_has_a_sentence_and_every_personal_field_exists():
    """B-06: the journal names the row."""
    assert all(sentence.endswith(".") for sentence in RULES.values())
    assert all(hasattr(AGREED, name) for name in PERSONAL_FIELDS)
    assert AGREED.privacy is Privacy.DEFAULT
