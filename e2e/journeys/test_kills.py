"""kill -9 of a real worker process, at every point of its work, on a real database.

The multi-process server's cron worker kills itself at the N-th commit or answer of an account's
turn (see e2e/support/fragile_odoo.py) and the server starts another one, as it would after the
kernel's memory killer. N goes up until a run gets through alive, so no boundary is left out.
"""

import contextlib
import itertools
import json

import psycopg2
import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing
from e2e.support.stack import Stack
from scripts.ground import places

from .dav_phone import DavProduct
from .people import BOTH, EVERYWHERE, Product, in_days, wait

LAUNCHER = places.REPO / "e2e" / "support" / "fragile_odoo.py"
MOST_POINTS = 120


class Reaper:
    """Arms the worker, and knows whether it has been struck."""

    def __init__(self, plan):
        self.plan, self.struck = plan, plan.with_suffix(".struck")
        self._tokens = itertools.count(1)

    def arm(self, at):
        """The worker dies at its `at`-th point from now."""
        self.struck.unlink(missing_ok=True)
        part = self.plan.with_suffix(".part")
        part.write_text(json.dumps({"token": next(self._tokens), "at": at}), encoding="utf-8")
        part.rename(self.plan)

    def disarm(self):
        """No more kills."""
        self.plan.unlink(missing_ok=True)

    def point(self):
        """What the worker had just done when it died; None while it lives."""
        return json.loads(self.struck.read_text())["point"] if self.struck.exists() else None


@pytest.fixture(scope="module")
def reaper(tmp_path_factory):
    return Reaper(tmp_path_factory.mktemp("kill") / "plan.json")


@pytest.fixture(scope="module")
def shared(reaper):
    """A product whose server runs its crons in processes of their own, one of them fragile."""
    with Stack("kills", servers=0, configure=False) as stack:
        stack.start_odoo(
            workers=1, cron_threads=1, CSP_KILL_PLAN=str(reaper.plan),
            CSP_TEST_LAUNCHER=str(LAUNCHER),
        )  # fmt: skip
        stack.configure()
        yield Product(stack)


@contextlib.contextmanager
def no_turn_yet(person):
    """Let several changes pile up: no worker takes the account while its row is locked."""
    cluster, name = person.product.stack.cluster, person.product.stack.db
    connection = psycopg2.connect(**cluster.address(name))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM calendar_sync_account WHERE user_id = %s FOR NO KEY UPDATE",
                [person.uid],
            )
        yield
    finally:
        connection.close()


def run_until_killed(person, reaper, at):
    """Let the account have its turn; what the worker had just done when it died, or None."""
    reaper.arm(at)
    pressed_until(person, lambda: reaper.point() or person.is_settled())
    reaper.disarm()
    return reaper.point()


def pressed_until(person, condition):
    """Press "Sync now" every few seconds until the condition holds.

    What is pressed before a new worker listens is noticed a minute later only; and Odoo gives a
    job that died several times in a row a rest of a minute.
    """
    for _ in range(40):
        wake(person)
        with contextlib.suppress(AssertionError):
            return wait(condition, "the worker", 3)
    raise AssertionError("no worker took the account")


def wake(person):
    """Press "Sync now"."""
    person.odoo.call("calendar.sync.account", "sync_now", [[person.account_id]])


def recover(person):
    """Two minutes later the dead worker's hold on the account is over; the next one finishes."""
    end_lease(person)
    pressed_until(person, person.is_settled)


def end_lease(person):
    """Let the dead worker's two minutes pass."""
    person.product.sql(
        """UPDATE calendar_sync_account
              SET lease_until = (now() AT TIME ZONE 'UTC') - make_interval(secs => 5)
            WHERE id = %s""",
        person.account_id,
    )


class Busy:
    """Somebody who edits on both sides all the time, and knows what has to come out."""

    def __init__(self, person):
        self.person, self.round = person, 0
        self.ours, self.theirs, self.expected = [], [], {}
        self.both = person.book("Both 0", in_days(9))
        person.settle()
        [self.both_there] = [entry.id for entry in person.named_there("Both 0")]
        for _ in range(2):
            self.edit()
            person.sync()

    def edit(self):
        """One create, update and delete on each side, and one event edited on both."""
        self.round += 1
        self._edit_here(self.round)
        self._edit_there(self.round)

    def _edit_here(self, n):
        person = self.person
        self.ours.append(person.book(f"Ours {n}", in_days(10 + n % 15)))
        if len(self.ours) > 1:
            person.edit(self.ours[-2], name=f"Ours {n - 1} renamed")
        if len(self.ours) > 2:
            person.delete(self.ours.pop(0))
        person.edit(self.both, name=f"Both {n}")

    def _edit_there(self, n):
        person = self.person
        self.theirs.append(person.add(f"Theirs {n}", in_days(10 + n % 15, hour=13)))
        if len(self.theirs) > 1:
            person.phone.change(self.theirs[-2], place=f"Room {n}")
        if len(self.theirs) > 2:
            person.phone.remove(self.theirs.pop(0))
        person.phone.change(self.both_there, place=f"Pier {n}")

    def wanted(self):
        """Title → place, as both sides have to show them."""
        n = self.round
        return {
            f"Ours {n}": "", f"Ours {n - 1} renamed": "",
            f"Theirs {n}": "", f"Theirs {n - 1}": f"Room {n}",
            f"Both {n}": f"Pier {n}",
        }  # fmt: skip

    def check(self, where):
        """No edit is lost, nothing stands twice, and the events are still the same ones."""
        there = self.person.there()
        shown = sorted((entry.title, entry.place) for entry in there)
        assert shown == sorted(self.wanted().items()), where
        self.person.is_same_on_both_sides()
        assert {row["id"] for row in self.person.here()} >= {*self.ours, self.both}, where
        assert {entry.id for entry in there} >= {*self.theirs, self.both_there}, where


