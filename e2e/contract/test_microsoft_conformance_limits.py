"""$batch, limits, free/busy, faults and restarts in the sandbox (points 10 and 11)."""

import threading
import time
from http.client import HTTPException

import pytest

from sandbox.client import SandboxProcess, http

from .microsoft_people import IMMUTABLE, Person, Refused, event, refusal

pytest_plugins = ["e2e.contract.microsoft_people"]


def batch(person, *parts):
    """Answers of a batch by id."""
    answer = person.post("/$batch", {"requests": list(parts)})
    return {part["id"]: part for part in answer["responses"]}


def part(number, method, url, body=None, **more):
    """One step."""
    headers = {"Content-Type": "application/json"} if body else {}
    return {"id": str(number), "method": method, "url": url, "headers": headers} | (
        {"body": body} if body else {}
    ) | more  # fmt: skip


def test_point_10_batches_answer_every_part_on_its_own(office, nora):
    """The outer 200 says nothing; dependants of a failure are 424."""
    parts = [
        part(1, "POST", "/me/events", event("In a batch")),
        part(2, "GET", "/me/events/AAMkgone="),
        part(3, "GET", "/me/events", dependsOn=["2"]),
        part(4, "GET", "/me/events", dependsOn=["1"]),
    ]
    office.faults.add("error", operation="events.list", status=429, retry_after=3)

    found = batch(nora, *parts)

    assert {i: a["status"] for i, a in found.items()} == {"1": 201, "2": 404, "3": 424, "4": 429}
    assert found["4"]["headers"]["Retry-After"] == "3"
    assert office.counters(nora.email)["writes"]["microsoft.events.create"] == 1


def test_point_10_batches_are_checked(nora):
    """Twenty parts at most, ids of their own, Content-Type beside a body."""
    many = [part(n, "GET", "/me") for n in range(21)]
    assert refusal(nora.post, "/$batch", {"requests": many})[0] == 400
    same = [part(1, "GET", "/me"), part(1, "GET", "/me")]
    assert refusal(nora.post, "/$batch", {"requests": same})[0] == 400
    bare = [{"id": "1", "method": "POST", "url": "/me/events", "body": event()}]
    assert refusal(nora.post, "/$batch", {"requests": bare})[0] == 400


def test_point_10_requests_of_a_mailbox_are_counted(nora, setting):
    """429 with the time to wait."""
    nora.get("/me")
    setting(microsoft__quota_per_mailbox=1)
    with pytest.raises(Refused) as caught:
        nora.get("/me")
    assert (caught.value.status, caught.value.code) == (429, "ApplicationThrottled")
    assert int(caught.value.headers["Retry-After"]) > 1


def test_point_10_four_at_a_time(office, nora):
    """The fifth is told to wait, and works a moment later."""
    office.faults.add("delay", seconds=1.5, count=4, user=nora.email)
    slow = [threading.Thread(target=nora.get, args=("/me/events",)) for _ in range(4)]
    for thread in slow:
        thread.start()
    while office.faults.list():  # each of the four takes one
        time.sleep(0.02)

    assert refusal(nora.get, "/me/events") == (429, "ApplicationThrottled")
    for thread in slow:
        thread.join()
    assert nora.get("/me/events")["value"] == []


def schedule(person, *emails, **more):
    """getSchedule over one day in Berlin."""
    zone = {"timeZone": "Europe/Berlin"}
    body = {"schedules": list(emails), "availabilityViewInterval": 60}
    body["startTime"] = {"dateTime": "2026-12-01T08:00:00", **zone}
    body["endTime"] = {"dateTime": "2026-12-01T14:00:00", **zone}
    return person.post("/me/calendar/getSchedule", {**body, **more})["value"]


def test_point_10_free_and_busy(office, nora, otto):
    """A digit per hour; words only with the right to read."""
    otto.add(subject="Secret", showAs="oof", start="09:00", end="10:00")
    otto.add(subject="Maybe", showAs="tentative", start="11:00", end="12:30")
    otto.add(subject="Home", showAs="workingElsewhere", start="13:00", end="14:00")

    found = schedule(nora, otto.email, nora.email)
    assert [s["availabilityView"] for s in found] == ["030114", "000000"]
    assert "subject" not in found[0]["scheduleItems"][0]
    assert found[0]["workingHours"]["timeZone"]["name"] == "W. Europe Standard Time"
    office.ms.share(otto.email, nora.email, "read")
    assert schedule(nora, otto.email)[0]["scheduleItems"][0]["subject"] == "Secret"


