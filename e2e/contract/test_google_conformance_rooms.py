"""Google's own client against the sandbox: rooms on the calendar list, and how they answer."""

from .google_client import service, timed

FIRST = ("colleague.one@rooms.example", "colleague.two@rooms.example")


def test_a_room_is_on_the_domains_lists_and_answers_by_itself(google_box):
    """Listed with its seats, busy times visible, first booking accepted, a clash declined."""
    box = google_box
    ann, ben = (service(box, box.user(email, kind="workspace")["email"]) for email in FIRST)
    box.user("out@other.example")
    facts = {"name": "Weser", "capacity": 6, "domain": "rooms.example"}
    room = box.admin("POST", "/google/rooms", facts)["id"]
    box.clear_mails()
    guests = [{"email": room}]

    def answered(client, **times):
        body = timed(attendees=guests, **times)
        made = client.events().insert(calendarId="primary", body=body, sendUpdates="all").execute()
        return made, made["attendees"][0]

    made, answer = answered(ann)
    _clash, refusal = answered(ben, start="10:30", end="11:30")
    _later, later = answered(ben, start="11:00", end="12:00")
    said = [one["responseStatus"] for one in (answer, refusal, later)]
    assert said == ["accepted", "declined", "accepted"]
    assert answer["resource"] is True
    assert box.mails() == []

    listed = {e["id"]: e for e in ann.calendarList().list().execute()["items"]}
    assert (listed[room]["summary"], listed[room]["accessRole"]) == ("Weser (6)", "freeBusyReader")
    assert room not in {
        e["id"] for e in service(box, "out@other.example").calendarList().list().execute()["items"]
    }
    span = {"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-02T00:00:00Z"}

    def busy():
        body = {**span, "items": [{"id": room}]}
        return ann.freebusy().query(body=body).execute()["calendars"][room]["busy"]

    assert busy() == [{"start": "2026-12-01T09:00:00Z", "end": "2026-12-01T11:00:00Z"}]
    ann.events().delete(calendarId="primary", eventId=made["id"]).execute()
    assert busy() == [{"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T11:00:00Z"}]
