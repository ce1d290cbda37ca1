"""What the adapter writes into a CalDAV calendar that other programs use too."""

from datetime import date
from urllib.parse import quote

import pytest

from calendar_sync_pro.core.when import When
from calendar_sync_pro.tests.pure.contract.backend import (
    all_day,
    at,
    changed,
    draft,
    listed,
    new_key,
    read_all,
)

from .caldav_other_side import vevent
from .caldav_world import CaldavWorld, Mirror, one, path_of

NOON = When(at(11).start, at(11).stop, "Europe/Berlin")


@pytest.fixture
def world(dav):
    """Ann and Bob on a server without scheduling."""
    made = CaldavWorld(dav)
    yield made
    made.close()


def test_reminders_are_read_and_the_users_own_alarms_stay(world):
    """S4-28: minutes before the start; alarms of other kinds survive our write untouched."""
    alarm = "BEGIN:VALARM\nACTION:{}\nTRIGGER{}\nDESCRIPTION:d\nX-OWN:1\nEND:VALARM"
    alarms = [
        alarm.format("DISPLAY", ":-PT15M"),
        alarm.format("DISPLAY", ":-P1D"),
        alarm.format("DISPLAY", ";VALUE=DATE-TIME:20270301T080000Z"),
        alarm.format("AUDIO", ";RELATED=END:PT5M"),
    ]
    event, path = one(world, vevent("Ring", "20270302T110000", "20270302T120000", *alarms))
    assert event.fields.reminders == (15, 1440)
    ann, home = world.provider("ann"), world.calendar("ann")
    ann.update(home, event.remote_id, "", changed(event, reminders=(15, 30)), ["reminders"])
    triggers = [
        alarm["TRIGGER"].to_ical().decode()
        for alarm in world.other_side().calendar(path).walk("VALARM")
    ]
    assert {"20270301T080000Z", "PT5M", "-PT15M"} < set(triggers)
    assert len(triggers) == 4
    assert not {"-P1D", "-PT1440M"} & set(triggers)


FOREIGN = [
    "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
    "X-NOTES;X-KIND=a;X-MORE=b:kept as it was",
    "CATEGORIES:Sales,Visit",
    "COLOR:turquoise",
    "URL:https://else.example/mine?x=1",
    "ATTACH:https://else.example/offer.pdf",
    "RELATED-TO:other-uid",
    "PRIORITY:5",
    "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20270301T080000Z\nDESCRIPTION:d\n"
    "X-WR-ALARMUID:alarm-1\nEND:VALARM",
]
OURS = {"SUMMARY", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "X-CALENDAR-SYNC-PRO-GUID"}


def test_what_other_programs_keep_in_an_event_survives_our_write(world):
    """S4-31: only what we mean to change is changed."""
    event, path = one(world, vevent("Theirs", "20270302T110000", "20270302T120000", *FOREIGN))
    side = world.other_side()
    before = side.event(path)
    ann, home = world.provider("ann"), world.calendar("ann")
    ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    after = side.event(path)
    assert str(after["SUMMARY"]) == "New"
    for name in {*before, *after} - OURS:
        assert as_written(after, name) == as_written(before, name), name
    assert [one.to_ical() for one in after.walk("VALARM")] == [
        one.to_ical() for one in before.walk("VALARM")
    ]


def as_written(event, name):
    """A property's text with its parameters, in any order."""
    value = event.get(name)
    values = value if isinstance(value, list) else [value]
    return sorted((one.to_ical(), sorted(one.params.items())) for one in values if one is not None)


@pytest.mark.parametrize("name", ["at@home.ics", "with space.ics", "grün+1.ics", "no-ending"])
def test_resource_of_any_name_can_be_read_written_and_removed(world, name):
    """S4-31: names of other clients, however a server escapes them."""
    if name == "no-ending" and world.server.name == "xandikos":
        name = "two.dots.ics"  # it takes only what ends in .ics for an event
    event, path = one(world, vevent("Named"), href=quote(name))
    ann, home = world.provider("ann"), world.calendar("ann")
    after = ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    assert after.remote_id == event.remote_id
    assert ann.get(home, event.remote_id).fields.title == "New"
    ann.delete(home, event.remote_id, after.etag)
    assert not Mirror(world).titles
    assert path


def test_show_lead_and_our_id_stand_where_other_programs_leave_them(world):
    """S3-04, S4-24: the link as URL, the id in a property of our own; a person's URL stays."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    link = "https://odoo.example/calendar_sync/show_lead/abc?x=1,2;y=3"
    wanted = draft("With a lead")
    wanted = type(wanted)(
        wanted.fields, guid=wanted.guid, source_url=link, source_title="Show Lead"
    )
    event = ann.create(home, wanted, new_key())
    stored = side.event(path_of(event.remote_id))
    assert str(stored["URL"]) == link
    assert str(stored["X-CALENDAR-SYNC-PRO-GUID"]) == wanted.guid
    path = side.put(
        vevent("Own", "20270303T110000", "20270303T120000", "URL:https://mine.example/")
    )
    theirs = next(e for e in listed(read_all(ann, home)) if e.fields.title == "Own")
    other = type(wanted)(theirs.fields, guid="g-1", source_url=link)
    ann.update(home, theirs.remote_id, "", other, ["guid", "source"])
    assert str(side.event(path)["URL"]) == "https://mine.example/"


def test_whole_days_stay_whole_days_when_we_write_them(world):
    """S1-24: a date without a zone, its end exclusive."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    event = ann.create(home, draft("Fair", all_day(5, 3)), new_key())
    stored = side.event(path_of(event.remote_id))
    assert (stored["DTSTART"].dt, stored["DTEND"].dt) == (date(2027, 3, 5), date(2027, 3, 8))
    assert "TZID" not in stored["DTSTART"].params


def test_times_that_we_write_name_a_zone_that_is_defined_beside_them(world):
    """S4-31: every zone that is named has its definition; 11:00 UTC is noon in Berlin."""
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    event = ann.create(
        home, draft("Zoned", NOON, recurrence=("RRULE:FREQ=DAILY;COUNT=2",)), new_key()
    )
    calendar = side.calendar(path_of(event.remote_id))
    stored = calendar.walk("VEVENT")[0]
    assert stored["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert stored["DTSTART"].to_ical() == b"20270302T120000"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]
