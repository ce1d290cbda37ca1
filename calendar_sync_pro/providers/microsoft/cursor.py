"""Where a round of changes stands: an opaque text that may be saved after any page. Pure.

Graph's links are whole addresses and are replayed as they are, without their host. The window is
frozen in them, so it is asked for larger than needed; before the account's own window has moved
out of it the cursor counts as expired and a full listing begins a new one.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from ...core.changes import Listing, Window
from ...core.errors import SyncTokenExpired

MARGIN = timedelta(days=35)
"""How much further than the account's window Graph is asked to look."""

MAX_DONE = 50
"""Series that are remembered as told: more than can be cut by the pages of a round at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a round. `link` is '' before the first page.

    `is_first` marks the full listing, `is_round` a next link (the round is not at its end). `done`
    names series that were told as a whole in this round, `owner` is whose calendar it is.
    """

    print: str
    start: str
    stop: str
    link: str = ""
    is_first: bool = True
    is_round: bool = False
    owner: str = ""
    done: tuple[str, ...] = ()

    def text(self) -> str:
        """The opaque form."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @property
    def window(self) -> Window:
        """The frozen window."""
        return Window(datetime.fromisoformat(self.start), datetime.fromisoformat(self.stop))

    @property
    def listing(self) -> Listing:
        """What a page that leads to this place's successor belongs to."""
        return Listing.PARTIAL if self.is_first else Listing.INCREMENTAL

    def after(self, link: str, *, has_more: bool, owner: str, done: tuple[str, ...]) -> Place:
        """The place behind a page: in the middle of the round, or at its end."""
        if has_more:
            done = done[-MAX_DONE:]
            return replace(self, link=link, is_round=True, owner=owner, done=done)
        return replace(self, link=link, is_first=False, is_round=False, owner=owner, done=())


def place_of(cursor: str, calendar_id: str, window: Window) -> Place:
    """The place that `cursor` names, or the start of a full listing of `window` for ''.

    Raises SyncTokenExpired for a cursor that is not ours, is another calendar's, or whose frozen
    window no longer holds `window`.
    """
    print_ = hashlib.sha256(calendar_id.encode()).hexdigest()[:16]
    if not cursor:
        stop = window.stop + MARGIN
        return Place(print_, _text(window.start), _text(stop))
    place = _parsed(cursor)
    if place.print != print_ or not place.link.startswith("/"):
        raise SyncTokenExpired("parameters_changed", operation="changes")
    frozen = place.window
    if window.stop > frozen.stop or window.start < frozen.start:
        raise SyncTokenExpired("window_moved", operation="changes")
    return place


def _parsed(cursor: str) -> Place:
    try:
        values = json.loads(cursor)
        place = Place(**{**values, "done": tuple(values["done"])})
        _ = place.window, place.link.strip()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SyncTokenExpired("unreadable_cursor", operation="changes") from None
    return place


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
