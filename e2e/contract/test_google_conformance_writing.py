"""Google's own client against the sandbox: inserting and changing events (points 6 and 7)."""

import pytest

from .google_client import refusal, timed, titles
from .google_people import WEEKLY, add, listed

pytest_plugins = ["e2e.contract.google_people"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**timed(), "id": "abcw"}, "invalid"),
        ({**timed(), "id": "abcdé12"}, "invalid"),
        ({**timed(), "id": "abcd"}, "invalid"),
        ({"summary": "x", "start": {"date": "2026-12-01"}}, "required"),
        ({"summary": "x", "end": {"date": "2026-12-01"}}, "required"),
        ({**timed(), "end": {"date": "2026-12-02"}}, "invalid"),
        (
            {**timed(), "start": {"date": "2026-12-01", "dateTime": "2026-12-01T10:00:00Z"}},
            "invalid",
        ),
        (timed(start="12:00", end="11:00"), "timeRangeEmpty"),
        ({**timed(), "start": {"dateTime": "2026-12-01T10:00:00"}}, "required"),
        ({**timed(), "start": {"dateTime": "2026-12-01T10:00:00+01:00"}, **WEEKLY}, "required"),
        (timed(recurrence=["RRULE:FREQ=NEVER"]), "invalid"),
        (timed(recurrence=["RRULE:FREQ=DAILY;UNTIL=20261210"]), "invalid"),
        (timed(source={"url": "odoo://lead/1"}), "invalid"),
        (timed(attendees=[{"email": "nobody"}]), "invalid"),
    ],
)
def test_point_06_bad_bodies_are_refused(ann, body, reason):
    """400 with a reason, and nothing is stored."""
    assert refusal(ann.insert(calendarId="primary", body=body)) == (400, reason)
    assert listed(ann, showDeleted=True)[0] == []


def test_point_06_an_id_works_once_for_ever(ann):
    """409 for an id that exists, also when it was deleted since."""
    body = timed(id="00abc0123456789")
    add(ann, body)
    again = ann.insert(calendarId="primary", body=body)

    assert refusal(again) == (409, "duplicate")
    ann.delete(calendarId="primary", eventId=body["id"]).execute()
    assert refusal(again) == (409, "duplicate")
    assert ann.get(calendarId="primary", eventId=body["id"]).execute()["status"] == "cancelled"
    restored = ann.patch(
        calendarId="primary", eventId=body["id"], body={"status": "confirmed"}
    ).execute()
    assert (restored["status"], restored["summary"]) == ("confirmed", "Call")


def test_point_06_the_server_fills_in_the_rest(people, ann):
    """Identity, times and people come from Google."""
    event = add(ann, timed())

    assert event["iCalUID"] == event["id"] + "@google.com"
    assert event["etag"].startswith('"')
    assert (event["sequence"], event["status"]) == (0, "confirmed")
    assert event["organizer"]["email"] == event["creator"]["email"] == people[0][0]
    assert event["organizer"]["self"]
    assert {"created", "updated", "htmlLink", "reminders"} <= set(event)


def test_point_06_property_limits_work_silently(ann):
    """A key over 44 characters is dropped, a value over 1024 is cut."""
    private = {"k" * 44: "v" * 2000, "k" * 45: "lost"}

    event = add(ann, timed(extendedProperties={"private": private}))

    assert event["extendedProperties"] == {"private": {"k" * 44: "v" * 1024}}


def test_point_07_etags_guard_every_write(ann):
    """412 on patch, update and delete with another etag; the current one passes."""
    event = add(ann, timed())
    name = {"calendarId": "primary", "eventId": event["id"]}
    newer = ann.patch(**name, body={"summary": "Newer"}).execute()

    for request in (
        ann.patch(**name, body={"summary": "x"}),
        ann.update(**name, body=timed()),
        ann.delete(**name),
    ):
        request.headers["If-Match"] = event["etag"]
        assert refusal(request) == (412, "conditionNotMet")
    current = ann.patch(**name, body={"location": "Bonn"})
    current.headers["If-Match"] = newer["etag"]
    assert current.execute()["summary"] == "Newer"


