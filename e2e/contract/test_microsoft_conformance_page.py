"""The sandbox's page "the other side": what a person does there is real at Microsoft."""

from urllib.parse import urlsplit

import pytest

from sandbox.client import http

from .microsoft_people import event, mailed, weekly

pytest_plugins = ["e2e.contract.microsoft_people"]

FORM = {"first": "2026-12-02", "last": "2026-12-02", "start": "08:00", "stop": "09:00"}


@pytest.fixture
def press(office, nora):
    """Press a button of a page as the first colleague; the status."""

    def pressed(path, who=nora, **form):
        url = f"{office.facts['page']}/microsoft/{who.email}/{path}"
        return http("POST", url, form=form)[0]

    return pressed


def home(person):
    """Id of the person's own calendar."""
    return person.get("/me/calendar")["id"]


def shown(office, person):
    """The week of 30 November as HTML."""
    url = f"{office.facts['page']}/microsoft/{person.email}?week=2026-12-02"
    return http("GET", url)[2].decode()


def test_a_new_event_is_made_and_guests_are_mailed(office, nora, otto, press):
    """Outlook does not ask; both see it in their week."""
    new = {"do": "save", "target": home(nora), "summary": "By <hand>", "guests": otto.email}

    assert press("event", **new, **FORM) == 303

    made = nora.view()[0]
    assert made["start"]["dateTime"] == "2026-12-02T07:00:00.0000000"
    assert mailed(office) == [("invitation", otto.email)]
    assert all("By &lt;hand&gt;" in shown(office, person) for person in (nora, otto))


def test_saving_changes_only_what_is_different(nora, press):
    """The blob of the online meeting survives a new title."""
    made = nora.add(isOnlineMeeting=True, day="2026-12-02", start="08:00", end="09:00")
    edit = {"do": "save", "cal": home(nora), "id": made["id"], "summary": "Renamed", **FORM}
    text = nora.one(made["id"], {"Prefer": 'outlook.body-content-type="text"'})["body"]["content"]

    assert press("event", description=text, **edit) == 303

    changed = nora.one(made["id"])
    assert (changed["subject"], changed["isOnlineMeeting"]) == ("Renamed", True)


def test_a_drag_moves_and_a_delete_deletes(nora, press):
    """Start and end alike."""
    made = nora.add()
    assert press("move", cal=home(nora), id=made["id"], start="2026-12-03T14:15") == 303
    moved = nora.one(made["id"])
    ends = [moved[name]["dateTime"][:16] for name in ("start", "end")]
    assert ends == ["2026-12-03T13:15", "2026-12-03T14:15"]
    assert press("event", cal=home(nora), id=made["id"], do="delete") == 303
    assert nora.view() == []


def test_a_guest_answers(office, nora, otto, press):
    """Yes, maybe, no."""
    made = nora.add(guests=[otto.email])
    copy = otto.view()[0]

    press("event", who=otto, cal=home(otto), id=copy["id"], do="tentative")

    answer = nora.one(made["id"])["attendees"][0]["status"]["response"]
    assert answer == "tentativelyAccepted"
    assert mailed(office, "response") == [("response", nora.email)]


def test_answers_are_said_in_words(nora, otto, press):
    """Nobody has to know what an API calls them."""
    made = nora.post("/me/events", event("Asked", guests=[otto.email]))
    form = http("GET", made["webLink"])[2].decode()
    assert f"{otto.email} <small>No answer yet</small>" in form
    press("event", who=otto, cal=home(otto), id=otto.view()[0]["id"], do="declined")
    form = http("GET", made["webLink"])[2].decode()
    assert f"{otto.email} <small>No</small>" in form
    assert "needsAction" not in form


def test_one_of_a_series_or_all_of_them(nora, press):
    """The form asks how far a change reaches; a new series can be made too."""
    made = nora.add(recurrence=weekly())
    second = nora.instances(made["id"])[1]["id"]
    edit = {"do": "save", "cal": home(nora), "id": second, **FORM, "first": "2026-12-08"}
    edit |= {"last": "2026-12-08", "start": "10:00", "stop": "11:00"}

    press("event", summary="Once", reach="one", **edit)
    press("event", summary="Always", reach="all", **edit)
    assert [e["subject"] for e in nora.view()] == ["Always", "Once", "Always", "Always"]
    new = {"do": "save", "target": home(nora), "summary": "Daily", **FORM}
    press("event", repeat="RRULE:FREQ=DAILY;COUNT=5", **new)
    assert [e["subject"] for e in nora.view()].count("Daily") == 5


def test_faults_and_consent_are_switched_on_the_page(office, nora, press):
    """The presets are meant for this provider."""
    press("faults", on="busy")
    fault = office.faults.list()[0]
    assert (fault["user"], fault["operation"]) == (nora.email, "microsoft.events.*")
    token = office.ms.tokens(nora.email)["access_token"]
    press("faults", on="revoke")
    url = office.microsoft["api_base"] + "/me/calendars"
    assert http("GET", url, token=token)[0] == 401


def test_the_web_link_leads_to_the_form_and_home_shows_everybody(office, nora):
    """A link of another event is no dead end."""
    made = nora.post("/me/events", event("Linked"))
    assert urlsplit(made["webLink"]).path == "/page/microsoft/event"
    assert "Linked" in http("GET", made["webLink"])[2].decode()
    assert http("GET", made["webLink"] + "x")[0] == 303
    assert nora.email in http("GET", office.facts["page"])[2].decode()
