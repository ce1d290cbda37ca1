"""Google's own client against the sandbox: listing events (point 5)."""

import pytest

from .google_client import all_day, refusal, timed, titles
from .google_people import WEEKLY, add, listed

pytest_plugins = ["e2e.contract.google_people"]


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


@pytest.mark.parametrize(
    "name",
    ["iCalUID", "orderBy", "q", "timeMin", "timeMax", "updatedMin", "privateExtendedProperty"],
)
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
    empty = ann.list(
        calendarId="primary", timeMin="2026-12-02T00:00:00Z", timeMax="2026-12-01T00:00:00Z"
    )
    assert refusal(empty) == (400, "timeRangeEmpty")


def test_point_05_series_as_masters_or_as_occurrences(ann):
    """Exceptions and holes are there in both views; order by start needs single events."""
    master = add(ann, timed("Weekly", **WEEKLY))
    dates = [
        i["id"]
        for i in ann.instances(calendarId="primary", eventId=master["id"]).execute()["items"]
    ]
    ann.patch(calendarId="primary", eventId=dates[1], body={"summary": "Moved"}).execute()
    ann.delete(calendarId="primary", eventId=dates[2]).execute()

    masters = ann.list(calendarId="primary").execute()["items"]
    single = ann.list(calendarId="primary", singleEvents=True, orderBy="startTime").execute()

    assert [(i.get("summary"), i["status"]) for i in masters] == [
        ("Weekly", "confirmed"),
        ("Moved", "confirmed"),
        (None, "cancelled"),
    ]
    assert masters[2]["originalStartTime"]["dateTime"] == "2026-12-15T10:00:00+01:00"
    assert titles(single) == ["Weekly", "Moved", "Weekly"]
    with_holes = ann.list(calendarId="primary", singleEvents=True, showDeleted=True).execute()
    assert len(with_holes["items"]) == 4
    assert refusal(ann.list(calendarId="primary", orderBy="startTime"))[0] == 400


def test_point_05_filters(ann):
    """iCalUID, private and shared properties, words, types; deleted ones on request."""
    marked = add(
        ann,
        timed("Marked", extendedProperties={"private": {"cspGuid": "g1"}, "shared": {"s": "1"}}),
    )
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