def test_point_07_patch_merges_and_put_replaces(ann):
    """null deletes, arrays are replaced; what a PUT leaves out is gone."""
    guests = [{"email": "x@out.example"}, {"email": "y@out.example"}]
    event = add(ann, timed(description="d", location="l", attendees=guests))
    name = {"calendarId": "primary", "eventId": event["id"]}

    patched = ann.patch(**name, body={"description": None, "attendees": guests[:1]}).execute()
    assert ("description" in patched, patched["location"]) == (False, "l")
    assert [g["email"] for g in patched["attendees"]] == ["x@out.example"]
    half = ann.patch(**name, body={"start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}})
    assert refusal(half)[0] == 400
    none = {"dateTime": None, "timeZone": None}
    whole = {"start": {"date": "2026-12-01", **none}, "end": {"date": "2026-12-02", **none}}
    assert ann.patch(**name, body=whole).execute()["start"] == {"date": "2026-12-01"}
    put = ann.update(**name, body=timed("Put")).execute()
    assert {"location", "attendees"}.isdisjoint(put)
    assert put["iCalUID"] == event["iCalUID"]


def test_point_07_reminders_change_the_etag_but_not_updated(ann):
    """So updatedMin misses what a sync token brings."""
    event = add(ann, timed())
    token = listed(ann)[1]["nextSyncToken"]
    body = {"reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}}

    after = ann.patch(calendarId="primary", eventId=event["id"], body=body).execute()

    assert after["etag"] != event["etag"]
    assert after["updated"] == event["updated"]
    assert len(listed(ann, syncToken=token)[0]) == 1


def test_point_07_delete_is_204_then_410_and_404_for_strangers(ann):
    """Gone, gone before, never there."""
    event = add(ann, timed())
    request = ann.delete(calendarId="primary", eventId=event["id"])

    assert request.execute() == ""
    assert refusal(request) == (410, "deleted")
    assert refusal(ann.delete(calendarId="primary", eventId="neverthere")) == (404, "notFound")
    assert refusal(ann.list(calendarId="stranger@north.example")) == (404, "notFound")


def test_point_07_a_guest_changes_the_own_answer_only(people):
    """Shared fields are refused; the answer reaches the organizer's copy."""
    (ann_mail, ann), (ben_mail, ben) = people
    guests = [{"email": ann_mail, "responseStatus": "accepted"}, {"email": ben_mail}]
    event = add(
        ann.events(),
        timed(attendees=guests, description="secret?", source={"url": "https://odoo.example/l/1"}),
    )
    copy = ben.events().list(calendarId="primary", iCalUID=event["iCalUID"]).execute()["items"][0]
    name = {"calendarId": "primary", "eventId": copy["id"]}

    assert "source" not in copy
    assert "self" not in copy["organizer"]
    assert refusal(ben.events().patch(**name, body={"summary": "Mine"})) == (
        403,
        "forbiddenForNonOrganizer",
    )
    assert refusal(ben.events().update(**name, body=timed("Call"))) == (
        403,
        "forbiddenForNonOrganizer",
    )
    own = {
        "attendeesOmitted": True,
        "attendees": [{"email": ben_mail, "responseStatus": "tentative"}],
    }
    ben.events().patch(**name, body=own).execute()
    ben.events().patch(**name, body={"transparency": "transparent", "colorId": "3"}).execute()

    seen = ann.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert {g["email"]: g["responseStatus"] for g in seen["attendees"]} == {
        ann_mail: "accepted",
        ben_mail: "tentative",
    }
    assert {"transparency", "colorId"}.isdisjoint(seen)


def test_point_07_the_organizer_moves_and_cancels_for_everyone(people):
    """Copies follow; a guest's deletion only declines."""
    (ann_mail, ann), (ben_mail, ben) = people
    event = add(ann.events(), timed(attendees=[{"email": ann_mail}, {"email": ben_mail}]))
    name = {"calendarId": "primary", "eventId": event["id"]}
    ann.events().patch(**name, body=timed("Later", start="15:00", end="16:00")).execute()
    assert ben.events().get(**name).execute()["start"]["dateTime"].endswith("15:00:00+01:00")

    ben.events().delete(**name).execute()
    seen = ann.events().get(**name).execute()
    assert (seen["status"], seen["attendees"][1]["responseStatus"]) == ("confirmed", "declined")
    ann.events().patch(**name, body={"location": "Bonn"}).execute()
    assert ben.events().get(**name).execute()["status"] == "cancelled"
    ann.events().delete(**name).execute()
    assert ann.events().get(**name).execute()["status"] == "cancelled"


def test_point_07_import_and_move(people):
    """Import invites nobody and keeps the UID; move changes the organizer."""
    (_, ann), (ben_mail, ben) = people
    body = timed(
        "Old",
        iCalUID="old-1@exchange",
        organizer={"email": "boss@out.example"},
        attendees=[{"email": ben_mail}],
    )
    imported = ann.events().import_(calendarId="primary", body=body).execute()
    assert (imported["iCalUID"], imported["organizer"]["email"]) == (
        "old-1@exchange",
        "boss@out.example",
    )
    assert ben.events().list(calendarId="primary").execute()["items"] == []

    other = ann.calendars().insert(body={"summary": "Other"}).execute()["id"]
    event = add(ann.events(), timed("Moves"))
    moved = (
        ann.events().move(calendarId="primary", eventId=event["id"], destination=other).execute()
    )
    assert moved["organizer"]["email"] == other
    assert (
        ann.events().get(calendarId="primary", eventId=event["id"]).execute()["status"]
        == "cancelled"
    )
    assert titles(ann.events().list(calendarId=other).execute()) == ["Moves"]
