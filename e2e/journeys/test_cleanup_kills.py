"""kill -9 of the worker in the midst of a clean-up and of its undo; see `test_kills.py`."""

import contextlib
import itertools

import pytest

from e2e.support.rep import OdooError

from .people import BOTH, in_days, wait
from .test_cleanup import ended, press, progress, start, titles
from .test_kills import MOST_POINTS, end_lease, wake
from .test_kills import reaper as reaper  # noqa: PLC0414  # the fixtures of these tests
from .test_kills import shared as shared  # noqa: PLC0414

pytestmark = BOTH


def many(person, count):
    """So many appointments of ours, and one of theirs."""
    partner = [[6, 0, [person.partner]]]
    rows = [(f"Ours {n}", in_days(1 + n % 25, hour=5 + n // 25 % 15)) for n in range(count)]
    values = [
        {
            "name": title,
            "start": f"{at:%Y-%m-%d %H:00:00}",
            "stop": f"{at:%Y-%m-%d %H:30:00}",
            "partner_ids": partner,
        }
        for title, at in rows
    ]
    person.odoo.call("calendar.event", "create", [values])
    person.add("Theirs")
    person.sync(300)


def nudged_until(person, condition):
    """Press "Sync now" every few seconds until the condition holds; a click that meets a busy
    worker five times in a row is refused, and pressed again."""
    for _ in range(60):
        with contextlib.suppress(OdooError):
            wake(person)
        with contextlib.suppress(AssertionError):
            return wait(condition, "the worker", 3)
    raise AssertionError("the worker did not come to an end")


def killed_at(person, reaper, run, at, state):
    """Let the run go on until the worker dies at its `at`-th point or the run has ended; what it
    had just done."""
    reaper.arm(at)
    nudged_until(person, lambda: reaper.point() or progress(person, run)["state"] == state)
    reaper.disarm()
    end_lease(person)
    return reaper.point()


def finish(person, run, state):
    """The next worker goes on to the end."""
    end_lease(person)
    nudged_until(person, lambda: progress(person, run)["state"] == state)
    nudged_until(person, person.is_settled)
    return ended(person, run, state)["counts"]


def check_cleaned(person, count, where):
    """Ours are gone, theirs and Odoo's are not."""
    assert titles(person) == ["Theirs"], where
    assert len(person.here()) == count + 1, where


def check_back(person, count, where):
    """Each stands there once."""
    found = titles(person)
    assert len(found) == len(set(found)) == count + 1, where
    assert len(person.here()) == count + 1, where


def clean_and_back(product, reaper, name, count, points):
    """A clean-up and its undo with a kill at each of `points`; what the worker had done then."""
    person = product.person(name)
    many(person, count)
    run = start(person)
    struck = [killed_at(person, reaper, run, at, "done") for at in points]
    assert finish(person, run, "done").get("removed") == count
    person.sync(60)
    check_cleaned(person, count, f"killed after {struck}")
    press(person, run, "put_back")
    struck += [killed_at(person, reaper, run, at, "undone") for at in points]
    assert finish(person, run, "undone") == {"restored": count}
    person.sync(60)
    check_back(person, count, f"killed after {struck}")
    assert not product.mails()
    return struck


def test_a_worker_killed_during_a_clean_up(product, reaper):
    """S4-11: its successor finishes; theirs untouched, nothing cancelled here, nothing twice."""
    struck = clean_and_back(product, reaper, "una", 14, (6, 11))
    assert sum(bool(point) for point in struck) >= 3, struck


@pytest.mark.deep
def test_five_hundred_events_and_a_worker_killed_midway(product, reaper):
    """S4-11: 500 events, killed again and again on the way."""
    assert clean_and_back(product, reaper, "vic", 500, (9, 60, 130)).count(None) <= 2


@pytest.mark.deep
def test_a_clean_up_killed_at_every_point(product, reaper):
    """S4-11: at each commit and each answer, of the removal and of putting back."""
    wes = product.person("wes")
    many(wes, 3)
    for at in itertools.count(1):
        assert at < MOST_POINTS
        run = start(wes)
        removing = killed_at(wes, reaper, run, at, "done")
        finish(wes, run, "done")
        check_cleaned(wes, 3, f"killed at point {at}, after {removing}")
        press(wes, run, "put_back")
        restoring = killed_at(wes, reaper, run, at, "undone")
        finish(wes, run, "undone")
        check_back(wes, 3, f"killed at point {at}, after {restoring}")
        if not removing and not restoring:
            break
    assert at > 5
    assert not product.mails()
