"""What every provider with an API of its own does on a bad day, over real HTTP: a typed error each
time, never two copies, and nothing secret in a log. What only one of them does has its own file."""

import logging
from time import monotonic

import pytest

from calendar_sync_pro.core.errors import (
    AuthExpired,
    Conflict,
    Forbidden,
    NotFound,
    RateLimited,
    Unavailable,
)
from calendar_sync_pro.tests.pure.contract.backend import WINDOW, changed, draft, new_key

from .google_world import GoogleWorld
from .microsoft_world import MicrosoftWorld, fresh_world

WORLDS = {"google": GoogleWorld, "microsoft": MicrosoftWorld}
NO_ENTRY = {"google": "forbidden", "microsoft": "ErrorAccessDenied"}
CURSOR = {"google": "synctoken", "microsoft": "deltatoken"}
DEBUGGED = ("urllib3.connectionpool", "googleapiclient.http", "googleapiclient.model")


@pytest.fixture(params=sorted(WORLDS))
def provider(request):
    """Whose bad day it is."""
    return request.param


@pytest.fixture
def world(google_box, provider):
    """Ann and Bob there; faults and settings are put back."""
    yield from fresh_world(google_box, WORLDS[provider])


@pytest.mark.parametrize("action", ["hang_after", "drop_after", "truncate", "garbage"])
def test_answer_lost_after_the_event_was_made_leaves_one_copy(world, action):
    """S4-25: time-out, dropped line, half an answer or nonsense: all mean "unknown"."""
    ann, home, key = world.provider("ann", timeout_s=0.7), world.calendar("ann"), new_key()
    wanted = draft(f"Lost by {action}")
    world.fault(action, "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, wanted, key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key).guid == wanted.guid
    ann.create(home, wanted, key)
    assert world.copies(wanted.fields.title) == 1


def test_connection_dropped_before_anything_was_done_is_repeated_to_one_copy(world):
    """S4-25: nothing was made, so the repeat makes it."""
    ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
    world.fault("drop", "create")
    with pytest.raises(Unavailable) as lost:
        ann.create(home, draft("Dropped"), key)
    assert lost.value.has_unknown_outcome
    assert ann.find(home, key) is None
    ann.create(home, draft("Dropped"), key)
    assert world.copies("Dropped") == 1


def test_nothing_is_repeated_behind_the_engines_back(world, provider):
    """S4-13: one failed call is one request; waiting is the engine's business."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.clear_requests()
    world.fault("error", "create", status=503, reason="ServiceUnavailable", count=0)
    with pytest.raises(Unavailable):
        ann.create(home, draft(), new_key())
    name = {"google": "google.events.insert", "microsoft": "microsoft.events.create"}[provider]
    assert world.box.counters(world.email("ann"))["requests"] == {name: 1}


REFUSALS = {
    "google": [
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
    "microsoft": [
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
}


@pytest.mark.parametrize(
    ("provider", "status", "reason", "error", "facts"),
    [(name, *row) for name, rows in REFUSALS.items() for row in rows],
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


def test_garbage_instead_of_a_listing_is_no_empty_calendar(world):
    """S4-14: nothing can be taken for deleted because of a broken answer."""
    ann, home = world.provider("ann"), world.calendar("ann")
    for action in ("garbage", "truncate"):
        world.fault(action, "changes")
        with pytest.raises(Unavailable) as broken:
            ann.changes(home, "", WINDOW)
        assert not broken.value.has_unknown_outcome


def test_hanging_server_is_given_up_in_time(world):
    """S1-22: a provider that hangs holds a worker no longer than its time-out."""
    ann = world.provider("ann", timeout_s=0.5, grant=world.grant("ann"))
    world.fault("hang", "calendars")
    started = monotonic()
    with pytest.raises(Unavailable, match="timeout"):
        ann.calendars()
    assert monotonic() - started < 2


def test_neither_tokens_nor_texts_nor_addresses_reach_logs_or_errors(world, provider, caplog):
    """S4-05: canaries in every place, everything logged, nothing found."""
    caplog.set_level(logging.DEBUG)
    for name in DEBUGGED:
        caplog.set_level(logging.DEBUG, logger=name)
    ann, home = world.provider("ann"), world.calendar("ann")
    canary = draft("canary-title", description="canary-text", location="canary-place")
    refused = {"status": 403, "reason": NO_ENTRY[provider], "message": "canary-message"}
    said = []
    for action in ("error", "garbage", "truncate", "drop_after"):
        world.fault(action, "create", count=2, **refused)  # also for who asks a second time
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
    assert CURSOR[provider] not in text
    assert "bearer" not in text
