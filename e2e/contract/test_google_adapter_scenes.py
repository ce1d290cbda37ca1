"""What is Google's own: private link, Meet, rolling windows, occurrences, busy times of others."""

from datetime import timedelta

import pytest

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.core.errors import AlreadyExists, NotFound
from calendar_sync_pro.core.event import ShowAs
from calendar_sync_pro.core.when import When
from calendar_sync_pro.providers.google.provider import event_id
from calendar_sync_pro.providers.port import EventDraft
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


def stored(world, remote_id, user="ann"):
    """The event as the server keeps it."""
    events = world.box.stored_events(world.calendar(user))
    return next(one for one in events if one["id"] == remote_id)


def test_link_to_the_lead_is_kept_where_only_its_creator_sees_it(world):
    """S4-08, S4-24: written once, kept over edits, removed when the lead goes."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = EventDraft(draft().fields, "g1", "", "https://odoo.example/show/x", "Show Lead")
    event = ann.create(home, wanted, new_key())
    source = {"url": "https://odoo.example/show/x", "title": "Show Lead"}
    assert stored(world, event.remote_id)["source"] == source
    for n in range(5):
        event = ann.update(home, event.remote_id, "", changed(event, title=f"T{n}"), ["title"])
    assert stored(world, event.remote_id)["source"] == source
    ann.update(home, event.remote_id, "", EventDraft(event.fields, "g1"), ["source"])
    assert not stored(world, event.remote_id).get("source")


def test_our_lasting_id_can_be_given_to_an_event_that_was_adopted(world):
    """S4-24: written into the private properties without touching the rest."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = world.person("ann").create(home, draft("Theirs", guid=""), new_key())
    after = ann.update(home, event.remote_id, event.etag, EventDraft(event.fields, "g2"), ["guid"])
    assert after.guid == "g2"
    assert after.fields == event.fields


def test_meet_link_is_made_on_request_and_read(world):
    """S4-25: asked for once, one link."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    wanted = EventDraft(draft().fields, "g1", wants_conference=True)
    ann.create(home, wanted, key)
    ann.create(home, wanted, key)
    seen = [ann.get(home, key).fields.conference_url for _ in range(3)]
    assert seen[-1].startswith("https://")


def test_key_that_google_would_not_take_still_makes_one_event(world):
    """S4-25: the id is derived from the key."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), "Link 42 / Übung"
    event = ann.create(home, draft("Odd key"), key)
    assert event.remote_id == event_id(key)
    assert ann.find(home, key).remote_id == event.remote_id


def test_id_that_somebody_else_took_is_not_adopted_in_silence(world):
    """S4-25: an event under our id that is not ours is told, never overwritten."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    world.person("ann").create(home, draft("Theirs", guid="another"), key)
    with pytest.raises(AlreadyExists):
        ann.create(home, draft("Ours"), key)
    assert ann.get(home, key).fields.title == "Theirs"


def test_deleted_event_is_not_brought_back_by_a_late_create(world):
    """S1-27: quirk deleted_id_stays_taken and quirk get_returns_cancelled."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    event = ann.create(home, draft("Once"), key)
    world.person("ann").delete(home, event.remote_id, "")
    with pytest.raises(NotFound):
        ann.create(home, draft("Once", guid=event.guid), key)
    assert stored(world, key)["status"] == "cancelled"


