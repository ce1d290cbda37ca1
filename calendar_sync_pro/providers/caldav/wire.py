"""An iCalendar event <-> our values, one small pair of functions per field. Pure.

`X_of(event)` reads the field; `put_X(event, fields)` changes the stored component in place and
leaves everything else. `WRITERS` lists the simple ones; time, series and guests have files of
their own. Source: RFC 5545 §3.8, RFC 7986 §5.11.
"""

from __future__ import annotations

from ...core.event import EventFields, Privacy, ShowAs
from . import alarms, text
from .lines import Component, escaped, put_together

GUID_PROPERTY = "X-CALENDAR-SYNC-PRO-GUID"
SOURCE_PATH = "/calendar_sync/show_lead/"
"""What tells our own link apart from one that a person set."""

_PRIVACY = {
    "": Privacy.DEFAULT,
    "PUBLIC": Privacy.PUBLIC,
    "PRIVATE": Privacy.PRIVATE,
    "CONFIDENTIAL": Privacy.CONFIDENTIAL,
}
_CONFERENCES = (
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
_BUSY_STATUS = "X-MICROSOFT-CDO-BUSYSTATUS"


def _put_text(event: Component, name: str, value: str) -> None:
    event.put(name, *([put_together(name, escaped(value))] if value else []))


def put_title(event: Component, fields: EventFields) -> None:
    """The title, taken out when empty."""
    _put_text(event, "SUMMARY", fields.title)


def put_location(event: Component, fields: EventFields) -> None:
    """The place. What a program derived from the old one would now be wrong."""
    _put_text(event, "LOCATION", fields.location)
    event.drop("X-APPLE-STRUCTURED-LOCATION", "GEO")


def put_description(event: Component, fields: EventFields) -> None:
    """The text, see `text.py`."""
    text.put_description(event, fields.description)


def show_as_of(event: Component) -> ShowAs:
    """Free when transparent, else busy."""
    return ShowAs.FREE if event.value("TRANSP").upper() == "TRANSPARENT" else ShowAs.BUSY


def put_show_as(event: Component, fields: EventFields) -> None:
    """Only free is transparent; the finer kinds of busy are lost."""
    if fields.show_as is ShowAs.FREE:
        event.put("TRANSP", "TRANSP:TRANSPARENT")
    elif show_as_of(event) is ShowAs.FREE or not event.lines("TRANSP"):
        event.put("TRANSP", "TRANSP:OPAQUE")
    status = event.value(_BUSY_STATUS).upper()
    if status and (status == "FREE") != (fields.show_as is ShowAs.FREE):
        free = "FREE" if fields.show_as is ShowAs.FREE else "BUSY"
        event.put(_BUSY_STATUS, f"{_BUSY_STATUS}:{free}")


def privacy_of(event: Component) -> Privacy:
    """Who may read it; an unknown value counts as private, to be on the safe side."""
    return _PRIVACY.get(event.value("CLASS").strip().upper(), Privacy.PRIVATE)


def put_privacy(event: Component, fields: EventFields) -> None:
    """Who may read it; the default is not named."""
    is_default = fields.privacy is Privacy.DEFAULT
    event.put("CLASS", *([] if is_default else [f"CLASS:{fields.privacy.value.upper()}"]))


def put_reminders(event: Component, fields: EventFields) -> None:
    """Minutes before the start, see `alarms.py`."""
    alarms.put_reminders(event, fields.reminders, escaped(fields.title))


def conference_of(event: Component) -> str:
    """The join link: CONFERENCE for video, else what Google and Microsoft write."""
    for found in event.all("CONFERENCE"):
        features = found.param("FEATURE").upper()
        if "VIDEO" in features or not features:
            return found.value.strip()
    return next((event.text(name) for name in _CONFERENCES if event.text(name)), "")


def put_conference(event: Component, fields: EventFields) -> None:
    """The join link; those of other kinds (a telephone number) stay."""
    if conference_of(event) == fields.conference_url:
        return
    others = [
        line
        for line, found in zip(event.lines("CONFERENCE"), event.all("CONFERENCE"), strict=True)
        if found.param("FEATURE") and "VIDEO" not in found.param("FEATURE").upper()
    ]
    event.drop(*_CONFERENCES)
    own = []
    if fields.conference_url:
        params = [("VALUE", "URI"), ("FEATURE", "VIDEO")]
        own = [put_together("CONFERENCE", fields.conference_url, params)]
    event.put("CONFERENCE", *own, *others)


WRITERS = {
    "title": put_title,
    "description": put_description,
    "location": put_location,
    "show_as": put_show_as,
    "privacy": put_privacy,
    "reminders": put_reminders,
    "conference_url": put_conference,
}


# -- beside the fields -----------------------------------------------------------------------------


def guid_of(event: Component) -> str:
    """Our lasting id, '' for events that are not ours."""
    return event.text(GUID_PROPERTY).strip()


def put_guid(event: Component, guid: str) -> None:
    """Our lasting id. Letters, digits, `-` and `:` only: servers cut other values."""
    safe = "".join(character for character in guid if character.isalnum() or character in "-:_.")
    event.put(GUID_PROPERTY, *([f"{GUID_PROPERTY}:{safe}"] if safe else []))


def put_source(event: Component, url: str) -> None:
    """The way back to the lead. A link that a person set stays."""
    stored = event.value("URL").strip()
    if stored and SOURCE_PATH not in stored:
        return
    event.put("URL", *([put_together("URL", url)] if url else []))
