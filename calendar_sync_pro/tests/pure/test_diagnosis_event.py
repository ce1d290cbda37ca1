"""Why isn't this appointment in the calendar, and why isn't that entry in Odoo?"""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from ...core.changes import Window
from ...core.event import Attendee, EventFields, EventKind, Privacy, RemoteEvent, Response
from ...core.settings import ExportPolicy, ImportPolicy, Policy
from ...core.when import When
from ...sync import diagnosis, diagnosis_event
from ...sync.badge import AccountFacts, LinkFacts
from ...sync.diagnosis_entry import Answer, Known, asked, entry
from ...sync.diagnosis_event import Appointment
from ...sync.diagnosis_facts import Level
from .diagnosis_facts import EARLIER, FIXED, LATER, NOW, OWNER, WELL

SYNCED = (NOW - timedelta(days=30), NOW + timedelta(days=92))
EVENT = Appointment(
    start=LATER,
    stop=LATER + timedelta(hours=1),
    synced=SYNCED,
    calendar="Ann",
    link=LinkFacts("synced", AccountFacts("active", "Cal"), web_url="https://cal.example/1"),
)
NOWHERE = replace(EVENT, link=None)


def linked(state="synced", problem_code="", *, is_former=False, **link):
    """The appointment with that link."""
    account = AccountFacts("active", "Cal", is_former=is_former)
    return replace(EVENT, link=LinkFacts(state, account, problem_code, **link))


def told(event, reader=OWNER, **changes):
    """What the reader is shown first about the appointment; the last check but the time zones
    where all is well."""
    findings = diagnosis_event.appointment(event, replace(WELL, **changes), reader)
    at = diagnosis.main_trouble(findings)
    return findings[at] if at >= 0 else findings[-2]


@pytest.mark.parametrize(
    ("event", "code", "fix"),
    [
        (EVENT, "there", "open_there"),
        (replace(NOWHERE, is_attending=False), "no_part", "add_me"),
        (replace(NOWHERE, is_attending=False, is_editable=False), "no_part", "open"),
        (replace(NOWHERE, is_declined=True), "declined", "open"),
        (replace(NOWHERE, is_cancelled=True), "cancelled", "plan_again"),
        (replace(NOWHERE, export_policy=ExportPolicy.NOTHING), "sends_nothing", "send_everything"),
        (replace(NOWHERE, export_policy=ExportPolicy.LEADS), "sends_leads", "send_everything"),
        (replace(NOWHERE, stop=SYNCED[0] - timedelta(hours=1)), "too_old", "copy"),
        (replace(NOWHERE, start=SYNCED[1]), "too_far", "more_days"),
        (replace(NOWHERE, start=SYNCED[1] + timedelta(days=9000)), "too_far", "copy"),
        (replace(NOWHERE, inviter="Ben"), "by_invitation", "sync_now"),
        (replace(NOWHERE, inviter="Ben", missing_invitations="Look there."),
         "by_invitation_missing", "sync_now"),
        (NOWHERE, "overlooked", "send_now"),
        (replace(NOWHERE, marked_at=NOW), "on_its_way", "again"),
        (replace(EVENT, marked_at=EARLIER), "waits_long", "sync_now"),
        (replace(EVENT, marked_at=EARLIER, problem_until=LATER), "tried_again", "sync_now"),
        (linked("frozen"), "former", "connections"),
        (linked(is_former=True), "former", "connections"),
        (linked("needs_you", "would_notify", told=3), "would_tell", "send"),
    ],
)  # fmt: skip
def test_an_appointment_that_is_not_there_says_why(event, code, fix):
    """B-04, S2-57: kept out by choice, on its way, waiting for a person, or simply there."""
    one = told(event)
    assert (one.code, one.fixes[0]) == (code, fix)


@pytest.mark.parametrize(
    ("event", "reason", "fix"),
    [
        (linked("quarantined", "malformed"), "malformed", "retry"),
        (linked("quarantined", "duplicate"), "duplicate", "merge"),
        (linked("read_only", "", is_marked=True), "read_only", "take_theirs"),
        (linked("synced", "not_organizer"), "not_organizer", "take_theirs"),
        (linked("synced", "cleaned_up"), "cleaned_up", "connections"),
        (linked("synced", "unavailable"), "unavailable", "sync_now"),
    ],
)
def test_a_single_event_in_trouble_says_why_and_can_be_mended(event, reason, fix):
    """S1-09, B-04: set aside with its reason, refused, doubled, or only waiting."""
    one = told(event)
    assert (one.reason, one.fixes[0]) == (reason, fix)


