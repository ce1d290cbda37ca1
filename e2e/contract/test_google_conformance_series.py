"""Google's own client against the sandbox: series (point 8)."""

from .google_client import all_day, refusal, timed, titles
from .google_people import WEEKLY, add, occurrences

pytest_plugins = ["e2e.contract.google_people"]


def test_point_08_instance_ids_name_the_original_start(ann):
    """UTC stamp for timed series, date for all-day ones; originalStart finds one."""
    timed_series, day_series = add(ann, timed(**WEEKLY)), add(ann, all_day(**WEEKLY))

    ids = [i["id"] for i in occurrences(ann, timed_series["id"])]
    assert ids[:2] == [
        timed_series["id"] + "_20261201T090000Z",
        timed_series["id"] + "_20261208T090000Z",
    ]
    assert occurrences(ann, day_series["id"])[3]["id"] == day_series["id"] + "_20261222"
    found = occurrences(ann, timed_series["id"], originalStart="2026-12-08T10:00:00+01:00")
    assert [i["id"] for i in found] == ids[1:2]
    assert "recurrence" not in found[0]
    assert (
        refusal(ann.get(calendarId="primary", eventId=timed_series["id"] + "_20261202T090000Z"))[0]
        == 404
    )


def test_point_08_wall_clock_survives_summer_time(ann):
    """10:00 in Berlin stays 10:00 when the offset changes."""
    series = add(ann, timed(day="2027-03-22", **WEEKLY))
    starts = [i["start"]["dateTime"] for i in occurrences(ann, series["id"])]
    assert starts[:2] == ["2027-03-22T10:00:00+01:00", "2027-03-29T10:00:00+02:00"]


def test_point_08_an_exception_keeps_its_slot_and_follows_its_series(ann):
    """Moved one: own time, original start kept; a new title of the series reaches it."""
    series = add(ann, timed(**WEEKLY))
    second, third = (i["id"] for i in occurrences(ann, series["id"])[1:3])
    moved = timed("Call", day="2026-12-10", start="12:00", end="13:00")
    ann.patch(
        calendarId="primary", eventId=second, body={k: moved[k] for k in ("start", "end")}
    ).execute()
    ann.delete(calendarId="primary", eventId=third).execute()
    ann.patch(calendarId="primary", eventId=series["id"], body={"summary": "New"}).execute()

    seen = ann.get(calendarId="primary", eventId=second).execute()

    assert (seen["summary"], seen["recurringEventId"]) == ("New", series["id"])
    assert seen["originalStartTime"]["dateTime"] == "2026-12-08T10:00:00+01:00"
    assert seen["start"]["dateTime"] == "2026-12-10T12:00:00+01:00"
    assert seen["iCalUID"] == series["iCalUID"]
    assert [i["start"]["dateTime"][:10] for i in occurrences(ann, series["id"])] == [
        "2026-12-01",
        "2026-12-10",
        "2026-12-22",
    ]
    ann.patch(calendarId="primary", eventId=third, body={"status": "confirmed"}).execute()
    assert len(occurrences(ann, series["id"])) == 4


def test_point_08_this_and_following_splits_a_series(ann):
    """UNTIL before the target, then a new master; exceptions after the cut disappear."""
    series = add(ann, timed(**WEEKLY))
    third = occurrences(ann, series["id"])[2]["id"]
    ann.patch(calendarId="primary", eventId=third, body={"summary": "Exception"}).execute()

    until = {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20261208T235959Z"]}
    ann.patch(calendarId="primary", eventId=series["id"], body=until).execute()
    add(
        ann,
        timed(
            "Tail",
            day="2026-12-15",
            start="14:00",
            end="15:00",
            recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"],
        ),
    )
    seen = ann.list(calendarId="primary", singleEvents=True, orderBy="startTime").execute()

    assert titles(seen) == ["Call", "Call", "Tail", "Tail"]
    assert refusal(ann.instances(calendarId="primary", eventId="nothing1"))[0] == 404


def test_point_08_deleting_the_series_takes_its_exceptions_along(ann):
    """Only the master's id comes with the changes."""
    series = add(ann, timed(**WEEKLY))
    second = occurrences(ann, series["id"])[1]["id"]
    ann.patch(calendarId="primary", eventId=second, body={"summary": "Exception"}).execute()
    token = ann.list(calendarId="primary").execute()["nextSyncToken"]

    ann.delete(calendarId="primary", eventId=series["id"]).execute()

    changes = ann.list(calendarId="primary", syncToken=token).execute()["items"]
    assert [(i["id"], i["status"]) for i in changes] == [(series["id"], "cancelled")]
    assert ann.list(calendarId="primary").execute()["items"] == []


def test_point_08_a_guest_answers_one_occurrence(people):
    """The answer of one date stays with that date, on both copies."""
    (ann_mail, ann), (ben_mail, ben) = people
    guests = [{"email": ann_mail}, {"email": ben_mail}]
    series = add(ann.events(), timed(attendees=guests, **WEEKLY))
    second = occurrences(ben.events(), series["id"])[1]["id"]
    own = {"attendees": [{"email": ann_mail}, {"email": ben_mail, "responseStatus": "declined"}]}
    ben.events().patch(calendarId="primary", eventId=second, body=own).execute()

    answers = [i["attendees"][1]["responseStatus"] for i in occurrences(ann.events(), series["id"])]

    assert answers == ["needsAction", "declined", "needsAction", "needsAction"]
