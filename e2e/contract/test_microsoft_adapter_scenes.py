"""What is Outlook's own: mails that cannot be held back, sparse series, copies, moves, Teams."""

from datetime import date, timedelta

import pytest

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.core.errors import Forbidden, NotFound, SyncTokenExpired
from calendar_sync_pro.core.event import ShowAs
from calendar_sync_pro.core.recurrence import expand
from calendar_sync_pro.core.when import When, slot_of
from calendar_sync_pro.providers.microsoft.cursor import MARGIN
from calendar_sync_pro.providers.port import BusyUnreadable, EventDraft
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    all_day,
    at,
    changed,
    draft,
    gone_ids,
    guest,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import MicrosoftWorld
from .test_microsoft_adapter_faults import foreign

WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",)
CUSTOMER = "customer@outside.example"
SETTINGS = {
    "microsoft__delta_master": True,
    "microsoft__delta_duplicates": False,
    "microsoft__delta_replay": 0,
    "microsoft__cancelled_copies_stay": True,
}


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    made = MicrosoftWorld(google_box)
    yield made
    made.close()
    google_box.faults.clear()
    google_box.settings(**SETTINGS)


def stored(world, remote_id, user="ann"):
    """The record as the server keeps it."""
    records = world.box.ms.stored_events(world.email(user))
    return next(one for one in records if one["iid"] == remote_id)


def sent(world, user="ann"):
    """Requests since the log was cleared: (method, short path)."""
    log = world.box.requests(user=world.email(user))
    return [(one["method"], one["operation"].removeprefix("microsoft.")) for one in log]


def series(world, **fields):
    """Ann's weekly series of four Tuesdays."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Weekly", at(10), recurrence=WEEKLY, **fields)
    return ann, home, ann.create(home, wanted, new_key(), is_notifying=True)


# -- who is told -----------------------------------------------------------------------------------


def test_graph_mails_where_we_refuse_to(world):
    """S4-11: quirk always_mails:
    first that it does, with the same requests by hand; then that we never cause it."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(CUSTOMER), guest(world.email("bob"))))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    path = f"/me/calendars/{home}/events/{event.remote_id}"
    told = len(world.mails())
    world.api("PATCH", path, {"subject": "By hand"})
    assert len(world.mails()) == told + 2
    event = ann.get(home, event.remote_id)
    for new, names in (
        (changed(event, title="New"), ["title"]),
        (changed(event, when=at(15)), ["when"]),
        (changed(event, attendees=()), ["attendees"]),
        (changed(event, show_as=ShowAs.FREE), ["show_as"]),
    ):
        with pytest.raises(Forbidden, match="would_notify"):
            ann.update(home, event.remote_id, event.etag, new, names)
    with pytest.raises(Forbidden, match="would_notify"):
        ann.delete(home, event.remote_id, event.etag)
    assert len(world.mails()) == told + 2


def test_guest_who_was_added_meanwhile_is_not_told_by_mistake(world):
    """S4-11: the version that we know had no guests; Graph has another one by now."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Alone"), new_key())
    invited = changed(event, attendees=(guest(CUSTOMER),))
    world.person("ann").update(home, event.remote_id, "", invited, ["attendees"], is_notifying=True)
    told = len(world.mails())
    with pytest.raises(Forbidden, match="would_notify"):
        ann.update(home, event.remote_id, "", changed(event, title="T"), ["title"])
    assert len(world.mails()) == told


def test_moving_a_meeting_without_guests_is_one_request(world):
    """S1-22: nobody to tell, nothing to look up first."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    world.box.clear_requests()
    ann.update(home, event.remote_id, event.etag, changed(event, when=at(15)), ["when"])
    assert sent(world) == [("PATCH", "events.update")]


def test_cancelled_copy_that_stays_in_the_calendar_counts_as_gone(world):
    """S1-27: Outlook keeps it there, marked."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Off", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    pages = read_all(bob, his)
    (copy,) = listed(pages)
    ann.delete(home, event.remote_id, event.etag, is_notifying=True)
    assert gone_ids(read_all(bob, his, pages[-1].cursor)) == {copy.remote_id}
    with pytest.raises(NotFound):
        bob.get(his, copy.remote_id)


def test_guests_copy_is_not_ours_though_the_organizers_is(world):
    """S3-14: same meeting, other id, no lasting id of ours; personal fields can be written."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest(world.email("bob")),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    (copy,) = listed(read_all(bob, his))
    assert copy.remote_id != event.remote_id
    assert (copy.ical_uid, copy.guid) == (event.ical_uid, "")
    told = len(world.mails())
    after = bob.update(
        his, copy.remote_id, copy.etag, changed(copy, reminders=(40,)), ["reminders"]
    )
    assert after.fields.reminders == (40,)
    assert len(world.mails()) == told
    assert ann.get(home, event.remote_id).fields.reminders != (40,)


