"""A new provider is one module: it registers itself and nothing else is edited."""

from __future__ import annotations

import pytest

from ....providers import port
from ....providers.memory import MemoryProvider, MemoryWorld
from ....providers.port import Grant, OAuthApp, Registration, register
from .backend import WINDOW, draft, new_key


class ToyProvider(MemoryProvider):
    """A provider of one user that needs no sign-in."""

    world_of_toys = MemoryWorld()

    def __init__(self, app, grant, *, timeout_s=20.0):
        super().__init__(self.world_of_toys, "toy@sales.example")
        self.world.calendars.setdefault(self.email, {})


@pytest.fixture
def toy():
    """The toy, registered for one test."""
    registration = register(
        Registration(name="toy", label="Toy Calendar", sign_in=None, factory=ToyProvider)
    )
    yield registration
    del port._REGISTRY["toy"]


def test_registered_toy_is_offered_opened_and_used_like_any_other(toy):
    """S4-01: choice, opening and use need no edit anywhere."""
    assert port.providers()["toy"].label == "Toy Calendar"
    provider = port.provider("toy").open(OAuthApp("", ""), Grant(""))
    event = provider.create("toy@sales.example", draft("Play"), new_key())
    page = provider.changes("toy@sales.example", "", WINDOW)
    assert [e.remote_id for e in page.events] == [event.remote_id]


def test_same_registration_twice_is_one_and_a_stolen_name_is_refused(toy):
    """S4-01: two providers cannot share a name."""
    assert register(toy) is toy
    with pytest.raises(ValueError, match="registered twice"):
        register(Registration("toy", "Other", None, MemoryProvider))


def test_importing_the_package_registers_what_the_product_ships():
    """S2-02: Google is there by itself, the memory provider never."""
    from .... import providers

    assert "google" in providers.providers()
    assert "memory" not in providers.providers()


def test_secrets_stay_out_of_texts():
    """S4-05: a grant or an app in a log line shows no token."""
    grant = Grant("canary-access", "canary-refresh")
    app = OAuthApp("id", "canary-secret")
    assert "canary" not in repr(grant) + repr(app)
