"""Listings and calendarView/delta in the sandbox (point 8)."""

from http.client import HTTPException

import pytest

from .microsoft_people import IMMUTABLE, WIDE, days, event, refusal, weekly

pytest_plugins = ["e2e.contract.microsoft_people"]

JANUARY = {"startDateTime": "2027-01-01T00:00:00Z", "endDateTime": "2027-02-01T00:00:00Z"}
NAME = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name OurId"
EXTENSION = "com.example.lead"


def titles(rows):
    """Subjects of rows, `-` for removed ones."""
    return ["-" if "@removed" in row else row.get("subject") for row in rows]


def extension(**values):
    """An open extension of a request."""
    kind = "microsoft.graph.openTypeExtension"
    return {"@odata.type": kind, "extensionName": EXTENSION, **values}


def test_point_08_pages_of_ten_unless_asked_otherwise(nora):
    """$top and odata.maxpagesize."""
    for number in range(12):
        nora.add(subject=f"E{number}")
    sizes = [
        len(nora.get("/me/calendarView", **WIDE)["value"]),
        len(nora.get("/me/calendarView", {"Prefer": "odata.maxpagesize=5"}, **WIDE)["value"]),
        len(nora.get("/me/calendarView", **WIDE, **{"$top": 11})["value"]),
    ]
    assert sizes == [10, 5, 11]
    assert len(nora.get("/me/calendarView", **WIDE, **{"$top": 11})["@odata.nextLink"]) > 50


def test_point_08_views_have_occurrences_events_have_masters(nora):
    """And a view only what touches its window."""
    nora.add(recurrence=weekly())
    nora.add(subject="Later", day="2027-01-10")

    assert [e["type"] for e in nora.get("/me/events")["value"]] == [
        "singleInstance",
        "seriesMaster",
    ]
    january = nora.get("/me/calendarView", **JANUARY)["value"]
    assert titles(january) == ["Later"]
    assert days(nora.view())[:2] == ["2026-12-01", "2026-12-08"]


def test_point_08_select_filter_and_order(nora):
    """What calendar clients use of OData."""
    nora.add(subject="B", location={"displayName": "Bonn"})
    nora.add(subject="A", day="2026-12-05")

    rows = nora.get("/me/events", **{"$select": "subject,start", "$orderby": "subject"})["value"]
    assert titles(rows) == ["A", "B"]
    assert set(rows[0]) == {"@odata.etag", "id", "subject", "start"}
    early = nora.get("/me/events", **{"$filter": "start/dateTime lt '2026-12-03T00:00:00'"})
    assert titles(early["value"]) == ["B"]
    both = nora.get("/me/events", **{"$filter": "startswith(subject,'a') or subject eq 'B'"})
    assert len(both["value"]) == 2
    refused = refusal(nora.get, "/me/events", **{"$filter": "transactionId eq 'x'"})
    assert refused == (400, "ErrorInvalidUrlQueryFilter")


def test_point_08_open_extensions_by_expand(nora):
    """With a prefix in the id; in listings and views, not in delta."""
    made = nora.add(extensions=[extension(guid="g-1")])
    expand = {"$expand": f"extensions($filter=id eq '{EXTENSION}')"}

    for answer in (
        nora.one(made["id"], **expand),
        nora.get("/me/events", **expand)["value"][0],
        nora.get("/me/calendarView", **WIDE, **expand)["value"][0],
    ):
        assert answer["extensions"][0]["guid"] == "g-1"
        assert answer["extensions"][0]["id"].endswith(EXTENSION)
    assert "extensions" not in nora.round()[0][0]
    assert "extensions" not in nora.one(made["id"])


def test_point_08_a_patch_of_an_extension_replaces_it(nora):
    """All its properties; the name is found with and without prefix."""
    made = nora.add()
    base = f"/me/events/{made['id']}/extensions"
    nora.post(base, extension(a="1", b="2"))
    nora.patch(f"{base}/{EXTENSION}", extension(a="3"))

    seen = nora.get(f"{base}/Microsoft.OutlookServices.OpenTypeExtension.{EXTENSION}")
    assert (seen["a"], "b" in seen) == ("3", False)
    assert refusal(nora.post, base, extension())[0] == 409
    nora.delete(f"{base}/{EXTENSION}")
    assert refusal(nora.get, f"{base}/{EXTENSION}")[0] == 404


