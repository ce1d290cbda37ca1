"""The public booking page over HTTP: an Odoo server on the filled database, and a visitor.

What is measured is the whole way there and back over loopback, so the server's own time is less.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from .booking import FIRST, TZ
from .harness import Postgres

NAME, ROUNDS, WAIT_S = "bench", 40, 60
SLOT = "o_booking_slot"


def measure(postgres: Postgres, database: str) -> list[float]:
    """Seconds of each answer: one week with anybody, as a visitor opens it."""
    with _server(postgres, database) as url, requests.Session() as visitor:
        visitor.trust_env = False
        asked = {"week": FIRST.date(), "day": FIRST.date(), "tz": TZ}
        path = f"{url}/book/{NAME}"
        if SLOT not in visitor.get(path, params=asked, timeout=WAIT_S).text:
            raise AssertionError("the page offers nothing")
        seconds = []
        for _round in range(ROUNDS):
            started = time.perf_counter()
            visitor.get(path, params=asked, timeout=WAIT_S).raise_for_status()
            seconds.append(time.perf_counter() - started)
    return seconds


@contextmanager
def _server(postgres: Postgres, database: str) -> Iterator[str]:
    """An Odoo server of its own process; its address."""
    port = _free_port()
    arguments = [each for each in postgres.odoo_arguments(database) if each != "--no-http"]
    arguments += ["--http-interface", "127.0.0.1", "--http-port", str(port)]
    command = [sys.executable, "-m", "odoo", "server", *arguments]
    process = subprocess.Popen(command, env=os.environ, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(WAIT_S)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"{url}/web/health", timeout=5).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("the server did not start")
