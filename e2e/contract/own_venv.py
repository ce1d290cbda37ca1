"""A venv for a client library whose pins are not Odoo's, built from its lock, kept in the cache."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.ground import places
from scripts.ground.progress import only_one

HERE = Path(__file__).parent


def python_of(name, folder=HERE):
    """Python of the venv for `{name}.lock`, built when missing; a half-built one is never used."""
    lock = folder / f"{name}.lock"
    mark = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = places.cache_dir() / f"{name}-{mark}"
    if not (home / "complete").exists():
        with only_one(places.cache_dir() / f"{name}.lock", f"{name}'s environment"):
            if not (home / "complete").exists():
                build(home, lock)
    return home / "bin" / "python"


def build(home, lock):
    """Make the venv; every file's hash is in the lock."""
    shutil.rmtree(home, ignore_errors=True)
    clean = without_python_settings()
    subprocess.run([sys.executable, "-m", "venv", home], check=True, env=clean)
    pip = [home / "bin" / "python", "-m", "pip", "install", "-q"]
    only = ["--only-binary", ":all:", "--require-hashes"]
    subprocess.run([*pip, *only, "-r", lock], check=True, env=clean)
    (home / "complete").touch()


def without_python_settings():
    """Our environment without PYTHONPATH and its kin, which point to Odoo."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def run(name, script, *arguments):
    """What `script` printed, run by that venv's Python; fails with its error output."""
    clean = without_python_settings()
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # requests prefers them to `verify`
        clean.pop(variable, None)
    command = [python_of(name), HERE / script, *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=clean, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":  # `python -m e2e.contract.own_venv o365` prepares it
    print(python_of(sys.argv[1]))
