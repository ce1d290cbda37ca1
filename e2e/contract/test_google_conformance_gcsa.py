"""The sandbox's Google as gcsa sees it: a client library that we did not write.

gcsa lives in a venv of its own, because its pins are not Odoo's. It is built from gcsa.lock (with
hashes) in the cache folder when it is not there yet.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import SandboxProcess
from scripts.ground import places
from scripts.ground.progress import only_one

HERE = Path(__file__).parent
LOCK = HERE / "gcsa.lock"


def gcsa_python():
    """Python of gcsa's venv, built when missing; a half-built one never gets its final name."""
    mark = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = places.cache_dir() / f"gcsa-{mark}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        with only_one(places.cache_dir() / "gcsa.lock", "gcsa's environment"):
            if not (home / "complete").exists():
                build(home, python)
    return python


def build(home, python):
    """Make the venv from the lock file."""
    shutil.rmtree(home, ignore_errors=True)
    clean = without_python_settings()
    subprocess.run([sys.executable, "-m", "venv", home], check=True, env=clean)
    install = [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", "--require-hashes"]
    subprocess.run([*install, "-r", LOCK], check=True, env=clean)
    (home / "complete").touch()


def without_python_settings():
    """Our environment without PYTHONPATH and its kin, which point to Odoo."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


if __name__ == "__main__":  # `python -m e2e.contract.test_google_conformance_gcsa` prepares it
    print(gcsa_python())


@pytest.fixture(scope="module")
def day():
    """What gcsa printed after its day, and what the outbox held."""
    with SandboxProcess(seed="empty") as box:
        ann, ben = (
            box.user(f"{n}@north.example", kind="workspace")["email"] for n in ("ann", "ben")
        )
        facts = {
            "root": box.google["auth_base"] + "/",
            "token_uri": box.google["token_url"],
            "client_id": box.google["client_id"],
            "client_secret": box.google["client_secret"],
            "refresh_token": box.tokens(ann)["refresh_token"],
            "email": ann,
            "guest": ben,
        }
        command = [gcsa_python(), HERE / "gcsa_session.py", json.dumps(facts)]
        clean = without_python_settings()
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=120, env=clean, check=False
        )
        assert done.returncode == 0, done.stderr
        yield json.loads(done.stdout), box.mails()


def test_gcsa_makes_changes_and_deletes_events(day):
    """Singles, all-day, series with a hole: all as gcsa expects them."""
    seen, _mails = day
    assert seen["read"] == "Bonn"
    assert sorted(seen["titles"]) == ["Call moved", "Fair", "Weekly", "Weekly"]
    assert (seen["left"], seen["holes"]) == (["Call moved", "Weekly"], 1)


def test_gcsa_handles_calendars_settings_and_busy_times(day):
    """The smaller resources."""
    seen, _mails = day
    assert seen["lists"] == ["ann@north.example", "Other"]
    assert seen["moved"] == ["Coffee"]
    assert len(seen["busy"]) == 1
    assert (seen["zone"], seen["colours"]) == ("Europe/Berlin", 11)


def test_gcsa_invitation_is_recorded(day):
    """send_updates=all mailed the guest."""
    assert ("invitation", "ben@north.example") in {(m["kind"], m["to"]) for m in day[1]}
