"""Series: validation of rules, occurrences in a window, ids of instances.

A rule is expanded in the wall-clock time of the event's zone (`start.timeZone`), so a 10:00
meeting stays at 10:00 over a change to summer time. DTSTART is always an occurrence.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil import rrule

from .errors import invalid
from .when import UTC, instant, text_of, zone

STAMP = re.compile(r"^(.+)_(\d{8}T\d{6}Z|\d{8})$")
FAR_S = 730 * 86400  # an endless series is expanded so far ahead of now (Google: unspecified)


def check(event):
    """400 unless every line is a rule or a date list that can be expanded."""
    lines = event.get("recurrence")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise invalid("Invalid recurrence rule.", "recurrence")
    for line in lines:
        _check_line(line, "date" in event["start"])
    try:
        next(iter(_ruleset(*_key(event))), None)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        raise invalid("Invalid recurrence rule.", "recurrence") from None


def _check_line(line, all_day):
    name = re.split("[:;]", line, maxsplit=1)[0].upper()
    if name not in ("RRULE", "EXRULE", "RDATE", "EXDATE"):
        raise invalid(f"Invalid recurrence rule: {name}.", "recurrence")
    until = re.search(r"UNTIL=([^;]+)", line.upper())
    wanted = r"\d{8}" if all_day else r"\d{8}T\d{6}Z"
    if until and not re.fullmatch(wanted, until.group(1)):
        raise invalid("Invalid recurrence rule: UNTIL must be of the kind of start.", "recurrence")


def _key(event):
    start = event["start"]
    tz = start.get("timeZone") or "UTC"
    begin = start.get("date") or start["dateTime"]
    return tuple(event["recurrence"]), begin, tz, "date" in start


@lru_cache(maxsize=8192)
def _ruleset(lines, begin, tz, all_day):
    """A dateutil rule set in naive local time."""
    if all_day:
        first = datetime.fromisoformat(begin)
    else:
        aware = datetime.fromisoformat(begin.replace("Z", "+00:00"))
        first = aware.astimezone(zone(tz)).replace(tzinfo=None)
    rules = rrule.rruleset(cache=True)
    rules.rdate(first)
    for line in lines:
        head, _, value = line.partition(":")
        name = head.upper().split(";")[0]
        if name in ("RRULE", "EXRULE"):
            text = re.sub(
                r"UNTIL=(\d{8}T\d{6}Z)", lambda m: f"UNTIL={_local(m[1], tz)}", value.upper()
            )
            rule = rrule.rrulestr(text, dtstart=first, cache=True)
            (rules.rrule if name == "RRULE" else rules.exrule)(rule)
            continue
        add = rules.rdate if name == "RDATE" else rules.exdate
        named = next((p[5:] for p in head.split(";")[1:] if p.upper().startswith("TZID=")), tz)
        for text in value.split(","):
            add(_listed(text.split("/")[0].strip(), named, tz, first))
    return rules


def _local(stamp, tz):
    moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return moment.astimezone(zone(tz)).strftime("%Y%m%dT%H%M%S")


def _listed(text, named, tz, first):
    if len(text) == 8:
        return datetime.combine(datetime.strptime(text, "%Y%m%d"), first.time())
    if text.endswith("Z"):
        return datetime.strptime(_local(text, tz), "%Y%m%dT%H%M%S")
    moment = datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone(named))
    return moment.astimezone(zone(tz)).replace(tzinfo=None)


def starts(event, after, before, far):
    """Original starts, as `{"dateTime"…}` or `{"date"}`, of occurrences that touch the window.

    `after` and `before` are seconds since the epoch or None; `far` ends endless series.
    """
    tz = event["start"].get("timeZone") or "UTC"
    all_day = "date" in event["start"]
    length = instant(event["end"], tz) - instant(event["start"], tz)
    low = None if after is None else _naive(after - length - 2 * 86400, tz)
    high = _naive(far if before is None else before + 86400, tz)
    source = (
        iter(_ruleset(*_key(event)))
        if low is None
        else _ruleset(*_key(event)).xafter(low, inc=True)
    )
    for moment in source:
        if moment > high:
            return
        value = _value(moment, tz, all_day)
        begin = instant(value, tz)
        if (before is None or begin < before) and (after is None or begin + length > after):
            yield value


def _naive(seconds, tz):
    seconds = min(max(seconds, -2_000_000_000), 16_000_000_000)
    return (
        (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
        .astimezone(zone(tz))
        .replace(tzinfo=None)
    )


def _value(moment, tz, all_day):
    if all_day:
        return {"date": moment.date().isoformat()}
    aware = moment.replace(tzinfo=zone(tz)).astimezone(UTC).astimezone(zone(tz))
    return {"dateTime": text_of(aware), "timeZone": tz}


def last_end(event):
    """When the last occurrence ends (seconds since the epoch); None for an endless series."""
    rules = [line for line in event["recurrence"] if line.upper().startswith("RRULE")]
    if any("UNTIL=" not in r.upper() and "COUNT=" not in r.upper() for r in rules):
        return None
    tz = event["start"].get("timeZone") or "UTC"
    length = instant(event["end"], tz) - instant(event["start"], tz)
    last = max(_ruleset(*_key(event)), default=None)
    if last is None:
        return instant(event["start"], tz)
    return instant(_value(last, tz, "date" in event["start"]), tz) + length


def instance_id(master_id, original):
    """`{master}_{YYYYMMDDTHHMMSSZ}` in UTC, or `{master}_{YYYYMMDD}` for all-day series."""
    return f"{master_id}_{stamp_of(original)}"


def stamp_of(original):
    """The part of an instance id that names the original start."""
    if "date" in original:
        return original["date"].replace("-", "")
    moment = datetime.fromisoformat(original["dateTime"].replace("Z", "+00:00"))
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def original_from_stamp(event, stamp):
    """The original start that a stamp names, if the series has an occurrence there; else None."""
    all_day = "date" in event["start"]
    if all_day != (len(stamp) == 8):
        return None
    tz = event["start"].get("timeZone") or "UTC"
    if all_day:
        day = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
        moment = datetime(day.year, day.month, day.day)
    else:
        aware = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone(tz))
        moment = aware.replace(tzinfo=None)
    rules = _ruleset(*_key(event))
    for candidate in rules.xafter(moment - timedelta(hours=3), inc=True):
        value = _value(candidate, tz, all_day)
        if stamp_of(value) == stamp:
            return value
        if candidate > moment + timedelta(hours=3):
            break
    return None
