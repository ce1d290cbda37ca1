"""Where a listing stands: an opaque text that may be saved after any page. Pure.

A listing goes through up to three stages. *Full*: everything from the window's start on; no
timeMax, because it is not documented whether a sync token keeps it. *Incremental*: what changed
since the sync token. *Strip*: days that rolled into the window since then are listed once, because
their events did not change and no sync token would ever name them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ...core.changes import Listing, Window
from ...core.errors import SyncTokenExpired, Unavailable

ROLL = timedelta(days=1)
"""The window must have moved this far before its new part is listed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a listing. `sync` is '' during the full one; `strips` are still to be listed."""

    print: str
    start: str
    stop: str
    sync: str = ""
    page: str = ""
    strips: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """The opaque form."""
        return json.dumps(asdict(self), separators=(",", ":"))

    def query(self) -> dict[str, str]:
        """The parameters of the next request, without the fixed ones."""
        if self.strips:
            first, last = self.strips[0]
            query = {"timeMin": first, "timeMax": last}
        elif self.sync:
            query = {"syncToken": self.sync}
        else:
            query = {"timeMin": self.start}
        return query | ({"pageToken": self.page} if self.page else {})

    def after(self, answer: Mapping[str, Any]) -> tuple[Place, bool, Listing]:
        """The place behind this page, whether more pages follow, and what the page was.

        Raises Unavailable when the answer is no listing: an empty object is not an empty calendar.
        """
        if not isinstance(answer.get("items"), list):
            raise Unavailable("not_a_listing", operation="changes")
        was_full = not self.sync
        page = answer.get("nextPageToken", "")
        if page:
            kind = Listing.PARTIAL if was_full else Listing.INCREMENTAL
            return replace(self, page=page), True, kind
        if self.strips:
            return replace(self, page="", strips=self.strips[1:]), True, Listing.INCREMENTAL
        token = answer.get("nextSyncToken", "")
        if not token:
            raise Unavailable("no_sync_token", operation="changes")
        kind = Listing.COMPLETE if was_full else Listing.INCREMENTAL
        return replace(self, page="", sync=token), False, kind


def fingerprint(calendar_id: str, fixed: Mapping[str, Any]) -> str:
    """Names the calendar and the parameters that must not change under a sync token."""
    text = json.dumps([calendar_id, sorted(fixed.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def place_of(cursor: str, print_: str, window: Window) -> Place:
    """The place that `cursor` names, or the start of a full listing of `window` for ''.

    Raises SyncTokenExpired for a cursor that is not ours or was made with other parameters.
    """
    if not cursor:
        return Place(print_, _text(window.start), _text(window.stop))
    place = _parsed(cursor)
    if place.print != print_:
        raise SyncTokenExpired("parameters_changed", operation="changes")
    if not place.sync or place.page or place.strips:
        return place
    return _rolled(place, window)


def _parsed(cursor: str) -> Place:
    try:
        values = json.loads(cursor)
        strips = tuple((first, last) for first, last in values.pop("strips"))
        return Place(**values, strips=strips)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SyncTokenExpired("unreadable_cursor", operation="changes") from None


def _rolled(place: Place, window: Window) -> Place:
    """The same place, with what the window gained since to be listed first."""
    start, stop = datetime.fromisoformat(place.start), datetime.fromisoformat(place.stop)
    strips = []
    if window.stop - stop >= ROLL:
        strips.append((place.stop, _text(window.stop)))
        place = replace(place, stop=_text(window.stop))
    if window.start < start:
        strips.append((_text(window.start), place.start))
        place = replace(place, start=_text(window.start))
    return replace(place, strips=tuple(strips))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
