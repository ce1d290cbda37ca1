"""Fast loopback providers for benchmarks only: they cost about 12 ms per 1,000 events.

The sandbox is the faithful one; these exist so that the provider's own time does not blur the
comparison. A token `acct-<name>-n<N>` stands for a calendar with N generated events. `/_ctl`
touches events, sets latency and page size, makes answers late, and returns counters.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Self

import requests


class StubProcess:
    """The stub in a process of its own, so that its work is not counted as ours."""

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parent.parent.parent
        command = [sys.executable, "-m", "benchmarks.stub"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        self.session = requests.Session()
        self.session.trust_env = False
        return self

    def control(self, **order) -> dict:
        """Give an order; returns counters."""
        return self.session.post(f"{self.url}/_ctl", json=order, timeout=120).json()

    def __exit__(self, *_exc) -> None:
        self.process.terminate()
        self.process.wait()
