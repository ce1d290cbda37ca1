"""Contract of reading: calendars, listings, cursors, single events, busy times."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ....core.changes import Listing
from ....core.errors import AuthExpired, NotFound, RateLimited, SyncTokenExpired, Unavailable
from ....core.event import ShowAs
from ....providers.port import BusyUnreadable
from .backend import WINDOW, at, changed, draft, gone_ids, listed, new_key, read_all


class ReadingContract:
    """Inherited by every provider's test class, which supplies the `world` fixture."""

    def test_own_calendar_is_listed_once_by_its_real_id_and_can_be_written(self, world):
        """S0-14, S0-17: the calendar for events is among those offered."""
        calendars = world.provider("ann").calendars()
        primary = [c for c in calendars if c.is_primary]
        assert [c.remote_id for c in primary] == [world.calendar("ann")]
        assert primary[0].role.can_write
        assert len({c.remote_id for c in calendars}) == len(calendars)

    def test_full_listing_names_every_event_once_and_says_when_it_is_complete(self, world):
        """S4-04: nothing is left out, whatever the page size."""
        world.shorten_pages()
        ann, home = world.provider("ann"), world.calendar("ann")
        made = {ann.create(home, draft(f"E{n}"), new_key()).remote_id for n in range(7)}
        pages = read_all(ann, home)
        ids = [event.remote_id for event in listed(pages)]
        assert made <= set(ids)
        assert len(ids) == len(set(ids))
        assert len(pages) > 1
        assert [p.listing for p in pages[:-1]] == [Listing.PARTIAL] * (len(pages) - 1)
        assert pages[-1].listing is Listing.COMPLETE

    def test_listing_goes_on_from_a_cursor_saved_in_its_middle(self, world):
        """S4-14: a run that was killed goes on where its last page was saved."""
        world.shorten_pages()
        ann, home = world.provider("ann"), world.calendar("ann")
        made = {ann.create(home, draft(f"E{n}"), new_key()).remote_id for n in range(7)}
        first = ann.changes(home, "", WINDOW)
        later = read_all(world.provider("ann"), home, first.cursor)
        assert made <= {e.remote_id for e in listed([first, *later])}
        assert later[-1].listing is Listing.COMPLETE

    def test_quiet_calendar_answers_one_empty_page(self, world):
        """S1-22: an idle poll is one request that says nothing changed."""
        ann, home = world.provider("ann"), world.calendar("ann")
        ann.create(home, draft(), new_key())
        cursor = read_all(ann, home)[-1].cursor
        page = ann.changes(home, cursor, WINDOW)
        assert (page.events, page.gone, page.unreadable, page.has_more) == ((), (), (), False)
        assert page.listing is Listing.INCREMENTAL

    def test_only_what_changed_since_comes_next(self, world):
        """S1-24, S1-25: a move and a new title arrive, untouched events do not."""
        ann, home = world.provider("ann"), world.calendar("ann")
        one = ann.create(home, draft("One"), new_key())
        ann.create(home, draft("Two", at(12)), new_key())
        cursor = read_all(ann, home)[-1].cursor
        moved = changed(one, title="Won", when=at(15))
        world.person("ann").update(home, one.remote_id, "", moved, ["title", "when"])
        seen = listed(read_all(ann, home, cursor))
        assert [(e.remote_id, e.fields.title, e.fields.when) for e in seen] == [
            (one.remote_id, "Won", at(15))
        ]
        assert seen[0].etag != one.etag

    def test_deleted_event_is_reported_gone_not_as_an_event(self, world):
        """S1-27: deleting in the calendar is told."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        cursor = read_all(ann, home)[-1].cursor
        world.person("ann").delete(home, event.remote_id, "")
        pages = read_all(ann, home, cursor)
        assert gone_ids(pages) == {event.remote_id}
        assert not listed(pages)

    def test_cursor_that_the_provider_forgot_asks_for_a_full_listing(self, world):
        """S4-14: an expired cursor is a typed error and a new listing works."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        cursor = read_all(ann, home)[-1].cursor
        world.expire_cursors()
        with pytest.raises(SyncTokenExpired):
            ann.changes(home, cursor, WINDOW)
        assert event.remote_id in {e.remote_id for e in listed(read_all(ann, home))}

    @pytest.mark.parametrize("cursor", ["garbage", "{}", "[1]", '{"v": 9}'])
    def test_unreadable_cursor_is_an_expired_one(self, world, cursor):
        """S4-14: nothing that was stored can stop the sync for good."""
        with pytest.raises(SyncTokenExpired):
            world.provider("ann").changes(world.calendar("ann"), cursor, WINDOW)

    def test_event_that_ended_before_the_window_is_not_listed(self, world):
        """S4-04: only the window is asked for."""
        ann, home = world.provider("ann"), world.calendar("ann")
        long_ago = at(10)
        start = long_ago.start - timedelta(days=90)
        old = draft("Old", type(long_ago)(start, start + timedelta(hours=1), "Europe/Berlin"))
        event = ann.create(home, old, new_key())
        assert event.remote_id not in {e.remote_id for e in listed(read_all(ann, home))}

    def test_deleted_event_cannot_be_read(self, world):
        """S1-27: a deleted event counts as gone, also where the provider still shows it."""
        ann, home = world.provider("ann"), world.calendar("ann")
        event = ann.create(home, draft(), new_key())
        ann.delete(home, event.remote_id, event.etag)
        with pytest.raises(NotFound):
            ann.get(home, event.remote_id)

    def test_busy_times_are_those_of_events_that_block(self, world):
        """S0-23, S0-24, S2-10: a free event takes no time away."""
        ann, home = world.provider("ann"), world.calendar("ann")
        ann.create(home, draft("Busy", at(10)), new_key())
        ann.create(home, draft("Free", at(14), show_as=ShowAs.FREE), new_key())
        times = ann.busy([home], WINDOW)[home]
        spans = [(t.start, t.stop) for t in times]
        assert (at(10).start, at(10).stop) in spans
        assert not any(start < at(14).stop and stop > at(14).start for start, stop in spans)

    def test_calendar_whose_busy_times_cannot_be_read_is_not_free(self, world):
        """S2-10: unknown is told apart from free, and does not spoil the others."""
        ann, home = world.provider("ann"), world.calendar("ann")
        found = ann.busy([home, "nobody@nowhere.example"], WINDOW)
        assert isinstance(found["nobody@nowhere.example"], BusyUnreadable)
        assert not isinstance(found[home], BusyUnreadable)

    def test_errors_say_what_to_do_about_them(self, world):
        """S1-10: wait so long, come back later, or renew the access."""
        ann, home = world.provider("ann"), world.calendar("ann")
        world.refuse_next("changes", "rate_limited")
        with pytest.raises(RateLimited) as limited:
            ann.changes(home, "", WINDOW)
        assert limited.value.retry_after_s == 7
        world.refuse_next("changes", "unavailable")
        with pytest.raises(Unavailable) as unavailable:
            ann.changes(home, "", WINDOW)
        assert not unavailable.value.has_unknown_outcome
        world.refuse_next("changes", "token")
        with pytest.raises(AuthExpired) as expired:
            ann.changes(home, "", WINDOW)
        assert not expired.value.is_revoked

    def test_pages_carry_the_providers_clock(self, world):
        """S4-14: conflicts are decided on one clock."""
        page = world.provider("ann").changes(world.calendar("ann"), "", WINDOW)
        assert page.server_time is not None
        assert page.server_time.utcoffset() == timedelta(0)