def test_point_08_extended_properties_find_an_event_again(nora):
    """The name exactly, the value in any case of letters; not echoed by the POST."""
    made = nora.add(singleValueExtendedProperties=[{"id": NAME, "value": "Abc"}])
    nora.add(subject="Other")
    test = "singleValueExtendedProperties/any(ep: ep/id eq '{}' and ep/value eq '{}')"

    def found(name, value):
        return titles(nora.get("/me/events", **{"$filter": test.format(name, value)})["value"])

    assert "singleValueExtendedProperties" not in made
    assert found(NAME, "aBC") == ["Call"]
    assert found(NAME.replace("OurId", "ourid"), "Abc") == []
    expand = {"$expand": f"singleValueExtendedProperties($filter=id eq '{NAME}')"}
    assert nora.one(made["id"], **expand)["singleValueExtendedProperties"][0]["value"] == "Abc"


def test_point_08_a_first_round_has_sparse_occurrences_and_masters(nora):
    """Occurrences say where they are, not what; exceptions and singles say all."""
    made = nora.add(recurrence=weekly())
    nora.patch(f"/me/events/{nora.instances(made['id'])[1]['id']}", {"subject": "Special"})
    nora.add(subject="Single")

    rows, _link = nora.round(headers={"Prefer": "odata.maxpagesize=2"})

    kinds = [row["type"] for row in rows]
    assert kinds.count("occurrence") == 3
    assert sorted(set(kinds)) == ["exception", "occurrence", "seriesMaster", "singleInstance"]
    sparse = next(row for row in rows if row["type"] == "occurrence")
    assert set(sparse) == {
        "@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end",
    }  # fmt: skip


def test_point_08_the_master_may_be_missing(nora, setting):
    """By switch: clients must be able to fetch it."""
    setting(microsoft__delta_master=False)
    nora.add(recurrence=weekly())
    rows, _link = nora.round()
    assert {row["type"] for row in rows} == {"occurrence"}


def test_point_08_changes_and_deletions(nora):
    """Only what changed; the same id form as asked for."""
    keep, change, drop = (nora.add(subject=name) for name in ("Keep", "Change", "Drop"))
    _rows, link = nora.round(headers=IMMUTABLE)
    fixed = nora.one(drop["id"], IMMUTABLE)["id"]
    nora.patch(f"/me/events/{change['id']}", {"subject": "Changed"})
    nora.delete(f"/me/events/{drop['id']}")

    rows, link = nora.round(link, IMMUTABLE)

    assert titles(rows) == ["Changed", "-"]
    assert rows[1] == {"id": fixed, "@removed": {"reason": "deleted"}}
    assert nora.round(link)[0] == []
    assert nora.one(keep["id"])


def test_point_08_a_deleted_occurrence_has_no_removed(nora):
    """The series is sent again, whole, without it; a deleted series is @removed."""
    made = nora.add(recurrence=weekly())
    other = nora.add(subject="Other", recurrence=weekly(), start="12:00", end="13:00")
    _rows, link = nora.round()

    nora.delete(f"/me/events/{nora.instances(made['id'])[1]['id']}")
    rows, link = nora.round(link)
    assert [row["type"] for row in rows] == ["seriesMaster", *["occurrence"] * 3]
    assert "2026-12-08" not in days(rows[1:])
    nora.delete(f"/me/events/{other['id']}")
    rows, _link = nora.round(link)
    assert rows == [{"id": other["id"], "@removed": {"reason": "deleted"}}]


def test_point_08_out_of_the_window_looks_like_deleted(nora):
    """Moved away, or never inside: the event lives on."""
    inside, outside = nora.add(day="2027-01-05"), nora.add(day="2026-12-05")
    _rows, link = nora.round(**JANUARY)

    away = event(day="2027-03-05")
    nora.patch(f"/me/events/{inside['id']}", {n: away[n] for n in ("start", "end")})
    nora.patch(f"/me/events/{outside['id']}", {"subject": "Never inside"})

    rows, _link = nora.round(link)
    assert titles(rows) == ["-", "-"]
    assert [nora.one(row["id"])["subject"] for row in rows] == ["Call", "Never inside"]


