"""Outlook's copies, moves and windows; whole days, Teams, shared calendars, busy times."""

from datetime import date, timedelta

import pytest

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.core.errors import AuthExpired, NotFound, SyncTokenExpired
from calendar_sync_pro.core.event import ShowAs
from calendar_sync_pro.core.when import When
from calendar_sync_pro.providers.microsoft.cursor import MARGIN
from calendar_sync_pro.providers.microsoft.oauth import EVENTS
from calendar_sync_pro.providers.port import BusyUnreadable, EventDraft, Grant
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    all_day,
    at,
    changed,
    draft,
    gone_ids,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import foreign, fresh_world, sent, stored


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


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


def test_missing_place_for_our_id_is_not_the_absence_of_the_event(world):
    """S4-24: 404 for the extension says nothing about the event, whose other changes arrive; only
    when it is gone itself the answer is NotFound."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.get(
        home, world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs"))["id"]
    )
    refusal = {"status": 404, "reason": "ErrorItemNotFound", "user": world.email("ann")}
    world.box.faults.add("error", operation="extensions.create", count=0, **refusal)
    wanted, names = EventDraft(event.fields.replace(title="Ours"), "g2"), ["title", "guid"]
    after = ann.update(home, event.remote_id, event.etag, wanted, names)
    assert (after.fields.title, after.guid) == ("Ours", "")
    world.api("DELETE", f"/me/events/{event.remote_id}")
    with pytest.raises(NotFound):
        ann.update(home, event.remote_id, "", wanted, ["guid"])


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


def test_calendars_of_the_mailbox_and_of_others_with_roles(world):
    """S0-15, S0-34: own ones, a locked one, shared ones; only where the scope allows."""
    box, ann = world.box, world.email("ann")
    box.ms.calendar(ann, "Projects")
    box.ms.calendar(ann, "Birthdays", readonly=True)
    box.ms.calendar(world.email("bob"), "Team", subscribers={ann: "read"})
    found = {c.name: c for c in world.provider("ann").calendars()}
    assert (found["Projects"].role.can_write, found["Projects"].is_own) == (True, True)
    assert not found["Birthdays"].role.can_write
    assert (found["Team"].role.can_write, found["Team"].is_own) == (False, False)
    assert [c.is_primary for c in found.values()].count(True) == 1
    assert found["Projects"].tz == "Europe/Berlin"
    narrow = Grant(world._tokens["ann"], scopes=frozenset({EVENTS}))
    own = world.provider("ann", grant=narrow).calendars()
    assert "Team" not in {c.name for c in own}


def test_calendars_over_several_pages_are_all_listed(world):
    """S0-34: Graph's pages are ten long unless one asks."""
    for n in range(12):
        world.box.ms.calendar(world.email("ann"), f"C{n}")
    assert len(world.provider("ann").calendars()) == 13


def test_account_without_a_mailbox_is_told_so(world):
    """S0-29: nothing to wait for."""
    world.box.ms.change_user(world.email("ann"), mailbox=False)
    with pytest.raises(AuthExpired, match="no_mailbox") as ended:
        world.provider("ann").changes(world.calendar("ann"), "", WINDOW)
    assert ended.value.is_revoked
