"""Say what a long step is doing, and keep its output out of the way until it fails."""

import contextlib
import fcntl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HEARTBEAT_S = 5.0
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")


class StepFailed(RuntimeError):
    """A step ended with an error; the message is what a person needs to read."""


def say(text: str) -> None:
    """Print one line of progress (standard error: standard output belongs to the command)."""
    print(text, file=sys.stderr, flush=True)


def run_step(label: str, command: list[str], measure: Callable[[], str] | None = None, **popen):
    """Run a command; tell every few seconds that it is alive, and how far `measure` says it is.

    The command dies with us, so that after a kill -9 nobody writes beside the next run.
    Raises StepFailed with the end of the output when the command fails.
    """
    started = time.monotonic()
    say(f"* {label} ...")
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(
            [*DIES_WITH_US, *command],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            **popen,
        )
        code = _wait(process, label, started, measure)
        output.seek(0)
        text = output.read()
    if code:
        tail = "\n".join(text.splitlines()[-25:])
        raise StepFailed(f"{label}: failed with exit code {code}\n{tail}")
    say(f"  {label}: done in {time.monotonic() - started:.1f} s")
    return text


def _wait(process, label, started, measure) -> int:
    """The command's exit code, with a line of progress at every heartbeat."""
    try:
        while True:
            try:
                return process.wait(HEARTBEAT_S)
            except subprocess.TimeoutExpired:
                so_far = f", {measure()}" if measure else ""
                say(f"  {label}: {time.monotonic() - started:.0f} s{so_far}")
    except BaseException:
        process.kill()
        process.wait()
        raise


@contextlib.contextmanager
def only_one(lock_file: Path, what: str) -> Iterator[None]:
    """Hold a lock for the block; say so when somebody else holds it. It dies with its holder."""
    with open(lock_file, "a", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"* waiting for another run that holds {what} ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def megabytes(folder: Path) -> str:
    """The size of the files below a folder, for a progress line."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.lstat().st_size
    return f"{total / 1e6:.0f} MB"