def kill_series(person, reaper, edit, check, step=1):
    """Edit, kill at the N-th point, let the next worker finish, look; N = 1, 1 + step, … until
    the worker survives. Returns what it had done at each point."""
    points = []
    for at in range(1, MOST_POINTS, step):
        with no_turn_yet(person):
            edit()
        point = run_until_killed(person, reaper, at)
        if point is None:
            check(f"the run that lived, before point {at}")
            return points
        points.append(point)
        recover(person)
        check(f"killed at point {at}, after {point}")
    raise AssertionError("the run never came to its end")


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.deep)])
def test_a_worker_killed_at_every_point_of_push_and_pull(product, reaper, step):
    """S4-14, S4-25: wherever it dies, its successor finishes: nothing lost, nothing twice. On
    every day at each third point."""
    busy = Busy(product.person("kim"))
    points = kill_series(busy.person, reaper, busy.edit, busy.check, step)
    assert points.count("commit") >= 4 // step, points
    assert points.count("answer") >= 5 // step, points
    assert not product.mails()


@pytest.mark.deep
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.deep)])
def test_a_worker_killed_while_it_works_with_outlook(shared, reaper, step):
    """S4-14, S4-25: the same with Outlook; on every day at some points only."""
    busy = Busy(shared.on("microsoft").person("mia"))
    points = kill_series(busy.person, reaper, busy.edit, busy.check, step)
    assert {"commit", "answer"} <= set(points), points
    assert not shared.mails()


def test_a_worker_killed_while_it_works_with_a_caldav_server(shared, reaper):
    """S4-14, S4-25: the same with a real Radicale, at some points."""
    with passing("radicale", "kills") as server, DavProxy(server) as proxy:
        busy = Busy(DavProduct(shared, proxy).person("uma"))
        points = kill_series(busy.person, reaper, busy.edit, busy.check, 10)
    assert points
    assert not shared.mails()


@pytest.mark.deep
@BOTH
def test_a_series_survives_a_worker_killed_at_every_point(product, reaper):
    """S4-14: a weekly meeting is made, an occurrence moved and one deleted; one series there."""
    lou = product.person("lou")
    made = []

    def edit():
        start = in_days(2 + len(made) % 5, hour=7)
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        rule = {day: start.weekday() == n for n, day in enumerate(days)}
        lou.book(
            f"Series {len(made)}", start, recurrency=True, rrule_type="weekly", interval=1,
            end_type="count", count=4, event_tz="UTC", rrule_type_ui="weekly", **rule,
        )  # fmt: skip
        rows = lou.named_here(f"Series {len(made)}")
        lou.edit(rows[1]["id"], location="Annex", recurrence_update="self_only")
        lou.delete(rows[2]["id"])
        made.append(f"Series {len(made)}")

    def check(where):
        masters = sorted(entry.title for entry in lou.there() if entry.weeks)
        assert masters == sorted(made), where
        lou.is_same_on_both_sides()

    points = kill_series(lou, reaper, edit, check)
    assert points, "it was killed at least once"
    assert not product.mails()


@pytest.mark.deep
@BOTH
def test_a_first_sync_killed_at_every_point(product, reaper):
    """S4-14, S0-30: the first reading and sending of both calendars, killed at each point."""
    for at in itertools.count(1):
        pat = product.person("pat", is_connected=False)
        for n in range(3):
            pat.book(f"Here {n}", in_days(2 + n))
            pat.add(f"There {n}", in_days(2 + n, hour=14))
        reaper.arm(at)
        pat.odoo.connect(pat.phone.provider, product.world, pat.email)
        pat.account_id = pat.card()["id"]
        wait(lambda p=pat: reaper.point() or p.is_settled(), "the worker's end, either way")
        reaper.disarm()
        if reaper.point():
            recover(pat)
        assert len(pat.here()) == len(pat.there()) == 6, f"killed at point {at}"
        pat.is_same_on_both_sides()
        if not reaper.point():
            break
    assert at > 5
    assert not product.mails()


