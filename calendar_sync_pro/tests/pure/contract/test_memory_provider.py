"""The in-memory provider keeps the contract, so tests that stand on it stand on firm ground."""

from __future__ import annotations

import pytest

from ....core.errors import AuthExpired, RateLimited, Unavailable
from ....providers.memory import MemoryWorld
from .provider_contract import ProviderContract


class MemoryBackend:
    """A world with Ann and Bob."""

    def __init__(self):
        self.memory = MemoryWorld()
        for user in ("ann", "bob"):
            self.memory.account(self.email(user))

    def email(self, user):
        """The user's address."""
        return f"{user}@sales.example"

    calendar = email

    def provider(self, user):
        """The user's account."""
        return self.memory.account(self.email(user))

    person = provider

    def mails(self):
        """Who would have got mail."""
        return [mail.to for mail in self.memory.mails]

    def expire_cursors(self):
        """Forget all cursors."""
        self.memory.expire_cursors()

    def shorten_pages(self):
        """Three events a page."""
        self.memory.page_size = 3

    def lose_next_answer(self, operation):
        """Work is done, the answer is lost."""
        error = Unavailable("timeout", has_unknown_outcome=True)
        self.memory.fail(operation, error, is_after=True)

    def refuse_next(self, operation, kind):
        """Fail before doing anything."""
        errors = {
            "rate_limited": RateLimited("tooFast", retry_after_s=7),
            "unavailable": Unavailable("backendError"),
            "token": AuthExpired("authError", is_revoked=False),
        }
        self.memory.fail(operation, errors[kind])


class TestMemoryProvider(ProviderContract):
    """See `provider_contract.py`."""

    @pytest.fixture
    def world(self):
        """A new world for each test."""
        return MemoryBackend()


class LoudBackend(MemoryBackend):
    """The same, where guests hear of every change."""

    def __init__(self):
        super().__init__()
        self.memory.is_loud = True


class TestLoudMemoryProvider(ProviderContract):
    """One that cannot write silently, as Outlook."""

    @pytest.fixture
    def world(self):
        """A new world for each test."""
        return LoudBackend()
