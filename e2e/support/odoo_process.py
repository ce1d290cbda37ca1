"""Run Odoo: install modules, execute a script in its shell, serve HTTP with crons."""

import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from scripts.ground import places
from scripts.ground.progress import StepFailed, run_step

from .postgres import Cluster
from .processes import Child, free_port

START_TIMEOUT_S = 120


class OdooFailed(RuntimeError):
    """An Odoo command failed; the message is the end of its output."""


def data_dir() -> Path:
    """Odoo's data folder of this checkout: file stores and sessions."""
    path = places.state_dir() / "data"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def filestore(database: str) -> Path:
    """The folder of a database's attachments."""
    return data_dir() / "filestore" / database


def environment(**extra: str) -> dict[str, str]:
    """The environment for Odoo's processes."""
    path = f"{os.environ['CSP_ODOO']}:{places.REPO}"
    fixed = {"PYTHONPATH": path, "ODOO_NOTIFY_CRON_CHANGES": "1", "ODOO_RC": os.devnull}
    return {**os.environ, **fixed, "TZ": "UTC", **extra}


def write_config(cluster: Cluster, database: str, **options) -> Path:
    """Write Odoo's configuration file for one database and return its path."""
    addons = [str(places.REPO), *filter(None, os.environ.get("CSP_ODOO_ADDONS", "").split(","))]
    lines = {
        "db_host": cluster.host,
        "db_port": cluster.port,
        "db_user": cluster.user,
        "db_name": database,
        "db_maxconn": 64,
        "list_db": False,
        "data_dir": data_dir(),
        "addons_path": ",".join(addons),
        "http_interface": "127.0.0.1",
        "log_handler": "odoo.addons.base.models.res_currency:ERROR",  # num2words is left out
        "workers": 0,
        **options,
    }
    path = places.state_dir() / f"odoo-{database}.conf"
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    path.write_text(f"[options]\n{text}", encoding="utf-8")
    return path


def shell(cluster: Cluster, database: str, code: str, **env: str) -> str:
    """Run code in Odoo's shell and return what it printed. Raises OdooFailed with the traceback."""
    done = subprocess.run(
        shell_command(cluster, database), input=code, capture_output=True, text=True, check=False,
        env=environment(**env), cwd=places.state_dir(),
    )  # fmt: skip
    # The shell reports an exception in the code and still ends with 0.
    if done.returncode or "Traceback (most recent call last)" in done.stderr:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise OdooFailed(f"Odoo's shell on {database}:\n{tail}")
    return done.stdout


def shell_command(cluster: Cluster, database: str) -> list[str]:
    """The command line of Odoo's shell; it reads a script from standard input."""
    return [*command_line(cluster, database, "shell"), "--no-http", "--log-level=warn"]


def install(cluster: Cluster, database: str, modules: list[str], demo: bool, update=False) -> None:
    """Install (or update) modules in a database, which is made when it does not exist.

    Raises OdooFailed with the end of the log.
    """
    options = ["-u" if update else "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    options += ["--max-cron-threads=0", "--log-level=warn"] + ["--with-demo"] * demo
    command = [*command_line(cluster, database, "server"), *options]
    label = f"{'update' if update else 'install'} {', '.join(modules)}{' with demo data' * demo}"
    try:
        run_step(label, command, env=environment(), cwd=places.state_dir())
    except StepFailed as error:
        raise OdooFailed(str(error)) from None


def command_line(cluster: Cluster, database: str, subcommand: str) -> list[str]:
    """The command line of one of Odoo's commands for a database, without its own options."""
    config = write_config(cluster, database)
    python = f"{os.environ['CSP_VENV']}/bin/python"
    return [python, "-m", "odoo", subcommand, "-c", str(config), "-d", database]


class OdooServer(Child):
    """A real Odoo server process on a free port of 127.0.0.1.

    `cron_threads` are its own; `workers` > 0 starts the multi-process server (its HTTP port then
    has no websocket). `url` answers when the constructor returns. `addons` is another folder than
    this checkout that the addon is taken from. `database` may be several with commas between; then
    `db_filter` says which one a request is for, as `--db-filter` does.
    """

    def __init__(
        self,
        cluster,
        database,
        port=None,
        cron_threads=2,
        workers=0,
        name="odoo",
        addons=None,
        db_filter="",
        **env,
    ):
        self.port = free_port(port)
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = database
        options = [
            "--http-interface=127.0.0.1", f"--http-port={self.port}", "--no-database-list",
            f"--gevent-port={free_port()}", f"--max-cron-threads={cron_threads}",
            f"--workers={workers}", f"--db-filter={db_filter}",
        ]  # fmt: skip
        python = f"{os.environ['CSP_VENV']}/bin/python"
        # The multi-process server starts itself again and needs the launcher script for that.
        launcher = env.get("CSP_TEST_LAUNCHER") or os.environ.get("CSP_TEST_LAUNCHER")
        if workers:
            launcher = launcher or os.environ["CSP_ODOO_LAUNCHER"]
        start = [launcher] if launcher else ["-m", "odoo"]
        config = write_config(cluster, database, **({"addons_path": addons} if addons else {}))
        env |= {"PYTHONPATH": f"{os.environ['CSP_ODOO']}:{addons}"} if addons else {}
        command = [python, *start, "server", "-c", str(config), "-d", database, *options]
        log = places.log_dir() / f"{name}-{database}.log"
        super().__init__(command, log, env=environment(**env), cwd=places.state_dir())

    def wait_ready(self, timeout_s: float = START_TIMEOUT_S) -> "OdooServer":
        """Wait until it answers over HTTP. Raises RuntimeError with the log's end."""
        self.wait_until(self._answers, f"Odoo at {self.url}", timeout_s)
        return self

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False
