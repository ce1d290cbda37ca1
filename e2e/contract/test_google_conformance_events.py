"""The sandbox's Google, points 5 to 7: listing, inserting and changing events."""

import pytest

from sandbox.client import SandboxProcess

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
    return [(email, service(box, email)) for email in pair]


@pytest.fixture
def ann(people):
    """The first colleague's events resource."""
    return people[0][1].events()


def add(events, body, **more):
    """Insert into the primary calendar."""
    return events.insert(calendarId="primary", body=body, **more).execute()


def listed(events, **query):
    """All items over all pages, and the last answer."""
    items, answer = [], {"nextPageToken": None}
    while "nextPageToken" in answer:
        answer = events.list(calendarId="primary", pageToken=answer["nextPageToken"], **query).execute()
        items += answer["items"]
    return items, answer


def test_point_05_pages_end_with_the_sync_token(box, people, ann):
    """An empty page is not the end; only the last page carries nextSyncToken."""
    for number in range(5):
        add(ann, timed(f"E{number}"))

    first = ann.list(calendarId="primary", maxResults=2).execute()
    assert (titles(first), "nextSyncToken" in first) == (["E0", "E1"], False)
    box.faults.add("empty_page", user=people[0][0], operation="events.list")
    empty = ann.list(calendarId="primary", maxResults=2, pageToken=first["nextPageToken"]).execute()
    assert (empty["items"], "nextPageToken" in empty) == ([], True)
    rest = ann.list(calendarId="primary", pageToken=empty["nextPageToken"]).execute()
    assert titles(rest) == ["E2", "E3", "E4"]
    assert rest["nextSyncToken"]
    other = ann.list(calendarId="primary", pageToken=first["nextPageToken"], q="x")
    assert refusal(other)[0] == 400


def test_point_05_changes_since_a_token_come_once_own_writes_included(ann):
    """Deletions are minimal; a change while paging comes with the next token."""
    kept, gone = add(ann, timed("Kept")), add(ann, timed("Gone"))
    token = listed(ann)[1]["nextSyncToken"]

    ann.patch(calendarId="primary", eventId=kept["id"], body={"summary": "A"}).execute()
    ann.patch(calendarId="primary", eventId=kept["id"], body={"summary": "B"}).execute()
    ann.delete(calendarId="primary", eventId=gone["id"]).execute()
    items, last = listed(ann, syncToken=token)

    assert [(i["id"], i.get("summary")) for i in items] == [(kept["id"], "B"), (gone["id"], None)]
    assert set(items[1]) == {"kind", "etag", "id", "status"}
    assert listed(ann, syncToken=last["nextSyncToken"])[0] == []


@pytest.mark.parametrize("name", ["iCalUID", "orderBy", "q", "timeMin", "timeMax", "updatedMin", "privateExtendedProperty"])
def test_point_05_a_sync_token_excludes_other_filters(ann, name):
    """400 instead of a silent half-truth."""
    token = listed(ann)[1]["nextSyncToken"]
    value = {"orderBy": "updated", "q": "x", "iCalUID": "x"}.get(name, "2026-12-01T00:00:00Z")

    wanted = ann.list(calendarId="primary", syncToken=token, **{name: value})

    assert refusal(wanted) == (400, "syncTokenWithRequestRestrictions")


def test_point_05_dead_tokens_are_410(box, people, ann):
    """Forged, expired, and by fault."""
    token = listed(ann)[1]["nextSyncToken"]
    gone = (410, "fullSyncRequired")

    assert refusal(ann.list(calendarId="primary", syncToken="forged")) == gone
    box.faults.add("sync_token_expired", user=people[0][0])
    assert refusal(ann.list(calendarId="primary", syncToken=token)) == gone
    assert listed(ann, syncToken=token)[0] == []
    box.expire_sync_tokens(people[0][0])
    assert refusal(ann.list(calendarId="primary", syncToken=token)) == gone
    deleted = ann.list(calendarId="primary", syncToken=token, showDeleted=False)
    assert refusal(deleted)[0] == 400


def test_point_05_the_window_bounds_end_and_start(ann):
    """timeMin is compared with the end, timeMax with the start, both exclusive."""
    add(ann, timed("Morning", start="09:00", end="10:00"))
    add(ann, all_day("Day"))
    berlin = "2026-12-01T{}:00+01:00"

    def window(low, high):
        span = {"timeMin": berlin.format(low), "timeMax": berlin.format(high)}
        return titles(ann.list(calendarId="primary", **span).execute())

    assert window("10:00", "11:00") == ["Day"]
    assert window("09:59", "11:00") == ["Morning", "Day"]
    assert window("08:00", "09:00") == ["Day"]
    no_offset = ann.list(calendarId="primary", timeMin="2026-12-01T00:00:00")
    assert refusal(no_offset) == (400, "badRequest")
    empty = ann.list(calendarId="primary", timeMin="2026-12-02T00:00:00Z", timeMax="2026-12-01T00:00:00Z")
    assert refusal(empty) == (400, "timeRangeEmpty")


