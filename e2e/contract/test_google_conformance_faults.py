"""Google's own client against the sandbox: free/busy, batch and faults (points 12 to 14)."""

import json
import socket

import pytest

from sandbox.client import SandboxProcess, http

from .google_client import refusal, service, timed, titles
from .google_people import WEEKLY, add

pytest_plugins = ["e2e.contract.google_people"]


def test_point_12_free_busy_settings_and_working_hours(box, people, ann):
    """A calendar that can't be read is an error inside a 200; transparent and declined are free."""
    (ann_mail, api), (ben_mail, ben) = people
    box.change_user(ann_mail, working_hours={"workingHoursEnabled": True, "availableTimes": []})
    add(ann, timed("A", start="09:00", end="10:00"))
    add(ann, timed("B", start="09:30", end="11:00"))
    add(ann, timed("Free", start="12:00", end="13:00", transparency="transparent"))
    add(ann, timed(**WEEKLY, day="2026-11-24", start="15:00", end="16:00"))
    guests = [{"email": ann_mail, "responseStatus": "declined"}]
    add(ben.events(), timed("Declined", start="17:00", end="18:00", attendees=guests))
    body = {"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-02T00:00:00Z"}
    body["items"] = [{"id": ann_mail}, {"id": ben_mail}]

    calendars = api.freebusy().query(body=body).execute()["calendars"]

    assert calendars[ann_mail]["busy"] == [
        {"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T10:00:00Z"},
        {"start": "2026-12-01T14:00:00Z", "end": "2026-12-01T15:00:00Z"},
    ]
    assert calendars[ben_mail]["errors"][0]["reason"] == "notFound"
    assert api.settings().get(setting="timezone").execute()["value"] == "Europe/Berlin"
    assert (
        api.calendars().get(calendarId="primary").execute()["workingHours"]["workingHoursEnabled"]
    )
    assert "1" in api.colors().get().execute()["event"]


def test_point_13_batch_answers_each_part_by_its_id(people, ann):
    """One failed part does not fail the others."""
    answers = {}
    batch = people[0][1].new_batch_http_request(
        callback=lambda n, body, error: answers.update({n: (body, error)})
    )
    batch.add(ann.insert(calendarId="primary", body=timed("One")), request_id="one")
    batch.add(ann.get(calendarId="primary", eventId="neverthere"), request_id="two")
    batch.add(ann.insert(calendarId="primary", body=timed("Three")), request_id="three")

    batch.execute()

    assert answers["one"][0]["summary"] == "One"
    assert answers["two"][1].status_code == 404
    assert answers["three"][0]["summary"] == "Three"


def test_point_13_long_gets_gzip_and_partial_answers(box, ann):
    """Method override, compression, and `fields` that leaves titles out."""
    for number in range(20):
        add(ann, timed(f"Title {number}"))
    long_query = "Title " * 400
    assert ann.list(calendarId="primary", q=long_query).execute()["items"] != []
    part = ann.list(calendarId="primary", fields="items(id,start/dateTime),nextSyncToken").execute()
    assert set(part) == {"items", "nextSyncToken"}
    assert part["items"][0].keys() == {"id", "start"}
    assert set(part["items"][0]["start"]) == {"dateTime"}
    token = box.requests(operation="events.list")[-1]["user"]
    url = box.google["api_base"] + "/calendars/primary/events"
    _status, headers, _raw = http(
        "GET", url, token=box.token_of(token), headers={"Accept-Encoding": "gzip"}
    )
    assert headers["Content-Encoding"] == "gzip"


def test_point_14_a_lost_answer_after_the_write_leaves_one_event(box, people, ann):
    """commit-then-drop: the client sees an error, the counter one write, the retry 409."""
    ann_mail = people[0][0]
    box.faults.add("drop_after", user=ann_mail, operation="events.insert")
    insert = ann.insert(calendarId="primary", body=timed(id="feedbeef00000001"))

    with pytest.raises(ConnectionError):
        insert.execute()
    assert box.counters(ann_mail)["writes"] == {"google.events.insert": 1}
    assert refusal(insert) == (409, "duplicate")


def test_point_14_a_delay_beyond_the_timeout(box, people):
    """The client gives up; with hang_after the work is done all the same."""
    ann_mail = people[0][0]
    impatient = service(box, ann_mail, timeout=0.3).events()
    fault = box.faults.add("hang_after", user=ann_mail, operation="events.insert")
    with pytest.raises(socket.timeout):
        add(impatient, timed())
    box.faults.remove(fault["id"])
    assert box.counters(ann_mail)["writes"] == {"google.events.insert": 1}
    box.faults.add("delay", user=ann_mail, seconds=0.6)
    with pytest.raises(socket.timeout):
        impatient.list(calendarId="primary").execute()


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (429, "rateLimitExceeded"),
        (403, "userRateLimitExceeded"),
        (403, "quotaExceeded"),
        (500, "backendError"),
    ],
)
def test_point_14_errors_with_a_reason_do_nothing(box, people, ann, status, reason):
    """As often as asked, with Retry-After, then all is well again."""
    ann_mail = people[0][0]
    box.faults.add(
        "error",
        user=ann_mail,
        path="*/events",
        status=status,
        reason=reason,
        retry_after=7,
        count=2,
    )
    insert = ann.insert(calendarId="primary", body=timed())

    assert [refusal(insert), refusal(insert)] == [(status, reason)] * 2
    assert box.counters(ann_mail)["writes"] == {}
    assert insert.execute()["id"]
    assert [r["fault"] for r in box.requests(user=ann_mail)] == ["error", "error", None]


def test_point_14_half_and_garbled_answers(box, people, ann):
    """Neither is JSON; both are logged with their fault."""
    ann_mail = people[0][0]
    add(ann, timed())
    url, token = box.google["api_base"] + "/calendars/primary/events", box.token_of(ann_mail)
    box.faults.add("garbage", user=ann_mail)
    with pytest.raises(json.JSONDecodeError):
        json.loads(http("GET", url, token=token)[2])
    box.faults.add("truncate", user=ann_mail)
    with pytest.raises(Exception, match="IncompleteRead"):
        http("GET", url, token=token)


def test_point_14_quotas_are_sliding_windows(box, people, ann):
    """Off by default; switched on, the request over the limit is refused for this user only."""
    box.settings(google__quota_per_user_per_min=2)
    try:
        ann.list(calendarId="primary").execute()
        ann.list(calendarId="primary").execute()
        assert refusal(ann.list(calendarId="primary")) == (403, "userRateLimitExceeded")
        people[1][1].events().list(calendarId="primary").execute()
    finally:
        box.settings(google__quota_per_user_per_min=0)


def test_point_14_everything_survives_a_kill(tmp_path):
    """State, tokens and sync tokens are there again after kill -9."""
    first = SandboxProcess(seed="empty", state=tmp_path)
    email = first.user("ann@north.example")["email"]
    token = first.token_of(email)
    event = first.google_api("POST", "/calendars/primary/events", timed(**WEEKLY), token=token)
    sync = first.google_api("GET", "/calendars/primary/events", token=token)["nextSyncToken"]
    first.kill()

    with SandboxProcess(seed="empty", state=tmp_path) as again:
        path = f"/calendars/primary/events/{event['id']}"
        assert again.google_api("GET", path, token=token)["etag"] == event["etag"]
        again.google_api("PATCH", path, {"summary": "After"}, token=token)
        changes = again.google_api("GET", "/calendars/primary/events", token=token, syncToken=sync)
        assert titles(changes) == ["After"]
