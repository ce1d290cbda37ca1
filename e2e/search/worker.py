"""A worker's turn in this process, and one that is killed by SIGKILL in a process of its own.

Points are counted as in `e2e/support/fragile_odoo.py`: each commit that has returned and each
answer that has come. The killed turn runs in a fork with connections of its own; nothing of it can
tidy up.
"""

import os
import signal
from contextlib import contextmanager

import odoo.sql_db
import requests
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor


@contextmanager
def opened(database, uid=SUPERUSER_ID, **context):
    """An environment in a transaction of its own, which is committed at the end."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, uid, context)
        yield env
        env.flush_all()


def take_turns(database):
    """What a cron's worker does, without its pauses: each account that is due gets its turn."""
    with opened(database) as env:
        accounts = env["calendar.sync.account"]
        while leases := accounts._claim_due():
            accounts._work(leases[0])
            env.cr.commit()


def take_turns_and_die(database, at):
    """The same in a process that kills itself at the `at`-th point. Returns whether it did."""
    child = os.fork()
    if not child:
        try:
            _begin_anew(database)
            _count_down(at)
            take_turns(database)
        except BaseException:
            os._exit(3)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    Registry(database).check_signaling()
    assert not os.WIFEXITED(status) or not os.WEXITSTATUS(status), "the worker's own error"
    return os.WIFSIGNALED(status)


def _begin_anew(database):
    """Forget the parent's connections without closing them."""
    odoo.sql_db._Pool = odoo.sql_db._Pool_readonly = None
    registry = Registry(database)
    registry._db = odoo.sql_db.db_connect(database)
    registry._db_readonly = None


def _count_down(at):
    left = [at]
    commit, send = Cursor.commit, requests.Session.send

    def beat():
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted_commit(self):
        done = commit(self)
        beat()
        return done

    def counted_send(self, request, **options):
        answer = send(self, request, **options)
        beat()
        return answer

    Cursor.commit, requests.Session.send = counted_commit, counted_send
