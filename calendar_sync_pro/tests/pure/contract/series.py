"""Contract of series: one master, changed and removed occurrences by their original start."""

from __future__ import annotations

import pytest

from ....core.errors import NotFound
from ....core.rule_text import canonical_lines
from .backend import at, changed, draft, listed, new_key, read_all

WEEKLY = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=4",)
FIRST = at(10, day=2)
THIRD = at(10, day=16)


class SeriesContract:
    """Inherited by every provider's test class, which supplies the `world` fixture."""

    def _series(self, world):
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft("Weekly", FIRST, recurrence=WEEKLY), new_key())
        return ann, home, event

    def test_series_is_one_event_with_its_rule_and_zone(self, world):
        """S4-30: a series arrives as a series, not as single events."""
        ann, home, event = self._series(world)
        found = [e for e in listed(read_all(ann, home)) if e.fields.title == "Weekly"]
        assert [e.remote_id for e in found] == [event.remote_id]
        assert found[0].is_series
        assert _is_rule(found[0], WEEKLY)
        assert found[0].fields.when.tz == "Europe/Berlin"

    def test_moved_occurrence_keeps_its_original_start(self, world):
        """S4-30: one occurrence changes, its identity and its series do not."""
        ann, home, event = self._series(world)
        cursor = read_all(ann, home)[-1].cursor
        remote_id = ann.occurrence_id(home, event.remote_id, THIRD.slot)
        moved = changed(event, when=at(15, day=17), recurrence=())
        ann.update(home, remote_id, "", moved, ["when"])
        seen = [e for e in listed(read_all(ann, home, cursor)) if e.slot]
        assert [(e.slot, e.master_id, e.fields.when) for e in seen] == [
            (THIRD.slot, event.remote_id, at(15, day=17))
        ]
        assert not seen[0].is_series
        assert ann.occurrence_id(home, event.remote_id, THIRD.slot) == seen[0].remote_id
        assert ann.get(home, seen[0].remote_id).fields.when == at(15, day=17)

    def test_occurrence_shares_the_identity_of_its_series(self, world):
        """S4-30: one UID, told apart by the original start."""
        ann, home, event = self._series(world)
        occurrence = ann.get(home, ann.occurrence_id(home, event.remote_id, THIRD.slot))
        assert occurrence.key.ical_uid == event.ical_uid
        assert occurrence.key.slot == THIRD.slot
        assert occurrence.fields.when == THIRD

    def test_removed_occurrence_is_reported_with_its_slot_and_the_rest_stays(self, world):
        """S1-27: one day taken out of a series is that day only."""
        ann, home, event = self._series(world)
        cursor = read_all(ann, home)[-1].cursor
        remote_id = ann.occurrence_id(home, event.remote_id, THIRD.slot)
        world.person("ann").delete(home, remote_id, "")
        pages = read_all(ann, home, cursor)
        gone = [g for page in pages for g in page.gone]
        assert [(g.slot, g.master_id) for g in gone] == [(THIRD.slot, event.remote_id)]
        assert _is_rule(ann.get(home, event.remote_id), WEEKLY)

    def test_full_listing_still_knows_the_removed_occurrence(self, world):
        """S4-14: a full re-sync ends in the same state as an incremental one."""
        ann, home, event = self._series(world)
        remote_id = ann.occurrence_id(home, event.remote_id, THIRD.slot)
        ann.delete(home, remote_id, "")
        gone = [g for page in read_all(ann, home) for g in page.gone]
        assert (THIRD.slot, event.remote_id) in {(g.slot, g.master_id) for g in gone}

    def test_day_on_which_the_series_does_not_happen_has_no_occurrence(self, world):
        """S4-30: nothing is written to an occurrence that is not there."""
        ann, home, event = self._series(world)
        with pytest.raises(NotFound):
            ann.occurrence_id(home, event.remote_id, at(10, day=3).slot)

    def test_rule_can_be_changed_and_taken_away(self, world):
        """S4-30: shortened to two, then a single event again; the id stays."""
        ann, home, event = self._series(world)
        two = ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2",)
        short = ann.update(
            home, event.remote_id, event.etag, changed(event, recurrence=two), ["recurrence"]
        )
        assert _is_rule(short, two)
        single = ann.update(
            home, short.remote_id, short.etag, changed(short, recurrence=()), ["recurrence"]
        )
        assert not single.is_series
        assert single.remote_id == event.remote_id

    def test_single_event_becomes_a_series(self, world):
        """S4-30: a rule is added to an event that had none."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft("Later weekly", FIRST), new_key())
        after = ann.update(
            home, event.remote_id, event.etag, changed(event, recurrence=WEEKLY), ["recurrence"]
        )
        assert after.is_series
        assert after.fields.when == FIRST


def _is_rule(event, lines):
    """True when the series repeats by `lines`; servers may write the parts in another order."""
    when = event.fields.when
    return canonical_lines(event.fields.recurrence, when) == canonical_lines(lines, when)
