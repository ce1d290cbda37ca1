"""The provider contract, kept by the Microsoft adapter over real HTTP against the sandbox."""

import pytest

from calendar_sync_pro.tests.pure.contract.provider_contract import ProviderContract

from .microsoft_world import MicrosoftWorld


class TestMicrosoftAdapter(ProviderContract):
    """See `provider_contract.py`: no test here stubs anything below the adapter."""

    @pytest.fixture
    def world(self, google_box):
        """Ann and Bob at Microsoft."""
        made = MicrosoftWorld(google_box)
        yield made
        made.close()
        google_box.faults.clear()

    def test_contract_is_whole(self):
        """S4-01: nothing of the contract is left out or replaced for Microsoft."""
        assert not [
            name
            for name in vars(type(self))
            if hasattr(ProviderContract, name) and name.startswith("test_")
        ]
