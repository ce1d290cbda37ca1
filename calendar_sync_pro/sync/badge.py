"""The one word about sync that a person sees on an appointment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cleanup import CLEANED_UP
from .reasons import PASSING

NEEDS_SIGN_IN = "reconnect_required"
PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """A participant's connection: its status, and why if it isn't well. `is_own`: the reader's.
    `is_former`: its owner syncs another one now."""

    status: str
    label: str
    reason_code: str = ""
    is_own: bool = False
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The appointment on one calendar; `is_marked` when an edit still waits to be sent there,
    `told` how many people the calendar would mail about what waits for the owner's decision."""

    state: str
    account: AccountFacts
    problem_code: str = ""
    web_url: str = ""
    is_marked: bool = False
    told: int = 0


@dataclass(frozen=True, slots=True)
class Badge:
    """`kind` is none, synced, waiting, problem or former; `label` names the provider, `told` is as
    in `LinkFacts`."""

    kind: str
    reason_code: str = ""
    label: str = ""
    told: int = 0


def badge(links: Sequence[LinkFacts], waiting: Sequence[AccountFacts]) -> Badge:
    """Say how an appointment stands, the worst first.

    `links` are its living links; `waiting` the connections that have yet to be told of it. Where
    the reader is concerned with an own connection, only that counts; else anybody's does.
    """
    own_links = [link for link in links if link.account.is_own]
    own_waiting = [account for account in waiting if account.is_own]
    if own_waiting and not own_links:
        return _on_its_way(own_waiting)
    if not links:
        return _on_its_way(waiting)
    return min(map(_of_link, own_links or links), key=_rank)


def web_url(links: Sequence[LinkFacts]) -> tuple[str, str]:
    """(address, provider's label) that opens the appointment in the reader's own calendar."""
    own = (link for link in links if link.account.is_own and link.web_url)
    return next(((link.web_url, link.account.label) for link in own), ("", ""))


def _rank(found: Badge) -> int:
    return ("problem", "waiting", "synced", "former", "none").index(found.kind)


def _of_link(link: LinkFacts) -> Badge:
    label = link.account.label
    if link.problem_code == CLEANED_UP:
        return Badge("none")
    if link.account.is_former:
        return Badge("former", "", label)
    is_refused = link.state == "read_only" and link.is_marked
    is_served = link.account.status == "active" and link.state != "quarantined"
    if is_served and link.problem_code in PASSING:
        return Badge("waiting", link.problem_code, label)
    if link.state == "quarantined" or link.problem_code or is_refused:
        return Badge("problem", link.problem_code or "read_only", label, link.told)
    if link.state == "frozen":
        return Badge("former", "", label)
    if link.is_marked or link.state in ("creating", "waiting_master"):
        return _on_its_way([link.account])
    return Badge("synced", "", label)


def _on_its_way(accounts: Sequence[AccountFacts]) -> Badge:
    """A change waits: is a working connection there to carry it, one that needs help, or none?"""
    for account in accounts:
        if account.status == "active":
            return Badge("waiting", account.reason_code, account.label)
    for account in accounts:
        if account.status in (NEEDS_SIGN_IN, PAUSED):
            return Badge("problem", account.reason_code or account.status, account.label)
    return Badge("none")
