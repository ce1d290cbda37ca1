"""What is written to a CalDAV server: it reads back the same, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from ...core.event import FIELD_NAMES, Attendee, EventFields, Privacy, Response, ShowAs
from ...core.when import When
from ...providers.caldav import lines, writes
from ...providers.caldav.resource import Resource
from ...providers.port import EventDraft
from ...sync import normalise, text_block
from .caldav_texts import ANN, BOB, NOW, PATH, event, resource

SHOW_LEAD = "https://odoo.acme.example/calendar_sync/show_lead/AbC-12_3?x=1,2;y=3#z"
START = datetime(2027, 3, 29, 8, tzinfo=UTC)
TIMED = When(START, START + timedelta(hours=1), "Europe/Berlin")
VOLATILE = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
WRITES = {
    "title": ("SUMMARY",),
    "description": ("DESCRIPTION", "X-ALT-DESC", "STYLED-DESCRIPTION"),
    "location": ("LOCATION", "X-APPLE-STRUCTURED-LOCATION", "GEO"),
    "show_as": ("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"),
    "privacy": ("CLASS",),
    "reminders": (),
    "conference_url": ("CONFERENCE", "X-GOOGLE-CONFERENCE"),
    "when": ("DTSTART", "DTEND", "DURATION"),
    "attendees": ("ATTENDEE", "ORGANIZER"),
    "recurrence": ("RRULE", "RDATE", "EXDATE", "EXRULE"),
    "guid": ("X-CALENDAR-SYNC-PRO-GUID",),
    "source": ("URL",),
}
"""The properties that a change of each field may touch."""


def written(fields: EventFields, guid: str = "", source: str = "") -> Resource:
    """The resource as it would be read after a create."""
    draft = EventDraft(fields, guid=guid, source_url=source)
    text = writes.new_text(draft, "u1@odoo.example", (ANN,), NOW, is_told=False)
    return Resource(PATH, text, '"1"', own=(ANN,))


def as_kept(fields: EventFields) -> EventFields:
    """What CalDAV can keep of the fields: see `opening.LOSES`; others answer for themselves."""
    is_free = fields.show_as is ShowAs.FREE
    return fields.replace(
        show_as=ShowAs.FREE if is_free else ShowAs.BUSY,
        reminders=fields.reminders or None,
        attendees=tuple(
            replace(a, response=Response.NEEDS_ACTION) if a.email != ANN else a
            for a in fields.attendees
        ),
    )


# Letters, marks and line ends that people type. Control characters and odd line ends are not text.
words = st.text(
    st.one_of(
        st.characters(codec="utf-8", categories=("L", "N", "P", "S")),
        st.sampled_from(" \n,;:\\\"'^"),
    ),
    max_size=120,
)
emails = st.from_regex(r"[a-z]{1,6}@[a-z]{1,6}\.example", fullmatch=True)
people = st.lists(
    st.builds(
        Attendee,
        st.one_of(emails, st.just(ANN)),
        words.map(lambda text: " ".join(text.split())),
        st.sampled_from(Response),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda a: a.email,
).map(lambda some: tuple(sorted(some)))
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
zones = st.sampled_from(
    ["", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Tokyo"]
)


@st.composite
def whens(draw) -> When:
    """Timed in some zone, or whole days."""
    start = draw(instants)
    if draw(st.booleans()):
        return When(start.date(), start.date() + timedelta(days=draw(st.integers(1, 5))))
    # An hour that comes twice a year is written as its first one, RFC 5545 has no other.
    start = start.replace(hour=12)
    return When(start, start + timedelta(minutes=draw(st.integers(0, 600))), draw(zones))


fields_of_any_kind = st.builds(
    EventFields,
    when=whens(),
    title=words,
    location=words,
    attendees=people,
    show_as=st.sampled_from(ShowAs),
    privacy=st.sampled_from(Privacy),
    reminders=st.one_of(
        st.none(), st.sets(st.integers(0, 40000), max_size=4).map(lambda s: tuple(sorted(s)))
    ),
    conference_url=st.sampled_from(["", "https://meet.example/a?b=c,d;e"]),
)


@settings(max_examples=150, deadline=None)
@given(fields_of_any_kind)
def test_what_is_created_reads_back_as_it_was_written(fields):
    """S4-26, S4-27, S4-28: text with any character, times in any zone, people, reminders."""
    assert written(fields).at("", "get").fields == as_kept(fields)


@settings(max_examples=60, deadline=None)
@given(fields_of_any_kind)
def test_others_understand_what_we_write(fields):
    """S2-07: an independent reader finds no fault and the same title."""
    read = Calendar.from_ical(written(fields).text())
    assert not read.errors
    (found,) = read.walk("VEVENT")
    assert str(found.get("SUMMARY", "")) == fields.title
    assert all(len(line.encode()) <= 75 for line in written(fields).text().split("\r\n"))


@settings(max_examples=60, deadline=None)
@given(words)
def test_description_keeps_its_words(text):
    """S4-26: plain text with any character; as our own side compares it."""
    fields = EventFields(TIMED, "T", text)
    read = written(fields).at("", "get").fields
    assert normalise.canonical(read).description == normalise.canonical(fields).description


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<ul><li>A</li><li>B</li></ul>", "A\nB"),
        (
            '<p>See <a href="https://x.example/?a=1&amp;b=2">this</a></p>',
            "See this: https://x.example/?a=1&b=2",
        ),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ("Tom &amp; <b>Jerry</b>", "Tom & Jerry"),
        ("plain & simple, a < b", "plain & simple, a < b"),
        ("<style>p{color:red}</style><p>Text</p>", "Text"),
    ],
)
def test_html_becomes_text_that_people_can_read_and_comes_back_with_the_same_words(source, plain):
    """S4-26: other programs show plain text; nothing is lost on our side."""
    found = written(EventFields(TIMED, "T", source))
    assert found.master.text("DESCRIPTION") == plain
    back = found.at("", "get").fields
    assert (
        normalise.canonical(back).description
        == normalise.canonical(EventFields(TIMED, "T", source)).description
    )


def test_markup_survives_until_somebody_edits_the_text():
    """S4-26: HTML beside the plain text counts as long as it says the same."""
    source = '<p>Read <b>this</b> at <a href="https://x.example/a,b">x</a></p>'
    found = written(EventFields(TIMED, "T", source))
    assert found.at("", "get").fields.description == source
    found.master.put("DESCRIPTION", "DESCRIPTION:Edited on the phone <now>")
    description = found.at("", "get").fields.description
    assert description == "Edited on the phone &lt;now&gt;"


def test_show_lead_is_a_link_in_the_text_and_the_events_address():
    """S0-05: quirk extra_values_cut: URL property, a line, and our id; all read back."""
    block = text_block.TextBlock(SHOW_LEAD, "Show Lead", ("With: Bob",))
    fields = EventFields(TIMED, "T", text_block.compose("<p>Agenda</p>", block))
    found = written(fields, guid="db-1:calendar.event:7", source=SHOW_LEAD)
    assert found.master.value("URL") == SHOW_LEAD
    assert f"Show Lead: {SHOW_LEAD}" in found.master.text("DESCRIPTION")
    read = found.at("", "get")
    assert read.guid == "db-1:calendar.event:7"
    assert text_block.strip(read.fields.description).strip() == "<p>Agenda</p>"
    found.master.drop("X-ALT-DESC")
    plain = found.at("", "get").fields.description
    assert text_block.strip(plain).strip() == "Agenda"


def test_link_that_a_person_set_is_not_replaced():
    """S0-05: the customer's own address stays; ours goes when it is taken away."""
    found = resource(event("URL:https://customer.example/"))
    draft = EventDraft(found.at("", "get").fields, source_url=SHOW_LEAD)
    assert not writes.change(found, "", draft, {"source"}, NOW, is_told=False, is_loud=True)
    ours = resource(event(f"URL:{SHOW_LEAD}"))
    draft = EventDraft(ours.at("", "get").fields)
    assert writes.change(ours, "", draft, {"source"}, NOW, is_told=False, is_loud=True)
    assert not ours.master.lines("URL")