def test_declining_takes_the_meeting_out_of_the_guests_calendar(world):
    """S4-14: told as declined, then gone; the organizer hears of it only aloud."""
    ann, home = world.provider("ann"), world.calendar("ann")
    email = world.email("bob")
    ann.create(home, draft("M", attendees=(guest(email),)), new_key(), is_notifying=True)
    bob, his = world.provider("bob"), world.calendar("bob")
    (copy,) = listed(read_all(bob, his))
    told = len(world.mails())
    no = changed(copy, attendees=(guest(email, response="declined"),))
    after = bob.update(his, copy.remote_id, copy.etag, no, ["attendees"])
    assert [a.response for a in after.fields.attendees] == ["declined"]
    assert len(world.mails()) == told
    with pytest.raises(NotFound):
        bob.get(his, copy.remote_id)


# -- series ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_master", [True, False])
def test_series_is_told_whole_whether_delta_names_it_or_not(world, has_master):
    """S4-30: quirk sparse_occurrences:
    once each, and read in a batch only where something is missing."""
    world.box.settings(microsoft__delta_master=has_master)
    ann, home, event = series(world)
    world.box.clear_requests()
    (found,) = listed(read_all(ann, home))
    assert (found.remote_id, found.fields) == (event.remote_id, event.fields)
    operations = [operation for _method, operation in sent(world)]
    assert operations.count("batch") == (0 if has_master else 1)


def test_series_cut_by_pages_are_told_once_and_whole(world):
    """S4-04, S4-30: more occurrences than fit a page, one taken out and one moved."""
    world.shorten_pages()
    ann, home, event = series(world)
    second, third = at(10, day=9), at(10, day=16)
    ann.delete(home, ann.occurrence_id(home, event.remote_id, second.slot), "")
    moved = ann.occurrence_id(home, event.remote_id, third.slot)
    later = EventDraft(event.fields.replace(when=at(15, day=17), recurrence=()))
    ann.update(home, moved, "", later, ["when"])
    pages = read_all(ann, home)
    assert len(pages) > 1
    assert [e.remote_id for e in listed(pages) if not e.slot] == [event.remote_id]
    assert {e.remote_id for e in listed(pages) if e.slot} == {moved}
    gone = {(g.slot, g.master_id) for page in pages for g in page.gone}
    assert gone == {(second.slot, event.remote_id)}


def test_hundred_series_cost_no_request_each(world):
    """S1-22: a first listing asks only about series that are not as their rule says."""
    bodies = [
        foreign(
            f"S{n}",
            recurrence={
                "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
                "range": {"type": "noEnd", "startDate": "2027-03-02"},
            },
        )
        for n in range(100)
    ]
    world.box.ms.add_events(world.calendar("ann"), bodies)
    world.box.clear_requests()
    pages = read_all(world.provider("ann"), world.calendar("ann"))
    assert len({e.remote_id for e in listed(pages)}) == 100
    operations = [operation for _method, operation in sent(world)]
    assert operations.count("calendarView.delta") == len(pages)
    assert operations.count("events.get") < len(pages)  # only where a page's end cut a series


def test_occurrence_moved_out_of_the_window_is_still_known(world):
    """S4-30: "removed" only means that it is not in the window any more."""
    ann, home, event = series(world)
    cursor = read_all(ann, home)[-1].cursor
    slot = at(10, day=23).slot
    last = ann.occurrence_id(home, event.remote_id, slot)
    far = at(10)
    start = far.start + timedelta(days=400)
    away = When(start, start + timedelta(hours=1), "Europe/Berlin")
    moved = EventDraft(event.fields.replace(when=away, recurrence=()))
    ann.update(home, last, "", moved, ["when"])
    seen = [e for e in listed(read_all(ann, home, cursor)) if e.slot]
    assert {(e.remote_id, e.slot, e.fields.when) for e in seen} == {(last, slot, away)}
    assert ann.occurrence_id(home, event.remote_id, slot) == last
    assert ann.get(home, last).fields.when == away


