"""Forty-six series on two real servers: pulled as people see them, pushed as they were meant."""

from urllib.parse import quote

import pytest

from calendar_sync_pro.core.changes import Window

from .caldav_series import VECTORS, pushed, read, seen, stored, text_of, told, window_of
from .caldav_world import CaldavWorld, path_of

IDS = [vector["id"] for vector in VECTORS]


def whole_time():
    """One window around those of all vectors."""
    windows = [window_of(vector) for vector in VECTORS]
    return Window(min(w.start for w in windows), max(w.stop for w in windows))


@pytest.fixture(scope="module")
def shelf(dav):
    """Every vector in one calendar, put there by another client and read by the adapter once."""
    world = CaldavWorld(dav)
    side = world.other_side()
    side.set_zone("Europe/Berlin")
    paths = {v["id"]: side.put(text_of(v), f"{side.home}{v['id']}.ics") for v in VECTORS}
    ann, home = world.provider("ann"), world.calendar("ann")
    found = {path_of(master): series for master, series in told(ann, home, whole_time()).items()}
    yield world, paths, found
    world.close()


@pytest.mark.parametrize("vector", VECTORS, ids=IDS)
def test_series_of_another_client_shows_the_occurrences_that_every_calendar_shows(shelf, vector):
    """S4-22, S4-30: starts, stops and the names of the originals, from what the server kept."""
    _world, paths, found = shelf
    series = found[path_of(paths[vector["id"]])]
    assert seen(series, window_of(vector)) == seen(read(vector), window_of(vector))


@pytest.fixture(scope="module")
def written(dav):
    """Every vector written by the adapter into one calendar: what others find, and what we do."""
    world = CaldavWorld(dav)
    ann, home, side = world.provider("ann"), world.calendar("ann"), world.other_side()
    events = {v["id"]: pushed(ann, home, read(v), v["id"]) for v in VECTORS}
    texts = {name: side.text(quote(path_of(one.remote_id))) for name, one in events.items()}
    again = told(world.provider("ann"), home, whole_time())
    yield texts, {name: again[event.remote_id] for name, event in events.items()}
    world.close()


@pytest.mark.parametrize("vector", VECTORS, ids=IDS)
def test_series_that_we_write_is_read_by_others_as_it_was_meant(written, vector):
    """S4-30, S4-31: another reader finds the same occurrences in what the server stores."""
    texts, again = written
    window, meant = window_of(vector), seen(read(vector), window_of(vector))
    assert meant
    assert seen(stored(texts[vector["id"]], vector), window) == meant
    assert seen(again[vector["id"]], window) == meant
