"""patternedRecurrence: checks, and the days on which a series happens.

A series happens at most once a day, so the day of an occurrence names it.
"""

import calendar
from datetime import date, datetime, timedelta

from .errors import invalid
from .zones import instant_of, windows_name, zone

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
INDEXES = ("first", "second", "third", "fourth", "last")
NEEDED = {
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
RANGES = ("endDate", "noEnd", "numbered")
FAR_DAYS = 366 * 12
MAX_COUNT = 999


def clean(value, start):
    """A stored recurrence from a request; unused members get Exchange's fillers."""
    pattern, span = value.get("pattern"), value.get("range")
    if not isinstance(pattern, dict) or not isinstance(span, dict):
        raise invalid("A recurrence needs a pattern and a range.")
    return {"pattern": clean_pattern(pattern), "range": clean_range(span, start)}


def clean_pattern(pattern):
    """The pattern, checked."""
    kind = pattern.get("type")
    if kind not in NEEDED:
        raise invalid(f"Recurrence pattern type '{kind}' is not supported.")
    for name in NEEDED[kind]:
        if not pattern.get(name):
            raise invalid(f"The recurrence pattern '{kind}' needs '{name}'.")
    days = [str(day).lower() for day in pattern.get("daysOfWeek") or []]
    first = str(pattern.get("firstDayOfWeek") or "sunday").lower()
    index = str(pattern.get("index") or "first").lower()
    if set(days) - set(DAYS) or first not in DAYS or index not in INDEXES:
        raise invalid("The recurrence pattern has an unknown day or index.")
    checked = {
        "type": kind,
        "interval": whole(pattern.get("interval", 1), 1, 999, "interval"),
        "month": whole(pattern.get("month") or 0, 0, 12, "month"),
        "dayOfMonth": whole(pattern.get("dayOfMonth") or 0, 0, 31, "dayOfMonth"),
        "firstDayOfWeek": first,
        "index": index,
    }
    return {**checked, "daysOfWeek": days} if days else checked


def whole(value, low, high, name):
    """A whole number in its bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid(f"The value of '{name}' is out of range.")
    return value


def clean_range(span, start):
    """The range, checked against the event's start."""
    kind, first = span.get("type"), as_date(span.get("startDate") or start["dateTime"][:10])
    if kind not in RANGES:
        raise invalid(f"Recurrence range type '{kind}' is not supported.")
    zone_name = span.get("recurrenceTimeZone") or start["timeZone"]
    zone(zone_name)
    if first.isoformat() != start["dateTime"][:10]:
        raise invalid("The recurrence range's startDate must be the date of the event's start.")
    end, count = "0001-01-01", 0
    if kind == "endDate":
        end = as_date(span.get("endDate")).isoformat()
        if end < first.isoformat():
            raise invalid("The recurrence ends before it starts.")
    if kind == "numbered":
        count = whole(span.get("numberOfOccurrences"), 1, MAX_COUNT, "numberOfOccurrences")
    return {
        "type": kind,
        "startDate": first.isoformat(),
        "endDate": end,
        "recurrenceTimeZone": windows_name(zone_name),
        "numberOfOccurrences": count,
    }


def as_date(text):
    """A date of the request; 400 when it is none."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        raise invalid(f"'{text}' is not a date.") from None


def days_of(e, until=None):
    """The days of a series in order, to `until` (a date) at most; also without holes."""
    span = e["recurrence"]["range"]
    first = date.fromisoformat(span["startDate"])
    last = first + timedelta(days=FAR_DAYS) if until is None else until
    if span["type"] == "endDate":
        last = min(last, date.fromisoformat(span["endDate"]))
    left = span["numberOfOccurrences"] if span["type"] == "numbered" else None
    for day in candidates(e["recurrence"]["pattern"], first, last):
        if day > last or left == 0:
            return
        left = None if left is None else left - 1
        yield day.isoformat()


def candidates(pattern, first, last):
    """Every day from `first` on that fits the pattern."""
    maker = {"daily": daily, "weekly": weekly}.get(pattern["type"], by_month)
    return (day for day in maker(pattern, first, last) if day >= first)


def daily(pattern, first, last):
    """Every n days."""
    while first <= last:
        yield first
        first += timedelta(days=pattern["interval"])


def weekly(pattern, first, last):
    """Certain days of every n-th week; weeks begin with firstDayOfWeek."""
    offset = (first.weekday() - DAYS.index(pattern["firstDayOfWeek"])) % 7
    week = first - timedelta(days=offset)
    begins = DAYS.index(pattern["firstDayOfWeek"])
    places = sorted((DAYS.index(day) - begins) % 7 for day in pattern["daysOfWeek"])
    while week <= last:
        yield from (week + timedelta(days=place) for place in places)
        week += timedelta(days=7 * pattern["interval"])


def by_month(pattern, first, last):
    """One day of every n-th month, or of one month of every n-th year."""
    yearly = pattern["type"].endswith("Yearly")
    step = pattern["interval"] * (12 if yearly else 1)
    month = first.year * 12 + (pattern["month"] if yearly else first.month) - 1
    while month <= last.year * 12 + 11:
        year, number = divmod(month, 12)
        if year > 9998:
            return
        yield day_in(pattern, year, number + 1)
        month += step


def day_in(pattern, year, month):
    """The pattern's day in a month; the 31st of a short month is its last day."""
    size = calendar.monthrange(year, month)[1]
    if pattern["type"].startswith("absolute"):
        return date(year, month, min(pattern["dayOfMonth"], size))
    fitting = [
        date(year, month, number)
        for number in range(1, size + 1)
        if DAYS[date(year, month, number).weekday()] in pattern["daysOfWeek"]
    ]
    index = INDEXES.index(pattern["index"])
    return fitting[-1] if index == 4 else fitting[min(index, len(fitting) - 1)]


def times_on(e, day):
    """`(start, end)` of the occurrence on a day, with the wall-clock of the series."""
    start, end = (datetime.fromisoformat(e[n]["dateTime"]) for n in ("start", "end"))
    length = end - start
    begin = datetime.combine(date.fromisoformat(day), start.time())
    pair = []
    for name, moment in (("start", begin), ("end", begin + length)):
        pair.append({"dateTime": moment.isoformat(), "timeZone": e[name]["timeZone"]})
    return tuple(pair)


def settle_start(e):
    """Move a master to its first day that fits the pattern, as Exchange does."""
    first = next(days_of(e), None)
    if first is None:
        raise invalid("The recurrence pattern has no occurrence.")
    e["start"], e["end"] = times_on(e, first)


def days_between(e, low, high):
    """Days of a series whose occurrence touches the window (seconds since the epoch)."""
    until = datetime.fromtimestamp(high, zone(e["start"]["timeZone"])).date() + timedelta(days=1)
    for day in days_of(e, until):
        start, end = times_on(e, day)
        if instant_of(start) < high and touches(instant_of(start), instant_of(end), low):
            yield day


def touches(start, end, low):
    """Whether a span reaches into a window from `low` on; an empty one counts at its start."""
    return end > low or (start == end and start >= low)


def day_after(day, days):
    """The day that many days later."""
    return day + timedelta(days=days)


def neighbours(days, day):
    """The day before and after in a list of days, or None."""
    place = days.index(day)
    before = days[place - 1] if place else None
    return before, days[place + 1] if place + 1 < len(days) else None
