"""Google's own client against the sandbox: rooms, mails and push (points 9 to 11)."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .google_client import refusal, timed
from .google_people import add

pytest_plugins = ["e2e.contract.google_people"]


class Hook:
    """A web hook that answers as told and keeps what it got."""

    def __init__(self):
        self.got, self.answers, self.robots = [], [], b""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(hook.robots)

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
    switches = ("sync_first", "drop", "duplicate", "reorder")
    box.settings(google__watch_delay_s=0, **{f"google__watch_{s}": False for s in switches})


def watch(ann, hook, channel_id, **more):
    """Open a channel on the primary calendar."""
    body = {"id": channel_id, "type": "web_hook", "address": hook.url, "token": "secret", **more}
    return ann.watch(calendarId="primary", body=body).execute()


def test_point_09_a_meeting_room_is_pending_then_there(box, people, ann):
    """Version 0 ignores it; version 1 makes it, a moment later; the same requestId once."""
    ask = {
        "conferenceData": {
            "createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}
        }
    }
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
        ("update", ben_mail),
        ("cancellation", "cleo@out.example"),
        ("cancellation", ben_mail),
    ]


def test_point_11_channels_tell_of_changes_without_a_body(people, ann, hook):
    """First sync, then exists; after stop nothing; ids are unique; https outside loopback."""
    channel = watch(ann, hook, "c-1")
    assert hook.states(1) == ["sync"]
    add(ann, timed())
    assert hook.states(2) == ["sync", "exists"]
    headers, body = hook.got[1]
    assert (headers["X-Goog-Channel-ID"], headers["X-Goog-Channel-Token"], body) == (
        "c-1",
        "secret",
        b"",
    )
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


def test_point_11_messages_may_come_late_or_in_another_order(box, ann, hook):
    """Two messages swap places; a delay holds one back."""
    watch(ann, hook, "c-swap")
    hook.states(1)
    box.settings(google__watch_reorder=True)
    add(ann, timed())
    assert len(hook.states(2, timeout_s=0.4)) == 1
    add(ann, timed())
    hook.states(3)
    numbers = [int(headers["X-Goog-Message-Number"]) for headers, _body in hook.got[1:]]
    assert numbers == sorted(numbers, reverse=True)
    box.settings(google__watch_reorder=False, google__watch_delay_s=1)
    add(ann, timed())
    assert len(hook.states(4, timeout_s=0.5)) == 3
    assert len(hook.states(4)) == 4


def test_point_11_an_expired_channel_is_silent(box, ann, hook):
    """The stricter of request and limit ends it; there is no renewal."""
    soon = int((time.time() + 0.6) * 1000)
    channel = watch(ann, hook, "c-short", expiration=str(soon))
    assert int(channel["expiration"]) == soon
    hook.states(1)
    time.sleep(0.7)
    add(ann, timed())
    assert hook.states(2, timeout_s=0.4) == ["sync"]


def test_point_11_robots_txt_keeps_the_sender_away(box, ann, hook):
    """A site that disallows the path gets no message."""
    hook.robots = b"User-agent: *\nDisallow: /hook\n"
    watch(ann, hook, "c-robots")
    add(ann, timed())
    assert hook.states(1, timeout_s=0.5) == []
    hook.robots = b"User-agent: *\nDisallow: /\nAllow: /hook\n"
    add(ann, timed())
    assert hook.states(1) == ["exists"], "the longest rule counts"
