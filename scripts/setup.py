"""Make sure that what a command needs is there, then become that command.

    python3 scripts/setup.py --need venv,odoo,postgres,chromium -- python scripts/test.py ...

Runs on the system's own Python with nothing but its standard library. A command that starts with
`python` runs in the private environment. All paths travel in environment variables (CSP_...).
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.ground import odoo_tree, places, system, venv
from scripts.ground.progress import StepFailed, say


def prepare(needs: set[str]) -> dict[str, str]:
    """Fetch what is missing and return the environment that tells where it is."""
    system.check_python()
    system.ensure(needs)
    env = {"CSP_CACHE": str(places.cache_dir()), "CSP_REPO": str(places.REPO)}
    env["CSP_VENV"] = str(venv.ensure())
    if "odoo" in needs:
        env |= odoo_tree.ensure()
    if "postgres" in needs:
        env["CSP_PG_BIN"] = str(system.postgres_bin())
    env["CSP_CHROMIUM"] = system.chromium() or ""
    return env


def become(command: list[str], env: dict[str, str]) -> None:
    """Replace this process by the command."""
    bin_dir = Path(env["CSP_VENV"]) / "bin"
    full = {**os.environ, **env, "PYTHONPATH": env["CSP_REPO"], "VIRTUAL_ENV": env["CSP_VENV"]}
    full["PATH"] = f"{bin_dir}:{os.environ.get('PATH', '/usr/bin:/bin')}"
    # Everything that is talked to from here on is on this machine.
    full["NO_PROXY"] = full["no_proxy"] = "127.0.0.1,localhost"
    full.pop("PYTHONDONTWRITEBYTECODE", None)  # Odoo starts in half the time with compiled files
    program = bin_dir / "python" if command[0] == "python" else Path(command[0])
    os.execvpe(str(program), [command[0], *command[1:]], full)


def main() -> int:
    """Parse, prepare, become."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--need", default="venv")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    command = asked.command[1:] if asked.command[:1] == ["--"] else asked.command
    try:
        env = prepare({"venv", *asked.need.split(",")})
    except StepFailed as error:
        say(str(error))
        return 1
    if command:
        become(command, env)
    return 0


if __name__ == "__main__":
    sys.exit(main())
