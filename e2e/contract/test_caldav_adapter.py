"""The provider contract, kept by the CalDAV adapter over real HTTP on two real servers."""

import pytest

from calendar_sync_pro.tests.pure.contract.provider_contract import ProviderContract

from .caldav_world import CaldavWorld


class SchedulingWorld(CaldavWorld):
    """A server that invites by itself: only there do guests get a copy, and only when told."""

    invites_aloud = True

    def __init__(self, proxy):
        super().__init__(proxy, schedules=True)


class TestCaldavAdapter(ProviderContract):
    """See `provider_contract.py`: no test here stubs anything below the adapter."""

    @pytest.fixture
    def world(self, dav):
        """Ann and Bob on a server that schedules."""
        made = SchedulingWorld(dav)
        yield made
        made.close()

    def test_contract_is_whole(self):
        """S4-01: nothing of the contract is left out or replaced for CalDAV."""
        assert not [
            name
            for name in vars(type(self))
            if hasattr(ProviderContract, name) and name.startswith("test_")
        ]