# -- what is not named stays -----------------------------------------------------------------------

STRANGE = [
    "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
    'X-LOWER-case;x-param="a;b":c:d',
    "CATEGORIES:A,B\\,c",
    "RELATED-TO;RELTYPE=PARENT:abc",
    "ATTACH;VALUE=URI;FMTTYPE=application/pdf:https://x.example/a.pdf",
    "COLOR:tomato",
    "COMMENT:no one reads\\nthis",
    "GEO:48.1;11.5",
    "PRIORITY:5",
    "NONSENSE WITHOUT COLON",
    "X-LONG:" + "ü" * 200,
    "CONFERENCE;VALUE=URI;FEATURE=PHONE:tel:+49-89-1",
    "URL:https://customer.example/?a=1,2",
    "TRANSP:OPAQUE",
    "CLASS:PRIVATE",
    "STATUS:CONFIRMED",
    "LOCATION:Old place",
    "DESCRIPTION:Old text",
    "SUMMARY;LANGUAGE=de:Alt",
]
BLOCKS = [
    "BEGIN:VALARM\nACTION:DISPLAY\nX-WR-ALARMUID:A\nTRIGGER:-PT15M\nDESCRIPTION:E\nEND:VALARM",
    "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER;VALUE=DATE-TIME:20270301T080000Z\nEND:VALARM",
    "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;RELATED=END:PT0S\nEND:VALARM",
    "BEGIN:X-SECRET\nX-A:1\nEND:X-SECRET",
]
ZONE = "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nX-LIC-LOCATION:Europe/Berlin\nEND:VTIMEZONE"
TASK = "BEGIN:VTODO\nUID:todo\nSUMMARY:Buy milk\nEND:VTODO"


