"""What the operating system must offer: Python's venv module, PostgreSQL's binaries, Chromium.

Missing packages are installed when we are root; otherwise they are named in one line.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .progress import StepFailed, run_step, say

CHROMIUM_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
# While postgresql is being installed, this keeps its packaging from creating and starting a server.
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/calendar_sync_pro.conf")


def check_python() -> None:
    """Refuse a Python that the locked dependencies were not resolved for."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        found = ".".join(map(str, sys.version_info[:3]))
        raise StepFailed(
            f"Python {found} was found; 3.11, 3.12 or 3.13 is needed. "
            "Name another one like this: PYTHON=/usr/bin/python3.11 ./dev ..."
        )


def postgres_bin() -> Path | None:
    """The folder with initdb and postgres, the newest one; None when PostgreSQL is missing."""
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda p: float(re.sub(r"[^0-9.]", "", p.parent.name) or 0))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def chromium() -> str | None:
    """The browser that Odoo's tours and our journeys drive; None when there is none."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def missing_packages(needs: set[str]) -> list[str]:
    """The Debian packages to install for `needs` (of "venv", "postgres", "chromium")."""
    missing = []
    if "venv" in needs and not _has_venv():
        missing.append(_venv_package())
    if "postgres" in needs and postgres_bin() is None:
        missing.append("postgresql")
    if "chromium" in needs and chromium() is None:
        missing.append("chromium")
    return missing


def ensure(needs: set[str]) -> None:
    """Install what is missing (root), or raise StepFailed with the one line that installs it."""
    missing = missing_packages(needs)
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepFailed(
            "These system packages are missing. Install them, then run this again:\n"
            f"    sudo apt-get update && sudo apt-get install -y {' '.join(missing)}"
        )
    say(f"System packages to install: {' '.join(missing)}")
    _apt_install(missing)
    still = missing_packages(needs)
    if still:
        raise StepFailed(f"Installed, yet not found: {' '.join(still)}")


def _apt_install(packages: list[str]) -> None:
    """Install packages without starting a database server that nobody asked for."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    made = _forbid_main_cluster() if "postgresql" in packages else []
    try:
        run_step("apt-get update", ["apt-get", "update", "-q"], env=env)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
        run_step(f"apt-get install {' '.join(packages)}", command, env=env)
    finally:
        for path in made:
            path.unlink(missing_ok=True)


def _forbid_main_cluster() -> list[Path]:
    """Drop the setting that makes Debian's package skip its own cluster; tell what to remove."""
    if Path("/etc/postgresql").exists() or NO_MAIN_CLUSTER.exists():
        return []
    NO_MAIN_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_MAIN_CLUSTER.write_text("create_main_cluster = false\n", encoding="utf-8")
    return [NO_MAIN_CLUSTER]


def _has_venv() -> bool:
    """Whether this Python can make a virtual environment with pip in it."""
    code = subprocess.run(
        [sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False
    )
    return code.returncode == 0


def _venv_package() -> str:
    """Debian's package that completes this Python."""
    major, minor = sys.version_info[:2]
    return "python3-venv" if sys.executable == "/usr/bin/python3" else f"python{major}.{minor}-venv"
