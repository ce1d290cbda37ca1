"""Another sync of the same provider that a database may hold: under which names it keeps what it
knows, so that its events and its users can be taken over. Every name may be absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def no_slot(_remote_id: str, _ical_uid: str) -> str:
    """For ids that don't tell which occurrence they mean."""
    return ""


@dataclass(frozen=True, slots=True)
class FormerSync:
    """Names of the other sync's fields.

    `remote_id`, `ical_uid` and `pending` (an edit that was not sent yet) are columns of events and
    of Odoo's series; '' where it keeps no such thing. `secrets` are fields of the user's settings
    and `user_secrets` of the user that connect the account, `refresh_token` the one of them that
    is only there while somebody is connected. `stopped` is the switch in the settings.
    `slot_of(remote id, iCalUID)` tells the original start of an occurrence as a slot, or only its
    day (`20270329`), or '' where the ids don't tell.
    """

    provider: str
    label: str
    remote_id: str
    ical_uid: str
    pending: str
    secrets: tuple[str, ...]
    user_secrets: tuple[str, ...]
    refresh_token: str
    stopped: str
    slot_of: Callable[[str, str], str] = no_slot


_KNOWN: dict[str, FormerSync] = {}


def register(former: FormerSync) -> FormerSync:
    """Make the other sync of a provider known."""
    _KNOWN[former.provider] = former
    return former


def former_syncs() -> tuple[FormerSync, ...]:
    """All that are known, by provider."""
    return tuple(_KNOWN[name] for name in sorted(_KNOWN))
