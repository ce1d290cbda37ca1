"""End what a killed run left (`./dev stop`); also delete this checkout's state (`./dev reset`)."""

import fcntl
import os
import subprocess
import sys

from e2e.support.postgres import Cluster
from scripts.ground import places
from scripts.ground.progress import say


def is_in_use() -> bool:
    """Whether a run of this checkout holds the databases now."""
    with open(places.state_dir() / "pg-users.lock", "a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def main() -> int:
    """Servers end with the run that started them, so only PostgreSQL can be left."""
    if is_in_use():
        say("A run of this checkout is using it; end that one first (Ctrl-C there).")
        return 1
    if (places.state_dir() / "pg" / "data").exists() or os.geteuid() == 0:
        with Cluster():
            pass
    if sys.argv[1:] == ["reset"]:
        subprocess.run(["rm", "-rf", str(places.state_dir())], check=True)
        say("Databases, logs and sandbox state of this checkout are gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
