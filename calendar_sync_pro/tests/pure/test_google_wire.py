"""Google's event resources, read from files: every field, and what must not be misread."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ...core.changes import Gone
from ...core.errors import Malformed
from ...core.event import Attendee, EventKind, Privacy, Response, ShowAs
from ...core.when import When
from ...providers.google import client, resource

REPO = Path(__file__).parents[3]
PAYLOADS = Path(__file__).parents[1] / "payloads" / "google"


def item(name):
    """The resource in one payload file."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())["item"]


def event(name):
    """The same as a value."""
    return resource.event_from(item(name))


def test_single_event_carries_all_its_fields():
    """S4-04, S1-25, S1-26: title, text, place, people, privacy and reminders arrive."""
    fields = event("single").fields
    start = datetime(2027, 3, 29, 8, tzinfo=UTC)
    assert fields.when == When(start, start.replace(hour=9), "Europe/Berlin")
    assert (fields.title, fields.location) == ("Demo with Lead GmbH", "Köln, Domplatte 1")
    assert fields.description == "<p>Agenda</p>"
    assert fields.privacy is Privacy.PRIVATE
    assert fields.show_as is ShowAs.BUSY
    assert fields.reminders == (10, 1440)


def test_guests_are_sorted_by_normalised_address():
    """S4-14: the same list is equal whatever the order in which it came."""
    assert event("single").fields.attendees == (
        Attendee("ann@sales.example", response=Response.ACCEPTED),
        Attendee("bob@sales.example", is_optional=True),
        Attendee("room@sales.example", response=Response.ACCEPTED, is_resource=True),
        Attendee("zoe@outside.example", response=Response.TENTATIVE),
    )


def test_identity_and_our_lasting_id_are_read():
    """S4-24: the product's own id comes back from the private properties."""
    found = event("single")
    assert found.guid == "0b9f2c1e-1"
    assert found.ical_uid == "5k2v0f9r8c7d6e5b4a3g2h1i0j@google.com"
    assert found.etag == '"3458123456789000"'
    assert found.updated == datetime(2027, 2, 21, 9, 30, 0, 123000, UTC)
    assert event("meet").guid == ""


def test_all_day_is_a_pair_of_dates_in_no_zone():
    """S1-24: two whole days are two days for everybody, and free here."""
    fields = event("all_day").fields
    assert fields.when == When(date(2027, 3, 28), date(2027, 3, 30))
    assert fields.show_as is ShowAs.FREE


def test_series_keeps_its_lines_as_they_came():
    """S4-30: rules are kept raw."""
    found = event("series_master")
    assert found.is_series
    assert found.fields.recurrence == tuple(item("series_master")["recurrence"])
    assert (found.slot, found.master_id) == ("", "")


def test_moved_occurrence_is_known_by_its_original_start():
    """S1-24: moved to another day, it is still the occurrence of the 12th."""
    found = event("moved_occurrence")
    assert found.slot == "20270412T080000Z"
    assert found.master_id == "5k2v0f9r8c7d6e5b4a3g2h1i0j"
    assert found.fields.when.start == datetime(2027, 4, 13, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("deleted", Gone("5k2v0f9r8c7d6e5b4a3g2h1i0j")),
        (
            "cancelled_occurrence",
            Gone("5k2v0f9r8c7d6e5b4a3g2h1i0j_20270419", "20270419", "5k2v0f9r8c7d6e5b4a3g2h1i0j"),
        ),
    ],
)
def test_cancelled_items_are_gone_and_nothing_else_is_read(name, gone):
    """S1-27: a deleted event promises nothing but its id."""
    assert resource.is_cancelled(item(name))
    assert resource.gone_from(item(name)) == gone


