"""Graph's calendars and events in the sandbox (points 4 and 5)."""

import pytest

from .microsoft_people import IMMUTABLE, WIDE, event, refusal

pytest_plugins = ["e2e.contract.microsoft_people"]

BLOB = "Microsoft Teams meeting"
PROPERTY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name OurId"


def extension(**values):
    """An open extension of a request."""
    kind = "microsoft.graph.openTypeExtension"
    return {"@odata.type": kind, "extensionName": "com.example.lead", **values}


def test_point_04_who_and_which_mailbox(nora):
    """/me, and mailbox settings with a Windows zone."""
    assert nora.get("/me")["userPrincipalName"] == nora.email
    settings = nora.get("/me/mailboxSettings")
    assert settings["timeZone"] == "W. Europe Standard Time"
    assert settings["workingHours"]["daysOfWeek"][0] == "monday"


def test_point_04_own_and_shared_calendars(office, nora, otto):
    """A shared one has an id of its own and its owner; canEdit says what is allowed."""
    office.ms.share(otto.email, nora.email, "read")
    office.ms.calendar(otto.email, "Team", subscribers={nora.email: "write"})
    office.ms.calendar(nora.email, "Holidays", readonly=True)

    found = {c["name"]: c for c in nora.get("/me/calendars")["value"]}

    assert {n: c["canEdit"] for n, c in found.items()} == {
        "Calendar": True,
        "Holidays": False,
        "Otto": False,
        "Team": True,
    }
    assert found["Team"]["owner"]["address"] == otto.email
    path = f"/me/calendars/{found['Otto']['id']}/events"
    assert refusal(nora.post, path, event()) == (403, "ErrorAccessDenied")
    made = nora.post(f"/me/calendars/{found['Team']['id']}/events", event("Shared"))
    assert made["organizer"]["emailAddress"]["address"] == otto.email
    with_own = event("Mine", extensions=[extension(a="b")])
    assert refusal(nora.post, f"/me/calendars/{found['Team']['id']}/events", with_own)[0] == 403


def test_point_04_private_events_are_hidden_in_shared_calendars(office, nora, otto):
    """Time stays, words go."""
    office.ms.share(otto.email, nora.email, "read")
    otto.add(subject="Doctor", sensitivity="private")

    seen = nora.get(f"/users/{otto.email}/events")["value"][0]

    assert (seen["subject"], seen["sensitivity"]) == ("Private appointment", "private")


def test_point_04_making_and_grouping_calendars(nora):
    """Names are taken once; groups hold calendars."""
    group = nora.post("/me/calendarGroups", {"name": "Projects"})
    nora.post(f"/me/calendarGroups/{group['id']}/calendars", {"name": "Alpha"})

    assert refusal(nora.post, "/me/calendars", {"name": "alpha"}) == (400, "ErrorFolderExists")
    names = [c["name"] for c in nora.get(f"/me/calendarGroups/{group['id']}/calendars")["value"]]
    assert names == ["Alpha"]
    assert nora.get("/me/calendarGroups")["value"][0]["name"] == "My Calendars"


def test_point_04_page_links_are_absolute_on_the_host_that_was_asked(office, nora):
    """They can be followed as they are, over both addresses."""
    for number in range(12):
        nora.add(subject=f"E{number}")
    for base in (office.microsoft["api_base"], office.microsoft["tls_api_base"]):
        answer = nora.get(f"{base}/me/events")
        assert len(answer["value"]) == 10
        assert answer["@odata.nextLink"].startswith(base)
        assert len(nora.get(answer["@odata.nextLink"])["value"]) == 2


