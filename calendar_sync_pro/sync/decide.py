"""The decision table: what must happen to one event that two sides know.

| base   | local          | remote                 | decision                                     |
|--------|----------------|------------------------|----------------------------------------------|
| none   | none           | there                  | CreateLocal                                  |
| none   | there          | none                   | PushCreate                                   |
| none   | there          | there                  | adopted: merged without removing anything    |
| agreed | same           | same                   | Noop; both changed to equal values: Agree    |
| agreed | changed        | same                   | PushUpdate                                   |
| agreed | same           | changed                | UpdateLocal                                  |
| agreed | changed        | changed                | per field; the same field: by policy         |
| agreed | same / changed | gone                   | CancelLocal or KeepLocal, by policy          |
| agreed | gone           | same / changed         | PushDelete or Unlink, by policy and rights   |
| agreed | any            | gone at a guest's      | Decline and DropLink, never a cancellation   |
| any    | gone           | gone                   | DropLink                                     |

*Gone* means that the provider said so, or that a complete listing of the same window lacks it.
A push asks the same table with `remote` set to the base.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..core.event import FIELD_NAMES, EventFields
from ..core.settings import LocalDelete, Policy, RemoteDelete
from ..core.timezones import alike
from .decisions import (
    RULES,
    Agree,
    CancelLocal,
    CreateLocal,
    Decision,
    Decline,
    DropLink,
    KeepLocal,
    Noop,
    Pair,
    PushCreate,
    PushDelete,
    PushUpdate,
    Unlink,
    UpdateLocal,
)
from .merge import FieldConflict, Merge, Side
from .normalise import canonical, differing
from .rights import merge_within_rights, shown, winner

__all__ = [
    "RULES",
    "Agree",
    "CancelLocal",
    "CreateLocal",
    "Decision",
    "Decline",
    "DropLink",
    "FieldConflict",
    "KeepLocal",
    "Noop",
    "Pair",
    "PushCreate",
    "PushDelete",
    "PushUpdate",
    "Unlink",
    "UpdateLocal",
    "decide",
    "must_ask",
    "winner",
]


def decide(pair: Pair, policy: Policy) -> tuple[Decision, ...]:
    """The row of the table for `pair`: decisions in the order in which they are applied.

    After UpdateLocal or Agree the base is what the calendar shows, so whatever Odoo still has
    differently is found again by the push; a PushUpdate that comes with them is that push.
    """
    if pair.is_remote_gone:
        return _remote_gone(pair, policy)
    if pair.is_local_gone:
        return _local_gone(pair, policy)
    if pair.remote is None:
        fields = pair.local
        return (PushCreate(rule="new_local", fields=fields, base=canonical(fields)),)
    if pair.local is None:
        fields = pair.remote
        return (CreateLocal(rule="new_remote", fields=fields, base=canonical(fields)),)
    return _both_there(pair, policy)


def must_ask(gone: int, links: int) -> bool:
    """True when so many of one run's links are gone that a person must confirm first.

    More than five and more than half.
    """
    return gone > 5 and gone * 2 > links


def _remote_gone(pair: Pair, policy: Policy) -> tuple[Decision, ...]:
    if pair.is_local_gone or pair.local is None:
        return (DropLink(rule="deleted_on_both"),)
    if not pair.is_organizer:
        rule = "declined_by_guest"
        return (Decline(rule=rule), DropLink(rule=rule))
    if policy.remote_delete is RemoteDelete.KEEP:
        rule = "kept_after_calendar_delete"
        return (KeepLocal(rule=rule, reason=rule),)
    rule = "deleted_in_calendar"
    lost = _unseen_edits(pair.base, pair.local, "remote")
    return (CancelLocal(rule=rule, reason=rule, conflicts=lost),)


def _local_gone(pair: Pair, policy: Policy) -> tuple[Decision, ...]:
    if pair.remote is None:
        return (DropLink(rule="never_sent"),)
    if not (pair.is_organizer and pair.can_edit):
        return (Unlink(rule="not_ours_to_delete", reason="not_ours_to_delete"),)
    if policy.local_delete is LocalDelete.LEAVE:
        return (Unlink(rule="left_in_calendar", reason="left_in_calendar"),)
    lost = _unseen_edits(pair.base, pair.remote, "local")
    return (PushDelete(rule="deleted_in_odoo", conflicts=lost),)


def _unseen_edits(
    base: EventFields | None, fields: EventFields, winning: Side
) -> tuple[FieldConflict, ...]:
    """Edits on the side that loses its event, so that the journal keeps their values."""
    if base is None:
        return ()
    changed = differing(base, canonical(fields))
    return tuple(
        FieldConflict(
            name,
            getattr(base, name),
            getattr(fields, name) if winning == "remote" else None,
            getattr(fields, name) if winning == "local" else None,
            winning,
        )
        for name in FIELD_NAMES
        if name in changed
    )


def _both_there(pair: Pair, policy: Policy) -> tuple[Decision, ...]:
    local, remote = canonical(pair.local), shown(pair)
    if local == remote:
        if pair.base == remote:
            return (Noop(rule="nothing_changed"),)
        return (Agree(rule="both_sides_equal", base=remote),)
    merged, kept = merge_within_rights(pair, policy, local, remote)
    conflicts = _raw_conflicts(pair, merged.conflicts)
    rule = _rule(pair, merged)
    decisions: list[Decision] = []
    if merged.to_local:
        values = _raw_values(merged.to_local, _in_zone_of(pair.local, pair.remote))
        decisions.append(UpdateLocal(rule=rule, values=values, base=remote, conflicts=conflicts))
    elif remote != pair.base:
        decisions.append(Agree(rule=rule, base=remote))
    if merged.to_remote:
        decisions.append(_push(rule, merged, pair.local, remote, conflicts))
    if kept:
        reason = "hidden_guests" if kept == ("attendees",) and pair.can_edit else "read_only"
        decisions.append(KeepLocal(rule=reason, reason=reason, names=kept))
    return tuple(decisions) or (Noop(rule="nothing_changed"),)


def _push(
    rule: str,
    merged: Merge,
    local: EventFields,
    remote: EventFields,
    conflicts: tuple[FieldConflict, ...],
) -> PushUpdate:
    """The write to the calendar. Conflicts are told once, by the UpdateLocal if there is one."""
    return PushUpdate(
        rule=rule,
        names=tuple(name for name in FIELD_NAMES if name in merged.to_remote),
        values=_raw_values(merged.to_remote, local),
        base=canonical(remote.replace(**merged.to_remote)),
        conflicts=() if merged.to_local else conflicts,
    )


def _raw_values(canonical_values: dict[str, Any], side: EventFields) -> dict[str, Any]:
    """The values as their side wrote them (markup, zone); the guest list is the merged one."""
    return {
        name: value if name == "attendees" else getattr(side, name)
        for name, value in canonical_values.items()
    }


def _in_zone_of(local: EventFields, remote: EventFields) -> EventFields:
    """What the calendar says, in the zone that Odoo named when its clocks are the same."""
    here, there = local.when.tz, remote.when.tz
    if here == there or alike(here) != alike(there):
        return remote
    return remote.replace(when=replace(remote.when, tz=here))


def _raw_conflicts(pair: Pair, conflicts: tuple[FieldConflict, ...]) -> tuple[FieldConflict, ...]:
    return tuple(
        conflict
        if conflict.name == "attendees"
        else replace(
            conflict,
            here=getattr(pair.local, conflict.name),
            there=getattr(pair.remote, conflict.name),
        )
        for conflict in conflicts
    )


def _rule(pair: Pair, merged: Merge) -> str:
    if pair.base is None:
        return "adopted"
    if merged.conflicts or (merged.to_local and merged.to_remote):
        return "changed_on_both"
    return "changed_in_calendar" if merged.to_local else "changed_in_odoo"
