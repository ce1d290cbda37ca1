"""Where a listing stands: an opaque text that may be saved after any page. Pure.

A round is either the full listing of the window or what changed since the last one. Its changes
are told in the order of their paths, so a place in the middle is the last path told. What ends
the round (`end`: a sync token, or a tag and all versions) is taken before its first page, so that
whatever happens meanwhile is told by the next one.

Three kinds of servers: with sync tokens; with a tag that says whether anything changed at all;
with neither. The last two need the versions of all resources, which are kept packed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from ...core.changes import Listing
from ...core.errors import SyncTokenExpired

TRUST = timedelta(hours=24)
"""After so long everything is listed anew: some servers answer a stale token as if nothing had
happened, and would hide changes for ever."""

MAX_SAMPLE = 200
MAX_PACKED = 8 * 1024 * 1024
_VERSION = 1


@dataclass(frozen=True, slots=True)
class State:
    """What a calendar was like: a sync token, or a tag and packed versions. `seen` is a sample of
    the versions that were there (`sample`)."""

    token: str = ""
    tag: str = ""
    packed: str = ""
    seen: str = ""


_UNKNOWN = State()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a round. `begin` is what it compares with, `end` what the next one will.

    `after` is the last path told; `is_full` marks the listing of the window; `is_wide` that it
    cannot be left to the server which events take place in it. `listed` is when the last full
    listing began.
    """

    print: str
    listed: str
    is_full: bool = True
    is_round: bool = False
    is_wide: bool = False
    after: str = ""
    begin: State = _UNKNOWN
    end: State = _UNKNOWN

    def text(self) -> str:
        """The opaque form."""
        return json.dumps({"v": _VERSION, **asdict(self)}, separators=(",", ":"))

    @property
    def listing(self) -> Listing:
        """What a page in the middle of the round belongs to."""
        return Listing.PARTIAL if self.is_full else Listing.INCREMENTAL

    def begun(self, end: State, *, is_wide: bool = False) -> Place:
        """The same round, now that it is known how it ends."""
        return replace(self, is_round=True, end=end, is_wide=is_wide)

    def told(self, path: str) -> Place:
        """The place behind `path`."""
        return replace(self, after=path)

    def done(self) -> Place:
        """The start of the next round."""
        return replace(self, is_full=False, is_round=False, after="", begin=self.end, end=_UNKNOWN)


def place_of(cursor: str, calendar_id: str, now: datetime) -> Place:
    """The place that `cursor` names, or the start of a full listing for ''.

    Raises SyncTokenExpired for a cursor that is not ours, is another calendar's, or so old that
    the server is not believed any more.
    """
    print_ = hashlib.sha256(calendar_id.encode()).hexdigest()[:16]
    if not cursor:
        return Place(print_, now.astimezone(UTC).isoformat(timespec="seconds"))
    place = _parsed(cursor)
    if place.print != print_:
        raise SyncTokenExpired("parameters_changed", operation="changes")
    if not place.is_round and now - datetime.fromisoformat(place.listed) > TRUST:
        raise SyncTokenExpired("check_everything", operation="changes")
    return place


def _parsed(cursor: str) -> Place:
    try:
        values = json.loads(cursor)
        if values.pop("v") != _VERSION:
            raise ValueError("version")
        begin, end = State(**values.pop("begin")), State(**values.pop("end"))
        place = Place(**values, begin=begin, end=end)
        _ = datetime.fromisoformat(place.listed).astimezone(UTC), place.after.strip()
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SyncTokenExpired("unreadable_cursor", operation="changes") from None
    return place


# -- versions of all resources ---------------------------------------------------------------------


def version_mark(etag: str) -> str:
    """A version in few characters."""
    digest = hashlib.sha256(etag.encode()).digest()[:6]
    return base64.b64encode(digest).decode()


def sample(etags: Mapping[str, str], before: str = "") -> str:
    """A few versions of a calendar, to tell later whether a server calls changed what is not."""
    marks = {_mark(path, etag) for path, etag in etags.items()} | _marks(before)
    return "".join(sorted(marks)[:MAX_SAMPLE])


def is_odd(etags: Mapping[str, str], seen: str) -> bool:
    """True when something is called changed that has the version it had before: a server that
    lost its place and says all it has."""
    return not _marks(seen).isdisjoint(_mark(path, etag) for path, etag in etags.items())


def _mark(path: str, etag: str) -> str:
    digest = hashlib.sha256(f"{path}\t{etag}".encode()).digest()[:6]
    return base64.urlsafe_b64encode(digest).decode()


def _marks(seen: str) -> set[str]:
    return {seen[n : n + 8] for n in range(0, len(seen), 8)}


def pack(base_path: str, etags: Mapping[str, str]) -> str:
    """Paths and marks of their versions in one text, about 40 bytes each."""
    rows = sorted(
        f"{_relative(base_path, path)}\t{version_mark(etag)}" for path, etag in etags.items()
    )
    return base64.b85encode(zlib.compress("\n".join(rows).encode(), 9)).decode()


def _relative(base_path: str, path: str) -> str:
    name = path.removeprefix(base_path)
    return path if name.startswith("/") else name


def unpack(base_path: str, packed: str) -> dict[str, str]:
    """{path: mark}. Raises SyncTokenExpired for a text that is not ours."""
    if not packed:
        return {}
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.b85decode(packed), MAX_PACKED).decode()
        if not reader.eof:
            raise ValueError("cut")
        rows = (row.split("\t") for row in text.split("\n") if row)
        return {_joined(base_path, path): mark for path, mark in rows}
    except (ValueError, zlib.error):
        raise SyncTokenExpired("unreadable_cursor", operation="changes") from None


def _joined(base_path: str, path: str) -> str:
    return path if path.startswith("/") else base_path + path
