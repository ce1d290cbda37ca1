"""Google's own client against the sandbox: scopes and the calendar list (points 3 and 4)."""

import json

import google.oauth2.credentials

from sandbox.client import http

from .google_client import SCOPE, refusal, service, timed

pytest_plugins = ["e2e.contract.google_people"]


def test_point_03_without_a_valid_token_there_is_401_authError(box, email):
    """No token, a made-up one and an expired one are all the same; bodies are Google's."""
    url = box.google["api_base"] + "/calendars/primary/events"
    short = box.tokens(email, expires_in=-1)["access_token"]

    for token in ("", "made-up", short):
        status, _headers, raw = http("GET", url, token=token)
        assert (status, json.loads(raw)["error"]["errors"][0]["reason"]) == (401, "authError")


def test_point_03_a_missing_scope_gives_403(box, email):
    """Free/busy scopes neither write events nor list calendars."""
    token = box.tokens(email, scopes=[SCOPE + "calendar.freebusy"])["access_token"]
    api = service(box, token=token)

    assert refusal(api.events().insert(calendarId="primary", body=timed())) == (
        403,
        "insufficientPermissions",
    )
    assert refusal(api.calendarList().list()) == (403, "insufficientPermissions")
    body = {
        "timeMin": "2026-12-01T00:00:00Z",
        "timeMax": "2026-12-02T00:00:00Z",
        "items": [{"id": email}],
    }
    assert api.freebusy().query(body=body).execute()["calendars"][email] == {"busy": []}


def test_point_03_authorized_http_refreshes_once_and_replays(box, email):
    """Google's client heals an expired access token by itself."""
    grant = box.tokens(email)
    credentials = google.oauth2.credentials.Credentials(
        "expired",
        refresh_token=grant["refresh_token"],
        token_uri=box.google["token_url"],
        client_id=box.google["client_id"],
        client_secret=box.google["client_secret"],
    )
    api = service(box, credentials=credentials)

    assert api.calendarList().list().execute()["items"][0]["id"] == email


def test_point_04_the_list_has_roles_and_hides_what_is_hidden(box, email):
    """Primary once; hidden entries on request; minAccessRole filters; unknown id is 404."""
    ben = box.user(f"ben.{email}")["email"]
    for summary, role in (
        ("Reads", "reader"),
        ("Writes", "writer"),
        ("Private", "writerWithoutPrivateAccess"),
    ):
        box.calendar(ben, summary, subscribers={email: role})
    hidden = box.calendar(email, "Hidden")["id"]
    api = service(box, email)
    api.calendarList().patch(calendarId=hidden, body={"hidden": True}).execute()

    entries = {e["summary"]: e for e in api.calendarList().list().execute()["items"]}
    roles = {name: entry["accessRole"] for name, entry in entries.items()}
    assert roles == {
        email: "owner",
        "Reads": "reader",
        "Writes": "writer",
        "Private": "writerWithoutPrivateAccess",
    }
    assert [e["id"] for e in entries.values() if e.get("primary")] == [email]
    assert len(api.calendarList().list(showHidden=True).execute()["items"]) == 5
    writable = api.calendarList().list(minAccessRole="writer").execute()["items"]
    assert {e["summary"] for e in writable} == {email, "Writes"}
    assert api.calendarList().get(calendarId="primary").execute()["id"] == email
    assert refusal(api.calendarList().get(calendarId="nobody@north.example")) == (404, "notFound")


def test_point_04_pages_and_changes_of_the_list(box, email):
    """The token comes with the last page; deleted and hidden entries come with changes."""
    gone, hidden = (box.calendar(email, name)["id"] for name in ("Gone", "Hidden"))
    api = service(box, email)
    first = api.calendarList().list(maxResults=2).execute()
    assert "nextSyncToken" not in first
    last = api.calendarList().list(maxResults=2, pageToken=first["nextPageToken"]).execute()
    token = last["nextSyncToken"]
    assert len(first["items"]) + len(last["items"]) == 3

    api.calendarList().delete(calendarId=gone).execute()
    api.calendarList().patch(calendarId=hidden, body={"hidden": True}).execute()
    changes = api.calendarList().list(syncToken=token).execute()["items"]

    assert {e["id"]: e.get("deleted", False) for e in changes} == {gone: True, hidden: False}
    with_role = api.calendarList().list(syncToken=token, minAccessRole="owner")
    assert refusal(with_role) == (400, "syncTokenWithRequestRestrictions")
    assert refusal(api.calendarList().list(syncToken="forged")) == (410, "fullSyncRequired")


def test_point_04_calendars_can_be_made_and_deleted(box, email):
    """Secondary calendars come and go; the primary one stays."""
    api = service(box, email)
    made = api.calendars().insert(body={"summary": "Odoo", "timeZone": "Asia/Tokyo"}).execute()
    assert api.calendars().get(calendarId=made["id"]).execute()["timeZone"] == "Asia/Tokyo"
    api.calendars().delete(calendarId=made["id"]).execute()
    assert refusal(api.calendars().get(calendarId=made["id"]))[0] == 404
    assert refusal(api.calendars().delete(calendarId="primary"))[0] == 400
