"""Known weaknesses: in our code (bandit, also part of `./dev lint`), and in the packages that
requirements.lock pins (pip-audit, which asks a database on the internet).

`./dev audit` does both. Neither is needed by anything else: the tools live in an environment of
their own, and what can't be fetched is said and skipped, so that no gate depends on a network.
"""

import subprocess
import sys

from e2e.contract.own_venv import python_of, without_python_settings
from scripts.ground import places
from scripts.ground.progress import say

NOT_LOOKED_UP = "could not be audited"
TOOLS = places.REPO / "scripts" / "tools"


def tool(*arguments: str) -> list[str] | None:
    """The command line of one of the tools; None when they can't be fetched."""
    try:
        return [str(python_of("audit", TOOLS)), "-m", *arguments]
    except subprocess.CalledProcessError:
        say(f"{arguments[0]} is not in the cache and could not be fetched: skipped")
        return None


def bandit() -> int:
    """Look through the addon; 1 when something is found that nobody has judged."""
    template = "{relpath}:{line}: {test_id} {severity}: {msg}"
    options = ["-q", "-c", "pyproject.toml", "-r", places.NAME, "-f", "custom"]
    command = tool("bandit", *options, "--msg-template", template)
    if not command:
        return 0
    done = _run(command)
    print(done.stdout, end="")
    return done.returncode


def packages() -> int:
    """Ask about every pinned package; 1 when one has a known weakness."""
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off"]
    command = tool("pip_audit", "-r", "requirements.lock", *options)
    if not command:
        return 0
    done = _run(command)
    text = done.stdout + done.stderr
    unknown = text.count(NOT_LOOKED_UP)
    if unknown or (done.returncode and "Found" not in text):
        why = f"{unknown} packages" if unknown else text.strip().splitlines()[-1][:200]
        say(f"pip-audit could not ask its database: skipped ({why})")
        return 0
    print(text, end="")
    return done.returncode


def _run(command: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, cwd=places.REPO, check=False, capture_output=True, text=True,
        env=without_python_settings(),
    )  # fmt: skip


def main() -> int:
    """Both; 1 when one found something."""
    print("=== bandit", flush=True)
    code = bandit()
    print("=== pip-audit", flush=True)
    return code | packages()


if __name__ == "__main__":
    sys.exit(main())
