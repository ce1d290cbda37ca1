"""What a clean-up does with one event, as a table."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ...core.event import Attendee, EventFields, RemoteEvent
from ...core.when import When
from ...sync.cleanup import Choice, Fate, Ours, fate, guests

OWN = frozenset({"ann@corp.example"})
ALONE = EventFields(
    when=When(datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 1, 10, tzinfo=UTC)),
    attendees=(Attendee("ann@corp.example"),),
)
WITH_GUEST = ALONE.replace(attendees=(Attendee("ann@corp.example"), Attendee("eve@else.example")))
OURS = RemoteEvent("r1", '"1"', "uid", ALONE, guid="g1")
ROWS = [
    (None, Choice.NONE, Fate.GONE),
    (OURS, Choice.NONE, Fate.REMOVE),
    (replace(OURS, guid=""), Choice.NONE, Fate.REMOVE),
    (replace(OURS, guid="another"), Choice.TELL, Fate.KEEP),
    (replace(OURS, is_organizer=False), Choice.QUIET, Fate.KEEP),
    (replace(OURS, fields=WITH_GUEST), Choice.NONE, Fate.ASK),
    (replace(OURS, fields=WITH_GUEST), Choice.QUIET, Fate.REMOVE),
    (replace(OURS, fields=WITH_GUEST), Choice.TELL, Fate.REMOVE),
    (replace(OURS, fields=WITH_GUEST, guid="another"), Choice.QUIET, Fate.KEEP),
]


@pytest.mark.parametrize(("remote", "choice", "expected"), ROWS)
def test_fate_of_one_event(remote, choice, expected):
    """S4-11: gone, ours alone, somebody's copy, handed over, with guests: decided or not."""
    assert fate(remote, Ours(frozenset({"g1"}), OWN, choice)) is expected


def test_the_owner_is_no_guest():
    """S4-11: neither under the own address nor on an event that nobody agreed on."""
    assert guests(ALONE, OWN) == frozenset()
    assert guests(WITH_GUEST, OWN) == {"eve@else.example"}
    assert guests(None, OWN) == frozenset()
