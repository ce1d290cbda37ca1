"""What one link may carry: shared fields through the organizer's, personal ones per person."""

from __future__ import annotations

from dataclasses import replace

from ..core.event import PERSONAL_FIELDS, Attendee, EventFields
from ..core.settings import ConflictWinner, Policy
from .decisions import Pair
from .merge import Merge, Side, merge
from .normalise import canonical


def winner(pair: Pair, policy: Policy) -> Side:
    """Who wins a field that both sides changed. Latest: a tie or an unknown time favours the
    calendar."""
    if policy.conflict_winner is ConflictWinner.ODOO:
        return "local"
    if policy.conflict_winner is ConflictWinner.CALENDAR:
        return "remote"
    here, there = pair.local_edited_at, pair.remote_edited_at
    return "local" if here and there and here > there else "remote"


def shown(pair: Pair) -> EventFields:
    """What the calendar shows, canonical; guests it hides count as still invited."""
    remote = canonical(pair.remote)
    if not (pair.has_hidden_guests and pair.base):
        return remote
    seen = {person.email for person in remote.attendees}
    hidden = tuple(person for person in pair.base.attendees if person.email not in seen)
    everybody = sorted(remote.attendees + hidden, key=lambda person: person.email)
    return remote.replace(attendees=tuple(everybody))


def merge_within_rights(
    pair: Pair, policy: Policy, local: EventFields, remote: EventFields
) -> tuple[Merge, tuple[str, ...]]:
    """The merge that this link may carry, and names of Odoo's changes that it may not."""
    if not pair.has_shared:
        return _merge_personal(pair, policy, local, remote), ()
    wins = winner(pair, policy) if pair.can_edit else "remote"
    merged = merge(pair.base, local, remote, wins)
    to_remote, kept = dict(merged.to_remote), []
    for name in merged.to_remote:
        is_guest_list = name == "attendees"
        if name in PERSONAL_FIELDS or (
            pair.can_write_shared and not (is_guest_list and pair.has_hidden_guests)
        ):
            continue
        wanted = to_remote.pop(name)
        if is_guest_list and not pair.has_hidden_guests:
            answered = _with_answers(remote.attendees, wanted, policy.own_addresses)
            if answered != remote.attendees:
                to_remote[name] = answered
            if answered == wanted:
                continue
        kept.append(name)
    return replace(merged, to_remote=to_remote), tuple(kept)


def _merge_personal(pair: Pair, policy: Policy, local: EventFields, remote: EventFields) -> Merge:
    """A guest's link: only personal fields and the own answer; without a base the calendar's."""
    own = policy.own_addresses
    base = pair.base or local
    merged = merge(
        _personal_view(base, remote, own),
        _personal_view(local, remote, own),
        remote,
        winner(pair, policy),
    )
    to_local, to_remote = dict(merged.to_local), dict(merged.to_remote)
    if "attendees" in to_local:
        to_local["attendees"] = _with_answers(local.attendees, to_local["attendees"], own)
    if pair.has_hidden_guests:
        to_remote.pop("attendees", None)
    return Merge(to_remote, to_local, merged.conflicts)


def _personal_view(fields: EventFields, remote: EventFields, own: frozenset[str]) -> EventFields:
    """`remote` with the personal fields and the own answer of `fields`."""
    personal = {name: getattr(fields, name) for name in PERSONAL_FIELDS}
    return remote.replace(
        attendees=_with_answers(remote.attendees, fields.attendees, own), **personal
    )


def _with_answers(
    people: tuple[Attendee, ...], source: tuple[Attendee, ...], own: frozenset[str]
) -> tuple[Attendee, ...]:
    """`people` with the answers that the addresses in `own` gave in `source`."""
    answers = {person.email: person for person in source if person.email in own}
    return tuple(_answering(person, answers.get(person.email)) for person in people)


def _answering(person: Attendee, answer: Attendee | None) -> Attendee:
    if answer is None:
        return person
    return replace(person, response=answer.response, comment=answer.comment or person.comment)
