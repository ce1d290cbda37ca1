"""The lights of an account: each fault turns its own, and only that one."""

import pytest

from calendar_sync_pro.sync.health import Facts, health, lights
from calendar_sync_pro.sync.reasons import REASONS

WELL = Facts("active")
FAULTS = {
    "access_revoked": (Facts("reconnect_required"), "broken"),
    "password_changed": (Facts("reconnect_required", "password_changed"), "broken"),
    "paused_by_admin": (Facts("paused", failures=3, set_aside=2), "paused"),
    "not_connected": (Facts("not_connected"), "off"),
    "not_in_use": (Facts("active", is_used=False, overdue_s=9e9), "off"),
    "calendar_lost": (Facts("active", has_calendar=False), "broken"),
    "app_misconfigured": (Facts("active", "app_misconfigured", failures=1), "broken"),
    "unavailable": (Facts("active", "unavailable", failures=1, failing_s=60), "attention"),
    "internal_error": (Facts("active", "internal_error", failures=9, failing_s=4000), "broken"),
    "overdue": (Facts("active", overdue_s=901), "broken"),
    "mass_delete": (Facts("active", "mass_delete", asking="mass_delete"), "attention"),
    "waiting_long": (Facts("active", late_s=901), "attention"),
    "write_quota": (Facts("active", "write_quota"), "attention"),
    "rate_limited": (Facts("active", throttled=1), "attention"),
    "push_ending": (Facts("active", unrenewed_s=3601), "attention"),
    "grant_ending": (Facts("active", is_grant_ending=True), "attention"),
    "set_aside": (Facts("active", set_aside=1), "attention"),
}


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_turns_its_own_light(code):
    """B-09, B-04: one light, with a sentence and, where a person can help, what helps."""
    facts, expected = FAULTS[code]
    found = lights(facts)
    assert [light.code for light in found] == [code]
    assert health(found) == expected
    assert REASONS[code].sentence
    assert REASONS[code].next_step or code == "not_in_use"


def test_all_well_has_no_light():
    """B-09: neither what just came due, nor what was saved a moment ago is trouble."""
    assert lights(WELL) == ()
    assert lights(Facts("active", overdue_s=900, late_s=900)) == ()
    assert health(()) == "good"


def test_the_worst_comes_first():
    """B-09: several faults at once: the account is as ill as the worst of them."""
    facts = Facts("active", "unavailable", failures=1, overdue_s=5000, set_aside=3, throttled=1)
    found = lights(facts)
    assert [light.code for light in found] == [
        "overdue", "unavailable", "rate_limited", "set_aside",
    ]  # fmt: skip
    assert health(found) == "broken"


def test_being_slowed_down_is_told_once():
    """B-09: an account that fails because it is slowed down has one light for it."""
    found = lights(Facts("active", "rate_limited", failures=1, throttled=4))
    assert found == (("rate_limited", "attention"),)
