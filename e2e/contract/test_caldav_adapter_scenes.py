"""What other programs write into a CalDAV calendar, read and written by the adapter."""

from datetime import UTC, datetime, timedelta

import pytest

from calendar_sync_pro.core.event import Privacy, Response, ShowAs
from calendar_sync_pro.core.when import When
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    all_day,
    at,
    changed,
    listed,
    read_all,
)

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, Mirror, one, path_of, told

NOON = When(at(11).start, at(11).stop, "Europe/Berlin")
LOCAL_NOON = ("20270302T120000", "20270302T130000")
KOLKATA_LIKE = """
    BEGIN:VTIMEZONE
    TZID:Office clock
    BEGIN:STANDARD
    DTSTART:19700101T000000
    TZOFFSETFROM:+0530
    TZOFFSETTO:+0530
    END:STANDARD
    END:VTIMEZONE
"""


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("times", "when"),
    [
        (("DTSTART:20270302T110000Z", "DTEND:20270302T120000Z"), at(11)),
        (("DTSTART:20270302T110000Z", "DURATION:PT90M"), at(11, minutes=90)),
        (("DTSTART:20270302T110000Z",), at(11, minutes=0)),
        (("DTSTART;VALUE=DATE:20270305",), all_day(5)),
        (("DTSTART;VALUE=DATE:20270305", "DTEND;VALUE=DATE:20270305"), all_day(5)),
        (("DTSTART;VALUE=DATE:20270305", "DURATION:P3D"), all_day(5, 3)),
        (
            (
                "DTSTART;TZID=Europe/Berlin:20270302T120000",
                "DTEND;TZID=America/New_York:20270302T070000",
            ),
            at(11),
        ),
        (("DTSTART;TZID=W. Europe Standard Time:20270302T120000", "DURATION:PT1H"), at(11)),
        (
            (
                "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20270302T120000",
                "DURATION:PT1H",
            ),
            at(11),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_times_of_any_form_are_understood(world, times, when):
    """S4-26: with and without an end, lengths, whole days, and zones by every name."""
    lines = ["BEGIN:VEVENT", "UID:times", "DTSTAMP:20270101T000000Z", *times, "END:VEVENT"]
    event, _path = one(world, "\n".join(lines))
    assert (event.fields.when.start, event.fields.when.stop) == (when.start, when.stop)
    assert event.fields.title == ""


def test_zone_that_only_its_file_knows_counts_by_its_definition(world):
    """S4-26: 12:00 on the office's clock is 06:30 in UTC."""
    event, _path = one(world, KOLKATA_LIKE, vevent("Own zone", *LOCAL_NOON, zone="Office clock"))
    assert event.fields.when.start == datetime(2027, 3, 2, 6, 30, tzinfo=UTC)


def test_floating_time_is_read_in_the_calendars_zone(world):
    """S4-26: where a calendar has no zone of its own, 12:00 is noon in UTC; never a crash."""
    lines = "DTSTART:20270302T120000\nDTEND:20270302T130000\nSUMMARY:Floating"
    event, _path = one(world, f"BEGIN:VEVENT\nUID:f\nDTSTAMP:20270101T000000Z\n{lines}\nEND:VEVENT")
    assert event.fields.when.stop - event.fields.when.start == timedelta(hours=1)
    assert abs(event.fields.when.start - at(12).start) <= timedelta(hours=1)


def test_texts_with_every_sign_arrive_as_a_person_wrote_them(world):
    """S4-27: commas, semicolons, backslashes, line ends, umlauts and what looks like HTML."""
    event, _path = one(
        world,
        vevent(
            r"Grüße\, Köln\; \\ 👋 <b>",
            "20270302T110000",
            "20270302T120000",
            r"LOCATION:Domplatte 1\, Köln",
            r"DESCRIPTION:First line\nsecond & last\, <i>",
        ),
    )
    assert event.fields.title == r"Grüße, Köln; \ 👋 <b>"
    assert event.fields.location == "Domplatte 1, Köln"
    assert "First line" in event.fields.description
    assert "second" in event.fields.description
    assert "<i>" not in event.fields.description


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("TRANSP:TRANSPARENT", "show_as", ShowAs.FREE),
        ("TRANSP:OPAQUE", "show_as", ShowAs.BUSY),
        ("CLASS:PRIVATE", "privacy", Privacy.PRIVATE),
        ("CLASS:CONFIDENTIAL", "privacy", Privacy.CONFIDENTIAL),
        ("CLASS:PUBLIC", "privacy", Privacy.PUBLIC),
        ("CLASS:X-BOARD-ONLY", "privacy", Privacy.PRIVATE),
        ("X-NOTHING:x", "privacy", Privacy.DEFAULT),
        ("STATUS:TENTATIVE", "show_as", ShowAs.BUSY),
    ],
)
def test_marks_of_an_event_are_understood(world, line, field, value):
    """S4-27: busy or free, and who may read it; an unknown word counts as private."""
    event, _path = one(world, vevent("Marked", "20270302T110000", "20270302T120000", line))
    assert getattr(event.fields, field) == value
    assert event.is_tentative is (line == "STATUS:TENTATIVE")


