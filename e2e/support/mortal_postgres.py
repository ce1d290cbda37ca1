"""A PostgreSQL that a test has for itself, to kill it.

    with Stack("soak", cluster=MortalCluster("soak")) as stack:      # starts and stops it
        stack.cluster.kill()       # SIGKILL of the postmaster, as the kernel's memory killer does
        stack.cluster.revive()     # started again; it recovers by itself

Unlike the shared one it keeps its promise: what was committed survives the kill. The server is a
child of the test and ends with it; its files go at the end.
"""

import contextlib
import os
import subprocess
import time
from pathlib import Path

from scripts.ground import places

from .postgres import PORT, SETTINGS, Cluster
from .processes import Child

START_TIMEOUT_S = 60
ORPHANS_S = 60


class MortalCluster(Cluster):
    """A cluster with one user; `kill` and `revive` may be called any number of times."""

    # fsync stays off: what was handed to the system outlives the process, and that is who dies.
    settings = (*SETTINGS, "synchronous_commit=on")

    def __init__(self, name):
        super().__init__(f"pg-{name}")
        self._postmaster: Child | None = None

    # -- life -----------------------------------------------------------------------------------
    def __enter__(self):
        """Make an empty cluster and start it."""
        self._create()
        self.revive()
        return self

    def __exit__(self, *_error):
        """Stop it and delete its files."""
        if self._postmaster:
            self.kill()
        for folder in {self.home, Path(self.host)}:
            subprocess.run(["rm", "-rf", str(folder)], check=True)

    def kill(self) -> None:
        """kill -9 of the postmaster. Returns when what it left behind has noticed: those finish
        their statement and end, and until then PostgreSQL refuses to start."""
        orphans = _children(self._postmaster.pid)
        self._postmaster.kill()
        deadline = time.monotonic() + ORPHANS_S
        while left := [pid for pid in orphans if Path(f"/proc/{pid}").exists()]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"processes of a dead PostgreSQL live on: {left}")
            time.sleep(0.05)

    def revive(self) -> None:
        """Start it; returns when it answers. Raises RuntimeError with the log's end."""
        log = places.log_dir() / f"{self.home.name}.log"
        options = ["-D", str(self.data), "-k", self.host, "-p", str(PORT)]
        self._postmaster = Child([*_as_postgres(), self.program("postgres"), *options], log)
        self._postmaster.wait_until(self.is_running, "PostgreSQL", START_TIMEOUT_S)


def _as_postgres() -> list[str]:
    """What to put before a command that root may not run; it ends with the test all the same."""
    if os.geteuid() != 0:
        return []
    who = ["--reuid=postgres", "--regid=postgres", "--init-groups"]
    return ["setpriv", *who, "--pdeathsig", "INT", "--"]


def _children(parent: int) -> list[int]:
    """Processes whose parent it is."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                facts = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()
                found += [int(entry.name)] * (int(facts[1]) == parent)
    return found
