"""Series in the sandbox's Graph: patterns, occurrences, exceptions (point 7)."""

import pytest

from .microsoft_people import BERLIN, days, event, refusal, weekly

pytest_plugins = ["e2e.contract.microsoft_people"]

ALL_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def series(person, pattern, day, count=4, **more):
    """A series; the days of its occurrences."""
    span = {"type": "numbered", "startDate": day, "numberOfOccurrences": count}
    body = event(day=day, recurrence={"pattern": {"interval": 1, **pattern}, "range": span}, **more)
    return days(person.instances(person.post("/me/events", body)["id"]))


@pytest.mark.parametrize(
    ("pattern", "start", "expected"),
    [
        ({"type": "daily", "interval": 3}, "2026-12-01", ["12-01", "12-04", "12-07", "12-10"]),
        (
            {"type": "weekly", "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "monday"},
            "2026-12-04",
            ["12-04", "12-07", "12-11", "12-14"],
        ),
        (
            {"type": "absoluteMonthly", "dayOfMonth": 31},
            "2026-12-31",
            ["12-31", "01-31", "02-28", "03-31"],
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["tuesday"], "index": "second"},
            "2026-12-08",
            ["12-08", "01-12", "02-09", "03-09"],
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ALL_DAYS[:5], "index": "last"},
            "2026-12-31",
            ["12-31", "01-29", "02-26", "03-31"],
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ALL_DAYS, "index": "last"},
            "2026-12-31",
            ["12-31", "01-31", "02-28", "03-31"],
        ),
        ({"type": "absoluteYearly", "dayOfMonth": 9, "month": 1}, "2027-01-09", ["01-09"]),
        (
            {"type": "relativeYearly", "daysOfWeek": ["friday"], "index": "first", "month": 5},
            "2027-05-07",
            ["05-07"],
        ),
    ],
)
def test_point_07_every_pattern(nora, pattern, start, expected):
    """Expanded as Outlook does; the 31st of a short month is its last day."""
    assert [day[5:] for day in series(nora, pattern, start)] == expected


