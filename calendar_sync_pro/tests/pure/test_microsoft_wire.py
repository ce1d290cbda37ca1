"""Graph's event resources, read from files and written back: every field, and what must not be
misread."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core.errors import Malformed
from ...core.event import Attendee, EventFields, Privacy, Response, ShowAs
from ...core.when import When
from ...providers.microsoft import guests, resource, text, wire
from ...providers.microsoft.quirks import QUIRKS
from ...providers.port import EventDraft

PAYLOADS = Path(__file__).parents[1] / "payloads" / "microsoft"
START = datetime(2027, 3, 29, 8, tzinfo=UTC)
TIMED = When(START, START + timedelta(hours=1), "Europe/Berlin")


def item(name):
    """The resource in one payload file."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())["item"]


def event(name, owner=""):
    """The same as a value."""
    return resource.event_from(item(name), owner)


def test_single_event_carries_all_its_fields():
    """S4-04, S4-26, S4-28: title, text, place, times, privacy and reminder arrive."""
    fields = event("single").fields
    assert fields.when == TIMED
    assert (fields.title, fields.location) == ("Demo with Lead GmbH", "Köln, Domplatte 1")
    assert fields.description == "<p>Agenda</p>"
    assert fields.show_as is ShowAs.OUT_OF_OFFICE
    assert fields.privacy is Privacy.CONFIDENTIAL
    assert fields.reminders == (30,)


def test_identity_and_our_lasting_id_are_read():
    """S4-24: from the extension, whose id Exchange gives a prefix."""
    found = event("single")
    assert found.guid == "0b9f2c1e-0001"
    assert found.etag == 'W/"LoZTRuQAAAA=="'
    assert found.updated == datetime(2027, 2, 21, 9, 30, 0, 123456, UTC)
    assert (found.organizer_email, found.is_organizer) == ("ann@sales.example", True)
    assert found.web_url == "https://outlook.example/calendar/item/1"


def test_guests_are_sorted_by_normalised_address_with_their_answers():
    """S4-14: whoever has no address is left out."""
    assert event("single").fields.attendees == (
        Attendee("bob@sales.example", response=Response.TENTATIVE, is_optional=True),
        Attendee("room@sales.example", response=Response.ACCEPTED, is_resource=True),
        Attendee("zoe@outside.example"),
    )


def test_own_answer_of_a_guest_stands_beside_the_list():
    """S4-14: quirk own_answer_beside_list: a guest's copy tells nobody's answer in the list."""
    found = event("guest_copy", owner="bob@sales.example")
    answers = {one.email: one.response for one in found.fields.attendees}
    assert answers["bob@sales.example"] is Response.ACCEPTED
    assert answers["zoe@outside.example"] is Response.NEEDS_ACTION
    assert not found.is_organizer
    assert not found.can_edit
    assert found.has_hidden_guests


def test_all_day_is_a_pair_of_dates_whatever_zone_they_came_in():
    """S1-24: never shifted by a zone."""
    whole = {"isAllDay": True}
    for zone in ("UTC", "Pacific Standard Time", "tzone://Microsoft/Custom"):
        points = {
            name: {"dateTime": f"2027-03-{day}T00:00:00.0000000", "timeZone": zone}
            for name, day in (("start", 28), ("end", 30))
        }
        when = wire.when_from({**whole, **points, "originalStartTimeZone": zone})
        assert when == When(date(2027, 3, 28), date(2027, 3, 30))


def test_zone_that_nobody_knows_is_dropped_from_a_single_event_only():
    """S4-28: a series cannot repeat in it and is put aside."""
    odd = item("single") | {"originalStartTimeZone": "tzone://Microsoft/Custom"}
    assert wire.when_from(odd).tz == ""
    series = item("series_master")
    series |= {"originalStartTimeZone": "tzone://Microsoft/Custom"}
    series["recurrence"]["range"]["recurrenceTimeZone"] = "tzone://Microsoft/Custom"
    with pytest.raises(Malformed) as broken:
        resource.event_from(series)
    assert broken.value.field == "when"


def test_series_repeats_in_the_zone_of_its_range():
    """S4-28, S4-30: Windows' name for it is understood."""
    found = event("series_master")
    assert found.is_series
    assert found.fields.recurrence == ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6",)
    assert found.fields.when.tz == "Europe/Berlin"


