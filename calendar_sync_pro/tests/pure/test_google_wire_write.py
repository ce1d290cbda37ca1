"""What is written to Google, and that reading it again gives the same."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core.errors import Forbidden
from ...core.event import FIELD_NAMES, Attendee, EventFields, Privacy, Response, ShowAs
from ...core.when import When
from ...providers.google import guests, resource
from ...providers.google.provider import event_id, original_start
from ...providers.google.rules import lines_to
from ...providers.port import EventDraft
from .test_google_wire import item

START = datetime(2027, 3, 29, 8, tzinfo=UTC)
TIMED = When(START, START + timedelta(hours=1), "Europe/Berlin")
DAYS = When(date(2027, 3, 29), date(2027, 3, 31))


def written(fields):
    """The event as Google would answer it after an insert of `fields`."""
    body = resource.without_nulls(resource.members(fields, FIELD_NAMES))
    return resource.fields_from({"id": "x", **body})


def as_kept(fields):
    """What Google can keep of the fields (see `wire.LOSES`)."""
    is_free = fields.show_as is ShowAs.FREE
    return fields.replace(
        show_as=ShowAs.FREE if is_free else ShowAs.BUSY,
        conference_url="",
        reminders=None if fields.reminders is None else fields.reminders[:5],
        attendees=tuple(
            Attendee(a.email, a.name, is_optional=a.is_optional, is_resource=a.is_resource)
            for a in fields.attendees
        ),
    )


emails = st.from_regex(r"[a-z]{1,6}@[a-z]{1,6}\.example", fullmatch=True)
people = st.lists(
    st.builds(
        Attendee,
        emails,
        st.text(max_size=5),
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
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
timed = st.builds(
    lambda start, minutes, tz: When(start, start + timedelta(minutes=minutes), tz),
    instants,
    st.integers(0, 10000),
    zones,
)
whole_days = st.builds(
    lambda start, days: When(start, start + timedelta(days=days)),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 30),
)
rules = st.sampled_from(
    [(), ("RRULE:FREQ=WEEKLY;COUNT=3",), ("RRULE:FREQ=DAILY", "RDATE:20270401")]
)
minutes = st.lists(st.integers(0, 40320), max_size=7, unique=True).map(lambda m: tuple(sorted(m)))
all_fields = st.builds(
    EventFields,
    when=timed | whole_days,
    title=st.text(max_size=20),
    description=st.text(max_size=20),
    location=st.text(max_size=20),
    recurrence=rules,
    attendees=people,
    show_as=st.sampled_from(ShowAs),
    privacy=st.sampled_from(Privacy),
    reminders=st.none() | minutes,
)


@given(all_fields)
def test_what_is_written_reads_back_up_to_the_declared_losses(fields):
    """S4-14: from(to(x)) is x, but for what Google cannot keep."""
    assert written(fields) == as_kept(fields)


@given(all_fields, st.sets(st.sampled_from(FIELD_NAMES)))
def test_partial_write_has_only_the_members_of_the_named_fields(fields, names):
    """S4-13: a changed title sends no guests and no rule."""
    body = resource.members(fields, names)
    for member, owners in {
        "summary": {"title"},
        "attendees": {"attendees"},
        "recurrence": {"recurrence"},
        "reminders": {"reminders"},
        "start": {"when", "recurrence"},
    }.items():
        assert member not in body or names & owners


def test_change_to_whole_days_clears_the_members_of_the_other_kind():
    """S1-24: quirk patch_keeps_other_kind_of_time."""
    body = resource.members(EventFields(DAYS), ["when"])
    assert body["start"] == {"date": "2027-03-29", "dateTime": None, "timeZone": None}
    body = resource.members(EventFields(TIMED), ["when"])
    assert body["end"] == {
        "dateTime": "2027-03-29T09:00:00Z",
        "date": None,
        "timeZone": "Europe/Berlin",
    }


def test_series_without_a_zone_is_written_in_utc():
    """S4-28, S4-30: a rule is never sent without the zone in which it repeats."""
    fields = EventFields(When(START, START), recurrence=("RRULE:FREQ=DAILY",))
    assert resource.members(fields, ["recurrence"])["start"]["timeZone"] == "UTC"


@pytest.mark.parametrize(
    ("line", "when", "sent"),
    [
        (
            "RRULE:FREQ=DAILY;UNTIL=20270401T100000",
            TIMED,
            "RRULE:FREQ=DAILY;UNTIL=20270401T080000Z",
        ),
        ("RRULE:FREQ=DAILY;UNTIL=20270401", TIMED, "RRULE:FREQ=DAILY;UNTIL=20270401T215959Z"),
        (
            "RRULE:UNTIL=20270401T080000Z;FREQ=DAILY",
            TIMED,
            "RRULE:UNTIL=20270401T080000Z;FREQ=DAILY",
        ),
        ("RRULE:FREQ=DAILY;UNTIL=20270401T080000Z", DAYS, "RRULE:FREQ=DAILY;UNTIL=20270401"),
        ("RRULE:FREQ=DAILY;UNTIL=20270401", DAYS, "RRULE:FREQ=DAILY;UNTIL=20270401"),
    ],
)
def test_end_of_a_series_is_converted_to_the_kind_of_its_start(line, when, sent):
    """S4-30: UTC for timed series, a date for whole days; never just another ending."""
    assert lines_to([line], when) == [sent]


def test_start_lines_are_not_sent_among_the_rules():
    """S4-30: Google takes no DTSTART there."""
    lines = ["DTSTART:20270329T080000Z", "RRULE:FREQ=DAILY"]
    assert lines_to(lines, TIMED) == ["RRULE:FREQ=DAILY"]


def test_only_nearest_five_reminders_in_range_are_written():
    """S4-14: Google refuses more, and more than four weeks."""
    fields = EventFields(TIMED, reminders=(5, 10, 15, 20, 25, 30, 50000))
    sent = resource.members(fields, ["reminders"])["reminders"]["overrides"]
    assert [one["minutes"] for one in sent] == [5, 10, 15, 20, 25]


def test_link_to_the_lead_is_private_to_its_creator_and_can_be_removed():
    """S4-08, S4-24: `source` and our id are written beside the fields, or cleared."""
    full = EventDraft(EventFields(TIMED), "g1", "", "https://odoo.example/x", "Show Lead")
    assert resource.extras(full, ["guid", "source"]) == {
        "extendedProperties": {"private": {"cspGuid": "g1"}},
        "source": {"url": "https://odoo.example/x", "title": "Show Lead"},
    }
    assert resource.extras(EventDraft(EventFields(TIMED)), ["source"]) == {"source": None}
    assert resource.extras(full, ["title"]) == {}


# -- guests ----------------------------------------------------------------------------------------


def change(name, attendees, *, is_hidden=False, can_edit=True):
    """The members that a change of the guest list sends."""
    return guests.changed_guests(item(name), attendees, is_hidden=is_hidden, can_edit=can_edit)


def current(name):
    """The guest list in a payload file."""
    return guests.attendees_from(item(name))


def test_added_guest_leaves_everybody_elses_entry_as_it_is():
    """S4-14: answers, comments and companions of others are sent back untouched."""
    stale = [Attendee(a.email, response=Response.DECLINED) for a in current("single")]
    sent = change("single", [*stale, Attendee("new@outside.example", "New")])["attendees"]
    by_email = {one["email"].lower(): one for one in sent}
    assert by_email["zoe@outside.example"]["responseStatus"] == "tentative"
    assert by_email["zoe@outside.example"]["comment"] == "maybe late"
    assert by_email["zoe@outside.example"]["additionalGuests"] == 1
    assert by_email["new@outside.example"] == {"email": "new@outside.example", "displayName": "New"}


def test_only_our_own_answer_is_ours_to_give():
    """S4-14: our entry carries our answer."""
    answers = [
        Attendee(a.email, response=Response.DECLINED, is_optional=a.is_optional)
        for a in current("single")
    ]
    sent = {
        one["email"]: one.get("responseStatus") for one in change("single", answers)["attendees"]
    }
    assert sent["ann@sales.example"] == "declined"
    assert sent["bob@sales.example"] == "needsAction"


def test_unchanged_list_is_not_written():
    """S4-14: equal after normalisation means no write."""
    assert change("single", current("single")) == {}


def test_removed_guest_is_left_out():
    """S4-14: taking somebody off takes off that one."""
    fewer = [a for a in current("single") if a.email != "zoe@outside.example"]
    sent = change("single", fewer)["attendees"]
    assert [one["email"] for one in sent] == [a.email for a in fewer]


@pytest.mark.parametrize("name", ["hidden_guests", "cut_guests"])
def test_cut_or_hidden_list_is_never_written(name):
    """S4-14: what cannot be seen whole removes nobody."""
    more = [*current(name), Attendee("new@outside.example")]
    with pytest.raises(Forbidden):
        change(name, more, is_hidden=True)
    with pytest.raises(Forbidden):
        change(name, [], is_hidden=True)
    own = [Attendee("ann@sales.example", response=Response.DECLINED)]
    sent = change(name, own, is_hidden=True)
    assert sent["attendeesOmitted"] is True
    assert [one["responseStatus"] for one in sent["attendees"]] == ["declined"]


def test_guest_may_only_answer():
    """S4-14: on somebody else's meeting, nothing but the own entry is sent."""
    answers = [Attendee(a.email, response=Response.ACCEPTED) for a in current("guest_copy")]
    sent = change("guest_copy", answers, can_edit=False)
    assert [one["email"] for one in sent["attendees"]] == ["ann@sales.example"]
    with pytest.raises(Forbidden):
        change("guest_copy", answers[:1], can_edit=False)


# -- ids -------------------------------------------------------------------------------------------


@given(st.text(min_size=0, max_size=60))
def test_every_key_gives_an_id_that_google_takes(key):
    """S4-25: the same key always gives the same id, of 0-9 and a-v."""
    chosen = event_id(key)
    assert set(chosen) <= set("0123456789abcdefghijklmnopqrstuv")
    assert 5 <= len(chosen) <= 1024
    assert event_id(key) == chosen


def test_slot_is_asked_for_in_googles_form():
    """S4-30: an occurrence is looked up by its original start."""
    assert original_start("20270329T080000Z") == "2027-03-29T08:00:00Z"
    assert original_start("20270329") == "2027-03-29"
