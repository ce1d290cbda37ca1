"""What is to be sent, decided before the first request and recorded after the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ..core.event import EventFields
from ..providers.port import EventDraft


class Send(StrEnum):
    """The request that a task makes."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Task:
    """One remote write for one link. `agreed` is the base once the provider answered.

    `slot` and `master_id` name an occurrence whose remote id is not known yet. `mark_ids` are the
    marks that are done with when all tasks of theirs are. `block` is the digest of what is sent
    beside the fields that merge (our text block, source link). `after` is the link whose task has
    to succeed first. `is_again`: a creation that an earlier run may have sent, and died.
    """

    send: Send
    link_id: int
    calendar: str
    remote_id: str = ""
    etag: str = ""
    draft: EventDraft | None = None
    names: tuple[str, ...] = ()
    agreed: EventFields | None = None
    is_notifying: bool = False
    is_uncertain: bool = False
    is_again: bool = False
    slot: str = ""
    master_id: str = ""
    rule: str = ""
    block: str = ""
    mark_ids: frozenset[int] = frozenset()
    event_id: int = 0
    is_gone: bool = False
    after: int = 0


@dataclass(slots=True)
class Batch:
    """What one reading of the marks led to."""

    mark_ids: set[int] = field(default_factory=set)
    tasks: list[Task] = field(default_factory=list)