def test_moved_occurrence_is_known_by_its_series_and_original_start():
    """S4-30: quirk uid_per_occurrence: and has the uid of its series, not its own."""
    found = event("exception")
    assert found.slot == "20270405T070000Z"
    assert found.remote_id == f"{item('series_master')['id']}#{found.slot}"
    assert found.ical_uid == item("series_master")["iCalUId"]
    assert found.ical_uid != item("exception")["iCalUId"]
    assert not found.is_series
    assert found.guid == ""


def test_occurrences_that_were_taken_out_are_named_by_their_slot():
    """S1-27: the hour of the series on that day, also behind a change to summer time."""
    master = item("series_master") | {
        "cancelledOccurrences": ["OID.AAk=.2027-03-22", "OID.AAk=.2027-04-12"]
    }
    assert resource.cancelled_slots(master) == ("20270322T080000Z", "20270412T070000Z")


@pytest.mark.parametrize("name", ["start", "recurrence", "attendees"])
def test_nonsense_is_told_with_the_part_that_it_is_in(name):
    """S4-14: one broken event is put aside by name."""
    broken = item("series_master") | {name: {"odd": 1} if name != "attendees" else [7]}
    with pytest.raises(Malformed) as refused:
        resource.event_from(broken)
    assert refused.value.where == broken["id"]


def test_unknown_words_are_read_on_the_safe_side():
    """S2-10: busy and private rather than free and open."""
    odd = item("single") | {"showAs": "unknown", "sensitivity": "secret-ish"}
    fields = resource.event_from(odd).fields
    assert (fields.show_as, fields.privacy) == (ShowAs.BUSY, Privacy.PRIVATE)


# -- bodies ----------------------------------------------------------------------------------------

JOIN = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?a=1&b=2"
BLOB = (
    '<div class="me-email-text"><div>' + "_" * 80 + "</div><div>Microsoft Teams meeting</div>"
    f'<div>Join: <a href="{JOIN.replace("&", "&amp;")}">Join</a></div><div>'
    + "_" * 80
    + "</div></div>"
)
FRAME = (
    '<html>\r\n<head>\r\n<meta content="text/html"></head>\r\n<body>\r\n{}\r\n</body>\r\n</html>'
)


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (FRAME.format("<p>Agenda</p>"), "<p>Agenda</p>"),
        (FRAME.format('<div class="PlainText">a &amp; b<br>\r\nc</div>'), "a & b\nc"),
        (FRAME.format("plain"), "plain"),
        (FRAME.format("&lt;b&gt; is a tag"), "&lt;b&gt; is a tag"),
        ("", ""),
    ],
)
def test_frame_of_exchange_is_not_part_of_the_description(content, description):
    """S4-26: what was written is read, not what Exchange wraps around it."""
    assert text.description_of(content) == description


def test_join_text_of_a_meeting_is_taken_off_and_put_back():
    """S4-26: a body without it would end the online meeting."""
    content = FRAME.format(f"<p>Agenda</p><br>\r\n{BLOB}")
    assert text.description_of(content, JOIN) == "<p>Agenda</p>"
    blob = text.blob_of(content, JOIN)
    written = text.body_of("New & better", blob)
    assert written["contentType"] == "html"
    assert written["content"].startswith("New &amp; better")
    assert BLOB in written["content"]
    assert text.description_of(written["content"], JOIN) == "New & better"


def test_join_text_that_cannot_be_told_apart_is_not_guessed():
    """S4-26: nothing is cut out of a description by mistake."""
    assert text.blob_of("<p>____________________________ my line</p>", JOIN) == ""
    assert text.blob_of(f'<p><a href="{JOIN}">mine</a></p>', JOIN) == ""
    assert text.blob_of("<p>x</p>", "") == ""


# -- writing ---------------------------------------------------------------------------------------


def test_new_event_carries_its_key_and_our_lasting_id_in_one_constant_place():
    """S4-24, S4-25: idempotent by transactionId, found again by property, known by extension."""
    body = resource.new_event(EventDraft(EventFields(TIMED, "T"), guid="g-1"), "k1")
    assert resource.ours(body) == {"key": "k1", "guid": "g-1"}
    assert body["extensions"] == [
        {
            "@odata.type": "microsoft.graph.openTypeExtension",
            "extensionName": "CalendarSyncPro.Appointment",
            "AppointmentGuid": "g-1",
        }
    ]
    assert [p["value"] for p in body["singleValueExtendedProperties"]] == ["k1"]
    assert "recurrence" not in body


