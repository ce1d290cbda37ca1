"""Meetings between mailboxes, and the mails that Outlook would send (point 6)."""

import pytest

from .microsoft_people import Person, attendees, mailed, refusal, weekly

pytest_plugins = ["e2e.contract.microsoft_people"]


def copy_of(person, title=None):
    """The only event that a person sees, or the one of that title."""
    found = [e for e in person.get("/me/events")["value"] if title in (None, e["subject"])]
    assert len(found) == 1
    return found[0]


def test_point_06_a_guest_has_a_copy_with_another_id(office, nora, otto):
    """Same iCalUId, not the organizer; the organizer's id means nothing in that mailbox."""
    made = nora.add(guests=[otto.email])
    copy = copy_of(otto)

    assert (copy["iCalUId"], copy["isOrganizer"]) == (made["iCalUId"], False)
    assert copy["id"] != made["id"]
    assert (copy["responseStatus"]["response"], copy["showAs"]) == ("notResponded", "tentative")
    assert refusal(otto.one, made["id"]) == (404, "ErrorItemNotFound")
    assert mailed(office) == [("invitation", otto.email)]


@pytest.mark.parametrize(
    ("action", "answer"),
    [("accept", "accepted"), ("tentativelyAccept", "tentativelyAccepted"), ("decline", "declined")],
)
def test_point_06_answers_reach_the_organizer(office, nora, otto, action, answer):
    """And are mailed, unless the guest wants no mail: then the organizer learns nothing."""
    loud, quiet = (
        nora.add(subject="Loud", guests=[otto.email]),
        nora.add(subject="Quiet", guests=[otto.email]),
    )
    office.clear_mails()

    otto.post(f"/me/events/{copy_of(otto, 'Loud')['id']}/{action}", {"comment": "hm"})
    otto.post(f"/me/events/{copy_of(otto, 'Quiet')['id']}/{action}", {"sendResponse": False})

    def status(made):
        return nora.one(made["id"])["attendees"][0]["status"]["response"]

    assert (status(loud), status(quiet)) == (answer, "none")
    assert mailed(office) == [("response", nora.email)]
    left = {e["subject"] for e in otto.get("/me/events")["value"]}
    assert left == (set() if action == "decline" else {"Loud", "Quiet"})


def test_point_06_rights_of_those_who_do_not_organize(office, nora, otto):
    """A guest can't cancel, the organizer can't answer; a guest's own words are overwritten."""
    made = nora.add(guests=[otto.email])
    copy = copy_of(otto)["id"]
    assert refusal(otto.post, f"/me/events/{copy}/cancel")[0] == 400
    assert refusal(nora.post, f"/me/events/{made['id']}/accept") == (400, "ErrorInvalidRequest")

    otto.patch(f"/me/events/{copy}", {"subject": "My words", "categories": ["Red"]})
    assert nora.one(made["id"])["subject"] == "Call"
    assert copy_of(otto)["subject"] == "My words"
    nora.patch(f"/me/events/{made['id']}", {"location": {"displayName": "Bonn"}})
    seen = copy_of(otto)
    assert (seen["subject"], seen["categories"]) == ("Call", ["Red"])


def test_point_06_a_patch_mails_every_guest(office, nora, otto):
    """It can't be silenced; other mailboxes' addresses are mailed all the same."""
    made = nora.add(guests=[otto.email, "mia@far.example"])
    office.clear_mails()

    nora.patch(f"/me/events/{made['id']}", {"subject": "Later"})

    assert mailed(office) == [("update", otto.email), ("update", "mia@far.example")]
    assert all(mail["certain"] for mail in office.mails())


def test_point_06_a_patch_of_equal_values_may_mail(office, nora, otto):
    """Recorded as uncertain: a product that must not surprise treats it as sent."""
    made = nora.add(guests=[otto.email])
    office.clear_mails()

    nora.patch(f"/me/events/{made['id']}", {"subject": "Call"})
    assert [(m["kind"], m["certain"]) for m in office.mails()] == [("update", False)]
    office.clear_mails()
    nora.patch(f"/me/events/{made['id']}", {"categories": ["Red"], "isReminderOn": False})
    assert mailed(office) == []


def test_point_06_guests_put_on_and_taken_off_are_mailed(office, nora, otto):
    """Only those whom the change concerns; the one taken off keeps a cancelled copy."""
    made = nora.add(guests=[otto.email, "mia@far.example"])
    office.clear_mails()

    nora.patch(
        f"/me/events/{made['id']}", {"attendees": attendees("mia@far.example", "x@y.example")}
    )

    assert mailed(office) == [("cancellation", otto.email), ("invitation", "x@y.example")]
    assert copy_of(otto)["isCancelled"] is True