def test_cancelled_event_counts_as_gone(world):
    """S1-27: also where the server still keeps it."""
    side = world.other_side()
    path = side.put(vevent("Off"))
    mirror = Mirror(world)
    assert mirror.titles == ["Off"]
    side.edit(path, status="CANCELLED")
    assert not mirror.sync().titles
    assert not mirror.unreadable


SERIES = vevent(
    "Weekly", "20270302T110000", "20270302T120000",
    "UID:series-1", "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20270309T110000Z", "X-MASTER:1",
)  # fmt: skip
OVERRIDE = vevent(
    "Moved one", "20270317T150000", "20270317T160000",
    "UID:series-1", "RECURRENCE-ID:20270316T110000Z", "X-OVERRIDE:1", "LOCATION:Elsewhere",
)  # fmt: skip


def test_series_with_an_override_comes_as_both_and_is_written_as_both(world):
    """S4-22, S4-31: a new title of the series leaves the changed occurrence as it is."""
    events, path = told(world, SERIES, OVERRIDE)
    master = next(event for event in events if not event.slot)
    other = next(event for event in events if event.slot)
    assert (other.slot, other.master_id) == ("20270316T110000Z", master.remote_id)
    assert (other.fields.title, other.fields.location) == ("Moved one", "Elsewhere")
    assert other.key.ical_uid == master.key.ical_uid == "series-1"
    ann, home = world.provider("ann"), world.calendar("ann")
    ann.update(home, master.remote_id, "", changed(master, title="Monthly talk"), ["title"])
    titles = {str(e["SUMMARY"]): e for e in world.other_side().calendar(path).walk("VEVENT")}
    assert set(titles) == {"Monthly talk", "Moved one"}
    assert str(titles["Monthly talk"]["X-MASTER"]) == "1"
    assert str(titles["Moved one"]["X-OVERRIDE"]) == "1"


def test_occurrence_without_its_series_is_told_and_harms_nothing(world):
    """S4-22: an invitation to one day of somebody's series."""
    world.other_side().put(vevent("Good"))
    events, _path = told(world, OVERRIDE)
    assert {"Good", "Moved one"} == {event.fields.title for event in events}


def test_changed_occurrence_of_another_client_is_told_as_that_one(world):
    """S4-22: an occurrence moved on the telephone, after the series was known."""
    side = world.other_side()
    path = side.put(SERIES)
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    side.put(f"{SERIES}\n{OVERRIDE}", path)
    seen = {event.slot: event for event in listed(read_all(ann, home, cursor))}
    assert seen["20270316T110000Z"].fields.when.start == datetime(2027, 3, 17, 15, tzinfo=UTC)


def test_same_meeting_in_two_resources_is_told_once_and_the_other_as_a_duplicate(world):
    """S3-14, S4-14: as a restored backup leaves it; the first stays, nothing is doubled."""
    side = world.other_side()
    first = path_of(side.put(vevent("Twin", "20270302T110000", "20270302T120000", "UID:twin-a")))
    mirror = Mirror(world)
    assert [path_of(event.remote_id) for event in mirror.events] == [first]
    second = path_of(side.put(vevent("Twin", "20270302T110000", "20270302T120000", "UID:twin-b")))
    world.proxy.manners.shows = lambda body: body.replace(b"twin-b", b"twin-a")
    mirror.sync()
    for known in (Mirror(world), mirror):
        alive = [path_of(event.remote_id) for event in known.events if event.ical_uid == "twin-a"]
        apart = [path_of(remote_id) for remote_id in known.unreadable]
        assert sorted(alive + apart) == sorted((first, second))


