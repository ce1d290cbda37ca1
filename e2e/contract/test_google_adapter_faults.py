"""What only Google does on a bad day, over real HTTP; see `test_adapters_bad_days.py`."""

import pytest

from calendar_sync_pro.core.errors import (
    AuthExpired,
    Conflict,
    NotFound,
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