def test_the_way_is_looked_at_before_the_appointment():
    """S2-57: a lost sign-in explains every missing appointment; nothing else is guessed then."""
    findings = diagnosis_event.appointment(NOWHERE, replace(WELL, status="paused"), OWNER)
    assert findings[diagnosis.main_trouble(findings)].code == "paused"
    assert "overlooked" not in [one.code for one in findings]
    assert told(linked("quarantined", "malformed"), is_sync_on=False).check == "toggle"


def test_a_lead_takes_an_appointment_out_of_the_window_and_of_the_choice():
    """S2-57: an appointment with a lead goes out however far ahead it is."""
    far = replace(NOWHERE, start=SYNCED[1], has_lead=True, export_policy=ExportPolicy.LEADS)
    assert told(far).code == "overlooked"


def test_what_the_company_fixed_is_changed_by_an_administrator():
    """B-04: nobody gets a button that is refused."""
    event = replace(NOWHERE, export_policy=ExportPolicy.NOTHING)
    assert told(event, FIXED).fixes == ("copy",)
    assert told(event, replace(FIXED, is_admin=True)).fixes == ("settings",)


# -- an entry of the calendar ---------------------------------------------------------------------
POLICY = Policy(
    internal_domains=frozenset({"work.example"}), own_addresses=frozenset({"ann@work.example"})
)
WINDOW = Window(*(at.replace(tzinfo=UTC) for at in SYNCED))
BEN, CARLA = Attendee("ben@work.example"), Attendee("carla@customer.example")
ME = Attendee("ann@work.example", response=Response.DECLINED)


def remote(*people, days=1, kind=EventKind.DEFAULT, **fields):
    """An entry of Ann's calendar."""
    start = (NOW + timedelta(days=days)).replace(tzinfo=UTC)
    when = When(start, start + timedelta(hours=1))
    return RemoteEvent(
        "r1", "", "uid", EventFields(when, "Secret", attendees=people, **fields), kind=kind
    )


@pytest.mark.parametrize(
    ("one", "policy", "code", "fix"),
    [
        (remote(BEN), {}, "entry_internal", "bring_everything"),
        (remote(), {}, "entry_alone", "bring_everything"),
        (remote(CARLA, privacy=Privacy.PRIVATE), {}, "entry_private", None),
        (remote(CARLA, ME), {}, "entry_declined", None),
        (remote(CARLA, days=200), {}, "entry_outside_window", "copy"),
        (remote(CARLA, kind=EventKind.FOCUS), {}, "entry_kind", None),
        (remote(CARLA), {"import_policy": ImportPolicy.BUSY_ONLY}, "entry_import_busy_only",
         "bring_meetings"),
        (remote(CARLA), {"import_policy": ImportPolicy.NOTHING}, "entry_import_nothing",
         "bring_meetings"),
        (remote(CARLA), {}, "entry_coming", "sync_now"),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_in_odoo_says_why(one, policy, code, fix):
    """B-04, S1-35: by the rules that keep it out themselves; its title is never told."""
    finding = entry(one, Known(), replace(POLICY, **policy), WINDOW, OWNER)
    assert (finding.code, next(iter(finding.fixes), None)) == (code, fix)
    assert finding.level is (Level.FAIL if code == "entry_coming" else Level.NOTE)
    assert "Secret" not in repr(finding)


def test_an_entry_that_odoo_knows_is_told_by_what_it_knows():
    """S1-09: there, set aside and why, or twice."""
    there = entry(remote(BEN), Known(is_here=True, state="synced"), POLICY, WINDOW, OWNER)
    aside = entry(remote(BEN), Known(False, "quarantined", "broken_rule"), POLICY, WINDOW, OWNER)
    twice = entry(remote(BEN), Known(True, "quarantined", "duplicate"), POLICY, WINDOW, OWNER)
    assert (there.code, aside.reason, twice.fixes) == ("entry_here", "broken_rule", ("merge",))


@pytest.mark.parametrize(
    ("answer", "level", "code"),
    [
        (Answer(place="there"), Level.OK, "asked_fine"),
        (Answer(place="there", event="there"), Level.OK, "asked_event_there"),
        (Answer(place="there", event="gone"), Level.FAIL, "asked_event_gone"),
        (Answer(place="gone", event="there"), Level.FAIL, "asked_place_gone"),
        (Answer(place="read_only"), Level.FAIL, "asked_place_read_only"),
        (Answer(error="unavailable"), Level.FAIL, ""),
    ],
)
def test_what_the_calendar_answers_is_told(answer, level, code):
    """S2-56, S2-57: it answers or not, the calendar is there and can be written to, and so is the
    appointment."""
    finding = asked(answer)
    assert (finding.level, finding.code, finding.reason) == (level, code, answer.error)