def test_event_moved_out_of_the_window_is_moved_not_deleted(world):
    """S1-27, S1-24: quirk removed_or_outside: delta cannot tell the two apart, so it is asked."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Postponed"), new_key())
    cursor = read_all(ann, home)[-1].cursor
    start = at(10).start + timedelta(days=500)
    away = When(start, start + timedelta(hours=1), "Europe/Berlin")
    world.person("ann").update(home, event.remote_id, "", changed(event, when=away), ["when"])
    pages = read_all(ann, home, cursor)
    assert not gone_ids(pages)
    assert [(e.remote_id, e.fields.when) for e in listed(pages)] == [(event.remote_id, away)]


def test_deleted_series_is_gone_as_one_and_a_cancelled_occurrence_as_that(world):
    """S1-27: quirk no_removed_occurrence: told apart by their slot."""
    ann, home, event = series(world)
    cursor = read_all(ann, home)[-1].cursor
    day = ann.occurrence_id(home, event.remote_id, at(10, day=9).slot)
    world.person("ann").delete(home, day, "")
    pages = read_all(ann, home, cursor)
    assert [(g.remote_id, g.slot) for p in pages for g in p.gone] == [(day, at(10, day=9).slot)]
    world.person("ann").delete(home, event.remote_id, "")
    pages = read_all(ann, home, pages[-1].cursor)
    assert [(g.remote_id, g.slot) for p in pages for g in p.gone] == [(event.remote_id, "")]
    with pytest.raises(NotFound):
        ann.occurrence_id(home, event.remote_id, at(10, day=16).slot)


def test_series_of_whole_days_names_its_occurrences_by_date(world):
    """S1-24, S1-27: no hour gets in, whatever the mailbox's zone."""
    ann, home = world.provider("ann"), world.calendar("ann")
    rule = ("RRULE:FREQ=DAILY;COUNT=3",)
    event = ann.create(home, draft("Days", all_day(2), recurrence=rule), new_key())
    cursor = read_all(ann, home)[-1].cursor
    ann.delete(home, ann.occurrence_id(home, event.remote_id, "20270303"), "")
    gone = [g for page in read_all(ann, home, cursor) for g in page.gone]
    assert [(g.slot, g.master_id) for g in gone] == [("20270303", event.remote_id)]


def test_shifted_series_keeps_its_id_and_wall_clock(world):
    """S4-28, S4-30: every occurrence is an hour later, also in summer time."""
    ann, home = world.provider("ann"), world.calendar("ann")
    rule = ("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3",)
    event = ann.create(home, draft("Mondays", at(9, day=22), recurrence=rule), new_key())
    new = changed(event, when=at(10, day=22))
    after = ann.update(home, event.remote_id, event.etag, new, ["when"])
    assert (after.remote_id, after.fields.recurrence) == (event.remote_id, rule)
    summer = at(9, day=29)  # eleven o'clock in Berlin, as the week before
    found = ann.get(home, ann.occurrence_id(home, event.remote_id, summer.slot))
    assert found.fields.when.start == summer.start


PATTERNS = [
    {"type": "daily", "interval": 3},
    {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "tuesday"]},
    {
        "type": "weekly",
        "interval": 2,
        "daysOfWeek": ["sunday", "tuesday"],
        "firstDayOfWeek": "monday",
    },
    {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
    {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "fourth"},
    {
        "type": "relativeMonthly",
        "interval": 2,
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "index": "last",
    },
    {"type": "absoluteYearly", "interval": 1, "month": 2, "dayOfMonth": 29},
    {
        "type": "relativeYearly",
        "interval": 1,
        "month": 4,
        "daysOfWeek": ["tuesday", "friday"],
        "index": "second",
    },
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p["type"])
def test_rule_that_is_read_happens_when_outlook_says(world, pattern):
    """S4-30: quirk last_day_of_short_months:
    our days against the server's own instances, over three years."""
    span = {"type": "noEnd", "startDate": "2027-03-02", "recurrenceTimeZone": "Europe/Berlin"}
    body = foreign("Ruled", recurrence={"pattern": pattern, "range": span})
    made = world.api("POST", f"/me/calendars/{world.calendar('ann')}/events", body)
    event = world.provider("ann").get(world.calendar("ann"), made["id"])
    window = Window(event.fields.when.start, event.fields.when.start + timedelta(days=1100))
    bounds = {"startDateTime": _text(window.start), "endDateTime": _text(window.stop)}
    answer = world.api("GET", f"/me/events/{made['id']}/instances", **bounds, **{"$top": 1000})
    listed_starts = [one["start"]["dateTime"][:19] for one in answer["value"]]
    ours = expand(event.fields.when, event.fields.recurrence, window, limit=1000)
    assert [one.start.strftime("%Y-%m-%dT%H:%M:%S") for one in ours] == listed_starts


def _text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# -- copies, moves, windows ------------------------------------------------------------------------


