"""What Google does on a bad day, over real HTTP: a typed error each time, and never two copies."""

import logging

import pytest

from calendar_sync_pro.core.errors import (
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

from .google_world import OPERATIONS


def copies(world, title):
    """How many events of that title Ann's calendar holds, straight from the server's store."""
    stored = world.box.stored_events(world.calendar("ann"))
    return sum(1 for one in stored if one.get("summary") == title)


@pytest.mark.parametrize("action", ["hang_after", "drop_after", "truncate", "garbage"])
def test_answer_lost_after_google_created_the_event_leaves_one_copy(world, action):
    """S4-25: time-out, dropped line, half an answer or nonsense: all mean "unknown"."""
    ann, home, key = world.provider("ann", timeout_s=0.7), world.calendar("ann"), new_key()
    wanted = draft(f"Lost by {action}")
    world.fault(action, "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, wanted, key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key).guid == wanted.guid
    ann.create(home, wanted, key)
    assert copies(world, wanted.fields.title) == 1


def test_connection_dropped_before_google_did_anything_is_repeated_to_one_copy(world):
    """S4-25: nothing was made, so the repeat makes it."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    world.fault("drop", "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, draft("Dropped"), key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key) is None
    ann.create(home, draft("Dropped"), key)
    assert copies(world, "Dropped") == 1


def test_server_error_after_an_update_is_unknown_and_the_repeat_meets_its_own_work(world):
    """S4-25: the second try with the old etag is told to read again."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("Before"), new_key())
    world.fault("error_after", "update", status=500, reason="backendError")
    with pytest.raises(Unavailable) as lost:
        ann.update(home, event.remote_id, event.etag, changed(event, title="After"), ["title"])
    assert lost.value.has_unknown_outcome
    with pytest.raises(Conflict):
        ann.update(home, event.remote_id, event.etag, changed(event, title="After"), ["title"])
    assert ann.get(home, event.remote_id).fields.title == "After"


def test_nothing_is_repeated_behind_the_engines_back(world):
    """S4-13: one failed call is one request; waiting is the engine's business."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.clear_requests()
    world.fault("error", "create", status=503, reason="backendError", count=0)
    with pytest.raises(Unavailable):
        ann.create(home, draft(), new_key())
    assert world.box.counters(world.email("ann"))["requests"] == {"google.events.insert": 1}


@pytest.mark.parametrize(
    ("status", "reason", "error", "facts"),
    [
        (429, "rateLimitExceeded", RateLimited, {"retry_after_s": 9, "is_write_quota": False}),
        (403, "rateLimitExceeded", RateLimited, {"retry_after_s": 9, "is_write_quota": False}),
        (403, "userRateLimitExceeded", RateLimited, {"is_write_quota": False}),
        (403, "quotaExceeded", RateLimited, {"is_write_quota": True}),
        (403, "forbiddenForNonOrganizer", Forbidden, {}),
        (403, "insufficientPermissions", AuthExpired, {"is_revoked": True}),
        (401, "authError", AuthExpired, {"is_revoked": False}),
        (410, "deleted", NotFound, {}),
        (412, "conditionNotMet", Conflict, {}),
        (500, "backendError", Unavailable, {"has_unknown_outcome": True}),
        (502, "", Unavailable, {"has_unknown_outcome": True}),
        (503, "backendError", Unavailable, {"retry_after_s": 9}),
    ],
)
def test_refusals_of_a_write_are_told_apart_by_status_and_reason(
    world, status, reason, error, facts
):
    """S1-10, S1-13: who has to do what about it follows from the type."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft(), new_key())
    world.fault("error", "update", status=status, reason=reason, retry_after=9)
    with pytest.raises(error) as refused:
        ann.update(home, event.remote_id, event.etag, changed(event, title="X"), ["title"])
    assert {name: getattr(refused.value, name) for name in facts} == facts
    assert refused.value.operation == "update"


def test_expired_sync_token_is_410_and_a_full_listing_follows(world):
    """S4-14: quirk gone_means_three_things."""
    ann, home = world.provider("ann"), world.calendar("ann")
    cursor = read_all(ann, home)[-1].cursor
    world.fault("sync_token_expired", "changes")
    with pytest.raises(SyncTokenExpired):
        ann.changes(home, cursor, WINDOW)
    assert not ann.changes(home, "", WINDOW).has_more


def test_empty_page_in_the_middle_does_not_end_a_listing(world):
    """S4-04: quirk empty_page_with_more."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, draft("After an empty page"), new_key())
    world.fault("empty_page", "changes")
    pages = read_all(ann, home)
    assert pages[0].events == ()
    assert pages[0].has_more
    assert [e.remote_id for e in listed(pages)] == [event.remote_id]


def test_garbage_instead_of_a_listing_is_no_empty_calendar(world):
    """S4-14: nothing can be taken for deleted because of a broken answer."""
    ann, home = world.provider("ann"), world.calendar("ann")
    for action in ("garbage", "truncate"):
        world.fault(action, "changes")
        with pytest.raises(Unavailable) as broken:
            ann.changes(home, "", WINDOW)
        assert not broken.value.has_unknown_outcome


def test_one_poisonous_event_is_put_aside_and_the_page_goes_on(world):
    """S4-14: mended at the provider, it comes in by itself."""
    ann, home = world.provider("ann"), world.calendar("ann")
    good = ann.create(home, draft("Good"), new_key())
    bad = ann.create(home, draft("Bad"), new_key())
    world.box.corrupt_event(home, bad.remote_id, start={"date": "someday"})
    page = ann.changes(home, "", WINDOW)
    assert [e.remote_id for e in page.events] == [good.remote_id]
    assert [(u.remote_id, u.error.field) for u in page.unreadable] == [(bad.remote_id, "when")]
    world.box.corrupt_event(home, bad.remote_id, start=None)
    person = world.person("ann")
    person.update(home, bad.remote_id, "", changed(bad, title="Mended"), ["title"])
    assert [e.fields.title for e in listed(read_all(ann, home, page.cursor))] == ["Mended"]


def test_calendar_that_is_not_there_any_more_is_not_found(world):
    """S0-31: a lost calendar is told apart from a quiet one."""
    with pytest.raises(NotFound):
        world.provider("ann").changes("gone@group.calendar.example", "", WINDOW)


def test_busy_times_that_fail_are_told_as_an_error_not_as_free(world):
    """S2-10: also when the whole request fails."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.fault("error", "busy", status=503)
    with pytest.raises(Unavailable):
        ann.busy([home], WINDOW)
    assert isinstance(ann.busy(["x@y.example"], WINDOW)["x@y.example"], BusyUnreadable)


def test_hanging_server_is_given_up_in_time(world):
    """S1-22: a provider that hangs holds a worker no longer than its time-out."""
    from time import monotonic

    ann = world.provider("ann", timeout_s=0.5)
    world.fault("hang", "calendars")
    started = monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        ann.calendars()
    assert monotonic() - started < 2


def test_neither_tokens_nor_texts_nor_addresses_reach_logs_or_errors(world, caplog):
    """S4-05: canaries in every place, everything logged, nothing found."""
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3.connectionpool", "googleapiclient.http", "googleapiclient.model"):
        caplog.set_level(logging.DEBUG, logger=name)
    ann, home = world.provider("ann"), world.calendar("ann")
    canary = draft("canary-title", description="canary-text", location="canary-place")
    said = []
    for action in ("error", "garbage", "truncate", "drop_after"):
        world.fault(action, "create", status=403, reason="forbidden", message="canary-message")
        with pytest.raises((Unavailable, Forbidden)) as failed:
            ann.create(home, canary, new_key())
        said.append(f"{failed.value!r} {failed.value.__context__!r}")
    ann.create(home, canary, new_key())
    ann.changes(home, "", WINDOW)
    text = "\n".join([*said, caplog.text]).lower()
    assert "canary" not in text
    assert world.email("ann").split("@")[0] not in text
    assert world._tokens["ann"].lower() not in text
    assert "synctoken" not in text
    assert "bearer" not in text


def test_wrong_access_token_asks_for_a_fresh_one(world):
    """S4-05: an access token that ran out is no reason to bother the user."""
    with pytest.raises(AuthExpired) as expired:
        world.provider("ann", grant=Grant("nonsense")).calendars()
    assert not expired.value.is_revoked


def test_every_write_says_whether_guests_are_told(world):
    """S4-11: sendUpdates is never left to Google."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.clear_requests()
    event = ann.create(home, draft(), new_key())
    event = ann.update(home, event.remote_id, "", changed(event, title="T"), ["title"])
    ann.delete(home, event.remote_id, "", is_notifying=True)
    sent = world.box.requests(user=world.email("ann"))
    writes = [one for one in sent if one["method"] != "GET"]
    assert len(writes) == len(OPERATIONS.keys() & {"create", "update", "delete"})
    told = [str(one["query"]["sendUpdates"]).strip("[]'") for one in writes]
    assert told == ["none", "none", "all"]
