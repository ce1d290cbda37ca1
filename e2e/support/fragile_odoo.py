"""Odoo's launcher for kill series: a cron worker that dies by SIGKILL at a chosen point.

The file CSP_KILL_PLAN arms it: `{"token": "...", "at": 7}`. Points are counted while an account
has its turn: each commit that has returned, and each answer of a provider that has come. So
every state in which a crash can leave the database and the provider has its number. At the chosen
point the plan is renamed to `….struck` (the point's name in it) and the process kills itself; the
multi-process server then starts another worker, which finds no plan. The product knows nothing
of this.
"""

import json
import os
import signal
import sys
from pathlib import Path

PLAN = Path(os.environ["CSP_KILL_PLAN"])
TURN = "_work"  # the method that gives an account its turn


class Heart:
    """Counts points, and stops at one of them."""

    def __init__(self):
        self.token, self.count = None, 0

    def beat(self, point):
        """One more point of an account's turn has been reached."""
        if not PLAN.exists() or not _is_turn():
            return
        plan = json.loads(PLAN.read_text(encoding="utf-8"))
        if plan["token"] != self.token:
            self.token, self.count = plan["token"], 0
        self.count += 1
        if self.count == plan["at"]:
            PLAN.write_text(json.dumps({**plan, "point": point}), encoding="utf-8")
            PLAN.rename(PLAN.with_suffix(".struck"))
            os.kill(os.getpid(), signal.SIGKILL)


def _is_turn():
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_name == TURN:
            return True
        frame = frame.f_back
    return False


def weaken():
    """Let commits and answers count."""
    import requests
    from odoo.sql_db import Cursor

    heart = Heart()
    commit, send = Cursor.commit, requests.Session.send

    def counted_commit(self):
        done = commit(self)
        heart.beat("commit")
        return done

    def counted_send(self, request, **options):
        answer = send(self, request, **options)
        heart.beat("answer")
        return answer

    Cursor.commit, requests.Session.send = counted_commit, counted_send


if __name__ == "__main__":
    import odoo.cli
    from hasty_odoo import hasten_passwords

    hasten_passwords()
    weaken()
    odoo.cli.main()
