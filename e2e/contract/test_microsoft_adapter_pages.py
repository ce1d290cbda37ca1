"""Graph gives smaller pages than it is asked for: they are gathered, and nothing depends on it."""

from time import monotonic, sleep

import pytest

from calendar_sync_pro.core.errors import RateLimited, Unavailable
from calendar_sync_pro.tests.pure.contract.backend import (
    WINDOW,
    draft,
    listed,
    new_key,
    read_all,
)

from .microsoft_world import fresh_world, sent


@pytest.fixture
def world(google_box):
    """Ann at Microsoft, whose Graph gives three rows a page; put back afterwards."""
    for world in fresh_world(google_box):
        world.box.settings(microsoft__delta_page_cap=3)
        yield world


def filled(world, count=10):
    """Ann's account, her calendar, and the ids of the events in it."""
    ann, home = world.provider("ann"), world.calendar("ann")
    made = [ann.create(home, draft(f"Meeting {n}"), new_key()).remote_id for n in range(count)]
    return ann, home, set(made)


def read_ahead(world, requests):
    """Wait until so many requests were made, some of them in the background."""
    deadline = monotonic() + 5
    while len(sent(world)) < requests:
        assert monotonic() < deadline, sent(world)
        sleep(0.01)


def test_small_pages_are_gathered_to_one(world):
    """S4-04: ten events at three rows a page come together, and no request is wasted."""
    ann, home, made = filled(world)
    world.box.clear_requests()
    page = ann.changes(home, "", WINDOW)
    assert {event.remote_id for event in page.events} == made
    assert not page.has_more
    assert sent(world) == [("GET", "calendarView.delta")] * 4


def test_a_series_that_pages_cut_costs_no_request(world):
    """S4-04: its occurrences are on four pages; gathered, they are what its rule says."""
    ann, home = world.provider("ann"), world.calendar("ann")
    weekly = draft("Weekly", recurrence=("RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=TU",))
    series = ann.create(home, weekly, new_key())
    world.box.clear_requests()
    page = ann.changes(home, "", WINDOW)
    assert [event.remote_id for event in page.events] == [series.remote_id]
    assert {operation for _method, operation in sent(world)} == {"calendarView.delta"}


def test_the_next_lot_is_read_meanwhile(world, monkeypatch):
    """S4-04: while the first rows are worked on, those behind them are read already; they are
    told once, and a round that goes on elsewhere does not get them."""
    monkeypatch.setattr(world, "_page_size", 4)
    ann, home, made = filled(world, 20)
    world.box.clear_requests()
    first = ann.changes(home, "", WINDOW)
    read_ahead(world, 4)
    told = [
        event.remote_id for event in (*first.events, *listed(read_all(ann, home, first.cursor)))
    ]
    assert set(told) == made
    assert len(told) == len(made)
    assert len(sent(world)) == 7
    again = listed(read_all(ann, home))
    assert {event.remote_id for event in again} == made


@pytest.mark.parametrize(("status", "error"), [(503, Unavailable), (429, RateLimited)])
def test_trouble_while_gathering_keeps_what_was_read(world, status, error):
    """S4-14: the third page is refused. What stood on the first two is told, with the place
    behind it; the trouble is met again there, and nothing is told twice."""
    ann, home, made = filled(world)
    world.box.clear_requests()
    world.fault("error", "changes", status=status, skip=2, count=3)
    first = ann.changes(home, "", WINDOW)
    assert len(first.events) == 6
    assert first.has_more
    read_ahead(world, 4)
    with pytest.raises(error):
        ann.changes(home, first.cursor, WINDOW)
    rest = listed(read_all(ann, home, first.cursor))
    told = [event.remote_id for event in (*first.events, *rest)]
    assert set(told) == made
    assert len(told) == len(made)
