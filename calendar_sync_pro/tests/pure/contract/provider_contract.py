"""The contract that every provider keeps. A new provider inherits it and supplies `world`.

class TestMine(ProviderContract):
    @pytest.fixture
    def world(self):
        return MyBackend()          # see backend.Backend
"""

from __future__ import annotations

from .availability import AvailabilityContract
from .people import PeopleContract
from .reading import ReadingContract
from .series import SeriesContract
from .writing import WritingContract


class ProviderContract(
    ReadingContract, WritingContract, SeriesContract, PeopleContract, AvailabilityContract
):
    """All of it."""