def test_point_08_the_window_never_moves(nora):
    """Parameters that are put on a delta link are of no effect."""
    _rows, link = nora.round(**JANUARY)
    nora.add(day="2027-03-05")
    nora.add(subject="January", day="2027-01-20")

    rows, _link = nora.round(f"{link}&endDateTime=2027-12-31T00:00:00Z")

    assert titles(rows) == ["-", "January"]


@pytest.mark.parametrize("name", ["$select", "$filter", "$expand", "$orderby", "$search"])
def test_point_08_query_options_are_refused(nora, name):
    """None of them works with delta."""
    path = "/me/calendarView/delta"
    assert refusal(nora.get, path, **WIDE, **{name: "x"}) == (400, "ErrorInvalidUrlQuery")


def test_point_08_tokens_belong_to_one_calendar(nora):
    """Of another calendar, or made up: refused."""
    other = nora.post("/me/calendars", {"name": "Other"})["id"]
    _rows, link = nora.round()
    token = link.split("deltatoken=")[1]
    path = f"/me/calendars/{other}/calendarView/delta"
    assert refusal(nora.get, path, **{"$deltatoken": token}) == (400, "SyncStateInvalid")
    assert refusal(nora.get, link[:-4] + "aaaa")[0] == 400


def test_point_08_dead_tokens(office, nora, setting):
    """410 by default, another 40x by setting or fault; a Location may come with it."""
    _rows, link = nora.round()
    office.ms.expire_sync_tokens(nora.email)
    assert refusal(nora.get, link) == (410, "SyncStateNotFound")
    setting(microsoft__delta_lost_status=400)
    assert refusal(nora.get, link) == (400, "SyncStateNotFound")

    _rows, link = nora.round()
    office.faults.add("sync_token_expired", user=nora.email, status=404, reason="resyncRequired")
    assert refusal(nora.get, link) == (404, "resyncRequired")
    assert nora.get(link)["value"] == []


def test_point_08_duplicates_replays_empty_pages_and_late_news(office, nora, setting):
    """All of it is legal; clients apply what they get idempotently."""
    _rows, link = nora.round()
    nora.add()
    setting(microsoft__delta_duplicates=True)
    assert titles(nora.round(link)[0]) == ["Call", "Call"]
    setting(microsoft__delta_duplicates=False)
    office.faults.add("empty_page", user=nora.email)
    empty = nora.get(link)
    assert (empty["value"], "@odata.nextLink" in empty) == ([], True)
    rows, new_link = nora.round(empty["@odata.nextLink"])
    assert titles(rows) == ["Call"]
    setting(microsoft__delta_replay=5)
    assert titles(nora.round(new_link)[0]) == ["Call"]
    setting(microsoft__delta_replay=0, microsoft__delta_late_s=60)
    nora.add(subject="Late")
    rows, late_link = nora.round(new_link)
    assert rows == []
    setting(microsoft__delta_late_s=0)
    assert titles(nora.round(late_link)[0]) == ["Late"]


def test_point_08_a_move_to_another_calendar(office, nora):
    """Removed here, new there, under the same immutable id."""
    other = nora.post("/me/calendars", {"name": "Other"})["id"]
    there = f"/me/calendars/{other}/calendarView/delta"
    made = nora.add(headers=IMMUTABLE)
    _rows, here_link = nora.round(headers=IMMUTABLE)
    _rows, there_link = nora.round(headers=IMMUTABLE, path=there)

    office.ms.move_event(made["id"], other)

    assert nora.round(here_link, IMMUTABLE)[0] == [
        {"id": made["id"], "@removed": {"reason": "deleted"}}
    ]
    assert [row["id"] for row in nora.round(there_link, IMMUTABLE)[0]] == [made["id"]]


def test_point_08_a_guests_copy_comes_through_delta(nora, otto):
    """Invited, answered, cancelled: each is a change of the copy."""
    _rows, link = otto.round()
    made = nora.add(guests=[otto.email])
    rows, link = otto.round(link)
    assert rows[0]["isOrganizer"] is False
    nora.delete(f"/me/events/{made['id']}")
    rows, _link = otto.round(link)
    assert rows[0]["isCancelled"] is True


def test_point_08_a_truncated_answer_is_no_json(office, nora):
    """The link of before still works."""
    nora.add()
    _rows, link = nora.round()
    office.faults.add("truncate", user=nora.email)
    with pytest.raises((ValueError, OSError, HTTPException)):
        nora.get(link)
    assert nora.get(link)["value"] == []
