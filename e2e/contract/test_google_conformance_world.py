"""The sandbox's Google, points 8 to 14: series, meetings, mails, push, free/busy, batch, faults."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sandbox.client import SandboxProcess, http

from .google_client import all_day, refusal, service, timed, titles

WEEKLY = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"]}


@pytest.fixture(scope="module")
def box():
    with SandboxProcess(seed="empty") as running:
        yield running


@pytest.fixture
def people(box, request):
    """Two colleagues with fresh accounts, as `(address, service)` pairs."""
    mark = abs(hash(request.node.name))
    pair = [box.user(f"{name}.{mark}@north.example", kind="workspace")["email"] for name in ("ann", "ben")]
    box.faults.clear()
    box.clear_mails()
    return [(email, service(box, email)) for email in pair]


@pytest.fixture
def ann(people):
    """The first colleague's events resource."""
    return people[0][1].events()


def add(events, body, **more):
    """Insert into the primary calendar."""
    return events.insert(calendarId="primary", body=body, **more).execute()


def occurrences(events, event_id, **query):
    """Instances of a series."""
    return events.instances(calendarId="primary", eventId=event_id, **query).execute()["items"]


def test_point_08_instance_ids_name_the_original_start(ann):
    """UTC stamp for timed series, date for all-day ones; originalStart finds one."""
    timed_series, day_series = add(ann, timed(**WEEKLY)), add(ann, all_day(**WEEKLY))

    ids = [i["id"] for i in occurrences(ann, timed_series["id"])]
    assert ids[:2] == [timed_series["id"] + "_20261201T090000Z", timed_series["id"] + "_20261208T090000Z"]
    assert occurrences(ann, day_series["id"])[3]["id"] == day_series["id"] + "_20261222"
    found = occurrences(ann, timed_series["id"], originalStart="2026-12-08T10:00:00+01:00")
    assert [i["id"] for i in found] == ids[1:2]
    assert "recurrence" not in found[0]
    assert refusal(ann.get(calendarId="primary", eventId=timed_series["id"] + "_20261202T090000Z"))[0] == 404


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
    ann.patch(calendarId="primary", eventId=second, body={k: moved[k] for k in ("start", "end")}).execute()
    ann.delete(calendarId="primary", eventId=third).execute()
    ann.patch(calendarId="primary", eventId=series["id"], body={"summary": "New"}).execute()

    seen = ann.get(calendarId="primary", eventId=second).execute()

    assert (seen["summary"], seen["recurringEventId"]) == ("New", series["id"])
    assert seen["originalStartTime"]["dateTime"] == "2026-12-08T10:00:00+01:00"
    assert seen["start"]["dateTime"] == "2026-12-10T12:00:00+01:00"
    assert seen["iCalUID"] == series["iCalUID"]
    assert [i["start"]["dateTime"][:10] for i in occurrences(ann, series["id"])] == [
        "2026-12-01", "2026-12-10", "2026-12-22",
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
    add(ann, timed("Tail", day="2026-12-15", start="14:00", end="15:00", recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"]))
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


def test_point_09_a_meeting_room_is_pending_then_there(box, people, ann):
    """Version 0 ignores it; version 1 makes it, a moment later; the same requestId once."""
    ask = {"conferenceData": {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}}
    assert "conferenceData" not in add(ann, timed(**ask))
    event = add(ann, timed(**ask), conferenceDataVersion=1)
    name = {"calendarId": "primary", "eventId": event["id"]}

    assert event["conferenceData"]["createRequest"]["status"]["statusCode"] == "pending"
    ready = ann.get(**name).execute()
    assert ready["conferenceData"]["createRequest"]["status"]["statusCode"] == "success"
    assert ready["hangoutLink"] == ready["conferenceData"]["entryPoints"][0]["uri"]
    again = ann.patch(**name, body=ask, conferenceDataVersion=1).execute()
    assert again["hangoutLink"] == ready["hangoutLink"]
    box.change_user(people[0][0], conference_fails=True)
    failed = add(ann, timed(**ask), conferenceDataVersion=1)
    failed = ann.get(calendarId="primary", eventId=failed["id"]).execute()
    assert failed["conferenceData"]["createRequest"]["status"]["statusCode"] == "failure"


def test_point_10_the_outbox_knows_who_would_have_been_mailed(box, people, ann):
    """all mails everyone, externalOnly outsiders, none nobody; no choice is uncertain."""
    (ann_mail, _), (ben_mail, _) = people
    guests = [{"email": m} for m in (ann_mail, ben_mail, "cleo@out.example")]

    def told(**choice):
        box.clear_mails()
        event = add(ann, timed(attendees=guests), **choice)
        sent = [(m["kind"], m["to"], m["certain"]) for m in box.mails()]
        return event, sent

    invited = ("invitation", "cleo@out.example", True)
    assert told(sendUpdates="none")[1] == []
    assert told(sendUpdates="externalOnly")[1] == [invited]
    assert told()[1] == [("invitation", "cleo@out.example", False)]
    event, sent = told(sendUpdates="all")
    assert sent == [("invitation", ben_mail, True), invited]
    box.clear_mails()
    name = {"calendarId": "primary", "eventId": event["id"], "sendUpdates": "all"}
    ann.patch(**name, body={"reminders": {"useDefault": False}}).execute()
    assert box.mails() == []
    ann.patch(**name, body={"location": "Bonn", "attendees": guests[:2]}).execute()
    ann.delete(**name).execute()
    assert [(m["kind"], m["to"]) for m in box.mails()] == [
        ("update", ben_mail), ("cancellation", "cleo@out.example"), ("cancellation", ben_mail),
    ]


class Hook:
    """A web hook that answers as told and keeps what it got."""

    def __init__(self):
        self.got, self.answers = [], []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_error(404)

            def do_POST(self):
                size = int(self.headers.get("Content-Length") or 0)
                hook.got.append((self.headers, self.rfile.read(size)))
                self.send_response(hook.answers.pop(0) if hook.answers else 204)
                self.end_headers()

            def log_message(self, *_args):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def states(self, number, timeout_s=5):
        """Resource states received, once there are `number` (or the time is up)."""
        end = time.monotonic() + timeout_s
        while len(self.got) < number and time.monotonic() < end:
            time.sleep(0.02)
        return [headers["X-Goog-Resource-State"] for headers, _body in self.got]


@pytest.fixture
def hook(box):
    made = Hook()
    yield made
    made.server.shutdown()
    box.settings(google__watch_sync_first=False, google__watch_drop=False, google__watch_duplicate=False)


def watch(ann, hook, channel_id, **more):
    """Open a channel on the primary calendar."""
    body = {"id": channel_id, "type": "web_hook", "address": hook.url, "token": "secret", **more}
    return ann.watch(calendarId="primary", body=body).execute()


def test_point_11_channels_tell_of_changes_without_a_body(people, ann, hook):
    """First sync, then exists; after stop nothing; ids are unique; https outside loopback."""
    channel = watch(ann, hook, "c-1")
    assert hook.states(1) == ["sync"]
    add(ann, timed())
    assert hook.states(2) == ["sync", "exists"]
    headers, body = hook.got[1]
    assert (headers["X-Goog-Channel-ID"], headers["X-Goog-Channel-Token"], body) == ("c-1", "secret", b"")
    assert int(headers["X-Goog-Message-Number"]) > 1
    assert headers["X-Goog-Resource-ID"] == channel["resourceId"]
    twice = {"id": "c-1", "type": "web_hook", "address": hook.url}
    assert refusal(ann.watch(calendarId="primary", body=twice))[1] == "channelIdNotUnique"
    plain = {"id": "c-2", "type": "web_hook", "address": "http://odoo.example/hook"}
    assert refusal(ann.watch(calendarId="primary", body=plain))[0] == 400

    stop = {"id": channel["id"], "resourceId": channel["resourceId"]}
    assert refusal(people[1][1].channels().stop(body=stop))[0] == 403
    people[0][1].channels().stop(body=stop).execute()
    add(ann, timed())
    assert hook.states(3, timeout_s=0.4) == ["sync", "exists"]


def test_point_11_sync_may_come_before_the_answer(box, ann, hook):
    """The web hook is called while the client still waits."""
    box.settings(google__watch_sync_first=True)
    watch(ann, hook, "c-first")
    assert len(hook.got) == 1


def test_point_11_only_5xx_are_tried_again_and_messages_may_be_lost_or_doubled(box, ann, hook):
    """A 503 is repeated, a 404 is final; switches lose and double."""
    watch(ann, hook, "c-retry")
    hook.states(1)
    hook.answers = [503]
    add(ann, timed())
    assert hook.states(3) == ["sync", "exists", "exists"]
    hook.answers = [404]
    add(ann, timed())
    assert len(hook.states(5, timeout_s=0.9)) == 4
    box.settings(google__watch_drop=True)
    add(ann, timed())
    assert len(hook.states(5, timeout_s=0.3)) == 4
    box.settings(google__watch_drop=False, google__watch_duplicate=True)
    add(ann, timed())
    assert len(hook.states(6)) == 6


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
    assert api.calendars().get(calendarId="primary").execute()["workingHours"]["workingHoursEnabled"]
    assert "1" in api.colors().get().execute()["event"]


def test_point_13_batch_answers_each_part_by_its_id(people, ann):
    """One failed part does not fail the others."""
    answers = {}
    batch = people[0][1].new_batch_http_request(callback=lambda n, body, error: answers.update({n: (body, error)}))
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
    _status, headers, _raw = http("GET", url, token=box.token_of(token), headers={"Accept-Encoding": "gzip"})
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
    [(429, "rateLimitExceeded"), (403, "userRateLimitExceeded"), (403, "quotaExceeded"), (500, "backendError")],
)
def test_point_14_errors_with_a_reason_do_nothing(box, people, ann, status, reason):
    """As often as asked, with Retry-After, then all is well again."""
    ann_mail = people[0][0]
    box.faults.add("error", user=ann_mail, path="*/events", status=status, reason=reason, retry_after=7, count=2)
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
