"""Make what the other commands would make at their first run (`./dev setup`)."""

import sys
import time

from e2e.contract import own_venv
from e2e.support import templates
from e2e.support.odoo_process import OdooFailed
from e2e.support.postgres import Cluster
from scripts.ground import places
from scripts.ground.progress import say


def main() -> int:
    """The witnesses' environments and both database templates; scripts/setup.py did the rest."""
    started = time.monotonic()
    for lock in sorted(own_venv.HERE.glob("*.lock")):
        say(f"environment of {lock.stem}, a second client or server")
        own_venv.python_of(lock.stem)
    try:
        with Cluster() as cluster:
            for kind in templates.KINDS:
                templates.template(cluster, kind)
    except OdooFailed as error:
        say(str(error))
        return 1
    say(f"ready ({time.monotonic() - started:.1f} s for databases); cache: {places.cache_dir()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