def test_point_05_every_change_has_a_new_etag_and_if_match_is_obeyed(nora):
    """412 with another one's change key; the event stays."""
    made = nora.add()
    changed = nora.patch(f"/me/events/{made['id']}", {"subject": "New"})
    assert changed["changeKey"] != made["changeKey"]

    stale = {"If-Match": made["@odata.etag"]}
    path = f"/me/events/{made['id']}"
    assert refusal(nora.patch, path, {"subject": "X"}, stale) == (412, "ErrorIrresolvableConflict")
    assert refusal(nora.delete, path, stale)[0] == 412
    nora.patch(path, {"subject": "Y"}, {"If-Match": changed["@odata.etag"]})
    nora.delete(path)
    assert refusal(nora.one, made["id"]) == (404, "ErrorItemNotFound")
    assert refusal(nora.one, "nonsense") == (400, "ErrorInvalidIdMalformed")


def test_point_05_a_read_does_not_change_the_change_key(nora):
    """Nor does a PATCH of equal values."""
    made = nora.add()
    nora.patch(f"/me/events/{made['id']}", {"subject": "Call"})
    assert nora.one(made["id"])["changeKey"] == made["changeKey"]


def test_point_05_ordinary_and_immutable_ids(office, nora):
    """Both are found; the ordinary one changes with the calendar, the other does not."""
    made = nora.add()
    fixed = nora.one(made["id"], IMMUTABLE)["id"]
    other = nora.post("/me/calendars", {"name": "Other"})["id"]
    translated = nora.post(
        "/me/translateExchangeIds",
        {
            "inputIds": [made["id"]],
            "sourceIdType": "restId",
            "targetIdType": "restImmutableEntryId",
        },
    )["value"]

    office.ms.move_event(made["id"], other)

    assert fixed != made["id"]
    assert translated == [{"sourceId": made["id"], "targetId": fixed}]
    assert refusal(nora.one, made["id"])[0] == 404
    assert nora.one(fixed, IMMUTABLE)["id"] == fixed
    assert nora.get(f"/me/calendars/{other}/events", IMMUTABLE)["value"][0]["id"] == fixed


def test_point_05_whole_days_are_midnights_in_one_zone(nora):
    """Anything else is a 400; answers show the dates, whatever zone is preferred."""
    zone = {"timeZone": "Pacific Standard Time"}
    body = {"subject": "Fair", "isAllDay": True}
    body["start"] = {"dateTime": "2026-12-24T00:00:00", **zone}
    body["end"] = {"dateTime": "2026-12-26T00:00:00", **zone}
    made = nora.post("/me/events", body)

    assert made["start"] == {"dateTime": "2026-12-24T00:00:00.0000000", "timeZone": "UTC"}
    again = nora.one(made["id"], {"Prefer": 'outlook.timezone="Tokyo Standard Time"'})
    assert again["end"]["dateTime"] == "2026-12-26T00:00:00.0000000"
    odd = {**body, "end": {"dateTime": "2026-12-25T10:00:00", **zone}}
    assert refusal(nora.post, "/me/events", odd) == (400, "ErrorPropertyValidationFailure")
    mixed = {**body, "end": {"dateTime": "2026-12-25T00:00:00", "timeZone": "UTC"}}
    assert refusal(nora.post, "/me/events", mixed)[0] == 400


