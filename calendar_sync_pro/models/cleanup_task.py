"""One event to remove in a clean-up: decided before the first request, recorded after the last."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.errors import Conflict, Forbidden, NotFound
from ..core.event import RemoteEvent
from ..providers.port import Provider
from ..sync.cleanup import Choice, Fate, Ours, fate

TRIES = 3


@dataclass(frozen=True, slots=True)
class Removal:
    """A remote event that we created, on `calendar` when it was last seen.

    `elsewhere` are the account's other calendars, to which its owner may have moved it.
    `is_uncertain`: its creation was begun and `remote_id` is only the key of that.
    `is_called_off`: a person has stopped meanwhile; it is only looked at, and stays if it is there.
    """

    item_id: int
    calendar: str
    remote_id: str
    ours: Ours
    elsewhere: tuple[str, ...] = ()
    is_uncertain: bool = False
    is_called_off: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What became of it: `remote` is the event as it was before, on `calendar`."""

    fate: Fate
    calendar: str = ""
    remote: RemoteEvent | None = None


def remove(provider: Provider, task: Removal) -> Found:
    """Look at the event and remove it when it is still ours alone.

    Raises what the provider raises; Conflict when it keeps changing under our hands.
    """
    for _try in range(TRIES):
        calendar, remote = _look(provider, task)
        found = Found(fate(remote, task.ours), calendar, remote)
        if task.is_called_off and remote is not None:
            return Found(Fate.STAY, calendar, remote)
        if found.fate is not Fate.REMOVE:
            return found
        is_told = task.ours.choice is Choice.TELL
        try:
            provider.delete(calendar, remote.remote_id, remote.etag, is_notifying=is_told)
        except Conflict:
            continue
        except Forbidden as error:
            if error.reason != "would_notify":
                raise
            return Found(Fate.ASK, calendar, remote)
        return found
    raise Conflict("conflict", operation="delete")


def _look(provider: Provider, task: Removal) -> tuple[str, RemoteEvent | None]:
    """Where the event is, and how it is now."""
    if task.is_uncertain:
        return task.calendar, provider.find(task.calendar, task.remote_id)
    try:
        return task.calendar, provider.get(task.calendar, task.remote_id)
    except NotFound:
        return _look_elsewhere(provider, task)


def _look_elsewhere(provider: Provider, task: Removal) -> tuple[str, RemoteEvent | None]:
    """An event that was moved keeps its id and our GUID. Nothing else is asked for there."""
    for calendar in task.elsewhere:
        try:
            remote = provider.get(calendar, task.remote_id)
        except (NotFound, Forbidden):
            continue
        if remote.guid in task.ours.guids:
            return calendar, remote
    return task.calendar, None
