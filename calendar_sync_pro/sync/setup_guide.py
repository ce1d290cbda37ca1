"""What is still missing before everybody can connect. Pure: facts in, verdicts out.

A verdict is a state and the code of a sentence (`models/setup_texts.py`). Whatever works without
something calls that optional: a guide with lines that can never turn green would be ignored.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

PATIENCE = timedelta(minutes=5)
"""Workers come every minute; after this long without one they are missed."""


class State(StrEnum):
    """How a line of the guide stands."""

    OK = "ok"
    OPEN = "open"
    OPTIONAL = "optional"
    FAILING = "failing"


class Verdict(NamedTuple):
    """A line's state and the code of its sentence."""

    state: State
    code: str


@dataclass(frozen=True, slots=True)
class App:
    """An app of a provider as it is known here; `reason` is why its test failed."""

    has_credentials: bool = False
    state: str = "untested"
    reason: str = ""
    push: str = "unknown"


def address(base_url: str, origin: str) -> Verdict:
    """The address of this Odoo, which providers send people back to. `origin` is where its reader
    has opened it, "" when unknown."""
    is_opened_here = not origin or _is_loopback(origin)
    if _is_loopback(base_url):
        if is_opened_here:
            return Verdict(State.OPTIONAL, "address_local")
        return Verdict(State.FAILING, "address_wrong")
    if urlsplit(base_url).scheme != "https":
        return Verdict(State.FAILING, "address_plain")
    if origin and _place(origin) != _place(base_url):
        return Verdict(State.OK, "address_elsewhere")
    return Verdict(State.OK, "address_ok")


def may_use(base_url: str, origin: str) -> bool:
    """True when the address that the reader has opened would be a better one."""
    parts = urlsplit(origin)
    is_plain = origin.rstrip("/") == f"https://{parts.netloc}" and "@" not in parts.netloc
    is_better = is_plain and bool(parts.hostname) and not _is_loopback(origin)
    return is_better and address(base_url, origin).state is State.FAILING


def workers(
    is_active: Sequence[bool], last_runs: Sequence[datetime], since: datetime, now: datetime
) -> Verdict:
    """The scheduled actions that sync; `since` is when they were installed."""
    if not is_active or not all(is_active):
        return Verdict(State.FAILING, "workers_off")
    if last_runs and max(last_runs) > now - PATIENCE:
        return Verdict(State.OK, "workers_ok")
    if not last_runs and since > now - PATIENCE:
        return Verdict(State.OPEN, "workers_new")
    return Verdict(State.FAILING, "workers_silent")


def credentials(app: App | None, *, is_off: bool, is_needed: bool) -> Verdict:
    """Client ID and secret. Not needed where people can connect something else already."""
    if is_off:
        return Verdict(State.OPTIONAL, "provider_off")
    if app is None:
        return Verdict(State.OPEN if is_needed else State.OPTIONAL, "app_missing")
    if not app.has_credentials:
        return Verdict(State.OPEN, "app_incomplete")
    match app.state, app.reason:
        case ("ok", _) | ("refused", "wrong_redirect_uri"):
            return Verdict(State.OK, "app_ok")
        case "refused", "unavailable":
            return Verdict(State.FAILING, "app_unreached")
        case "refused", _:
            return Verdict(State.FAILING, "app_refused")
    return Verdict(State.OPEN, "app_untested")


def redirect(app: App | None) -> Verdict | None:
    """The redirect URI, tried together with the credentials; None before there are any."""
    if app is None or not app.has_credentials:
        return None
    match app.state, app.reason:
        case "ok", _:
            return Verdict(State.OK, "redirect_ok")
        case "refused", "wrong_redirect_uri":
            return Verdict(State.FAILING, "redirect_wrong")
    return Verdict(State.OPEN, "redirect_untried")


def notices(app: App | None, *, is_wanted: bool, base_url: str) -> Verdict | None:
    """Whether the provider's notices of changes arrive: known by trying, once somebody is
    connected."""
    if app is None or not app.has_credentials:
        return None
    if not is_wanted:
        return Verdict(State.OPTIONAL, "notices_off")
    match app.push:
        case "working":
            return Verdict(State.OK, "notices_ok")
        case "unreachable":
            return Verdict(State.OPTIONAL, "notices_unreachable")
        case "trying":
            return Verdict(State.OPEN, "notices_trying")
    if _is_loopback(base_url) or urlsplit(base_url).scheme != "https":
        return Verdict(State.OPTIONAL, "notices_no_https")
    return Verdict(State.OPEN, "notices_untried")


def trial(connected: int, results: Sequence[str]) -> Verdict:
    """A test appointment, which shows that everything works together; `results` newest first."""
    if not connected:
        return Verdict(State.OPEN, "trial_nobody")
    done = [result for result in results if result in ("passed", "failed")]
    if not done:
        return Verdict(State.OPEN, "trial_untried")
    if done[0] == "failed":
        return Verdict(State.FAILING, "trial_failed")
    return Verdict(State.OK, "trial_ok")


def sms(*, is_used: bool, trouble: str, has_sent: bool, account: str) -> Verdict:
    """Text messages of booking calendars. `trouble`: why the latest could not be sent; `account`:
    what Odoo knows of its own service's account, "other" where another service sends."""
    if trouble == "sms_credit":
        return Verdict(State.FAILING, "sms_no_credit")
    if trouble or account == "banned":
        return Verdict(State.FAILING, "sms_refused")
    if has_sent or account in ("registered", "other"):
        return Verdict(State.OK, "sms_ok")
    return Verdict(State.OPEN if is_used else State.OPTIONAL, "sms_missing")


def progress(verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """(lines that are done, lines that have to be)."""
    needed = [one for one in verdicts if one.state is not State.OPTIONAL]
    return sum(one.state is State.OK for one in needed), len(needed)


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _is_loopback(url: str) -> bool:
    host = (urlsplit(url).hostname or "").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
