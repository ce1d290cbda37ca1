"""A database of the release before this one: installed from the addon's files of then."""

import io
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from scripts.ground import places

from . import templates
from .odoo_process import OdooFailed, OdooServer, command_line, environment, write_config
from .stack import Stack

RELEASE = "19.0.1.0.0"
COMMIT = "5fbc2ef"
"""The last state that was that release."""


class FormerRelease(Stack):
    """`Stack` whose database and server are of the former release until `upgrade`."""

    def _prepare_database(self):
        self._folder = tempfile.TemporaryDirectory(prefix="former-release-")
        self.addons = Path(self._folder.name)
        with tarfile.open(fileobj=io.BytesIO(_git("archive", COMMIT, places.NAME))) as archive:
            archive.extractall(self.addons, filter="data")
        templates.clone(self.cluster, templates.base(self.cluster, self.kind), self.db)
        self._run_then("server", "-i", places.NAME, "--stop-after-init", "--no-http")
        self.cluster.query(self.db, templates.QUIET)

    def start_then(self):
        """Odoo's server with the addon of then, set up as an administrator did it then."""
        server = OdooServer(self.cluster, self.db, name="former", addons=self.addons)
        self.servers.append(server)
        self._children.append(server)
        script = _git("show", f"{COMMIT}:scripts/demo_configure.py").decode()
        code = f"exec(compile({script!r}, 'configure', 'exec'))\nenv.cr.commit()\n"
        self._run_then("shell", "--no-http", code=code, **self.facts())
        return server.wait_ready()

    def _run_then(self, subcommand, *options, code=None, **facts):
        command = command_line(self.cluster, self.db, subcommand)
        write_config(self.cluster, self.db, addons_path=self.addons)
        env = environment(PYTHONPATH=f"{os.environ['CSP_ODOO']}:{self.addons}", **facts)
        done = subprocess.run(
            [*command, *options, "--log-level=warn"], env=env, cwd=places.state_dir(), input=code,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode or "Traceback (most recent" in done.stderr:
            raise OdooFailed("\n".join((done.stdout + done.stderr).splitlines()[-40:]))

    def as_new(self):
        """The name of a database with a new installation of this release."""
        return templates.template(self.cluster, self.kind)

    def _forget(self):
        super()._forget()
        self._folder.cleanup()


def _git(*arguments) -> bytes:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=places.REPO, check=True, capture_output=True).stdout


def is_known() -> bool:
    """Whether this checkout has the history that the former release is taken from."""
    command = ["git", "cat-file", "-e", f"{COMMIT}^{{commit}}"]
    return not subprocess.run(command, cwd=places.REPO, check=False, capture_output=True).returncode
