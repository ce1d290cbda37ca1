"""The sandbox's page "the other side": what a person does there is real at Google."""

import pytest

from sandbox.client import http

from .google_client import timed
from .google_people import add

pytest_plugins = ["e2e.contract.google_people"]

FORM = {"first": "2026-12-02", "last": "2026-12-02", "start": "08:00", "stop": "09:00"}


@pytest.fixture
def press(box, email):
    """Press a button of a page as the first colleague; the status."""

    def pressed(path, who=email, **form):
        return http("POST", f"{box.facts['page']}/google/{who}/{path}", form=form)[0]

    return pressed


def shown(box, email):
    """The week of 30 November as HTML."""
    return http("GET", f"{box.facts['page']}/google/{email}?week=2026-12-02")[2].decode()


def test_a_new_event_invites_when_the_box_is_ticked(box, people, ann, email, press):
    """Given the empty form, when it is saved, then the event and the guest's copy are there."""
    guest = people[1][0]
    new = {"do": "save", "target": email, "summary": "By <hand>", "guests": guest, **FORM}

    assert press("event", notify="all", **new) == 303

    made = ann.list(calendarId="primary").execute()["items"][0]
    assert made["start"]["dateTime"] == "2026-12-02T08:00:00+01:00"
    assert [(m["kind"], m["to"]) for m in box.mails()] == [("invitation", guest)]
    assert "By &lt;hand&gt;" in shown(box, email)
    assert "By &lt;hand&gt;" in shown(box, guest)


def test_dragging_keeps_the_length_and_mails_nobody(box, ann, email, press):
    """A drag moves start and end alike."""
    event = add(ann, timed())

    assert press("move", cal=email, id=event["id"], start="2026-12-03T14:15") == 303

    moved = ann.get(calendarId="primary", eventId=event["id"]).execute()
    ends = [moved[name]["dateTime"][:16] for name in ("start", "end")]
    assert ends == ["2026-12-03T14:15", "2026-12-03T15:15"]
    assert box.mails() == []


def test_a_guest_answers_and_the_organizer_deletes(people, ann, email, press):
    """Yes, maybe, no belong to the guest; delete to the organizer."""
    guest, service = people[1]
    event = add(ann, timed(attendees=[{"email": email}, {"email": guest}]))
    name = {"calendarId": "primary", "eventId": event["id"]}

    press("event", who=guest, cal=guest, id=event["id"], do="tentative")
    assert ann.get(**name).execute()["attendees"][1]["responseStatus"] == "tentative"
    press("event", cal=email, id=event["id"], do="delete")
    assert service.events().get(**name).execute()["status"] == "cancelled"


def test_one_of_a_series_or_all_of_them(ann, email, press):
    """The form asks how far a change reaches."""
    series = add(ann, timed(recurrence=["RRULE:FREQ=DAILY;COUNT=3"]))
    second = f"{series['id']}_20261202T090000Z"
    edit = {"cal": email, "id": second, "do": "save", **FORM}

    press("event", summary="Once", reach="one", **edit)
    press("event", summary="Always", reach="all", **edit)

    listed = ann.list(calendarId="primary", singleEvents=True, orderBy="startTime").execute()
    assert [e["summary"] for e in listed["items"]] == ["Always", "Once", "Always"]


def test_mistakes_are_shown_and_faults_are_switches(box, email, press):
    """An end before the start is told; a fault is set for this account and switched off again."""
    late = {**FORM, "start": "12:00", "stop": "11:00"}

    assert press("event", do="save", target=email, summary="x", **late) == 400
    assert press("faults", on="lost") == 303
    fault = box.faults.list()[-1]
    assert (fault["action"], fault["user"]) == ("drop_after", email)
    assert "Switch off" in shown(box, email)
    press("faults", off=fault["id"])
    assert box.faults.list() == []


def test_links_of_the_text_can_be_clicked_and_the_bare_address_leads_in(box, ann, email):
    """A text with markup shows its links beside the field, and nothing but http links."""
    url = "https://odoo.example/calendar_sync/show_lead/x?a=1&amp;b=2"
    text = f'Hello <a href="{url}">Show <b>Lead</b></a> <a href="javascript:alert(1)">no</a>'
    event = add(ann, timed(description=text))
    base = box.facts["page"].removesuffix("/page")

    form = http("GET", f"{base}/page/google/{email}/event?cal={email}&id={event['id']}")[2].decode()

    assert f'<a href="{url}" target=_blank rel=noopener>Show Lead</a>' in form
    assert '<a href="javascript' not in form
    assert http("GET", f"{base}/")[0] == 302
