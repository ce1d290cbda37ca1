"""Contract of writing: once and only once, only what was named, never over a newer version."""

from __future__ import annotations

import pytest

from ....core.errors import Conflict, NotFound, Unavailable
from ....core.event import Privacy, ShowAs
from .backend import all_day, at, changed, draft, kept, listed, new_key, read_all


class WritingContract:
    """Inherited by every provider's test class, which supplies the `world` fixture."""

    @pytest.mark.parametrize(
        "wanted",
        [
            draft("Plain"),
            draft("Whole day", all_day(5)),
            draft("Three days", all_day(5, 3)),
            draft(
                "Grüße 👋 <b>", description="Agenda: prices & terms", location="Köln, Domplatte 1"
            ),
            draft("Open", show_as=ShowAs.FREE, privacy=Privacy.PUBLIC),
            draft("Secret", privacy=Privacy.PRIVATE),
            draft("Remind", reminders=(10, 60)),
            draft("No reminder", reminders=()),
        ],
        ids=lambda wanted: wanted.fields.title,
    )
    def test_created_event_reads_back_as_it_was_written(self, world, wanted):
        """S4-26, S4-27, S4-28: title, text and times arrive."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, wanted, new_key())
        read = ann.get(home, event.remote_id)
        assert read.fields == kept(world, wanted.fields)
        assert read == event
        assert read.guid == wanted.guid
        assert read.is_organizer
        assert read.can_edit

    def test_same_key_twice_makes_one_event(self, world):
        """S4-25: a repeated create finds the first."""
        ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
        wanted = draft("Once")
        first = ann.create(home, wanted, key)
        second = ann.create(home, wanted, key)
        assert second.remote_id == first.remote_id
        assert [e.fields.title for e in listed(read_all(ann, home))].count("Once") == 1

    def test_lost_answer_to_a_create_leaves_one_copy(self, world):
        """S4-25: the fate is unknown, is found out by key, and a repeat makes no second one."""
        ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
        wanted = draft("Lost")
        world.lose_next_answer("create")
        with pytest.raises(Unavailable) as lost:
            ann.create(home, wanted, key)
        assert lost.value.has_unknown_outcome
        found = ann.find(home, key)
        assert found is not None
        assert found.guid == wanted.guid
        assert ann.create(home, wanted, key).remote_id == found.remote_id
        assert [e.fields.title for e in listed(read_all(ann, home))].count("Lost") == 1

    def test_key_that_was_never_used_finds_nothing(self, world):
        """S4-25: a create that never arrived is told apart from one that did."""
        assert world.provider("ann").find(world.calendar("ann"), new_key()) is None

    def test_event_that_a_person_deleted_is_not_made_again_under_its_key(self, world):
        """S1-27: a late repeat of a create does not bring a deleted event back."""
        ann, home, key = world.provider("ann"), world.calendar("ann"), new_key()
        wanted = draft("Deleted meanwhile")
        event = ann.create(home, wanted, key)
        world.person("ann").delete(home, event.remote_id, "")
        assert ann.find(home, key) is None
        if ann.can.has_lasting_keys:
            with pytest.raises(NotFound):
                ann.create(home, wanted, key)

    def test_update_writes_the_named_fields_and_no_others(self, world):
        """S4-13, S4-31: what changed meanwhile in other fields stays, and so does the id."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft("Before", location="Here"), new_key())
        person = world.person("ann")
        person.update(home, event.remote_id, "", changed(event, location="There"), ["location"])
        after = ann.update(home, event.remote_id, "", changed(event, title="After"), ["title"])
        assert (after.remote_id, after.ical_uid) == (event.remote_id, event.ical_uid)
        assert (after.fields.title, after.fields.location) == ("After", "There")
        assert after.guid == event.guid

    def test_fields_can_be_emptied(self, world):
        """S4-14: taking a text away travels like any other change."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft("T", location="L", description="D"), new_key())
        names = ["title", "location", "description"]
        empty = changed(event, title="", location="", description="")
        after = ann.update(home, event.remote_id, event.etag, empty, names)
        assert (after.fields.title, after.fields.location, after.fields.description) == ("", "", "")

    def test_update_of_a_version_that_is_not_the_newest_is_refused(self, world):
        """S4-14: nobody's newer edit is overwritten."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft("Mine"), new_key())
        world.person("ann").update(
            home, event.remote_id, "", changed(event, title="Theirs"), ["title"]
        )
        with pytest.raises(Conflict):
            ann.update(home, event.remote_id, event.etag, changed(event, title="Ours"), ["title"])
        with pytest.raises(Conflict):
            ann.delete(home, event.remote_id, event.etag)
        assert ann.get(home, event.remote_id).fields.title == "Theirs"

    def test_update_with_the_newest_version_passes_and_gives_the_next_one(self, world):
        """S2-13: rescheduling keeps the event and hands out its new version."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        once = ann.update(home, event.remote_id, event.etag, changed(event, when=at(16)), ["when"])
        twice = ann.update(home, once.remote_id, once.etag, changed(once, when=at(17)), ["when"])
        assert twice.fields.when == at(17)
        assert len({event.etag, once.etag, twice.etag}) == 3
        assert twice.remote_id == event.remote_id

    def test_timed_becomes_all_day_and_back(self, world):
        """S1-24: both directions leave nothing of the other kind behind."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        days = changed(event, when=all_day(8, 2))
        whole = ann.update(home, event.remote_id, event.etag, days, ["when"])
        assert whole.fields.when == all_day(8, 2)
        timed = ann.update(home, whole.remote_id, whole.etag, changed(whole, when=at(9)), ["when"])
        assert timed.fields.when == at(9)

    def test_update_of_a_deleted_event_says_that_it_is_gone(self, world):
        """S1-27: the edit is not lost in silence, and the event does not come back."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        world.person("ann").delete(home, event.remote_id, "")
        with pytest.raises(NotFound):
            ann.update(home, event.remote_id, "", changed(event, title="Late"), ["title"])
        with pytest.raises(NotFound):
            ann.get(home, event.remote_id)

    def test_deleting_what_is_already_gone_is_success(self, world):
        """S2-14: a repeated delete, and one of an event that never was, are fine."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        ann.delete(home, event.remote_id, event.etag)
        ann.delete(home, event.remote_id, event.etag)
        ann.delete(home, new_key(), "")
        with pytest.raises(NotFound):
            ann.get(home, event.remote_id)

    def test_lost_answer_to_a_delete_is_repeated_without_harm(self, world):
        """S4-25: unknown, then done."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        world.lose_next_answer("delete")
        with pytest.raises(Unavailable) as lost:
            ann.delete(home, event.remote_id, event.etag)
        assert lost.value.has_unknown_outcome
        ann.delete(home, event.remote_id, event.etag)

    def test_our_lasting_id_comes_back_in_listings_and_never_on_other_events(self, world):
        """S4-24: empty unless the product made the event."""
        ann, home = world.provider("ann"), world.calendar("ann")
        ours = ann.create(home, draft("Ours"), new_key())
        foreign = world.person("ann").create(home, draft("Foreign", guid=""), new_key())
        guids = {e.remote_id: e.guid for e in listed(read_all(ann, home))}
        assert guids[ours.remote_id] == ours.guid != ""
        assert guids[foreign.remote_id] == ""
