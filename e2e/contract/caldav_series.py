"""Series on a CalDAV server: as vectors, as the adapter tells them, as they are stored."""

import re

from calendar_sync_pro.core.changes import Window
from calendar_sync_pro.tests.pure.contract.backend import draft, listed, new_key
from calendar_sync_pro.tests.pure.series_files import VECTORS, Series, read, window_of

from .caldav_other_side import whole

__all__ = ["VECTORS", "pushed", "read", "seen", "stored", "text_of", "told", "window_of"]


def text_of(vector):
    """A vector as a calendar file."""
    text = vector.get("ical") or vector.get("equivalent_ical") or vector["input"]["equivalent_ical"]
    return whole(text.replace("\r\n", "\n") if "BEGIN:VCALENDAR" not in text else text)


def told(provider, calendar, window: Window):
    """The series of a calendar by the path of their master, as the adapter tells them."""
    pages = read_all_in(provider, calendar, window)
    events = listed(pages)
    found = {
        e.remote_id: Series(e.fields.when, e.fields.recurrence, {}) for e in events if not e.slot
    }
    for event in events:
        if event.slot:
            found[event.master_id].overrides[event.slot] = event.fields.when
    for gone in (one for page in pages for one in page.gone if one.slot):
        found[gone.master_id].overrides[gone.slot] = None
    return found


def read_all_in(provider, calendar, window):
    """Every page of a full listing of that window."""
    pages, cursor = [], ""
    while not pages or pages[-1].has_more:
        pages.append(provider.changes(calendar, cursor, window))
        cursor = pages[-1].cursor
    return pages


def pushed(provider, calendar, series: Series, title: str):
    """Write a series and what became of its occurrences; the master."""
    wanted = draft(title, series.when, recurrence=series.lines)
    event = provider.create(calendar, wanted, new_key())
    for slot, when in series.overrides.items():
        remote_id = provider.occurrence_id(calendar, event.remote_id, slot)
        if when is None:
            provider.delete(calendar, remote_id, "")
            continue
        moved = draft(title, when, guid=event.guid)
        provider.update(calendar, remote_id, "", moved, ["when"])
    return event


def stored(text, vector):
    """The series that stands in a stored resource, read by the vectors' own reader, which takes
    every rule for one of the event: so the zones, all well-known, are left out."""
    text = re.sub(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\r\n[ \t]", "", text)
    return read({"format": "ical", "ical": text, "floating_tz": vector.get("floating_tz", "UTC")})


def seen(series: Series, window: Window):
    """Start and stop of every occurrence in a window, with the name of its original start."""
    return [(slot, when.start, when.stop) for slot, when in series.seen_in(window)]
