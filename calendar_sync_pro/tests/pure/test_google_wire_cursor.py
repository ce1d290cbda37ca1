"""Where a listing stands, and what a refusal means: the two things that must never be misread."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core import errors as core_errors
from ...core.changes import BusyTime, Listing, Window
from ...core.errors import SyncTokenExpired, Unavailable
from ...providers.google import busy, errors
from ...providers.google.cursor import fingerprint, place_of
from ...providers.google.quirks import QUIRKS
from ...providers.http import Answer, retry_after_s

START = datetime(2027, 2, 1, tzinfo=UTC)
WINDOW = Window(START, START + timedelta(days=120))
PRINT = fingerprint("ann@sales.example", {"singleEvents": False})


def resumed(place, window=WINDOW):
    """The place as it comes back from the database."""
    return place_of(place.text(), PRINT, window)


def settled():
    """The place behind a complete listing."""
    return place_of("", PRINT, WINDOW).after({"items": [], "nextSyncToken": "S1"})[0]


def test_full_listing_names_the_start_only_and_pages_with_the_same_query():
    """S4-14: quirk token_window: a timeMax might stay in the sync token."""
    place = place_of("", PRINT, WINDOW)
    assert place.query() == {"timeMin": "2027-02-01T00:00:00Z"}
    place, has_more, kind = place.after({"items": [], "nextPageToken": "P1"})
    assert (has_more, kind) == (True, Listing.PARTIAL)
    later = Window(START + timedelta(days=9), WINDOW.stop + timedelta(days=9))
    assert resumed(place, later).query() == {
        "timeMin": "2027-02-01T00:00:00Z",
        "pageToken": "P1",
    }


def test_sync_token_is_used_alone():
    """S4-14: nothing that Google forbids beside it."""
    place = resumed(settled())
    assert place.query() == {"syncToken": "S1"}
    place, _, kind = place.after({"items": [], "nextPageToken": "P2"})
    assert kind is Listing.INCREMENTAL
    assert resumed(place).query() == {"syncToken": "S1", "pageToken": "P2"}


def test_days_that_rolled_into_the_window_are_listed_once():
    """S4-04: an event made months ago comes in when its time comes near."""
    later = Window(START + timedelta(days=2), WINDOW.stop + timedelta(days=2))
    place = resumed(settled(), later)
    assert place.query() == {"timeMin": "2027-06-01T00:00:00Z", "timeMax": "2027-06-03T00:00:00Z"}
    place, has_more, kind = place.after({"items": []})
    assert (has_more, kind) == (True, Listing.INCREMENTAL)
    assert resumed(place, later).query() == {"syncToken": "S1"}
    place, has_more, _kind = place.after({"items": [], "nextSyncToken": "S2"})
    assert not has_more
    assert resumed(place, later).query() == {"syncToken": "S2"}


def test_window_that_moved_by_hours_costs_no_request():
    """S1-22: an idle poll stays one request."""
    later = Window(START, WINDOW.stop + timedelta(hours=23))
    assert resumed(settled(), later).query() == {"syncToken": "S1"}


def test_window_that_was_widened_backwards_is_listed_there():
    """S4-12: more days back, chosen later, are fetched."""
    wider = Window(START - timedelta(days=30), WINDOW.stop)
    assert resumed(settled(), wider).query() == {
        "timeMin": "2027-01-02T00:00:00Z",
        "timeMax": "2027-02-01T00:00:00Z",
    }


def test_token_made_with_other_parameters_is_not_used():
    """S4-14: a difference is undefined behaviour at Google, so list in full."""
    with pytest.raises(SyncTokenExpired):
        place_of(settled().text(), fingerprint("bob@sales.example", {}), WINDOW)


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": []}, {"error": 1}])
def test_answer_that_is_no_listing_never_completes_one(answer):
    """S4-14: an empty object is not an empty calendar."""
    with pytest.raises(Unavailable):
        place_of("", PRINT, WINDOW).after(answer)


@given(st.text() | st.from_type(dict).map(json.dumps))
def test_whatever_was_stored_is_a_place_or_an_expired_one(text):
    """S4-14: no cursor can stop a calendar for good."""
    with suppress(SyncTokenExpired):
        assert place_of(text, PRINT, WINDOW).query()


# -- refusals --------------------------------------------------------------------------------------


def refusal(status, body, operation="get", is_write=False, **headers):
    """The error for an answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return errors.refusal(Answer(status, headers, raw), operation, is_write)


@given(st.integers(300, 599), st.binary(max_size=60), st.booleans())
def test_every_refusal_is_typed_and_quotes_nothing(status, body, is_write):
    """S1-10: whatever the answer, the error is one of ours and holds none of its text."""
    error = refusal(status, body, is_write=is_write)
    assert isinstance(error, core_errors.ProviderError)
    assert str(error).isascii()


def test_reason_that_is_a_sentence_is_not_passed_on():
    """S1-10: people's words in an error body stay there."""
    body = {"error": {"errors": [{"reason": "Ann's secret meeting"}], "message": "x"}}
    assert "secret" not in str(refusal(400, body))


def test_gone_on_a_listing_and_on_an_event_are_two_things():
    """S4-14: quirk gone_means_three_things."""
    body = {"error": {"errors": [{"reason": "deleted"}]}}
    assert isinstance(refusal(410, body, "delete"), core_errors.NotFound)
    assert isinstance(refusal(410, {}, "changes"), SyncTokenExpired)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("Sat, 21 Nov 2026 09:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 08:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("\u00b2", None),
        ("Fri, 31 Dec 9999 23:00:00 -2300", None),
        ("31536000", 86_400),
        ("9" * 400, 86_400),
        ("Sun, 21 Nov 2027 09:00:00 GMT", 86_400),
    ],
)
def test_retry_after_is_read_in_both_forms(text, seconds):
    """S1-10: seconds or a date, counted on the server's own clock; a day at the most."""
    assert retry_after_s(text, datetime(2026, 11, 21, 9, tzinfo=UTC)) == seconds


# -- busy ------------------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(0, 23))
def test_chunks_cover_the_window_without_gap_or_overlap(days, hours):
    """S2-10: no hour is asked twice or left out."""
    window = Window(START, START + timedelta(days=days, hours=hours))
    pieces = list(busy.chunks(window))
    assert sum((p.stop - p.start for p in pieces), timedelta()) == window.stop - window.start
    assert all(a.stop == b.start for a, b in pairwise(pieces))
    assert all(timedelta(0) < p.stop - p.start <= busy.CHUNK for p in pieces)


def test_busy_time_across_two_chunks_is_one():
    """S2-10: the border of a question is no border in the day."""
    hours = [START + timedelta(hours=n) for n in range(5)]
    times = [
        BusyTime(hours[1], hours[2]),
        BusyTime(hours[0], hours[1]),
        BusyTime(hours[3], hours[4]),
    ]
    assert busy.joined(times) == (BusyTime(hours[0], hours[2]), BusyTime(hours[3], hours[4]))


# -- quirks ----------------------------------------------------------------------------------------


def test_every_quirk_is_dated_and_has_evidence_and_a_test():
    """S4-01: a workaround without a reason cannot be removed later."""
    root = Path(__file__).parents[3]
    folders = (root / "calendar_sync_pro" / "tests", root / "e2e" / "contract")
    text = "\n".join(p.read_text() for folder in folders for p in folder.rglob("*.py"))
    for quirk in QUIRKS:
        assert datetime.fromisoformat(quirk.seen)
        assert quirk.evidence
        assert f"quirk {quirk.key}" in text, quirk.key
