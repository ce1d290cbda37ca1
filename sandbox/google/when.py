"""Start and end of events: validation, normal form, instants."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .errors import bad, invalid

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@lru_cache(maxsize=1024)
def zone(name):
    """The IANA zone of that name; 400 when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise invalid(f"Invalid time zone definition: {name}.", "timeZone") from None


def parse_date(text):
    """A `YYYY-MM-DD` text as date; 400 otherwise."""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise invalid(f"Invalid value for: Invalid format: {text!r}") from None


def parse_local(value, default_tz=None):
    """`{"dateTime", "timeZone"}` as an aware datetime; 400 when the zone is missing or wrong."""
    text = value["dateTime"]
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        raise invalid(f"Invalid value for: Invalid format: {text!r}") from None
    if len(text) < 11:
        raise invalid(f"Invalid value for: Invalid format: {text!r}")
    if moment.tzinfo is not None:
        return moment
    name = value.get("timeZone") or default_tz
    if not name:
        raise bad("required", "Missing time zone definition for start time.", "start.timeZone")
    return moment.replace(tzinfo=zone(name))


def normal(value, calendar_tz, name):
    """Validate one of start/end and give it Google's form: offset of the calendar, zone kept."""
    if not isinstance(value, dict) or not (value.get("date") or value.get("dateTime")):
        raise bad("required", f"Missing {name} time.", name)
    if value.get("date") and value.get("dateTime"):
        raise invalid(f"Invalid {name} time: both date and dateTime are given.", name)
    if value.get("date"):
        return {"date": parse_date(value["date"]).isoformat()}
    if value.get("timeZone"):
        zone(value["timeZone"])
    moment = parse_local(value)
    shown = moment.astimezone(UTC).astimezone(zone(calendar_tz)).replace(microsecond=0)
    return {"dateTime": text_of(shown), "timeZone": value.get("timeZone") or calendar_tz}


def text_of(moment):
    """RFC 3339 with offset; UTC as Z."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def instant(value, calendar_tz):
    """Seconds since the epoch; a date begins at midnight of the calendar's zone."""
    if "date" in value:
        day = date.fromisoformat(value["date"])
        return datetime(day.year, day.month, day.day, tzinfo=zone(calendar_tz)).timestamp()
    return datetime.fromisoformat(value["dateTime"].replace("Z", "+00:00")).timestamp()


def check_span(event, calendar_tz):
    """Normalise start and end together; 400 when mixed, missing or empty."""
    start = normal(event.get("start"), calendar_tz, "start")
    end = normal(event.get("end"), calendar_tz, "end")
    if ("date" in start) != ("date" in end):
        raise invalid("Start and end times must either both be date or both be dateTime.", "end")
    if event.get("recurrence") and "date" not in start and not event["start"].get("timeZone"):
        raise bad("required", "Missing time zone definition for start time.", "start.timeZone")
    length = instant(end, calendar_tz) - instant(start, calendar_tz)
    if length < 0 or (length == 0 and "date" in start):
        raise bad("timeRangeEmpty", "The specified time range is empty.", "timeRange")
    event["start"], event["end"] = start, end


def in_zone(value, name):
    """The same start/end shown in another zone; dates stay dates."""
    if "dateTime" not in value:
        return value
    moment = datetime.fromisoformat(value["dateTime"].replace("Z", "+00:00"))
    return {**value, "dateTime": text_of(moment.astimezone(zone(name)))}


def shifted(value, seconds, calendar_tz):
    """A start/end moved by whole seconds (timed) or days (dates)."""
    if "date" in value:
        days = round(seconds / 86400)
        return {"date": (date.fromisoformat(value["date"]) + timedelta(days=days)).isoformat()}
    moment = datetime.fromtimestamp(instant(value, calendar_tz) + seconds, zone(calendar_tz))
    return {**value, "dateTime": text_of(moment)}