def test_copied_meeting_carries_our_extension_on_another_id(world):
    """S3-14: quirk no_extensions_in_delta:
    told as it is: the same lasting id twice; who is a copy is decided above."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Original"), new_key())
    cursor = read_all(ann, home)[-1].cursor
    extension = {
        "@odata.type": "microsoft.graph.openTypeExtension",
        "extensionName": "CalendarSyncPro.Appointment",
        "AppointmentGuid": event.guid,
    }
    copy = foreign("Original, copied", extensions=[extension])
    made = world.api("POST", f"/me/calendars/{home}/events", copy)
    (seen,) = listed(read_all(ann, home, cursor))
    assert (seen.remote_id, seen.guid) == (made["id"], event.guid)
    fresh = ann.update(
        home, seen.remote_id, seen.etag, EventDraft(seen.fields, "own-guid"), ["guid"]
    )
    assert fresh.guid == "own-guid"
    assert ann.get(home, event.remote_id).guid == event.guid


def test_our_lasting_id_can_be_given_to_an_event_that_was_adopted(world):
    """S4-24: in the one constant extension, and nobody is told."""
    ann, home = world.provider("ann"), world.calendar("ann")
    made = world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs"))
    event = ann.get(home, made["id"])
    assert event.guid == ""
    after = ann.update(home, event.remote_id, event.etag, EventDraft(event.fields, "g2"), ["guid"])
    assert (after.guid, after.fields) == ("g2", event.fields)
    assert stored(world, event.remote_id)["ext"] == {
        "CalendarSyncPro.Appointment": {"AppointmentGuid": "g2"}
    }
    assert not world.mails()


def test_event_dragged_into_another_calendar_is_gone_from_this_one(world):
    """S3-14: quirk ids_move: under the same id, and there it is."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Dragged"), new_key())
    other = world.box.ms.calendar(world.email("ann"), "Other")["id"]
    here, there = read_all(ann, home)[-1].cursor, read_all(ann, other)[-1].cursor
    world.box.ms.move_event(event.remote_id, other)
    assert gone_ids(read_all(ann, home, here)) == {event.remote_id}
    with pytest.raises(NotFound):
        ann.get(home, event.remote_id)
    assert [e.remote_id for e in listed(read_all(ann, other, there))] == [event.remote_id]


def test_window_is_frozen_with_a_margin_and_renewed_before_it_ends(world):
    """S4-04: quirk frozen_window:
    35 days more are asked for; when the window has moved through them, all is listed."""
    ann, home = world.provider("ann"), world.calendar("ann")
    start = WINDOW.stop + timedelta(days=50)
    far = draft("Far", When(start, start + timedelta(hours=1), "Europe/Berlin"))
    event = ann.create(home, far, new_key())
    cursor = read_all(ann, home)[-1].cursor
    near = Window(WINDOW.start + timedelta(days=34), WINDOW.stop + timedelta(days=34))
    assert not ann.changes(home, cursor, near).events
    later = Window(WINDOW.start + 2 * MARGIN, WINDOW.stop + MARGIN + timedelta(days=20))
    with pytest.raises(SyncTokenExpired):
        ann.changes(home, cursor, later)
    assert [e.remote_id for e in ann.changes(home, "", later).events] == [event.remote_id]


def test_rows_that_come_twice_are_told_once(world):
    """S4-04: duplicates and replays are legal in delta."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.settings(microsoft__delta_duplicates=True, microsoft__delta_replay=5)
    made = {ann.create(home, draft(f"E{n}"), new_key()).remote_id for n in range(3)}
    pages = read_all(ann, home)
    ids = [e.remote_id for e in pages[0].events]
    assert sorted(ids) == sorted(made)
    again = listed(read_all(ann, home, pages[-1].cursor))
    assert {e.remote_id for e in again} <= made


def test_idle_poll_is_one_request_and_a_change_of_a_stranger_two(world):
    """S1-22: a quiet calendar costs one, also for a provider opened anew."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    world.box.clear_requests()
    read_all(world.provider("ann"), home, cursor)
    assert sent(world) == [("GET", "calendarView.delta")]
    ann.create(home, draft(), new_key())
    world.box.clear_requests()
    cursor = read_all(ann, home, cursor)[-1].cursor
    assert sent(world) == [("GET", "calendarView.delta")]  # ours is known by its transactionId
    world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs"))
    world.box.clear_requests()
    read_all(ann, home, cursor)
    assert [one for one in sent(world) if one[1] in ("calendarView.delta", "batch")] == [
        ("GET", "calendarView.delta"),
        ("POST", "batch"),
    ]


# -- details ---------------------------------------------------------------------------------------


