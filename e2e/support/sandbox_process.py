"""The sandbox as a process of its own: the providers' world over HTTP."""

import json
import os
import shutil
from pathlib import Path

from scripts.ground import places

from .processes import Child

START_TIMEOUT_S = 60


class Sandbox(Child):
    """`python -m sandbox` on a free port; `info` is the JSON line that it prints when ready.

    The state outlives the process: start another one with the same `state` (and `port`) to see
    what a restart of the provider looks like.
    """

    def __init__(self, state: Path, port: int = 0, fresh: bool = False):
        if fresh:
            shutil.rmtree(state, ignore_errors=True)
        state.mkdir(parents=True, exist_ok=True)
        self.state = state
        python = f"{os.environ['CSP_VENV']}/bin/python"
        command = [python, "-m", "sandbox", "--json", "--port", str(port), "--state", str(state)]
        log = places.log_dir() / f"sandbox-{state.name}.log"
        super().__init__(command, log, env={**os.environ, "PYTHONPATH": str(places.REPO)})
        self.info = self.wait_until(self._announcement, "the sandbox", START_TIMEOUT_S)

    @property
    def url(self) -> str:
        """The address of the sandbox's own pages."""
        return "/".join(self.info["google"]["api_base"].split("/")[:3])

    def _announcement(self) -> dict | None:
        """The line of JSON, once it is complete."""
        for line in self.output().splitlines(keepends=True):
            if line.startswith("{") and line.endswith("\n"):
                return json.loads(line)
        return None
