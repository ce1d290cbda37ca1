"""Zone names of providers, and clock changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ...core.timezones import alike, resolve, to_local, to_utc


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("US/Pacific", "US/Pacific"),
        ("GMT+0200", "Etc/GMT-2"),
        ("UTC-05:00", "Etc/GMT+5"),
        ("Z", "UTC"),
        ("Foo/Bar", ""),
        ("Customized Time Zone", ""),
        ("GMT+05:30", ""),
        ("", ""),
    ],
)
def test_zone_names_of_providers_are_understood_or_admitted_unknown(name, iana):
    """S1-24: a zone is never guessed."""
    assert resolve(name) == iana


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2027-03-28T02:30", "2027-03-28T01:30"),  # skipped: offset before the gap
        ("2027-10-31T02:30", "2027-10-31T00:30"),  # twice: the first one
        ("2027-07-01T10:00", "2027-07-01T08:00"),
        ("2027-01-01T10:00", "2027-01-01T09:00"),
    ],
)
def test_clock_changes_follow_rfc_5545(local, utc):
    """S1-24: times across DST."""
    instant = to_utc(datetime.fromisoformat(local), "Europe/Berlin")
    assert instant == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_instants_come_back_as_wall_clock_time():
    """S1-24: round trip through a zone with half-hour DST."""
    local = datetime(2027, 4, 5, 9, 0)
    assert to_local(to_utc(local, "Australia/Lord_Howe"), "Australia/Lord_Howe") == local


def test_unknown_zone_is_an_error():
    """S1-24: never silently UTC."""
    with pytest.raises(ValueError, match="unknown time zone"):
        to_utc(datetime(2027, 1, 1), "Foo/Bar")


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Europe/Vienna", "W. Europe Standard Time", True),
        ("Asia/Kolkata", "India Standard Time", True),
        ("Europe/Kyiv", "Europe/Kiev", True),
        ("Etc/UTC", "UTC", True),
        ("Europe/London", "Europe/Lisbon", True),
        ("Europe/London", "Europe/Berlin", False),
        ("America/Phoenix", "America/Denver", False),
        ("Africa/Casablanca", "Europe/London", False),
        ("Foo/Bar", "UTC", False),
    ],
)
def test_zones_with_the_same_clocks_are_alike(one, other, are_alike):
    """S1-24, S4-20: a zone that comes back under another name is no edit."""
    assert (alike(one) == alike(other)) is are_alike
    assert alike(alike(one)) == alike(one)