def test_whole_day_stands_at_midnight_of_the_mailboxes_zone(world):
    """S1-24: in UTC it would spread over two days in other clients."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Day", all_day(5)), new_key())
    kept = stored(world, event.remote_id)["e"]
    assert kept["start"] == {
        "dateTime": "2027-03-05T00:00:00",
        "timeZone": "W. Europe Standard Time",
    }
    assert event.fields.when == When(date(2027, 3, 5), date(2027, 3, 6))


def test_teams_link_is_made_once_and_survives_a_new_text(world):
    """S4-26: quirk join_text_in_body:
    the join text is neither shown as description nor lost when that is written."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = EventDraft(draft("Call", description="Agenda").fields, "g1", wants_conference=True)
    event = ann.create(home, wanted, new_key())
    link = event.fields.conference_url
    assert link.startswith("https://teams.")
    assert event.fields.description == "Agenda"
    new = changed(event, description="<p>New agenda</p>")
    after = ann.update(home, event.remote_id, event.etag, new, ["description"])
    assert (after.fields.description, after.fields.conference_url) == ("<p>New agenda</p>", link)
    assert stored(world, event.remote_id)["e"]["isOnlineMeeting"]


def test_shared_calendar_can_be_read_and_written_without_our_extension(world):
    """S0-34: Outlook refuses extensions in another's mailbox; the event is made all the same."""
    box, bob = world.box, world.provider("bob")
    box.ms.share(world.email("ann"), world.email("bob"), "write")
    shared = next(c for c in bob.calendars() if not c.is_own)
    assert shared.role.can_write
    wanted = draft("In Ann's")
    event = bob.create(shared.remote_id, wanted, key := new_key())
    assert bob.find(shared.remote_id, key).remote_id == event.remote_id
    assert bob.get(shared.remote_id, event.remote_id).guid == wanted.guid
    box.ms.share(world.email("ann"), world.email("bob"), "read")
    readable = next(c for c in bob.calendars() if not c.is_own)
    assert not readable.role.can_write


def test_busy_times_say_how_they_count(world):
    """S2-10: tentative and out of office are told apart, elsewhere takes no time."""
    ann, home = world.provider("ann"), world.calendar("ann")
    for hour, shown in ((8, ShowAs.TENTATIVE), (10, ShowAs.OUT_OF_OFFICE), (12, ShowAs.ELSEWHERE)):
        ann.create(home, draft(when=at(hour), show_as=shown), new_key())
    times = ann.busy([home], WINDOW)[home]
    assert [(t.start, t.kind) for t in times] == [
        (at(8).start, "tentative"),
        (at(10).start, "out_of_office"),
    ]


def test_colleague_is_looked_up_by_address_and_a_stranger_is_unknown(world):
    """S2-10, S0-23: by getSchedule, in pieces of a month, nobody taken for free by mistake."""
    ann, bob = world.provider("ann"), world.provider("bob")
    bob.create(world.calendar("bob"), draft("Hidden"), new_key())
    year = Window(WINDOW.start, WINDOW.start + timedelta(days=300))
    found = ann.busy([world.email("bob"), "nobody@nowhere.example"], year)
    assert [(t.start, t.stop) for t in found[world.email("bob")]] == [(at(10).start, at(10).stop)]
    assert isinstance(found["nobody@nowhere.example"], BusyUnreadable)


def test_personal_account_reads_its_own_times_without_getschedule(world):
    """S0-16, S2-10: Outlook.com has none; others stay unknown."""
    email = "me" + world.email("ann").replace("sales.example", "home.example")
    world.box.ms.user(email, kind="personal")
    world._emails["me"] = email
    grant = world.grant("me")
    mine = world.provider("me", grant=grant)
    (home,) = [c.remote_id for c in mine.calendars() if c.is_primary]
    mine.create(home, draft(), new_key())
    found = mine.busy([email, world.email("bob")], WINDOW)
    assert [(t.start, t.stop) for t in found[email]] == [(at(10).start, at(10).stop)]
    assert isinstance(found[world.email("bob")], BusyUnreadable)


def test_slot_of_a_moved_occurrence_is_never_its_new_place(world):
    """S4-30: a copy of the slot's arithmetic in the server, seen from outside."""
    ann, home, event = series(world)
    remote_id = ann.occurrence_id(home, event.remote_id, at(10, day=16).slot)
    part = EventDraft(event.fields.replace(when=at(7, day=18), recurrence=()))
    after = ann.update(home, remote_id, "", part, ["when"])
    assert (after.slot, slot_of(after.fields.when.start)) == (
        at(10, day=16).slot,
        at(7, day=18).slot,
    )