def test_copy_of_our_event_is_not_taken_for_ours_by_somebody_elses_transaction():
    """S3-14: only our own form of a transactionId says anything."""
    assert resource.guid_from({"transactionId": "7E163156-7762-4BEB-A1C6-729EA81755A7"}) == ""
    assert resource.guid_from({}) == ""


def test_only_named_fields_are_written():
    """S4-13: and the rule goes with its times."""
    fields = EventFields(TIMED, "T", recurrence=("RRULE:FREQ=DAILY;COUNT=2",))
    assert resource.members(fields, ["title"]) == {"subject": "T"}
    assert resource.members(fields, ["when"]).keys() == {"start", "end", "isAllDay", "recurrence"}
    alone = resource.members(fields.replace(recurrence=()), ["recurrence"])
    assert alone == {"recurrence": None}


def test_names_and_rooms_of_guests_who_stay_are_kept():
    """S4-14: an unchanged list is not written at all."""
    current = item("single")
    same = event("single").fields.attendees
    assert guests.changed_list(current, same) == {}
    more = (*same, Attendee("new@outside.example", "New"))
    entries = guests.changed_list(current, more)["attendees"]
    assert entries[0]["emailAddress"] == {"name": "Bob", "address": "Bob@sales.example"}
    assert all("status" not in entry for entry in entries)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC"])
days = st.dates(date(2026, 1, 1), date(2029, 1, 1))
whens = st.one_of(
    st.builds(lambda a, m, tz: When(a, a + timedelta(minutes=m), tz), moments,
              st.integers(1, 600), zones),
    st.builds(lambda a, n: When(a, a + timedelta(days=n)), days, st.integers(1, 5)),
)  # fmt: skip
words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=40)
everybody = st.lists(
    st.builds(Attendee, st.sampled_from(["a@x.example", "b@x.example", "c@x.example"])),
    max_size=3,
    unique_by=lambda one: one.email,
).map(lambda found: tuple(sorted(found)))
all_fields = st.builds(
    EventFields,
    when=whens,
    title=words,
    location=words,
    attendees=everybody,
    show_as=st.sampled_from(ShowAs),
    privacy=st.sampled_from([Privacy.DEFAULT, Privacy.PRIVATE, Privacy.CONFIDENTIAL]),
    reminders=st.one_of(st.none(), st.just(()), st.integers(0, 600).filter(lambda n: n != 15)
                        .map(lambda n: (n,))),
)  # fmt: skip


@given(fields=all_fields)
def test_what_is_written_is_read_again(fields):
    """S4-26, S4-27, S4-28: for every event that Outlook can hold."""
    body = resource.members(fields, wire.WRITERS, "Europe/Berlin")
    zone = body["start"]["timeZone"]
    shown = body | {"id": "AAk=", "type": "singleInstance", "originalStartTimeZone": zone}
    read = resource.fields_from(shown)
    assert (read.when.start, read.when.stop) == (fields.when.start, fields.when.stop)
    assert read == fields.replace(when=read.when)
    assert read.when.tz in (fields.when.tz, "UTC")  # an hour that exists twice is said in UTC


def test_second_of_two_equal_hours_keeps_its_instant():
    """S4-28: the wall clock alone would move it by an hour."""
    twice = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time
    when = When(twice, twice + timedelta(hours=1), "Europe/Berlin")
    body = wire.when_to(EventFields(when))
    assert wire.moment_from(body["start"]) == twice


def test_every_quirk_is_dated_and_has_evidence_and_a_test():
    """S4-01: what is peculiar is written down where the next one looks for it."""
    here = Path(__file__).parents[3]
    folders = (here / "calendar_sync_pro" / "tests" / "pure", here / "e2e" / "contract")
    files = (path for folder in folders for path in folder.glob("test_microsoft_*.py"))
    said = "\n".join(path.read_text() for path in files)
    for quirk in QUIRKS:
        assert datetime.fromisoformat(quirk.seen)
        assert quirk.evidence
        assert f"quirk {quirk.key}" in said, quirk.key
