"""Child processes that end when their parent ends, however it ends."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

GROUP_ENDS_S = 5.0
PORTS = range(20000, 32000)  # below the range from which outgoing connections take theirs


def free_port(preferred: int | None = None) -> int:
    """A TCP port on 127.0.0.1 that nobody listens on: the preferred one when it is free."""
    candidates = [preferred] if preferred else []
    candidates += random.sample(PORTS, 50)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError("no free port found")


class Child:
    """A process in a group of its own, with its output in a log file.

    It gets SIGTERM from the kernel when the process that started it dies, so that a kill -9 of a
    test run leaves no server behind. Start it from the main thread.
    """

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None, cwd=None):
        self.log = log
        self.command = command
        with open(log, "ab") as output:
            self._log_start = output.tell()
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=env, cwd=cwd, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The process id (it is the process group's id too)."""
        return self.process.pid

    def is_running(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def output(self) -> str:
        """What the process has printed since it started."""
        with open(self.log, "rb") as text:
            text.seek(self._log_start)
            return text.read().decode(errors="replace")

    def kill(self) -> None:
        """kill -9 of the whole group: what a power cut or the kernel's memory killer does. Returns
        when all of it has ended, and with it let go of its port."""
        self._signal(signal.SIGKILL)
        self.process.wait()
        deadline = time.monotonic() + GROUP_ENDS_S
        while self._has_group() and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self, patience_s: float = 10.0) -> None:
        """Ask to end, then insist; nothing of the group is left afterwards."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def wait_until(self, ready, what: str, timeout_s: float):
        """Return the first true answer of `ready()`. Raises RuntimeError with the log's end."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = ready()
            if answer:
                return answer
            if not self.is_running():
                break
            time.sleep(0.1)
        tail = "\n".join(self.output().splitlines()[-30:])
        raise RuntimeError(f"{what} did not come up; the end of {self.log}:\n{tail}")

    def _has_group(self) -> bool:
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)
