"""What the contract needs of a provider under test, and the words in which its tests speak."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import uuid4

from ....core.changes import ChangePage, Window
from ....core.event import Attendee, EventFields, RemoteEvent
from ....core.when import When
from ....providers.port import EventDraft, Provider

WINDOW = Window(datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))


class Backend(Protocol):
    """The world around a provider. Users are 'ann' and 'bob'; each has a calendar."""

    def provider(self, user: str) -> Provider:
        """A connected account of that user, as the product opens it."""

    def person(self, user: str) -> Provider:
        """The same account in other hands: what a person does in the calendar itself."""

    def email(self, user: str) -> str:
        """The user's address."""

    def calendar(self, user: str) -> str:
        """Remote id of the user's primary calendar."""

    def mails(self) -> list[str]:
        """Addresses of the messages that the provider has sent or would have sent so far."""

    def expire_cursors(self) -> None:
        """Let the provider forget every cursor that it handed out."""

    def shorten_pages(self) -> None:
        """From now on pages hold few events, so that listings need several."""

    def lose_next_answer(self, operation: str) -> None:
        """The next call of that port method does its work and its answer is lost."""

    def refuse_next(self, operation: str, kind: str) -> None:
        """The next call fails: 'rate_limited' (wait 7 s), 'unavailable', or 'token'."""


def at(hour: int, minute: int = 0, *, day: int = 2, minutes: int = 60, tz: str = "Europe/Berlin"):
    """A time in March 2027, UTC."""
    start = datetime(2027, 3, day, hour, minute, tzinfo=UTC)
    return When(start, start + timedelta(minutes=minutes), tz)


def all_day(day: int, days: int = 1) -> When:
    """Whole days in March 2027."""
    start = date(2027, 3, day)
    return When(start, start + timedelta(days=days))


def draft(title: str = "Demo", when: When | None = None, **fields) -> EventDraft:
    """A draft with a guid of its own."""
    guid = fields.pop("guid", str(uuid4()))
    return EventDraft(EventFields(when or at(10), title, **fields), guid=guid)


def new_key() -> str:
    """A key as the product chooses it: committed before the first try."""
    return uuid4().hex


def guest(email: str, **values) -> Attendee:
    """An invited person."""
    return Attendee(email, **values)


def changed(event: RemoteEvent, **fields) -> EventDraft:
    """A draft that says what `event` says, but for `fields`."""
    return EventDraft(event.fields.replace(**fields), guid=event.guid)


def kept(world, fields: EventFields) -> EventFields:
    """What the provider keeps of `fields`: all, unless its world says what comes back coarser."""
    coarsen = getattr(world, "kept", None)
    return coarsen(fields) if coarsen else fields


def shares_times(world, owner: str, reader: str) -> None:
    """Let `reader` see when `owner` is busy, where the provider wants that to be allowed."""
    share = getattr(world, "share_times", None)
    if share:
        share(owner, reader)


def read_all(provider: Provider, calendar_id: str, cursor: str = "") -> list[ChangePage]:
    """Every page until the provider says there is no more; at most 50."""
    pages = []
    for _ in range(50):
        pages.append(provider.changes(calendar_id, cursor, WINDOW))
        cursor = pages[-1].cursor
        if not pages[-1].has_more:
            return pages
    raise AssertionError("the listing does not end")


def listed(pages: list[ChangePage]) -> list[RemoteEvent]:
    """All events of some pages."""
    return [event for page in pages for event in page.events]


def gone_ids(pages: list[ChangePage]) -> set[str]:
    """Remote ids reported gone."""
    return {gone.remote_id for page in pages for gone in page.gone}
