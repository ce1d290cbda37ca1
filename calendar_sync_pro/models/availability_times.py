"""Times of people on one day, as they are gathered and as clients read them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytz
from odoo import fields, models

from ..booking.intervals import IntervalSet, instant, moment
from ..core.changes import Window


@dataclass(slots=True)
class Person:
    """What is known of one person's day. `source`: live, stored (as of `read_at`), odoo, none."""

    partner: models.Model
    user: models.Model
    busy: list = field(default_factory=list)
    source: str = "odoo"
    why: str = ""
    read_at: datetime | None = None
    working: IntervalSet | None = None


def window_of(day, zone):
    """The reader's zone, by its IANA name, and the day ("YYYY-MM-DD") in it. Raises ValueError."""
    try:
        zone, start = pytz.timezone(zone), fields.Date.to_date(day)
    except (pytz.UnknownTimeZoneError, AttributeError):
        raise ValueError(zone) from None
    first, last = (midnight(zone, at) for at in (start, start + timedelta(days=1)))
    return zone, Window(first.astimezone(pytz.utc), last.astimezone(pytz.utc))


def midnight(zone, day):
    """The beginning of a day in a zone."""
    return zone.localize(datetime.combine(day, datetime.min.time()))


def lesser(person):
    """What is left where no calendar can be read: Odoo's own for colleagues, else nothing."""
    return "odoo" if person.user else "none"


def spans(times, own):
    """Busy times as (start, stop, kind), without the appointment that is being planned."""
    return [
        (start, stop, one.kind)
        for one in times if one.kind not in ("free", "elsewhere")
        for start, stop in IntervalSet.of([(instant(one.start), instant(one.stop))]) - own
    ]  # fmt: skip


def drawn(busy, span):
    """(kind, start, stop) inside the day, what touches or overlaps joined, in time order."""
    by_kind = defaultdict(list)
    for start, stop, kind in busy:
        by_kind[kind].append((start, stop))
    firm = IntervalSet()
    found = []
    for kind in sorted(by_kind, key=lambda one: one == "tentative"):
        spans = IntervalSet.of(by_kind[kind]) - firm
        firm = firm | spans
        found += [(kind, start, stop) for start, stop in spans.clip(*span)]
    return sorted(found, key=lambda one: one[1:])


def naive(aware):
    """An aware time as the database keeps it."""
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


def text(seconds):
    """An instant as clients read it."""
    return fields.Datetime.to_string(moment(seconds).replace(tzinfo=None))


def texts(spans):
    """Spans as clients read them."""
    return [{"start": text(start), "stop": text(stop)} for start, stop in spans]
