"""What only Microsoft does on a bad day, over real HTTP; see `test_adapters_bad_days.py`."""

import json

import pytest

from calendar_sync_pro.core.errors import (
    AlreadyExists,
    AuthExpired,
    NotFound,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from calendar_sync_pro.providers.port import BusyUnreadable, Grant
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    draft,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import foreign, fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


def test_key_of_a_create_whose_answer_was_lost_stands_in_the_listing(world):
    """S4-25: whoever lists finds what it was made with."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    world.fault("drop_after", "create")
    with pytest.raises(Unavailable):
        ann.create(home, draft("Lost"), key)
    assert [e.create_key for e in listed(read_all(ann, home))] == [key]


@pytest.mark.parametrize("mode", ["same", "409", "400"])
def test_repeated_transaction_is_adopted_however_graph_answers_it(world, mode):
    """S4-25: quirk transaction_forgets:
    the same event again, or one of two errors: one copy each time."""
    world.box.settings(microsoft__duplicate_transaction=mode)
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    wanted = draft(f"Twice {mode}")
    first = ann.create(home, wanted, key)
    again = ann.create(home, wanted, key)
    assert (again.remote_id, again.guid) == (first.remote_id, wanted.guid)
    assert world.copies(wanted.fields.title) == 1


def test_transaction_that_was_met_but_whose_event_is_gone_is_told(world):
    """S1-27: a server that remembers keeps a deleted event deleted."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    wanted = draft("Gone")
    event = ann.create(home, wanted, key)
    ann.delete(home, event.remote_id, "")
    world.fault("error", "create", status=409, reason="ErrorDuplicateTransactionId")
    with pytest.raises(NotFound):
        ann.create(home, wanted, key)


def test_key_of_somebody_elses_event_is_not_adopted_in_silence(world):
    """S4-25: an event that carries our key but another lasting id is told, never overwritten."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    ann.create(home, draft("Theirs", guid="another"), key)
    world.fault("error", "create", status=409, reason="ErrorDuplicateTransactionId")
    with pytest.raises(AlreadyExists):
        ann.create(home, draft("Ours"), key)


@pytest.mark.parametrize("status", [410, 404, 400])
def test_lost_sync_state_is_told_by_its_code_whatever_the_status(world, status):
    """S4-14: a full listing follows and finds everything."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Still here"), new_key())
    cursor = read_all(ann, home)[-1].cursor
    world.box.settings(microsoft__delta_lost_status=status)
    world.expire_cursors()
    with pytest.raises(SyncTokenExpired):
        ann.changes(home, cursor, WINDOW)
    assert [e.remote_id for e in listed(read_all(ann, home))] == [event.remote_id]


def test_empty_page_in_the_middle_does_not_end_a_round(world):
    """S4-04: only a delta link does."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("After an empty page"), new_key())
    world.fault("empty_page", "changes")
    world.box.clear_requests()
    pages = read_all(ann, home)
    assert [e.remote_id for e in listed(pages)] == [event.remote_id]
    assert sent(world) == [("GET", "calendarView.delta")] * 2


def test_link_to_another_host_is_not_followed_with_the_token(world):
    """S4-05: not from a cursor, and not from a page."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = json.loads(read_all(ann, home)[-1].cursor)
    assert cursor["link"].startswith("/v1.0/")
    for link in ("https://evil.example/v1.0/x", "@evil.example/x"):
        with pytest.raises(SyncTokenExpired):
            ann.changes(home, json.dumps({**cursor, "link": link}), WINDOW)
    with pytest.raises(Unavailable, match="foreign_link"):
        ann.graph.own_link("https://graph.evil.example/v1.0/me?x=1", "changes")


def test_one_poisonous_event_is_put_aside_and_the_page_goes_on(world):
    """S4-14: mended at the provider, it comes in by itself."""
    ann, home = world.provider("ann"), world.calendar("ann")
    good = ann.create(home, draft("Good"), new_key())
    bad = ann.create(home, draft("Bad"), new_key())
    world.box.ms.raw_event(bad.remote_id, reminderMinutesBeforeStart="soon")
    page = ann.changes(home, "", WINDOW)
    assert [e.remote_id for e in page.events] == [good.remote_id]
    assert [(u.remote_id, u.error.field) for u in page.unreadable] == [(bad.remote_id, "reminders")]
    world.box.ms.raw_event(bad.remote_id, reminderMinutesBeforeStart=5)
    assert [e.fields.title for e in listed(read_all(ann, home, page.cursor))] == ["Bad"]


def test_throttled_second_read_makes_the_whole_page_wait(world):
    """S1-10: half of a page is no page; the cursor stays where it was."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    world.api("POST", f"/me/calendars/{home}/events", foreign("Theirs"))
    world.fault("error", "get", status=429, reason="ApplicationThrottled", retry_after=4)
    with pytest.raises(RateLimited) as limited:
        ann.changes(home, cursor, WINDOW)
    assert limited.value.retry_after_s == 4
    assert [e.fields.title for e in ann.changes(home, cursor, WINDOW).events] == ["Theirs"]


def test_calendar_that_is_not_there_any_more_is_not_found(world):
    """S0-31: a lost calendar is told apart from a quiet one."""
    ann, spare = world.provider("ann"), world.box.ms.calendar(world.email("ann"), "Spare")
    cursor = read_all(ann, spare["id"])[-1].cursor
    world.api("DELETE", f"/me/calendars/{spare['id']}")
    for place in ("", cursor):
        with pytest.raises(NotFound):
            ann.changes(spare["id"], place, WINDOW)


def test_busy_times_that_fail_are_told_as_an_error_not_as_free(world):
    """S2-10: also when the whole request fails, or one calendar is gone."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.fault("error", "busy", status=503, reason="ServiceUnavailable")
    with pytest.raises(Unavailable):
        ann.busy([home], WINDOW)
    gone = ann.busy([home, "AQMkGone="], WINDOW)
    assert isinstance(gone["AQMkGone="], BusyUnreadable)
    assert gone[home] == ()


def test_wrong_access_token_asks_for_a_fresh_one(world):
    """S4-05: an access token that ran out is no reason to bother the user."""
    with pytest.raises(AuthExpired) as expired:
        world.provider("ann", grant=Grant("nonsense")).get(world.calendar("ann"), "AAkx=")
    assert not expired.value.is_revoked
