"""Forty-six series from the real world: every start, stop and original start must be right."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ...core.recurrence import expand
from ...core.rule_text import canonical_lines
from .series_files import VECTORS, read, window_of

IN_A_CLOCK_CHANGE = {"r22-dst-gap", "r23-dst-overlap"}


def _moment(text: str) -> datetime | date:
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC)
    return date.fromisoformat(text)


def _expected(vector: dict) -> list[tuple[datetime | date, datetime | date]]:
    return [(_moment(each["start"]), _moment(each["end"])) for each in vector["expected"]]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_series_shows_the_occurrences_that_every_calendar_shows(vector):
    """S4-22, S4-30: recurring events keep their occurrences, also across DST and exceptions.

    Stops are compared but for one that falls into a clock change: the vectors give it as wall
    clock (before its start, even), we keep the exact length (RFC 5545 §3.8.5.3).
    """
    seen = read(vector).seen_in(window_of(vector))
    assert [when.start for _slot, when in seen] == [start for start, _stop in _expected(vector)]
    if vector["id"] not in IN_A_CLOCK_CHANGE:
        assert [when.stop for _slot, when in seen] == [stop for _start, stop in _expected(vector)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_moved_occurrence_keeps_the_name_of_its_original_start(vector):
    """S4-22: an override is found again by its original start."""
    slots = {when.start: slot for slot, when in read(vector).seen_in(window_of(vector))}
    for each in vector["expected"]:
        if "recurrence_id" in each:
            original = each["recurrence_id"].replace("-", "").replace(":", "")
            assert slots[_moment(each["start"])] == original


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_form_for_comparing_says_the_same(vector):
    """S4-22: the canonical form of a rule has its occurrences and is its own canonical form."""
    series, window = read(vector), window_of(vector)
    lines = canonical_lines(series.lines, series.when)
    assert expand(series.when, lines, window) == expand(series.when, series.lines, window)
    assert canonical_lines(lines, series.when) == lines