def all_but(found: Resource, names: set[str]) -> list[str]:
    """All lines of a resource that no change of `names` may touch, in their order."""
    touched = {*VOLATILE}.union(*(WRITES[name] for name in names))
    said = lines.written(found.calendar).replace("\r\n ", "").split("\r\n")
    return [line for line in said if lines.name_of(line) not in touched]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(STRANGE), unique_by=lines.name_of),
    st.lists(st.sampled_from(BLOCKS), unique=True),
    st.sets(st.sampled_from(sorted(set(WRITES) - {"recurrence", "reminders", "when"})), min_size=1),
    fields_of_any_kind,
)
def test_everything_that_is_not_named_stays_as_it_was(strange, blocks, names, fields):
    """S4-13: unknown properties, alarms, zones, tasks and order of other programs."""
    part = "RECURRENCE-ID:20270309T100000Z\nDTSTART:20270309T120000Z\nX-PART:1"
    found = resource(
        ZONE, TASK, event("RRULE:FREQ=WEEKLY", *strange, *blocks), event(part, *strange)
    )
    before = all_but(found, names)
    draft = EventDraft(fields, guid="g-1", source_url=SHOW_LEAD)
    writes.change(found, "", draft, names, NOW, is_told=False, is_loud=True)
    assert all_but(found, names) == before
    assert found.text().count("X-PART:1") == 1
    after = Resource(PATH, found.text(), "", own=(ANN,)).at("", "get").fields
    for name in names & set(FIELD_NAMES) - {"attendees", "description"}:
        assert getattr(after, name) == getattr(as_kept(fields), name)


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_change_bumps_the_versions_that_others_look_at(name):
    """S4-13: SEQUENCE only where the meeting is another one, the stamps always."""
    found = resource(event("SEQUENCE:3", "RRULE:FREQ=WEEKLY"))
    fields = EventFields(
        TIMED, "New", "Text", "Place", ("RRULE:FREQ=DAILY",), (Attendee(BOB),), ShowAs.FREE,
        Privacy.PRIVATE, (5,), "https://meet.example/x",
    )  # fmt: skip
    draft = EventDraft(fields, guid="g", source_url=SHOW_LEAD)
    assert writes.change(found, "", draft, {name}, NOW, is_told=False, is_loud=True)
    is_other = name in ("when", "recurrence", "location", "attendees")
    assert found.master.value("SEQUENCE") == ("4" if is_other else "3")
    assert found.master.value("LAST-MODIFIED") == "20261121T123000Z"


def test_change_that_says_nothing_new_writes_nothing():
    """S1-22: no version is made that every other program would have to read."""
    found = resource(event("SUMMARY:Same", "LOCATION:There"))
    draft = EventDraft(found.at("", "get").fields)
    assert not writes.change(
        found, "", draft, {"title", "location", "description"}, NOW, is_told=False, is_loud=True
    )


def test_alarms_of_other_programs_stay_when_reminders_change():
    """S4-13: an alarm at a fixed time, or at the end, is the user's own."""
    found = resource(event(*BLOCKS))
    assert found.at("", "get").fields.reminders == (15,)
    draft = EventDraft(found.at("", "get").fields.replace(reminders=(15, 60)))
    assert writes.change(found, "", draft, {"reminders"}, NOW, is_told=False, is_loud=True)
    assert "X-WR-ALARMUID:A" in found.text()
    draft = EventDraft(draft.fields.replace(reminders=()))
    assert writes.change(found, "", draft, {"reminders"}, NOW, is_told=False, is_loud=True)
    text = found.text()
    assert "X-WR-ALARMUID:A" not in text
    assert "TRIGGER;VALUE=DATE-TIME:20270301T080000Z" in text
    assert "TRIGGER;RELATED=END:PT0S" in text


@pytest.mark.parametrize(
    ("key", "name"), [("a1B2-c3", "a1B2-c3"), ("Ab/c d", None), ("k" * 300, None)]
)
def test_name_of_a_new_resource_is_one_that_every_server_takes(key, name):
    """S4-25: the same key gives the same name, also where it must be derived."""
    found = writes.name_for(key)
    assert found == (name or found)
    assert writes.name_for(key) == found
    assert found.replace("-", "").isalnum()
    assert len(found) <= 128
