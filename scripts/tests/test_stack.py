"""A stack is real processes, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from e2e.support.stack import Stack
from scripts.ground import places

PRINT_AND_WAIT = """
import time
from e2e.support.stack import Stack
with Stack("victim") as stack:
    print(stack.odoo.pid, stack.sandbox.pid, flush=True)
    time.sleep(600)
"""

pytestmark = pytest.mark.skipif(
    "CSP_ODOO" not in os.environ, reason="needs Odoo: run with ./dev test"
)


def is_alive(pid: int) -> bool:
    """Whether a process exists and is more than an entry waiting to be collected."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.deep
def test_two_stacks_at_once_are_strangers():
    with Stack("one", servers=1) as one, Stack("two", servers=1) as two:
        assert one.odoo.url != two.odoo.url
        assert one.sandbox.url != two.sandbox.url
        one.sql("UPDATE res_users SET login = 'changed' WHERE login = 'admin'")
        assert two.sql("SELECT count(*) FROM res_users WHERE login = 'admin'") == [(1,)]


def test_a_killed_server_leaves_the_other_one_serving():
    with Stack("pair", sandbox=False, servers=2) as stack:
        first, second = stack.servers
        first.kill()
        assert not first.is_running()
        assert stack.odoo is second
        with urllib.request.urlopen(f"{second.url}/web/login", timeout=30) as page:
            assert page.status == 200


def test_the_sandbox_comes_back_with_its_address():
    with Stack("restart", servers=0) as stack:
        before = stack.sandbox.url
        assert stack.restart_sandbox().url == before


def test_kill_9_of_a_run_takes_its_servers_along():
    command = [sys.executable, "-c", PRINT_AND_WAIT]
    run = subprocess.Popen(command, cwd=places.REPO, stdout=subprocess.PIPE, text=True)
    pids = [int(word) for word in run.stdout.readline().split()]
    assert all(is_alive(pid) for pid in pids)
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 20
    while any(is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not any(is_alive(pid) for pid in pids)
    # The next run clears up what the killed one could not.
    with Stack("next", sandbox=False, servers=0) as stack:
        assert not [
            name for name in stack.cluster.databases() if name.startswith(f"run_{run.pid}_")
        ]
