"""Odoo's shell on the demo database: for a person, or with a script on standard input."""

import subprocess
import sys

from e2e.support.odoo_process import environment, shell_command
from scripts.demo import DemoStack
from scripts.ground import places


class Database(DemoStack):
    """The demo's database alone: no sandbox, and no update under a running demo."""

    def _prepare_database(self) -> None:
        if self.db not in self.cluster.databases():
            super()._prepare_database()

    def start_sandbox(self, port: int = 0):
        """None is needed."""


def main() -> int:
    """Become the shell; PostgreSQL is stopped afterwards unless the demo uses it."""
    with Database() as stack:
        command = [*shell_command(stack.cluster, stack.db), *sys.argv[1:]]
        return subprocess.run(
            command, env=environment(), cwd=places.state_dir(), check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
