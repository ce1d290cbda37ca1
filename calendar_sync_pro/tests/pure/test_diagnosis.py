"""Why isn't it synced? The checks of a connection and their order, on plain facts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ...sync import diagnosis
from ...sync.diagnosis_facts import Level, Shared, Zones
from .diagnosis_facts import ADMIN, BERLIN, EARLIER, LATER, NEW_YORK, NOW, OWNER, VIENNA, WELL


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
        ({"grant_ends_at": LATER}, "grant", "reconnect"),
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
