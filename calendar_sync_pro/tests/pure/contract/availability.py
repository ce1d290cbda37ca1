"""Contract of other people's times, and of rooms: only times, and unknown is never free."""

from __future__ import annotations

from dataclasses import fields

from ....core.changes import BusyTime
from ....providers.port import BusyUnreadable
from .backend import WINDOW, at, draft, new_key, shares_times

STRANGER = "nobody@elsewhere.example"


class AvailabilityContract:
    """Inherited by every provider's test class, which supplies the `world` fixture."""

    def test_a_colleague_is_busy_when_the_calendar_says_so(self, world):
        """S3-34: Bob's hour by his address, as times; what it is about is never part of it."""
        bob = world.person("bob")
        bob.create(world.calendar("bob"), draft("Secret talk", at(10)), new_key())
        shares_times(world, "bob", "ann")
        ann = world.provider("ann")
        found = ann.busy_of([world.email("bob")], WINDOW)[world.email("bob")]
        if not ann.can.has_busy_of_others:
            assert isinstance(found, BusyUnreadable)
            return
        assert [(one.start, one.stop) for one in found] == [(at(10).start, at(10).stop)]
        assert {one.name for one in fields(BusyTime)} == {"start", "stop", "kind"}

    def test_somebody_unknown_is_unreadable_and_never_free(self, world):
        """S3-34: each address has an answer of its own."""
        ann = world.provider("ann")
        found = ann.busy_of([world.email("ann"), STRANGER], WINDOW)
        assert isinstance(found[STRANGER], BusyUnreadable)
        assert found[STRANGER].reason
        assert isinstance(found[world.email("ann")], BusyUnreadable) is (
            not ann.can.has_busy_of_others
        )

    def test_rooms_are_listed_only_by_those_who_can(self, world):
        """S3-32: without rooms the list is empty, not an error."""
        ann = world.provider("ann")
        if not ann.can.has_rooms:
            assert ann.rooms() == []
