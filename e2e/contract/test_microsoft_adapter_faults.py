"""What Microsoft does on a bad day, over real HTTP: a typed error each time, never two copies."""

import json
import logging
from time import monotonic

import pytest

from calendar_sync_pro.core.errors import (
    AlreadyExists,
    AuthExpired,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    SyncTokenExpired,
    Unavailable,
)
from calendar_sync_pro.providers.port import BusyUnreadable, Grant
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    changed,
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


def copies(world, title):
    """How many events of that title Ann's calendar holds, straight from the server's store."""
    stored = world.box.ms.stored_events(world.email("ann"))
    return sum(1 for one in stored if one["e"]["subject"] == title)


@pytest.mark.parametrize("action", ["hang_after", "drop_after", "truncate", "garbage"])
def test_answer_lost_after_outlook_created_the_event_leaves_one_copy(world, action):
    """S4-25: time-out, dropped line, half an answer or nonsense: all mean "unknown"."""
    ann, home, key = world.provider("ann", timeout_s=0.7), world.calendar("ann"), new_key()
    wanted = draft(f"Lost by {action}")
    world.fault(action, "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, wanted, key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key).guid == wanted.guid
    assert [e.create_key for e in listed(read_all(ann, home))] == [key]
    ann.create(home, wanted, key)
    assert copies(world, wanted.fields.title) == 1


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
    assert copies(world, wanted.fields.title) == 1


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


def test_nothing_is_repeated_behind_the_engines_back(world):
    """S4-13: one failed call is one request; waiting is the engine's business."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.clear_requests()
    world.fault("error", "create", status=503, reason="ServiceUnavailable", count=0)
    with pytest.raises(Unavailable):
        ann.create(home, draft(), new_key())
    sent = world.box.counters(world.email("ann"))["requests"]
    assert sent == {"microsoft.events.create": 1}


@pytest.mark.parametrize(
    ("status", "reason", "error", "facts"),
    [
        (429, "ApplicationThrottled", RateLimited, {"retry_after_s": 9, "is_write_quota": False}),
        (507, "ErrorQuotaExceeded", RateLimited, {"is_write_quota": True}),
        (403, "ErrorAccessDenied", Forbidden, {}),
        (401, "InvalidAuthenticationToken", AuthExpired, {"is_revoked": False}),
        (409, "ErrorIrresolvableConflict", Conflict, {}),
        (412, "PreconditionFailed", Conflict, {}),
        (404, "ErrorItemNotFound", NotFound, {}),
        (500, "InternalServerError", Unavailable, {"has_unknown_outcome": True}),
        (503, "ServiceUnavailable", Unavailable, {"retry_after_s": 9}),
        (504, "GatewayTimeout", Unavailable, {"has_unknown_outcome": True}),
    ],
)
def test_refusals_of_a_write_are_told_apart_by_status_and_code(world, status, reason, error, facts):
    """S1-10, S1-13: who has to do what about it follows from the type."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    world.fault("error", "update", status=status, reason=reason, retry_after=9)
    with pytest.raises(error) as refused:
        ann.update(home, event.remote_id, event.etag, changed(event, title="X"), ["title"])
    assert {name: getattr(refused.value, name) for name in facts} == facts
    assert refused.value.operation == "update"


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


def test_garbage_instead_of_a_listing_is_no_empty_calendar(world):
    """S4-14: nothing can be taken for deleted because of a broken answer."""
    ann, home = world.provider("ann"), world.calendar("ann")
    for action in ("garbage", "truncate"):
        world.fault(action, "changes")
        with pytest.raises(Unavailable) as broken:
            ann.changes(home, "", WINDOW)
        assert not broken.value.has_unknown_outcome


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


def test_hanging_server_is_given_up_in_time(world):
    """S1-22: a provider that hangs holds a worker no longer than its time-out."""
    ann = world.provider("ann", timeout_s=0.5, grant=Grant(world._tokens["ann"], scopes={"x"}))
    world.fault("hang", "calendars")
    started = monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        ann.calendars()
    assert monotonic() - started < 2


def test_neither_tokens_nor_texts_nor_addresses_reach_logs_or_errors(world, caplog):
    """S4-05: canaries in every place, everything logged, nothing found."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="urllib3.connectionpool")
    ann, home = world.provider("ann"), world.calendar("ann")
    canary = draft("canary-title", description="canary-text", location="canary-place")
    said = []
    for action in ("error", "garbage", "truncate", "drop_after"):
        world.fault(action, "create", status=403, reason="ErrorAccessDenied", message="canary-m")
        world.fault(action, "create", status=403, reason="ErrorAccessDenied", message="canary-m")
        with pytest.raises((Unavailable, Forbidden)) as failed:
            ann.create(home, canary, new_key())
        said.append(f"{failed.value!r} {failed.value.__context__!r}")
        world.box.faults.clear()
    ann.create(home, canary, new_key())
    ann.changes(home, "", WINDOW)
    text = "\n".join([*said, caplog.text]).lower()
    assert "canary" not in text
    assert world.email("ann").split("@")[0] not in text
    assert world._tokens["ann"].lower() not in text
    assert "deltatoken" not in text
    assert "bearer" not in text


def test_wrong_access_token_asks_for_a_fresh_one(world):
    """S4-05: an access token that ran out is no reason to bother the user."""
    with pytest.raises(AuthExpired) as expired:
        world.provider("ann", grant=Grant("nonsense")).get(world.calendar("ann"), "AAkx=")
    assert not expired.value.is_revoked
