"""A page of changes: which resources changed, what is in them now, and what is gone.

Which ones changed is asked in the best way that the server has; their texts come in batches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...core.changes import ChangePage, Gone, Listing, Window
from ...core.errors import (
    Forbidden,
    Malformed,
    NotFound,
    SyncTokenExpired,
    Unavailable,
)
from ...core.recurrence import expand
from . import bodies
from .cursor import Place, State, is_odd, pack, sample, unpack, version_mark
from .dav import MAX_GET, Dav, strong
from .multistatus import Multistatus, Row
from .namespaces import tag
from .resource import Told

PAGE_SIZE = 500
WHOLE_SIZE = 1000
"""Calendars up to this size are read whole: a query by time makes servers compute series, which
some do wrongly, and a few never end."""

_STATE = ("D:sync-token", "CS:getctag", "D:supported-report-set", "D:resourcetype")
_TRUNCATED = 507
MAX_ROUNDS = 20
_UNKNOWN = State()


@dataclass(slots=True)
class Changed:
    """Paths to read and paths that are gone; both sorted. `end` is how the calendar was before."""

    paths: list[str]
    gone: list[str] = field(default_factory=list)
    end: State = _UNKNOWN
    is_wide: bool = False


class Rounds:
    """Changes of one calendar. `read_one` turns a text into what it says."""

    def __init__(
        self,
        dav: Dav,
        calendar: str,
        window: Window,
        read_one: Callable[[str, str, str], Told],
        page_size: int = PAGE_SIZE,
        whole_size: int = WHOLE_SIZE,
    ) -> None:
        self._dav = dav
        self._calendar = calendar
        self._window = window
        self._read_one = read_one
        self._page_size = page_size
        self._whole_size = whole_size

    def page(self, place: Place, known: Changed | None) -> tuple[ChangePage, Changed]:
        """The next page, and what is left to tell for the one after it. `known` is what an
        earlier page of this very round left."""
        changed = known if known is not None and place.is_round else self._changed(place)
        server_time = self._dav.server_time
        if not place.is_round:
            place = place.begun(changed.end, is_wide=changed.is_wide)
        told, place, is_over = self._tell(changed, place)
        if is_over:
            listing = Listing.COMPLETE if place.is_full else Listing.INCREMENTAL
            told.gone += [Gone(path) for path in changed.gone]
            place = place.done()
        else:
            listing = place.listing
        page = ChangePage(
            cursor=place.text(),
            events=tuple(told.events),
            gone=tuple(told.gone),
            unreadable=tuple(told.unreadable),
            has_more=not is_over,
            listing=listing,
            server_time=server_time,
            wholes=told.wholes,
        )
        return page, changed

    # -- telling -----------------------------------------------------------------------------------

    def _tell(self, changed: Changed, place: Place) -> tuple[Told, Place, bool]:
        """What comes after the place, as much as a page holds."""
        told = Told()
        paths = [path for path in changed.paths if path > place.after]
        size = min(MAX_GET, self._page_size)
        for first in range(0, len(paths), size):
            some = paths[first : first + size]
            found = self._dav.get_many(self._calendar, some, "changes")
            for path in some:
                one = self._told(path, found, place)
                if len(told) and len(told) + len(one) > self._page_size:
                    return told, place, False
                told.add(one)
                place = place.told(path)
        return told, place, True

    def _told(self, path: str, found: Mapping[str, tuple[str, str]], place: Place) -> Told:
        if path not in found:
            return Told() if place.is_full else Told(gone=[Gone(path)])
        content, etag = found[path]
        one = self._read_one(path, content, etag)
        return one if not place.is_wide else _inside(one, self._window)

    # -- what changed ------------------------------------------------------------------------------

    def _changed(self, place: Place) -> Changed:
        if place.is_full:
            return self._listed(place)
        if place.begin.token:
            return self._since(place.begin)
        return self._compared(place.begin, place.after)

    def _state(self) -> tuple[Row, bool]:
        """The calendar's properties, and whether it has sync tokens. Raises NotFound for what is
        no calendar."""
        row = self._dav.properties(self._calendar, "changes", *_STATE)
        if tag("C:calendar") not in row.names("D:resourcetype"):
            raise NotFound("notFound", operation="changes")
        has_report = tag("D:sync-collection") in row.names("D:supported-report-set")
        return row, has_report and bool(row.text("D:sync-token"))

    def _listed(self, place: Place) -> Changed:
        """All that may take place in the window. How the calendar stands is asked first.

        A calendar of moderate size is read whole and looked through here; of a larger one the
        server is asked what is in the window.
        """
        row, has_tokens = self._state()
        all_ = self._versions()
        is_wide = place.is_wide or len(all_) <= self._whole_size
        found = None if is_wide else self._queried()
        versions = all_ if found is None else found
        if place.is_round:
            end = place.end
        elif has_tokens:
            end = State(token=row.text("D:sync-token"), seen=sample(versions))
        else:
            end = State(tag=row.text("CS:getctag"), packed=pack(self._calendar, all_))
        return Changed(sorted(versions), end=end, is_wide=found is None)

    def _queried(self) -> dict[str, str] | None:
        """What the server counts into the window; None when it cannot say in time: one rule of
        every second keeps some servers busy for ever."""
        try:
            return self._versions_in(self._ask(bodies.query(self._window)))
        except (Malformed, Forbidden):
            return None
        except Unavailable as error:
            if error.reason not in ("timeout", "status_500", "status_501"):
                raise
            return None

    def _ask(self, body: bytes) -> Multistatus:
        return self._dav.report(self._calendar, "changes", body)

    def _since(self, begin: State) -> Changed:
        """By sync token. A cut answer is asked on until it is whole.

        Raises SyncTokenExpired also for an answer that cannot be true: some servers meet a lost
        token with all that they have, or with nothing.
        """
        changed: dict[str, str] = {}
        gone: set[str] = set()
        token = begin.token
        for _round in range(MAX_ROUNDS):
            answer = self._sync(token)
            is_cut = self._sort(answer, changed, gone)
            if not is_cut or answer.sync_token == token:
                break
            token = answer.sync_token
        is_silent = answer.sync_token != begin.token and not changed and not gone
        if is_odd(changed, begin.seen) or (is_silent and not self._is_restless(answer.sync_token)):
            raise SyncTokenExpired("odd_answer", operation="changes")
        end = State(token=answer.sync_token, seen=sample(changed, begin.seen))
        return Changed(sorted(changed), sorted(gone), end)

    def _sync(self, token: str) -> Multistatus:
        body = bodies.sync_collection(token)
        answer = self._dav.report(self._calendar, "changes", body, depth="0")
        if not answer.sync_token:
            raise SyncTokenExpired("no_sync_token", operation="changes")
        return answer

    def _is_restless(self, token: str) -> bool:
        """True for a server whose token changes although nothing else does."""
        return self._sync(token).sync_token != token

    def _sort(self, answer: Multistatus, changed: dict[str, str], gone: set[str]) -> bool:
        """Put the rows of an answer where they belong; the later word counts. True when cut."""
        is_cut = False
        for row in answer.rows:
            if row.path.rstrip("/") == self._calendar.rstrip("/"):
                is_cut = is_cut or row.status == _TRUNCATED
            elif row.status in (404, 410):
                gone.add(row.path)
                changed.pop(row.path, None)
            elif not row.path.endswith("/"):
                changed[row.path] = strong(row.text("D:getetag"))
                gone.discard(row.path)
        return is_cut

    def _compared(self, begin: State, after: str) -> Changed:
        """By tag, and by the versions of everything."""
        tag = ""
        if begin.tag:
            row, _has_tokens = self._state()
            tag = row.text("CS:getctag")
            if tag == begin.tag and not after:
                return Changed([], end=begin)
        versions = self._versions()
        before = unpack(self._calendar, begin.packed)
        marks = {path: version_mark(etag) for path, etag in versions.items()}
        changed = [path for path, mark in marks.items() if before.get(path) != mark]
        gone = [path for path in before if path not in marks]
        end = State(tag=tag, packed=pack(self._calendar, versions))
        return Changed(sorted(changed), sorted(gone), end)

    def _versions(self) -> dict[str, str]:
        """{path: version} of everything in the calendar."""
        rows = self._dav.members(self._calendar, "changes", "D:getetag", "D:resourcetype")
        return self._versions_in(Multistatus(rows))

    def _versions_in(self, answer: Multistatus) -> dict[str, str]:
        own = self._calendar
        return {
            row.path: strong(row.text("D:getetag"))
            for row in answer.rows
            if row.path != own and not row.path.endswith("/") and row.status < 400
        }


def _inside(told: Told, window: Window) -> Told:
    """Only what takes place in the window, when the server could not say that."""
    if told.unreadable or any(_touches(event, window) for event in told.events):
        return told
    return Told()


def _touches(event, window: Window) -> bool:
    fields = event.fields
    length = fields.when.stop - fields.when.start
    wide = Window(window.start - length, window.stop)
    try:
        return bool(expand(fields.when, fields.recurrence, wide, limit=1))
    except Malformed:
        return True
