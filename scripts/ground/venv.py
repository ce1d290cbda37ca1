"""The private Python environment: what requirements.lock says, each file checked by its hash."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from . import places
from .progress import megabytes, only_one, run_step

LOCK = places.REPO / "requirements.lock"


def ensure() -> Path:
    """The environment's folder; made when the cache has none for this lock file and this Python.

    Raises StepFailed when a download fails or a hash differs.
    """
    venv = places.cache_dir() / _key()
    if not (venv / "COMPLETE").exists():
        with only_one(places.cache_dir() / "venv.lock", "the Python environment"):
            if not (venv / "COMPLETE").exists():
                _build(venv)
    return venv


def _key() -> str:
    """The folder's name: made of the lock file's content and the Python it belongs to."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    seed = LOCK.read_bytes() + os.path.realpath(sys.executable).encode()
    return f"venv-{python}-{hashlib.sha256(seed).hexdigest()[:12]}"


def _build(venv: Path) -> None:
    """Make the environment in its place (it can't be moved) and mark it complete at the end."""
    shutil.rmtree(venv, ignore_errors=True)
    env = {
        name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "PIP_USER")
    }
    run_step("Python environment", [sys.executable, "-m", "venv", str(venv)], env=env)
    pip = [str(venv / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install"]
    options = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-input"]
    cache = ["--cache-dir", str(places.cache_dir() / "pip")]
    run_step(
        f"Python packages ({LOCK.read_text(encoding='utf-8').count('==')} pinned, hashes checked)",
        [*pip, *options, *cache, "-r", str(LOCK)],
        lambda: megabytes(venv),
        env=env,
    )
    (venv / "COMPLETE").write_text("", encoding="utf-8")
