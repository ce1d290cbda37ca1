"""Why isn't it synced? The checks, their order and their words, on plain facts."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ...core.changes import Window
from ...core.event import Attendee, EventFields, EventKind, Privacy, RemoteEvent, Response
from ...core.settings import ExportPolicy, ImportPolicy, Policy
from ...core.when import When
from ...sync import diagnosis, diagnosis_event, reasons
from ...sync.badge import AccountFacts, LinkFacts
from ...sync.diagnosis_entry import Answer, Known, asked, entry
from ...sync.diagnosis_event import Appointment
from ...sync.diagnosis_facts import Connection, Level, Reader, Shared, Zones
from ...sync.diagnosis_words import FIXES, HEADINGS, WORDS

NOW = datetime(2027, 3, 1, 12, 0)
LATER, EARLIER = NOW + timedelta(hours=2), NOW - timedelta(hours=2)
OWNER, ADMIN, FIXED = Reader(), Reader(is_owner=False, is_admin=True), Reader(may_choose=False)
VIENNA, BERLIN, NEW_YORK = "Europe/Vienna", "Europe/Berlin", "America/New_York"
WELL = Connection(
    now=NOW,
    label="Cal",
    email="ann@work.example",
    calendar="Ann",
    usable=1,
    last_sync=NOW,
    zones=Zones(BERLIN, VIENNA),
    blocking=("Ann",),
)


def found(reader=OWNER, **changes):
    """{check: finding} of a connection that is well but for `changes`."""
    return {one.check: one for one in diagnosis.whole(replace(WELL, **changes), reader)}


def begins_with(reader=OWNER, **changes):
    """The finding that the reader is shown first."""
    findings = diagnosis.whole(replace(WELL, **changes), reader)
    return findings[diagnosis.main_trouble(findings)]


def test_nothing_is_wrong_where_all_is_well():
    """S0-28, S2-57: connected, on, the right calendar; each is said, none is in the way."""
    findings = diagnosis.whole(WELL, OWNER)
    assert [one.check for one in findings] == [
        "connection", "toggle", "calendar", "worker", "zones", "availability",
    ]  # fmt: skip
    assert {one.level for one in findings} == {Level.OK}
    assert diagnosis.main_trouble(findings) == -1


@pytest.mark.parametrize(
    ("changes", "check", "fix"),
    [
        ({"status": "not_connected"}, "connection", "authorize"),
        (
            {"status": "reconnect_required", "reason_code": "password_changed"},
            "connection",
            "reconnect",
        ),
        (
            {"status": "reconnect_required", "reason_code": "admin_consent_required"},
            "connection",
            "approval",
        ),
        ({"status": "paused"}, "connection", "copy"),
        ({"reason_code": "api_disabled", "retry_at": LATER}, "connection", "copy"),
        ({"is_sync_on": False}, "toggle", "switch_on"),
        ({"is_sync_on": False, "other_email": "b@x.example"}, "toggle", "switch_here"),
        ({"is_sync_on": False, "has_former_sync": True}, "toggle", "copy"),
        ({"is_sync_on": False, "has_preview": True}, "toggle", "start"),
        ({"is_sync_on": False, "is_busy_only": True}, "toggle", "connections"),
        ({"calendar": ""}, "calendar", "choose"),
        ({"calendar": "", "usable": 0}, "calendar", "refresh"),
        ({"trouble": "missing", "read_only": ("Ann",)}, "calendar", "choose"),
        ({"trouble": "read_only"}, "calendar", "choose"),
        ({"is_cron_on": False}, "worker", "copy"),
        ({"due_since": EARLIER}, "worker", "sync_now"),
        ({"reason_code": "unavailable", "retry_at": LATER}, "service", "again"),
        ({"reason_code": "rate_limited", "retry_at": LATER}, "service", "again"),
        ({"reason_code": "calendar_lost", "retry_at": LATER}, "service", "refresh"),
        ({"slowed_until": LATER}, "service", "again"),
        ({"slowed_until": LATER, "due_since": EARLIER}, "service", "again"),
        ({"wait_writes_until": LATER}, "service", "again"),
        ({"asked_about_many": "mass_removal"}, "decisions", "decide"),
        ({"undecided": 2}, "decisions", "show"),
        ({"set_aside": 3}, "set_aside", "show"),
        ({"shared": (Shared(7, "Team"),)}, "shared", "count_once"),
        ({"shared": (Shared(7, "Team", "Ben", is_events=True),)}, "shared", "choose"),
        ({"duplicates": 1}, "duplicates", "merge"),
        ({"zones": Zones(NEW_YORK, VIENNA)}, "zones", "set_zone"),
        ({"zones": Zones("", VIENNA)}, "zones", "set_zone"),
        ({"blocking": ()}, "availability", "connections"),
        ({"unread": ("Ann",)}, "availability", "sync_now"),
        ({"has_hours": False}, "availability", "copy"),
    ],
)
def test_each_trouble_alone_is_what_the_reader_begins_with(changes, check, fix):
    """B-04, S1-10: a plain cause and a button that mends it."""
    one = begins_with(**changes)
    assert (one.check, one.fixes[0]) == (check, fix)
    assert one.level in (Level.FAIL, Level.WARN)


@pytest.mark.parametrize(
    "reason", ["password_changed", "policy_changed", "access_revoked", "missing_scope"]
)
def test_a_lost_connection_is_told_with_its_own_cause(reason):
    """S1-11, S1-12, S1-13: password, security settings, permissions taken back."""
    one = begins_with(status="reconnect_required", reason_code=reason)
    assert (one.reason, one.fixes) == (reason, ("reconnect",))


def test_two_troubles_are_told_in_the_order_of_the_manuals():
    """S0-28: the sign-in before the switch, the switch before the calendar, that before slowness
    and twins."""
    troubles = {
        "status": "reconnect_required",
        "is_sync_on": False,
        "calendar": "",
        "is_cron_on": False,
        "undecided": 1,
        "set_aside": 1,
        "duplicates": 1,
        "zones": Zones(NEW_YORK, VIENNA),
    }
    order = ["connection", "toggle", "calendar", "worker", "decisions", "set_aside", "duplicates"]
    for name, check in zip(list(troubles), [*order, "zones"], strict=True):
        assert begins_with(**troubles).check == check
        del troubles[name]
    assert begins_with(zones=Zones(NEW_YORK, VIENNA), undecided=1).check == "decisions"


def test_a_warning_waits_behind_what_keeps_everything_out():
    """B-04: duplicates do not hide that nothing is synced."""
    assert begins_with(undecided=4, blocking=(), has_hours=False).check == "decisions"
    assert begins_with(undecided=4, is_cron_on=False).check == "worker"


def test_who_may_not_mend_it_gets_something_to_hand_on():
    """B-04: a rep can't resume, an administrator can't sign in for anybody."""
    assert begins_with(status="paused").fixes == ("copy",)
    assert begins_with(ADMIN, status="paused", reason_code="owner_left").fixes == ("open_hours",)
    assert begins_with(ADMIN, status="paused").fixes == ("resume",)
    assert begins_with(ADMIN, is_cron_on=False).fixes == ("switch_cron_on",)
    assert begins_with(ADMIN, status="reconnect_required").fixes == ("copy",)
    assert begins_with(ADMIN, duplicates=2).fixes == ("copy",)


def test_a_short_wait_is_no_trouble():
    """S1-10: a sync that is due for a moment is about to come."""
    assert found(due_since=NOW - timedelta(minutes=3))["worker"].level is Level.OK
    assert "service" not in found()


def test_the_right_calendar_is_named_and_another_can_be_chosen():
    """S0-31, S2-57: nobody but the person knows which one is right."""
    one = found()["calendar"]
    assert (one.code, one.values["calendar"], one.fixes) == ("goes_to", "Ann", ("choose",))
    assert found(usable=0)["calendar"].fixes == ()
    limited = found(read_only=("Holidays",))["calendar"]
    assert (limited.level, limited.values["others"]) == (Level.OK, "Holidays")


def test_zones_with_the_same_clocks_are_the_same():
    """S2-58: Vienna and Berlin; another continent is told with the button that mends it."""
    assert found()["zones"].level is Level.OK
    one = found(zones=Zones(NEW_YORK, VIENNA))["zones"]
    assert (one.level, one.code, one.values["value"]) == (Level.WARN, "zones_differ", VIENNA)
    away = found(zones=Zones(BERLIN, VIENNA, device=NEW_YORK))["zones"]
    assert (away.level, away.code) == (Level.NOTE, "device_differs")
    booked = found(zones=Zones(BERLIN, VIENNA, booking=((5, "Demos", NEW_YORK),)))["zones"]
    assert (booked.code, booked.values["value"]) == ("booking_differs", 5)


def test_working_hours_and_busy_events_are_told_apart():
    """S0-32, S2-55: what blocks comes from calendars, hours never do."""
    assert found()["availability"].values == {"calendars": "Ann"}
    assert found(has_hours=False)["availability"].code == "no_hours"
    assert found(blocking=())["availability"].code == "nothing_blocks"


def test_offered_although_blocked_is_looked_at_in_three_steps():
    """S2-55: is it connected, is a calendar ticked, do the time zones match? Nothing personal."""
    codes = [one.code for one in diagnosis.offered(WELL, VIENNA)]
    assert codes == ["person_connected", "person_blocks", "person_zone"]
    ill = replace(WELL, status="reconnect_required", blocking=())
    wrong = diagnosis.offered(ill, NEW_YORK)
    assert [one.code for one in wrong] == [
        "person_lost", "person_blocks_none", "person_zones_differ",
    ]  # fmt: skip
    assert "Ann" not in str([one.values for one in (*wrong, *diagnosis.offered(WELL, VIENNA))])
    assert [one.code for one in diagnosis.offered(None, VIENNA)] == ["person_never"]


# -- one appointment ------------------------------------------------------------------------------
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


# -- the words ------------------------------------------------------------------------------------
def every_finding():
    """Whatever the tests of this file make the checks say."""
    for mark in (
        test_each_trouble_alone_is_what_the_reader_begins_with,
        test_an_appointment_that_is_not_there_says_why,
        test_an_entry_that_is_not_in_odoo_says_why,
        test_what_the_calendar_answers_is_told,
    ):
        yield from mark.pytestmark[0].args[1]


def said():
    """Findings of every kind, for every kind of reader."""
    for reader in (OWNER, ADMIN, FIXED, Reader(is_owner=False)):
        for row in every_finding():
            first = row[0]
            if isinstance(first, dict):
                yield from diagnosis.whole(replace(WELL, **first), reader)
            elif isinstance(first, Appointment):
                yield from diagnosis_event.appointment(first, WELL, reader)
            elif isinstance(first, RemoteEvent):
                yield entry(first, Known(), replace(POLICY, **row[1]), WINDOW, reader)
            else:
                yield asked(first)


def test_every_finding_has_a_heading_a_sentence_and_names_for_its_buttons():
    """B-04: no code is ever shown raw, and what a sentence fills in is there."""
    for one in said():
        assert one.check in HEADINGS, one
        assert one.code or one.reason, one
        assert not one.reason or one.reason in reasons.REASONS, one
        assert set(one.fixes) <= set(FIXES), one
        blanks = set(re.findall(r"%\((\w+)\)s", WORDS[one.code] if one.code else ""))
        assert blanks <= set(one.values), one
        assert "set_zone" not in one.fixes or one.values["value"], one


def test_nothing_that_fails_is_left_without_a_button():
    """B-04: every failure and every warning has one, for whoever reads it."""
    for one in said():
        assert one.level not in (Level.FAIL, Level.WARN) or one.fixes, one
