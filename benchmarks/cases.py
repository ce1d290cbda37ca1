"""The measured cases. Each runs in a process of its own on a fresh clone of its database."""

from __future__ import annotations

import time
from datetime import timedelta

from .contestants import CONTESTANTS, make_user
from .harness import Meter, boot, count_rows, environment
from .plan import Run
from .workload import TODAY


class Case:
    """A connected contestant and a meter. One without a module runs outside of Odoo."""

    def __init__(self, postgres, database: str, run: Run, contestant: str, stub) -> None:
        self.contestant = CONTESTANTS[run.provider, contestant]
        self.registry = boot(postgres, database) if self.contestant.module else None
        self.database = database
        self.stub = stub
        self.place = {"service": run.provider, "token": f"acct-0-n{run.count}"}
        self.meter = Meter(stub)
        self.contestant.redirect(stub.url)
        self.user_id = make_user(self.registry, "0") if self.registry else 0
        self.contestant.connect(self.registry, self.user_id, stub.url, self.place["token"])
        stub.control(**self.place, **run.orders)

    def sync(self, name: str) -> dict:
        """One pass of the contestant's own scheduled work."""
        self.contestant.make_due(self.registry)
        return self.meter(name, lambda: self.contestant.work(self.registry))

    def result(self) -> dict:
        """Rows and what stands in the database."""
        check = count_rows(self.registry) if self.registry else self.contestant.count()
        return {"rows": self.meter.rows, "check": check}


def first_sync(case: Case) -> dict:
    """The first sync of one user."""
    case.sync("first")
    return case.result()


def incremental(case: Case) -> dict:
    """First sync, then several passes each with 0, 10 and 100 changed events."""
    case.sync("first")
    case.sync("settle")
    for changed, rounds in ((0, 3), (10, 3), (100, 7)):
        for _round in range(rounds):
            if changed:
                case.stub.control(**case.place, touch=changed)
            case.sync(f"changed {changed}")
    return case.result()


def _new_event(env, user_id: int, number: int, tag: str) -> dict:
    guests = env["res.partner"].search([("email", "like", "guest")], limit=50)
    me = env["res.users"].browse(user_id).partner_id
    start = TODAY + timedelta(days=1 + number % 60, hours=8 + number % 8)
    people = (me, guests[number % 50], guests[(number + 7) % 50])
    return {
        "name": f"Local {tag} {number:03d}",
        "start": str(start),
        "stop": str(start + timedelta(hours=1)),
        "user_id": user_id,
        "partner_ids": [(4, person.id) for person in people],
    }


def _save(case: Case, values: dict) -> None:
    from odoo.service.model import dispatch

    arguments = [case.database, case.user_id, "bench", "calendar.event", "create", [[values]], {}]
    dispatch("execute_kw", arguments)


def _one(case: Case, tag: str) -> dict:
    with environment(case.registry) as env:
        return _new_event(env, case.user_id, 0, tag)


def push(case: Case) -> dict:
    """Save single events, save 100 at once, send them, and read the echo."""
    case.sync("first")
    case.sync("settle")
    _save(case, _one(case, "warm"))
    for number in range(3):
        values = _one(case, f"ui{number}")
        case.meter("save one event", lambda values=values: _save(case, values))
    case.sync("send the few")
    case.sync("echo of the few")

    def save_hundred() -> None:
        with environment(case.registry, case.user_id) as env:
            env["calendar.event"].create(
                [_new_event(env, case.user_id, number, "bulk") for number in range(100)]
            )

    case.meter("save 100 in one transaction", save_hundred)
    case.sync("send 100")
    before = _transaction(case)
    case.sync("echo of 100 pushes")["events_written"] = _events_written_since(case, before)
    return case.result()


def _transaction(case: Case) -> int:
    with environment(case.registry) as env:
        env.cr.execute("SELECT txid_current()")
        return env.cr.fetchone()[0]


def _events_written_since(case: Case, transaction: int) -> int:
    """Rows of `calendar_event` that any later transaction wrote."""
    with environment(case.registry) as env:
        env.cr.execute(
            "SELECT count(*) FROM calendar_event WHERE xmin::text::bigint > %s", [transaction]
        )
        return env.cr.fetchone()[0]


def late_answer(case: Case) -> dict:
    """The provider creates the event but answers 30 s late: saving waits for nothing."""
    case.sync("first")
    case.sync("settle")
    case.stub.control(late_inserts=1, late_s=30.0)
    values = _one(case, "late")
    case.meter("save, provider hangs", lambda: _save(case, values))
    for _round in range(2):
        case.sync("pass after it")
        time.sleep(0.1)
    result = case.result()
    inserted = case.stub.control(**case.place)["inserted"]
    with environment(case.registry) as env:
        local = env["calendar.event"].search_count([("name", "=", values["name"])])
    return result | {"copies": {"remote": inserted.count(values["name"]), "local": local}}


CASES = {
    "first": first_sync,
    "incremental": incremental,
    "push": push,
    "late": late_answer,
}