def test_point_05_series_as_masters_or_as_occurrences(ann):
    """Exceptions and holes are there in both views; order by start needs single events."""
    master = add(ann, timed("Weekly", **WEEKLY))
    dates = [i["id"] for i in ann.instances(calendarId="primary", eventId=master["id"]).execute()["items"]]
    ann.patch(calendarId="primary", eventId=dates[1], body={"summary": "Moved"}).execute()
    ann.delete(calendarId="primary", eventId=dates[2]).execute()

    masters = ann.list(calendarId="primary").execute()["items"]
    single = ann.list(calendarId="primary", singleEvents=True, orderBy="startTime").execute()

    assert [(i.get("summary"), i["status"]) for i in masters] == [
        ("Weekly", "confirmed"), ("Moved", "confirmed"), (None, "cancelled"),
    ]
    assert masters[2]["originalStartTime"]["dateTime"] == "2026-12-15T10:00:00+01:00"
    assert titles(single) == ["Weekly", "Moved", "Weekly"]
    with_holes = ann.list(calendarId="primary", singleEvents=True, showDeleted=True).execute()
    assert len(with_holes["items"]) == 4
    assert refusal(ann.list(calendarId="primary", orderBy="startTime"))[0] == 400


def test_point_05_filters(ann):
    """iCalUID, private and shared properties, words, types; deleted ones on request."""
    marked = add(ann, timed("Marked", extendedProperties={"private": {"cspGuid": "g1"}, "shared": {"s": "1"}}))
    gone = add(ann, timed("Gone"))
    ann.delete(calendarId="primary", eventId=gone["id"]).execute()

    for query in (
        {"iCalUID": marked["iCalUID"]},
        {"privateExtendedProperty": "cspGuid=g1"},
        {"sharedExtendedProperty": "s=1"},
        {"q": "mark"},
        {"eventTypes": "default"},
    ):
        assert titles(ann.list(calendarId="primary", **query).execute()) == ["Marked"]
    assert titles(ann.list(calendarId="primary", showDeleted=True).execute()) == ["Marked", "Gone"]
    old = ann.list(calendarId="primary", updatedMin="2020-01-01T00:00:00Z")
    assert refusal(old) == (410, "updatedMinTooLongAgo")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**timed(), "id": "abcw"}, "invalid"),
        ({**timed(), "id": "abcdé12"}, "invalid"),
        ({**timed(), "id": "abcd"}, "invalid"),
        ({"summary": "x", "start": {"date": "2026-12-01"}}, "required"),
        ({"summary": "x", "end": {"date": "2026-12-01"}}, "required"),
        ({**timed(), "end": {"date": "2026-12-02"}}, "invalid"),
        ({**timed(), "start": {"date": "2026-12-01", "dateTime": "2026-12-01T10:00:00Z"}}, "invalid"),
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
    restored = ann.patch(calendarId="primary", eventId=body["id"], body={"status": "confirmed"}).execute()
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

    for request in (ann.patch(**name, body={"summary": "x"}), ann.update(**name, body=timed()), ann.delete(**name)):
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
    event = add(ann.events(), timed(attendees=guests, description="secret?", source={"url": "https://odoo.example/l/1"}))
    copy = ben.events().list(calendarId="primary", iCalUID=event["iCalUID"]).execute()["items"][0]
    name = {"calendarId": "primary", "eventId": copy["id"]}

    assert "source" not in copy
    assert "self" not in copy["organizer"]
    assert refusal(ben.events().patch(**name, body={"summary": "Mine"})) == (403, "forbiddenForNonOrganizer")
    assert refusal(ben.events().update(**name, body=timed("Call"))) == (403, "forbiddenForNonOrganizer")
    own = {"attendeesOmitted": True, "attendees": [{"email": ben_mail, "responseStatus": "tentative"}]}
    ben.events().patch(**name, body=own).execute()
    ben.events().patch(**name, body={"transparency": "transparent", "colorId": "3"}).execute()

    seen = ann.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert {g["email"]: g["responseStatus"] for g in seen["attendees"]} == {ann_mail: "accepted", ben_mail: "tentative"}
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
    (ann_mail, ann), (ben_mail, ben) = people
    body = timed("Old", iCalUID="old-1@exchange", organizer={"email": "boss@out.example"}, attendees=[{"email": ben_mail}])
    imported = ann.events().import_(calendarId="primary", body=body).execute()
    assert (imported["iCalUID"], imported["organizer"]["email"]) == ("old-1@exchange", "boss@out.example")
    assert ben.events().list(calendarId="primary").execute()["items"] == []

    other = ann.calendars().insert(body={"summary": "Other"}).execute()["id"]
    event = add(ann.events(), timed("Moves"))
    moved = ann.events().move(calendarId="primary", eventId=event["id"], destination=other).execute()
    assert moved["organizer"]["email"] == other
    assert ann.events().get(calendarId="primary", eventId=event["id"]).execute()["status"] == "cancelled"
    assert titles(ann.events().list(calendarId=other).execute()) == ["Moves"]