@pytest.fixture
def previewed(request, shared, provider):
    """The product at a provider whose first syncs are shown before they are done."""
    shared.previews_first_syncs(True)
    with contextlib.ExitStack() as servers:
        if provider == "caldav":
            proxy = DavProxy(servers.enter_context(passing("radicale", "previews")))
            yield DavProduct(shared, servers.enter_context(proxy))
        else:
            yield shared.on(provider)
    shared.previews_first_syncs(False)


def previewing(product, name):
    """Somebody with three events on each side, signed in; the id of the preview that is read."""
    person = product.person(name, is_connected=False)
    for n in range(3):
        person.book(f"Here {n}", in_days(2 + n))
        person.add(f"There {n}", in_days(2 + n, hour=14))
    return person


def until(person, preview, state, reaper):
    """Let the workers go on until the preview is in `state`, after a kill with another worker."""

    def reached():
        return person.odoo.call("calendar.sync.preview", "page", [[preview]])["state"] == state

    # Odoo gives a job that died several times a rest of a minute, and looks for it once a minute.
    wait(lambda: reaper.point() or reached(), "the worker's end, either way", 240)
    reaper.disarm()
    was_killed = bool(reaper.point())
    if was_killed:
        end_lease(person)
        pressed_until(person, reached)
    return was_killed


@pytest.mark.deep
@EVERYWHERE
def test_a_preview_killed_at_every_point_of_its_reading(previewed, reaper):
    """S4-14, B-02: whoever takes over shows the same preview, nothing was written by then, and
    it can be started: each event once on each side."""
    for at in itertools.count(1):
        pat = previewing(previewed, "pat")
        reaper.arm(at)
        pat.signs_in()
        preview = pat.card()["preview"]["id"]
        was_killed = until(pat, preview, "ready", reaper)
        page = pat.odoo.call("calendar.sync.preview", "page", [[preview]])
        seen = {side: sorted(row["title"] for row in rows) for side, rows in page["lists"].items()}
        assert seen["into_odoo"] == [f"There {n}" for n in range(3)], f"killed at point {at}"
        assert seen["into_calendar"] == [f"Here {n}" for n in range(3)], f"killed at point {at}"
        assert len(pat.there()) == len(pat.here()) == 3, "nothing was written"
        if not was_killed:
            break
    assert at > 2, "it was killed at least twice"
    pat.odoo.call("calendar.sync.preview", "start", [[preview]])
    until(pat, preview, "done", reaper)
    pat.is_same_on_both_sides()
    assert not previewed.mails()


@pytest.mark.deep
@EVERYWHERE
def test_a_previewed_sync_killed_at_every_point_is_done_as_shown_and_undone(previewed, reaper):
    """S4-14, B-02, B-07: each event stands once on each side, the preview says of all what became
    of them, and the last one is undone as a whole."""
    for at in itertools.count(1):
        pat = previewing(previewed, "pat")
        pat.signs_in()
        preview = pat.card()["preview"]["id"]
        until(pat, preview, "ready", reaper)
        reaper.arm(at)
        pat.odoo.call("calendar.sync.preview", "start", [[preview]])
        was_killed = until(pat, preview, "done", reaper)
        page = pat.odoo.call("calendar.sync.preview", "page", [[preview]])
        results = [row["result"] for side in ("into_odoo", "into_calendar")
                   for row in page["lists"][side]]  # fmt: skip
        assert (results, page["late"]) == (["done"] * 6, []), f"killed at point {at}"
        assert len(pat.here()) == len(pat.there()) == 6, f"killed at point {at}"
        pat.is_same_on_both_sides()
        if not was_killed:
            break
    assert at > 5
    pat.odoo.call("calendar.sync.preview", "undo", [[preview]])

    def is_undone():
        return pat.odoo.call("calendar.sync.preview", "page", [[preview]])["undo"] == "undone"

    pressed_until(pat, is_undone)
    assert sorted(entry.title for entry in pat.there()) == [f"There {n}" for n in range(3)]
    assert sorted(row["name"] for row in pat.here()) == [f"Here {n}" for n in range(3)]
    assert not previewed.mails()


@pytest.mark.deep
@BOTH
def test_many_events_and_a_worker_killed_again_and_again(product, reaper):
    """S4-14: a batch on each side; the worker dies at another point each time it comes back."""
    quin = product.person("quin")
    with no_turn_yet(quin):
        for n in range(30):
            quin.book(f"Here {n}", in_days(1 + n % 20, hour=6 + n % 3))
            quin.add(f"There {n}", in_days(1 + n % 20, hour=12 + n % 3))
    for at in range(1, 13):
        if run_until_killed(quin, reaper, at) is None:
            break
        end_lease(quin)
    quin.sync()
    assert len(quin.there()) == 60
    quin.is_same_on_both_sides()
    assert not product.mails()
