"""Teams links through the adapter: asked for where they may be, taken off, never by surprise."""

import pytest

from calendar_sync_pro.core.errors import Forbidden
from calendar_sync_pro.providers.port import EventDraft
from calendar_sync_pro.tests.pure.contract.backend import changed, draft, guest, new_key

from .microsoft_world import fresh_world, sent

TEAMS = "https://teams.microsoft.com/"


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft; faults and settings are put back."""
    yield from fresh_world(google_box)


def wishing(title="Demo", **members):
    """A draft with the wish for a call."""
    plain = draft(title, **members)
    return EventDraft(plain.fields, plain.guid, wants_conference=True)


@pytest.mark.parametrize("facts", [{"kind": "personal"}, {"teams": False}])
def test_account_without_teams_gets_its_event_and_its_text_can_be_edited(world, facts):
    """S3-29: a personal account, a mailbox without a licence: no link and no error."""
    world.box.ms.change_user(world.email("ann"), **facts)
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, wishing(), new_key())
    assert event.fields.conference_url == ""
    agenda = changed(event, description="Agenda")
    after = ann.update(home, event.remote_id, event.etag, agenda, ["description"])
    assert (after.fields.description, after.fields.conference_url) == ("Agenda", "")


def test_call_costs_one_look_at_the_calendar_and_only_when_wished_for(world):
    """S3-29, S1-22: without the wish nothing is asked beside the event."""
    ann, home = world.provider("ann"), world.calendar("ann")
    world.box.clear_requests()
    ann.create(home, draft("Plain"), new_key())
    assert sent(world) == [("POST", "events.create")]
    world.box.clear_requests()
    event = ann.create(home, wishing(), new_key())
    assert event.fields.conference_url.startswith(TEAMS)
    assert sent(world) == [("GET", "calendars.get"), ("POST", "events.create")]


def test_call_is_taken_off_and_the_text_stays(world):
    """S3-29: Outlook ends a call when its text leaves the body; the agenda is not lost."""
    ann, home = world.provider("ann"), world.calendar("ann")
    event = ann.create(home, wishing(description="Agenda"), new_key())
    assert event.fields.conference_url
    over = changed(event, conference_url="")
    after = ann.update(home, event.remote_id, event.etag, over, ["conference_url"])
    assert (after.fields.conference_url, after.fields.description) == ("", "Agenda")
    world.box.clear_requests()
    again = ann.update(home, event.remote_id, after.etag, over, ["conference_url"])
    assert again.etag == after.etag, "nothing is written twice"


def test_guests_are_not_told_of_a_call_by_surprise(world):
    """S3-29, S4-11: a link changes the text that guests see, so it is refused in silence."""
    ann, home = world.provider("ann"), world.calendar("ann")
    wanted = draft("Meeting", attendees=(guest("customer@outside.example"),))
    event = ann.create(home, wanted, new_key(), is_notifying=True)
    told = len(world.mails())
    wish = EventDraft(event.fields, event.guid, wants_conference=True)
    with pytest.raises(Forbidden, match="would_notify"):
        ann.update(home, event.remote_id, event.etag, wish, ["conference_url"])
    assert len(world.mails()) == told
    after = ann.update(
        home, event.remote_id, event.etag, wish, ["conference_url"], is_notifying=True
    )
    assert after.fields.conference_url.startswith(TEAMS)
    assert len(world.mails()) > told