def test_change_to_whole_days_leaves_no_time_behind_at_google(world):
    """S1-24: quirk patch_keeps_other_kind_of_time."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    days = When(at(1).start.date(), at(1).start.date() + timedelta(days=1))
    ann.update(home, event.remote_id, event.etag, changed(event, when=days), ["when"])
    assert "dateTime" not in stored(world, event.remote_id)["start"]


def test_event_far_ahead_comes_in_when_the_window_reaches_it(world):
    """S4-04: quirk token_window: it did not change, so no sync token names it."""
    ann, home = world.provider("ann"), world.calendar("ann")
    far = at(10)
    start = far.start + timedelta(days=120)
    event = ann.create(home, draft("Far", When(start, start + timedelta(hours=1))), new_key())
    cursor = read_all(ann, home)[-1].cursor
    assert not listed(read_all(ann, home, cursor))
    later = Window(WINDOW.start + timedelta(days=35), WINDOW.stop + timedelta(days=35))
    seen, has_more = [], True
    while has_more:
        page = ann.changes(home, cursor, later)
        seen, cursor, has_more = [*seen, *page.events], page.cursor, page.has_more
    assert [e.remote_id for e in seen] == [event.remote_id]
    page = ann.changes(home, cursor, later)
    assert not page.events
    assert not page.has_more


def test_cancelled_occurrence_promises_nothing_but_its_slot(world):
    """S1-27: quirk cancelled_has_no_fields, on a series of whole days."""
    ann, home = world.provider("ann"), world.calendar("ann")
    day = at(1).start.date()
    whole = When(day, day + timedelta(days=1))
    rule = ("RRULE:FREQ=DAILY;COUNT=3",)
    series = ann.create(home, draft("Days", whole, recurrence=rule), new_key())
    slot = (day + timedelta(days=1)).strftime("%Y%m%d")
    remote_id = ann.occurrence_id(home, series.remote_id, slot)
    cursor = read_all(ann, home)[-1].cursor
    ann.delete(home, remote_id, "")
    gone = [g for page in read_all(ann, home, cursor) for g in page.gone]
    assert [(g.slot, g.master_id) for g in gone] == [(slot, series.remote_id)]


def test_series_in_a_zone_with_summer_time_keeps_its_wall_clock(world):
    """S4-28, S4-30: ten o'clock stays ten o'clock across the change."""
    ann, home = world.provider("ann"), world.calendar("ann")
    first = at(9, day=22)  # ten o'clock in Berlin, a week before summer time
    rule = ("RRULE:FREQ=WEEKLY;COUNT=2",)
    series = ann.create(home, draft("Ten", first, recurrence=rule), new_key())
    second = at(8, day=29)
    found = ann.get(home, ann.occurrence_id(home, series.remote_id, second.slot))
    assert found.fields.when.start == second.start


def test_guest_list_is_changed_under_the_version_that_was_read(world):
    """S4-14: quirk attendees_replaced_whole: companions and comments of others stay."""
    ann, home = world.provider("ann"), world.calendar("ann")
    email = world.email("bob")
    event = ann.create(home, draft("Meeting", attendees=(guest(email),)), new_key())
    body = {"attendees": [{"email": email, "comment": "late", "additionalGuests": 2}]}
    path = f"/calendars/{home}/events/{event.remote_id}"
    world.box.google_api("PATCH", path, body, token=world._tokens["ann"], sendUpdates="none")
    more = tuple(sorted((*event.fields.attendees, guest("new@outside.example"))))
    ann.update(home, event.remote_id, "", changed(event, attendees=more), ["attendees"])
    kept = {one["email"]: one for one in stored(world, event.remote_id)["attendees"]}
    assert kept[email]["comment"] == "late"
    assert kept[email]["additionalGuests"] == 2
    assert "new@outside.example" in kept


def test_moving_and_retitling_never_sends_the_guest_list(world):
    """S4-13: what did not change is not in the request."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key())
    world.box.clear_requests()
    new = changed(event, title="Moved", when=at(18))
    ann.update(home, event.remote_id, event.etag, new, ["title", "when"])
    (sent,) = world.box.requests(user=world.email("ann"))
    assert sent["method"] == "PATCH"
    assert sent["if_match"] == event.etag
    assert "attendees" not in sent["body"]


def test_long_busy_window_is_asked_in_pieces_and_answered_as_one(world):
    """S2-10: a year ahead, several calendars, nothing cut at the seams."""
    ann, home = world.provider("ann"), world.calendar("ann")
    long = When(at(10).start, at(10).start + timedelta(days=70))
    ann.create(home, draft("Long", long), new_key())
    ann.create(home, draft("Free", at(1), show_as=ShowAs.FREE), new_key())
    year = Window(WINDOW.start, WINDOW.start + timedelta(days=365))
    world.box.clear_requests()
    times = ann.busy([home, world.calendar("bob")], year)
    assert [(t.start, t.stop) for t in times[home]] == [(long.start, long.stop)]
    sent = world.box.requests(user=world.email("ann"))
    assert {one["path"].rpartition("/")[2] for one in sent} == {"freeBusy"}


def test_idle_poll_is_one_request(world):
    """S1-22: a quiet calendar costs one request, also for a provider opened anew."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    world.box.clear_requests()
    read_all(world.provider("ann"), home, cursor)
    assert len(world.box.requests(user=world.email("ann"))) == 1