@pytest.mark.parametrize("name", ["W. Europe Standard Time", "Europe/Berlin"])
def test_point_05_windows_and_iana_zones_are_read_alike(nora, name):
    """Answers are in UTC with seven digits unless Prefer says else; origins are Windows names."""
    times = {
        n: {"dateTime": f"2026-07-01T{h}:00:00", "timeZone": name}
        for n, h in (("start", 10), ("end", 11))
    }
    made = nora.post("/me/events", {"subject": "Summer", **times})
    seen = nora.one(made["id"], {"Prefer": 'outlook.timezone="Eastern Standard Time"'})

    assert made["start"] == {"dateTime": "2026-07-01T08:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == "W. Europe Standard Time"
    assert seen["start"] == {
        "dateTime": "2026-07-01T04:00:00.0000000",
        "timeZone": "Eastern Standard Time",
    }


def test_point_05_an_unknown_zone_is_refused(nora):
    """In a body and in a preference."""
    body = event()
    body["start"]["timeZone"] = "Mars/Olympus"
    assert refusal(nora.post, "/me/events", body)[0] == 400
    assert refusal(nora.get, "/me/events", {"Prefer": 'outlook.timezone="Mars"'})[0] == 400


def test_point_05_bodies_are_wrapped_and_can_be_read_as_text(nora):
    """HTML in, HTML document out; text on request."""
    made = nora.add(body={"contentType": "html", "content": "<p>Bring <b>cake</b></p>"})
    plain = nora.one(made["id"], {"Prefer": 'outlook.body-content-type="text"'})
    text = nora.add(body={"contentType": "text", "content": "a < b\nc"})

    assert made["body"]["content"].startswith("<html>")
    assert "<b>cake</b>" in made["body"]["content"]
    assert plain["body"] == {"contentType": "text", "content": "Bring cake"}
    assert text["bodyPreview"] == "a < b\r\nc"


def test_point_05_a_body_without_its_blob_ends_the_online_meeting(nora):
    """Text written around the blob keeps it."""
    made = nora.add(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
    path = f"/me/events/{made['id']}"
    assert made["onlineMeeting"]["joinUrl"].startswith("https://teams.microsoft.com/")
    assert BLOB in made["body"]["content"]

    around = {"contentType": "html", "content": "<p>Agenda</p>" + made["body"]["content"]}
    kept = nora.patch(path, {"body": around})
    assert (kept["isOnlineMeeting"], "Agenda" in kept["body"]["content"]) == (True, True)
    sticky = nora.patch(path, {"isOnlineMeeting": False})
    assert sticky["isOnlineMeeting"] is True
    ended = nora.patch(path, {"body": {"contentType": "html", "content": "<p>Agenda</p>"}})
    assert (ended["isOnlineMeeting"], ended["onlineMeeting"]) == (False, None)


def test_point_05_online_meetings_by_account(office, domain):
    """No licence: null for ever. Personal: no provider at all."""
    from .microsoft_people import Person

    bare = Person(office, office.ms.user(f"bo@{domain}", teams=False)["email"])
    private = Person(office, office.ms.user(f"pia@{domain}", kind="personal")["email"])

    made = bare.add(isOnlineMeeting=True)
    assert (made["isOnlineMeeting"], made["onlineMeeting"]) == (True, None)
    assert private.get("/me/calendar")["allowedOnlineMeetingProviders"] == []
    assert private.add(isOnlineMeeting=True)["isOnlineMeeting"] is False


@pytest.mark.parametrize(("mode", "status"), [("same", 0), ("409", 409), ("400", 400)])
def test_point_05_the_same_transaction_id_again(nora, setting, mode, status):
    """Mode A gives the same event, B and C refuse; in no mode is there a second event."""
    setting(microsoft__duplicate_transaction=mode)
    made = nora.add(transactionId=f"t-{mode}")
    assert made["transactionId"] == f"t-{mode}"

    if status:
        refused = refusal(nora.add, transactionId=f"t-{mode}")
        assert refused == (status, "ErrorDuplicateTransactionId")
    else:
        assert nora.add(transactionId=f"t-{mode}")["id"] == made["id"]
    assert len(nora.get("/me/events")["value"]) == 1
    rows, _link = nora.round()
    assert rows[0]["transactionId"] == f"t-{mode}"


def test_point_05_odd_requests_are_refused(nora):
    """Unknown members, bad addresses, an end before the start."""
    assert refusal(nora.add, colour="red") == (400, "RequestBodyRead")
    assert refusal(nora.add, guests=["not an address"]) == (400, "ErrorInvalidRecipients")
    early = event(start="11:00", end="10:00")
    assert refusal(nora.post, "/me/events", early)[0] == 400
    assert refusal(nora.get, "/me/calendarView") == (400, "ErrorInvalidParameter")
    assert nora.get("/me/calendarView", **WIDE)["value"] == []
