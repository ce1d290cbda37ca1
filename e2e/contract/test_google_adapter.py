"""The provider contract, kept by the Google adapter over real HTTP against the sandbox."""

from calendar_sync_pro.tests.pure.contract.provider_contract import ProviderContract


class TestGoogleAdapter(ProviderContract):
    """See `provider_contract.py`: no test here stubs anything below the adapter."""

    def test_contract_is_whole(self):
        """S4-01: nothing of the contract is left out or replaced for Google."""
        assert not [
            name
            for name in vars(type(self))
            if hasattr(ProviderContract, name) and name.startswith("test_")
        ]