@pytest.mark.parametrize(
    ("name", "rights"),
    [
        ("single", (True, True, False)),
        ("guest_copy", (False, False, False)),
        ("guest_copy_open", (False, True, False)),
        ("hidden_guests", (False, False, True)),
        ("cut_guests", (True, True, True)),
        ("locked", (True, False, False)),
        ("out_of_office", (True, False, False)),
    ],
)
def test_who_may_change_what(name, rights):
    """S4-14: organizer, may edit the shared fields, guest list is hidden or cut."""
    found = event(name)
    assert (found.is_organizer, found.can_edit, found.has_hidden_guests) == rights


@pytest.mark.parametrize(
    ("name", "kind", "show_as"),
    [
        ("out_of_office", EventKind.OUT_OF_OFFICE, ShowAs.OUT_OF_OFFICE),
        ("working_location", EventKind.WORKING_LOCATION, ShowAs.FREE),
        ("from_mail", EventKind.FROM_MAIL, ShowAs.BUSY),
        ("single", EventKind.DEFAULT, ShowAs.BUSY),
    ],
)
def test_special_entries_are_told_apart(name, kind, show_as):
    """S0-23, S0-24: a working location takes no time away, an absence does."""
    found = event(name)
    assert (found.kind, found.fields.show_as) == (kind, show_as)


def test_kind_that_is_not_known_yet_is_never_written():
    """S4-14: what a later Google adds is read-only here."""
    assert not resource.event_from(item("meet") | {"eventType": "hologram"}).can_edit


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("meet", "https://meet.google.com/abc-defg-hij"),
        ("other_conference", "https://meet.example/room"),
    ],
)
def test_join_link_is_read(name, url):
    """S4-04: the link to join comes along."""
    assert event(name).fields.conference_url == url


def test_private_event_of_somebody_else_has_no_title_and_no_surprise():
    """S4-04: absent members are empty fields."""
    fields = event("private_of_others").fields
    assert (fields.title, fields.description, fields.reminders) == ("", "", None)


@pytest.mark.parametrize(
    ("name", "field"), [("bad_stop", "when"), ("bad_start", "when"), ("bad_zone", "when")]
)
def test_item_that_makes_no_sense_names_itself_and_the_part(name, field):
    """S4-14: one poisonous event is put aside by name; its page goes on."""
    with pytest.raises(Malformed) as problem:
        event(name)
    assert (problem.value.field, problem.value.where) == (field, "5k2v0f9r8c7d6e5b4a3g2h1i0j")
    events, gone, unreadable = resource.sorted_items([item(name), item("meet"), item("deleted"), 7])
    assert (len(events), len(gone), len(unreadable)) == (1, 1, 2)


@pytest.mark.parametrize("poison", [None, 7, "x", [], {"date": None}, {"dateTime": 5}])
@pytest.mark.parametrize("member", ["start", "recurrence", "attendees", "reminders", "organizer"])
def test_wrong_types_are_malformed_and_never_another_error(member, poison):
    """S4-14: whatever comes in a member, the item is read or put aside."""
    events, _gone, unreadable = resource.sorted_items([item("single") | {member: poison}])
    assert len(events) + len(unreadable) == 1


def test_occurrence_with_a_broken_original_start_is_put_aside():
    """S4-14: also a cancelled one."""
    broken = item("cancelled_occurrence") | {"originalStartTime": {"date": "soon"}}
    assert resource.sorted_items([broken])[2][0].error.field == "slot"


def test_reading_a_thousand_events_is_quick():
    """S1-23: parsing is no part of what makes a sync slow (bar: 50 ms, generous here)."""
    from time import process_time

    payload = item("single")
    started = process_time()
    for _ in range(1000):
        resource.event_from(payload)
    assert process_time() - started < 0.25


def test_the_client_library_is_loaded_without_a_word():
    """D-12: given a Python that the library will drop one day, then nothing reaches the log."""
    code = f"from {client.__name__} import resources; resources('http://127.0.0.1:1/calendar/v3')"
    loud = [sys.executable, "-W", "error::FutureWarning", "-c", code]

    done = subprocess.run(loud, capture_output=True, text=True, cwd=REPO, check=False)

    assert (done.returncode, done.stderr) == (0, "")
