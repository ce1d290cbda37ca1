"""Run the benchmarks on the private PostgreSQL (`./dev bench`)."""

import os
import subprocess
import sys

from e2e.support import templates
from e2e.support.odoo_process import data_dir, environment
from e2e.support.postgres import Cluster
from scripts.ground import places


def main() -> int:
    """`python -m benchmarks` with the environment that it asks for."""
    with Cluster() as cluster:
        addons = [str(places.REPO), *filter(None, [os.environ.get("CSP_ODOO_ADDONS")])]
        env = environment(
            PGHOST=cluster.host,
            PGPORT=str(cluster.port),
            PGUSER=cluster.user,
            ODOO_ADDONS_PATH=",".join(addons),
            ODOO_DATA_DIR=str(data_dir()),
            BENCH_FILES=templates.addon_hash(),
        )
        command = [sys.executable, "-m", "benchmarks", *sys.argv[1:]]
        return subprocess.run(command, env=env, cwd=places.REPO, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
