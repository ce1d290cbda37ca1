"""Asking calendars while somebody waits: several at once, for seconds, with no transaction open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ..core.changes import Window
from ..core.errors import ProviderError
from ..providers.port import Provider

TIMEOUT_S = 3.0
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: `who` are calendar ids for `busy`, addresses for `busy_of`. The provider is
    closed when it has answered."""

    provider: Provider
    operation: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found per id or address, or the error of the provider."""

    found: Mapping[str, Any] = field(default_factory=dict)
    error: ProviderError | None = None


def opened(account) -> Provider | None:
    """The account's provider for a short question; None when it can't be used now."""
    try:
        return account._open_provider(timeout_s=TIMEOUT_S)
    except ProviderError:
        return None


def ask_all(asks: Sequence[Ask], window: Window) -> list[Answer]:
    """The answers, in the order of `asks`. Call it with no transaction open."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda ask: _answer(ask, window), asks))


def _answer(ask: Ask, window: Window) -> Answer:
    try:
        return Answer(getattr(ask.provider, ask.operation)(ask.who, window))
    except ProviderError as error:
        return Answer(error=error)
    finally:
        ask.provider.close()