def test_point_10_unknown_is_not_free(office, nora, otto, domain):
    """Errors per address, and limits of the whole request."""
    office.ms.change_user(otto.email, schedule_error="ErrorNoFreeBusyAccess")
    codes = [s["error"]["responseCode"] for s in schedule(nora, otto.email, "x@far.example")]
    assert codes == ["ErrorNoFreeBusyAccess", "ErrorMailRecipientNotFound"]

    many = [f"p{n}@far.example" for n in range(101)]
    assert refusal(schedule, nora, *many) == (400, "ErrorMailboxDataArrayTooBig")
    late = {"dateTime": "2027-03-01T00:00:00", "timeZone": "UTC"}
    assert refusal(schedule, nora, endTime=late) == (400, "ErrorTimeIntervalTooBig")
    private = Person(office, office.ms.user(f"pia@{domain}", kind="personal")["email"])
    assert refusal(schedule, private, private.email)[0] == 403


def test_point_11_a_lost_answer_is_a_committed_write(office, nora):
    """The counters tell what was done, whatever the client heard."""
    office.faults.add("drop_after", operation="events.create", user=nora.email)
    with pytest.raises((OSError, HTTPException)):
        nora.add(transactionId="lost-1")

    assert office.counters(nora.email)["writes"]["microsoft.events.create"] == 1
    nora.add(transactionId="lost-1")
    assert len(nora.get("/me/events")["value"]) == 1


@pytest.mark.parametrize("status", [500, 503, 504])
def test_point_11_errors_before_and_after_the_work(office, nora, status):
    """error does nothing, error_after has done it."""
    office.faults.add("error", operation="events.create", user=nora.email, status=status)
    assert refusal(nora.add)[0] == status
    assert nora.get("/me/events")["value"] == []
    office.faults.add("error_after", operation="events.create", user=nora.email, status=status)
    assert refusal(nora.add)[0] == status
    assert len(nora.get("/me/events")["value"]) == 1


def test_point_11_throttling_expired_tokens_and_revoked_grants(office, nora):
    """In the words of Graph."""
    office.faults.add(
        "error", user=nora.email, status=429, reason="rateLimitExceeded", retry_after=9
    )
    with pytest.raises(Refused) as caught:
        nora.get("/me")
    assert (caught.value.code, caught.value.headers["Retry-After"]) == ("ApplicationThrottled", "9")
    person = Person(office, nora.email, office.ms.tokens(nora.email)["access_token"])
    office.faults.add("expire_token", user=nora.email)
    assert refusal(person.get, "/me") == (401, "InvalidAuthenticationToken")
    person.token = office.ms.tokens(nora.email)["access_token"]
    office.faults.add("revoke_grant", user=nora.email)
    assert refusal(person.get, "/me")[0] == 401


def test_point_11_slow_garbled_and_half_answers(office, nora):
    """A client must not take them for an answer."""
    office.faults.add("delay", seconds=0.3, user=nora.email)
    began = time.monotonic()
    nora.get("/me")
    assert time.monotonic() - began > 0.3
    for action in ("garbage", "truncate"):
        office.faults.add(action, user=nora.email)
        with pytest.raises((ValueError, OSError, HTTPException)):
            nora.get("/me/calendars")


def test_point_11_a_next_link_to_another_host(office, nora):
    """By setting: a client must not send its token there."""
    for number in range(12):
        nora.add(subject=f"E{number}")
    office.settings(microsoft__next_link_host="https://evil.example")
    answer = nora.get("/me/events")
    office.settings(microsoft__next_link_host="")
    assert answer["@odata.nextLink"].startswith("https://evil.example/")


def test_point_11_state_survives_a_kill(tmp_path):
    """Mailboxes, tokens, delta links, clock: as after the last answer."""
    with SandboxProcess(seed="empty", state=tmp_path) as box:
        ann = Person(box, box.ms.user("ann@west.example")["email"])
        made = ann.add(guests=["x@y.example"], headers=IMMUTABLE)
        _rows, link = ann.round()
        ann.patch(f"/me/events/{made['id']}", {"subject": "Changed"})
        box.kill()
    token = link.split("deltatoken=")[1]
    with SandboxProcess(seed="empty", state=tmp_path) as box:
        ann = Person(box, "ann@west.example", ann.token)
        rows = ann.get("/me/calendarView/delta", **{"$deltatoken": token})["value"]
        assert [row["subject"] for row in rows] == ["Changed"]
        assert [m["kind"] for m in box.mails()] == ["invitation", "update"]
        assert http("GET", box.microsoft["login_base"] + "/common/discovery/v2.0/keys")[0] == 200