def test_two_meetings_in_one_resource_do_not_hide_the_others(world):
    """S4-14: against the rules, accepted by some servers; the rest of the calendar goes on."""
    side = world.other_side()
    side.put(vevent("Good"))
    two = vevent("One", *LOCAL_NOON) + "\n" + vevent("Two", *LOCAL_NOON)
    if world.server.name == "radicale":
        with pytest.raises(AssertionError, match="400"):
            side.put(two)
    else:
        side.put(two)
    assert "Good" in Mirror(world).titles


def test_tasks_and_notes_in_the_calendar_are_none_of_our_business(world):
    """S0-17: nothing of them is told, nothing is unreadable."""
    side = world.other_side()
    side.put("BEGIN:VTODO\nUID:todo-1\nDTSTAMP:20270101T000000Z\nSUMMARY:Task\nEND:VTODO")
    side.put(vevent("Event"))
    mirror = Mirror(world)
    assert mirror.titles == ["Event"]
    assert not mirror.unreadable


def test_broken_rule_is_set_aside_and_the_rest_comes(world):
    """S4-14: one series that makes no sense, said so, and the others untouched."""
    side = world.other_side()
    side.put(vevent("Good"))
    lines = "RRULE:FREQ=WEEKLY;BYDAY=XX"
    try:
        bad = side.put(vevent("Bad", "20270302T110000", "20270302T120000", lines))
    except AssertionError:
        assert world.server.name == "radicale"  # it refuses such a rule
        return
    mirror = Mirror(world)
    assert "Good" in mirror.titles
    known = {path_of(r) for r in mirror.unreadable} | {path_of(e.remote_id) for e in mirror.events}
    assert path_of(bad) in known


def test_many_events_come_in_few_requests(world):
    """S1-22: 70 events cost a listing and their contents in batches, then one request if idle."""
    side = world.other_side()
    for number in range(70):
        side.put(vevent(f"E{number:03d}"))
    ann, home = world.provider("ann"), world.calendar("ann")
    before = world.proxy.last
    pages = read_all(ann, home)
    assert len(listed(pages)) == 70
    assert world.proxy.last - before <= 10
    before = world.proxy.last
    assert not listed(read_all(ann, home, pages[-1].cursor))
    assert world.proxy.last - before == 1


def test_only_events_of_the_window_are_told_but_series_that_reach_into_it_too(world):
    """S4-04: an old event is not, a series that began long ago is."""
    side = world.other_side()
    side.put(vevent("Old", "20200302T110000", "20200302T120000"))
    side.put(vevent("Since 2020", "20200302T110000", "20200302T120000", "RRULE:FREQ=MONTHLY"))
    side.put(vevent("Ended", "20200302T110000", "20200302T120000", "RRULE:FREQ=DAILY;COUNT=3"))
    side.put(vevent("Far", "20300302T110000", "20300302T120000"))
    assert Mirror(world).titles == ["Since 2020"]
    assert WINDOW.start.year == 2027


def test_answers_of_guests_are_read(world):
    """S4-27: who was invited, how they answered, and rooms."""
    me = world.email("ann")
    event, _path = one(
        world,
        vevent(
            "Meeting", "20270302T110000", "20270302T120000",
            f"ORGANIZER;CN=Ann:mailto:{me}", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{me}",
            'ATTENDEE;CN="Holm, Ida";PARTSTAT=TENTATIVE;ROLE=OPT-PARTICIPANT'
            ":MAILTO:Ida@Holm.example",
            "ATTENDEE;CUTYPE=ROOM;PARTSTAT=DELEGATED:mailto:room@holm.example",
        ),
    )  # fmt: skip
    people = {one.email: one for one in event.fields.attendees}
    assert people["ida@holm.example"].response is Response.TENTATIVE
    assert people["ida@holm.example"].is_optional
    assert people["ida@holm.example"].name == "Holm, Ida"
    assert people["room@holm.example"].is_resource
    assert people["room@holm.example"].response is Response.NEEDS_ACTION
    assert event.is_organizer
    assert event.can_edit
