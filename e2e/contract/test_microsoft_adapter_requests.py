"""Which questions Graph is asked: the view for lists, one event for one; what they say."""

from datetime import date

import pytest

from calendar_sync_pro.core.errors import Conflict, NotFound
from calendar_sync_pro.core.when import When
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    at,
    changed,
    draft,
    guest,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import foreign, fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


def asked(world, operation):
    """The requests of that kind since the log was cleared."""
    log = world.box.requests(user=world.email("ann"))
    return [one for one in log if one["operation"] == f"microsoft.{operation}"]


def test_list_is_the_view_of_the_chosen_calendar_and_extensions_are_read_beside_it(world):
    """S4-16: delta can't expand; a stranger's changed event is read once more with our extension,
    and nothing of any other calendar is asked for."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs"))
    world.box.clear_requests()
    (seen,) = listed(read_all(ann, home, cursor))
    assert (seen.fields.title, seen.guid) == ("Theirs", "")
    assert {name for _method, name in sent(world)} <= {"calendarView.delta", "batch", "events.get"}
    (read,) = asked(world, "events.get")
    assert "CalendarSyncPro.Appointment" in read["query"]["$expand"][0]
    assert all(f"/calendars/{home}/" in one["path"] for one in asked(world, "calendarView.delta"))

    world.box.clear_requests()
    ann.changes(home, "", WINDOW)
    (first,) = asked(world, "calendarView.delta")
    assert {"startDateTime", "endDateTime"} <= first["query"].keys()
    assert not {"$select", "$expand", "$filter"} & first["query"].keys()


def test_one_event_is_read_where_one_is_meant(world):
    """S4-17: after a conflict, and for one that is gone; never a list."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Ours"), new_key())
    world.api("PATCH", f"/me/events/{event.remote_id}", {"location": {"displayName": "Pier 7"}})
    with pytest.raises(Conflict):
        ann.update(home, event.remote_id, event.etag, changed(event, title="New"), ["title"])
    world.box.clear_requests()
    assert ann.get(home, event.remote_id).fields.location == "Pier 7"
    assert sent(world) == [("GET", "events.get")]
    world.api("DELETE", f"/me/events/{event.remote_id}")
    with pytest.raises(NotFound):
        ann.get(home, event.remote_id)


def test_organizers_id_means_nothing_in_a_guests_mailbox(world):
    """S3-14, S4-17: 404, which must never be taken for a deletion of the meeting itself."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    bob, other = world.provider("bob"), world.calendar("bob")
    with pytest.raises(NotFound):
        bob.get(other, event.remote_id)
    with pytest.raises(NotFound):
        bob.update(other, event.remote_id, "", changed(event, title="Mine"), ["title"])
    bob.delete(other, event.remote_id, "")
    assert ann.get(home, event.remote_id).fields.title == "Meeting"
    copies = [one for one in listed(read_all(bob, other)) if one.ical_uid == event.ical_uid]
    assert [one.fields.title for one in copies] == ["Meeting"]


@pytest.mark.parametrize(
    ("kind", "content", "read"),
    [
        ("text", "One\nTwo & three", "One\nTwo & three"),
        ("html", "<p>One <b>two</b></p>", "<p>One <b>two</b></p>"),
        ("text", "", ""),
    ],
)
def test_body_is_read_as_text_or_as_html_and_only_written_when_it_changes(
    world, kind, content, read
):
    """S4-19: Exchange's frame is not part of it; another time leaves it byte for byte."""
    ann, home = world.provider("ann"), world.calendar("ann")
    body = {"contentType": kind, "content": content}
    made = world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs", body=body))
    event = ann.get(home, made["id"])
    assert event.fields.description == read
    before = world.api("GET", f"/me/events/{made['id']}")["body"]
    world.box.clear_requests()
    ann.update(home, event.remote_id, event.etag, changed(event, when=at(15)), ["when"])
    assert world.api("GET", f"/me/events/{made['id']}")["body"] == before
    (patch,) = asked(world, "events.update")
    assert '"body"' not in patch["body"]


def test_end_is_read_with_its_zone_and_whole_days_end_before_the_last_date(world):
    """S4-20, S4-21: another zone at the end than at the start; days are exclusive."""
    ann, home = world.provider("ann"), world.calendar("ann")
    flight = foreign(
        "Flight",
        start={"dateTime": "2027-03-02T11:00:00", "timeZone": "W. Europe Standard Time"},
        end={"dateTime": "2027-03-02T12:30:00", "timeZone": "GMT Standard Time"},
    )
    fair = foreign(
        "Fair",
        isAllDay=True,
        start={"dateTime": "2027-03-08T00:00:00", "timeZone": "Europe/Berlin"},
        end={"dateTime": "2027-03-11T00:00:00", "timeZone": "Europe/Berlin"},
    )
    for body in (flight, fair):
        world.api("POST", f"/me/calendars/{home}/events", body)
    found = {one.fields.title: one.fields.when for one in listed(read_all(ann, home))}
    times = found["Flight"]
    assert (times.start.hour, times.stop.hour, times.stop.minute) == (10, 12, 30)
    assert times.tz == "Europe/Berlin"
    assert found["Fair"] == When(date(2027, 3, 8), date(2027, 3, 11))