def test_point_07_the_first_day_of_the_week_matters_every_other_week(nora):
    """Sunday belongs to another week than Monday, or to the same."""
    found = []
    for first in ("sunday", "monday"):
        pattern = {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"]}
        found.append(series(nora, {**pattern, "firstDayOfWeek": first}, "2026-12-06"))
    assert [day[5:] for day in found[0]] == ["12-06", "12-07", "12-20", "12-21"]
    assert [day[5:] for day in found[1]] == ["12-06", "12-14", "12-20", "12-28"]


def test_point_07_ranges_are_filled_up_in_answers(nora):
    """Read by type: the unused members are fillers."""
    body = weekly()
    body["range"] = {"type": "endDate", "startDate": "2026-12-01", "endDate": "2026-12-15"}
    made = nora.add(recurrence=body)

    assert made["recurrence"]["range"]["numberOfOccurrences"] == 0
    assert made["recurrence"]["range"]["recurrenceTimeZone"] == "W. Europe Standard Time"
    assert days(nora.instances(made["id"])) == ["2026-12-01", "2026-12-08", "2026-12-15"]
    assert nora.add(recurrence=weekly())["recurrence"]["range"]["endDate"] == "0001-01-01"


def test_point_07_wall_clock_over_the_end_of_summer_time(nora):
    """Ten o'clock stays ten o'clock."""
    body = event(day="2027-03-22", recurrence=weekly("monday", day="2027-03-22", count=2))
    made = nora.post("/me/events", body)
    times = [e["start"]["dateTime"][11:16] for e in nora.instances(made["id"])]
    assert times == ["09:00", "08:00"]


def test_point_07_bad_recurrences_are_refused(nora):
    """Missing members, a start of another day, an unknown type."""
    other_day = weekly(day="2026-12-02")
    no_days = weekly()
    del no_days["pattern"]["daysOfWeek"]
    for wrong in (other_day, no_days, {**weekly(), "pattern": {"type": "hourly", "interval": 1}}):
        assert refusal(nora.add, recurrence=wrong)[0] == 400


def test_point_07_occurrences_know_their_series(nora):
    """type, seriesMasterId, originalStart; an iCalUId of their own."""
    made = nora.add(recurrence=weekly())
    found = nora.instances(made["id"])

    assert {e["type"] for e in found} == {"occurrence"}
    assert {e["seriesMasterId"] for e in found} == {made["id"]}
    assert found[1]["originalStart"] == "2026-12-08T09:00:00Z"
    assert len({e["iCalUId"] for e in [made, *found]}) == 5
    assert nora.one(found[1]["id"])["subject"] == "Call"


def test_point_07_exceptions_and_deleted_occurrences(nora):
    """Listed on the master only when asked for, and only there."""
    made = nora.add(recurrence=weekly())
    first, second, third, _last = nora.instances(made["id"])
    nora.patch(f"/me/events/{second['id']}", {"subject": "Special"})
    nora.delete(f"/me/events/{third['id']}")

    kinds = [(e["type"], e["subject"]) for e in nora.instances(made["id"])]
    plain = nora.one(made["id"])
    asked = nora.one(
        made["id"],
        **{"$select": "subject,cancelledOccurrences", "$expand": "exceptionOccurrences"},
    )

    assert kinds == [("occurrence", "Call"), ("exception", "Special"), ("occurrence", "Call")]
    assert "cancelledOccurrences" not in plain
    assert "exceptionOccurrences" not in plain
    assert asked["cancelledOccurrences"] == [f"OID.{made['id']}.2026-12-15"]
    assert [e["id"] for e in asked["exceptionOccurrences"]] == [second["id"]]
    assert refusal(nora.one, third["id"]) == (404, "ErrorItemNotFound")
    assert first["id"] != second["id"]


def test_point_07_an_exception_may_not_reach_its_neighbours(nora):
    """Not on the day before or after it, nor beyond."""
    made = nora.add(recurrence=weekly())
    second = f"/me/events/{nora.instances(made['id'])[1]['id']}"

    def moved(day):
        return {
            name: {"dateTime": f"{day}T{clock}:00", "timeZone": BERLIN}
            for name, clock in (("start", "10:00"), ("end", "11:00"))
        }

    for day in ("2026-12-01", "2026-12-15", "2026-12-20"):
        assert refusal(nora.patch, second, moved(day)) == (400, "ErrorOccurrenceCrossingBoundary")
    changed = nora.patch(second, moved("2026-12-10"))
    assert (changed["type"], changed["originalStart"][:10]) == ("exception", "2026-12-08")


def test_point_07_a_new_title_reaches_exceptions_but_for_their_own(nora):
    """What an exception changed stays; a new time of the series ends all exceptions."""
    made = nora.add(recurrence=weekly())
    second, third = nora.instances(made["id"])[1:3]
    nora.patch(f"/me/events/{second['id']}", {"subject": "Special"})
    nora.patch(f"/me/events/{third['id']}", {"location": {"displayName": "Bonn"}})

    nora.patch(f"/me/events/{made['id']}", {"subject": "Renamed"})
    titles = [e["subject"] for e in nora.instances(made["id"])]
    assert titles == ["Renamed", "Special", "Renamed", "Renamed"]
    later = event(start="14:00", end="15:00")
    nora.patch(f"/me/events/{made['id']}", {n: later[n] for n in ("start", "end")})
    assert {e["type"] for e in nora.instances(made["id"])} == {"occurrence"}


def test_point_07_recurrence_null_makes_a_single_event(nora):
    """And a single event may become a series."""
    made = nora.add(recurrence=weekly())
    path = f"/me/events/{made['id']}"

    assert nora.patch(path, {"recurrence": None})["type"] == "singleInstance"
    assert len(nora.view()) == 1
    assert nora.patch(path, {"recurrence": weekly()})["type"] == "seriesMaster"
    assert len(nora.view()) == 4


def test_point_07_deleting_the_master_ends_it_all(nora):
    """Occurrences and exceptions too."""
    made = nora.add(recurrence=weekly())
    first = nora.instances(made["id"])[0]
    nora.delete(f"/me/events/{made['id']}")
    assert nora.view() == []
    assert refusal(nora.one, first["id"])[0] == 404
