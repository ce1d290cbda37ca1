"""Rules that one side has and the other can't say: neither lost nor rewritten."""

from datetime import UTC, datetime, timedelta

import pytest

from .people import body_of, in_days, odoo_time

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
PATTERNS = {
    "Every third day": {"type": "daily", "interval": 3},
    "Two days every other week": {
        "type": "weekly", "interval": 2, "firstDayOfWeek": "sunday",
        "daysOfWeek": ["sunday", "thursday"],
    },
    "The 31st, or the month's last": {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
    "Last Friday": {
        "type": "relativeMonthly", "interval": 1, "index": "last", "daysOfWeek": ["friday"],
    },
    "First working day": {
        "type": "relativeMonthly", "interval": 1, "index": "first", "daysOfWeek": WEEKDAYS,
    },
    "Once a year": {"type": "absoluteYearly", "interval": 1},
}  # fmt: skip


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


def series(person, title, pattern):
    """A series without an end in Outlook, as its owner makes it; its id."""
    start = first_day(pattern)
    clock = {"timeZone": "W. Europe Standard Time"}
    if pattern["type"] == "absoluteYearly":
        pattern = {**pattern, "dayOfMonth": start.day, "month": start.month}
    body = {
        "subject": title,
        "start": {"dateTime": f"{start:%Y-%m-%d}T09:30:00", **clock},
        "end": {"dateTime": f"{start:%Y-%m-%d}T10:00:00", **clock},
        "recurrence": {
            "pattern": pattern,
            "range": {"type": "noEnd", "startDate": f"{start:%Y-%m-%d}"},
        },
    }
    return person.phone.graph("POST", "/events", body)["id"]


def first_day(pattern):
    """The first day from tomorrow on that the pattern has."""
    day = in_days(1)
    while not _has(pattern, day):
        day += timedelta(days=1)
    return day


def _has(pattern, day):
    name, following = day.strftime("%A").lower(), day + timedelta(days=7)
    match pattern["type"]:
        case "weekly":
            return name in pattern["daysOfWeek"]
        case "absoluteMonthly":
            return day.day == pattern["dayOfMonth"]
        case "relativeMonthly" if pattern["index"] == "last":
            return name in pattern["daysOfWeek"] and following.month != day.month
        case "relativeMonthly":
            earlier = [day - timedelta(days=n) for n in range(1, day.day)]
            names = {one.strftime("%A").lower() for one in earlier}
            return name in pattern["daysOfWeek"] and not names & set(pattern["daysOfWeek"])
    return True


def near(starts):
    """Those that both sides have to show: Odoo's window ends in three months."""
    return sorted(start for start in starts if start < odoo_time(in_days(85)))


def test_every_pattern_of_outlook_happens_in_odoo_at_the_same_times(product):
    """S4-22, S4-30: and a new title from Odoo leaves the pattern as it is, byte for byte."""
    ann = product.person("ann")
    ann.odoo.call(
        "calendar.sync.account", "set_preference", [[ann.account_id], "import_policy", "everything"]
    )
    made = {title: series(ann, title, pattern) for title, pattern in PATTERNS.items()}
    ann.sync()
    there = ann.there(is_expanded=True)
    for title in PATTERNS:
        expected = near(entry.start for entry in there if entry.title == title)
        assert expected, title
        assert near(row["start"] for row in ann.named_here(title)) == expected, title

    before = {title: ann.phone.graph("GET", f"/events/{made[title]}") for title in made}
    number = ann.last_request()
    for title in PATTERNS:
        ids = [row["id"] for row in ann.named_here(title)]
        ann.odoo.call("calendar.event", "write", [ids, {"name": f"{title}!"}])
    ann.settle()
    ann.sync()
    for title in PATTERNS:
        now = ann.phone.graph("GET", f"/events/{made[title]}")
        assert now["recurrence"] == before[title]["recurrence"], title
        assert now["start"] == before[title]["start"], title
    sent = [body_of(entry).keys() for entry in ann.requests("update", since=number)]
    assert sent
    assert all(names == {"subject"} for names in sent), sent


def test_rule_that_outlook_would_understand_otherwise_is_not_sent(product):
    """S4-30: every month on the 31st: Outlook would take the 30th where there is no 31st. It stays
    in Odoo with the reason; what else there is goes on."""
    bea = product.person("bea")
    start = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    while start.day != 31 or start < in_days(1):
        start += timedelta(days=1)
    event_id = bea.book(
        "Closing", start, recurrency=True, rrule_type="monthly", rrule_type_ui="monthly",
        month_by="date", day=31, interval=1, end_type="count", count=3, event_tz="Europe/Berlin",
    )  # fmt: skip
    bea.book("Beside it")
    bea.settle()
    assert [entry.title for entry in bea.there()] == ["Beside it"]
    said = bea.odoo.read("calendar.event", event_id, "sync_badge", "sync_badge_text")
    assert said["sync_badge"] == "problem", said
    assert len(bea.named_here("Closing")) == 3, "nothing is lost in Odoo"
    assert bea.card()["status"] == "active"
