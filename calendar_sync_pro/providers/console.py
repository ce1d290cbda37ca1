"""How an administrator registers an app in a provider's own console, in English. The set-up guide
shows it; `models/console_terms.py` has the sentences for translators."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shown(StrEnum):
    """What stands under a step, to be copied into the console."""

    REDIRECT_URI = "redirect_uri"
    PERMISSIONS = "permissions"


@dataclass(frozen=True, slots=True)
class ConsoleStep:
    """One step: what to do, the page where it is done, and what is copied there."""

    text: str
    url: str = ""
    shows: Shown | None = None


@dataclass(frozen=True, slots=True)
class Console:
    """All steps in their order, and the permissions that people are asked for later."""

    steps: tuple[ConsoleStep, ...]
    permissions: tuple[str, ...]