@pytest.mark.parametrize("way", ["delete", "cancel"])
def test_point_06_ending_a_meeting_mails_cancellations(office, nora, otto, way):
    """DELETE as much as cancel; the guest's copy is cancelled, or gone by setting."""
    made = nora.add(guests=[otto.email])
    office.clear_mails()

    if way == "delete":
        nora.delete(f"/me/events/{made['id']}")
    else:
        nora.post(f"/me/events/{made['id']}/cancel", {"comment": "sorry"})

    assert mailed(office) == [("cancellation", otto.email)]
    copy = copy_of(otto)
    assert (copy["isCancelled"], copy["subject"]) == (True, "Canceled: Call")
    assert nora.get("/me/events")["value"] == []


def test_point_06_a_guests_delete_tells_nobody(office, nora, otto):
    """The copy is gone, the organizer sees no answer."""
    made = nora.add(guests=[otto.email])
    office.clear_mails()

    otto.delete(f"/me/events/{copy_of(otto)['id']}")

    assert mailed(office) == []
    assert nora.one(made["id"])["attendees"][0]["status"]["response"] == "none"


def test_point_06_no_guests_no_mail(office, nora):
    """The whole life of an event without attendees."""
    made = nora.add(recurrence=weekly())
    nora.patch(f"/me/events/{made['id']}", {"subject": "New"})
    nora.delete(f"/me/events/{nora.instances(made['id'])[0]['id']}")
    nora.delete(f"/me/events/{made['id']}")
    assert mailed(office) == []


def test_point_06_one_occurrence_called_off_is_mailed_once(office, nora, otto):
    """The guest's series loses that day only."""
    made = nora.add(guests=[otto.email], recurrence=weekly())
    office.clear_mails()

    nora.delete(f"/me/events/{nora.instances(made['id'])[1]['id']}")

    assert mailed(office) == [("cancellation", otto.email)]
    assert [e["isCancelled"] for e in otto.view()] == [False, True, False, False]


def test_point_06_a_master_with_edited_instances_mails_for_each(office, nora, otto):
    """One mail for the series, one more per changed occurrence."""
    made = nora.add(guests=[otto.email], recurrence=weekly())
    nora.patch(f"/me/events/{nora.instances(made['id'])[1]['id']}", {"subject": "Special"})
    office.clear_mails()

    nora.patch(f"/me/events/{made['id']}", {"location": {"displayName": "Bonn"}})

    assert mailed(office) == [("update", otto.email)] * 2


def test_point_06_hidden_guests_see_only_themselves(office, nora, otto):
    """A short list is not a removal."""
    made = nora.add(guests=[otto.email, "mia@far.example"], hideAttendees=True)
    assert len(made["attendees"]) == 2
    assert [a["emailAddress"]["address"] for a in copy_of(otto)["attendees"]] == [otto.email]


def test_point_06_rooms_answer_by_themselves(office, nora, domain):
    """The first booking is accepted, the clash declined."""
    room = office.ms.room(f"elbe@{domain}", "Elbe", capacity=6, auto_accept=True)["email"]
    guests = [{"emailAddress": {"address": room}, "type": "resource"}]
    first, second = nora.add(attendees=guests), nora.add(subject="Clash", attendees=guests)

    answers = [
        nora.one(made["id"])["attendees"][0]["status"]["response"] for made in (first, second)
    ]

    assert answers == ["accepted", "declined"]
    times = (("start", "15:00"), ("end", "16:00"))
    elsewhere = {
        name: {"dateTime": f"2026-12-01T{clock}:00", "timeZone": "UTC"} for name, clock in times
    }
    nora.patch(f"/me/events/{second['id']}", elsewhere)
    assert nora.one(second["id"])["attendees"][0]["status"]["response"] == "accepted"
    nora.patch(f"/me/events/{first['id']}", elsewhere)
    assert nora.one(first["id"])["attendees"][0]["status"]["response"] == "declined"
    rooms = nora.get("/places/microsoft.graph.room")["value"]
    assert [(r["emailAddress"], r["capacity"]) for r in rooms] == [(room, 6)]


def test_point_06_answering_one_occurrence(office, nora, otto):
    """Only that day is answered."""
    made = nora.add(guests=[otto.email], recurrence=weekly())
    otto.post(f"/me/events/{otto.view()[2]['id']}/accept", {})

    answers = [e["attendees"][0]["status"]["response"] for e in nora.instances(made["id"])]
    assert answers == ["none", "none", "accepted", "none"]


def test_point_06_delegates_act_for_the_owner(office, nora, otto):
    """Mails of an event in a shared calendar come from its owner."""
    office.ms.share(otto.email, nora.email, "write")
    made = Person(office, nora.email).post(
        f"/users/{otto.email}/calendar/events",
        {
            "subject": "For Otto",
            "start": {"dateTime": "2026-12-01T10:00:00", "timeZone": "UTC"},
            "end": {"dateTime": "2026-12-01T11:00:00", "timeZone": "UTC"},
            "attendees": attendees("mia@far.example"),
        },
    )
    assert made["organizer"]["emailAddress"]["address"] == otto.email
    assert [m["from"] for m in office.mails()] == [otto.email]
