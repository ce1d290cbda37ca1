"""A whole running product for a test, the demo, screenshots or the bench.

    from e2e.support.stack import Stack

    with Stack("journey") as stack:              # PostgreSQL, a fresh database, the sandbox, Odoo
        stack.odoo.url                           # "http://127.0.0.1:23456"
        stack.sandbox.info["google"]["api_base"] # the sandbox's line of JSON
        stack.shell("env['res.users'].search([])")          # code in Odoo's shell, committed
        stack.sql("SELECT id FROM res_users WHERE login = %s", "admin")   # -> list of tuples
        stack.odoo.kill()                        # kill -9 of that server
        stack.start_odoo(cron_threads=1)         # another server process on the same database
        stack.restart_sandbox()                  # same state, same port
    stack.start_dav().add_user("ada@north.example", "secret")     # a real CalDAV server

Options of Stack: `kind` "plain" (default) or "demo" (Odoo's and the addon's demo data);
`sandbox=False`, `servers=0` leave parts out (start them later); `cron_threads` and `workers` are
per server; `configure=False` skips scripts/demo_configure.py (base URL, OAuth app at the sandbox);
`push=True` lets the providers tell Odoo of changes, which is off so that tests know who asks when;
`cluster` is another PostgreSQL than the one all tests share, see mortal_postgres.py.
At the end every process is stopped and the database dropped, also when the body raises; after a
kill -9 of the test the kernel ends the servers and the next run drops the database.
Run with `./dev test` or `./dev run python ...`: they set the environment that this needs.
"""

import json
import os
import re
import shutil
import textwrap
import time
from pathlib import Path

from scripts.ground import places

from . import templates
from .dav_servers import Radicale
from .odoo_process import OdooServer, shell
from .postgres import Cluster
from .processes import Child
from .sandbox_process import Sandbox

LOGS_KEPT_S = 3 * 24 * 3600
CONFIGURE = places.REPO / "scripts" / "demo_configure.py"


class Stack:
    """PostgreSQL, one database, the sandbox and any number of Odoo servers; see the module."""

    def __init__(
        self,
        name,
        kind="plain",
        sandbox=True,
        servers=1,
        cron_threads=2,
        workers=0,
        configure=True,
        push=False,
        cluster=None,
    ):
        safe = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        self.db = f"run_{os.getpid()}_{safe}"
        self.kind = kind
        self.push = push
        self.cluster = cluster or Cluster()
        self.sandbox: Sandbox | None = None
        self.dav: Radicale | None = None
        self.servers: list[OdooServer] = []
        self._children: list[Child] = []
        self._wanted = {"sandbox": sandbox, "servers": servers, "configure": configure}
        self._server_options = {"cron_threads": cron_threads, "workers": workers}

    # -- life -----------------------------------------------------------------------------------
    def __enter__(self) -> "Stack":
        self.cluster.__enter__()
        try:
            self._come_up()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *error) -> None:
        for child in reversed(self._children):
            child.stop()
        self._forget()
        self.cluster.__exit__(*error)

    def _come_up(self) -> None:
        drop_orphans(self.cluster)
        self._prepare_database()
        if self._wanted["sandbox"]:
            self.start_sandbox()
        for _ in range(self._wanted["servers"]):
            self.start_odoo(wait=False)
        if self._wanted["configure"] and self.servers:
            self.configure()
        for server in self.servers:
            server.wait_ready()

    def _prepare_database(self) -> None:
        """Make `self.db`: a copy of the template, which the shared cluster has."""
        with Cluster() as shared:
            template = templates.template(shared, self.kind)
            if self.cluster.home == shared.home:
                templates.clone(self.cluster, template, self.db)
            else:
                templates.carry(shared, template, self.cluster, self.db)

    def _forget(self) -> None:
        """Delete what belongs to this run alone."""
        templates.drop(self.cluster, self.db)
        shutil.rmtree(self._sandbox_state(), ignore_errors=True)
        shutil.rmtree(self._dav_state(), ignore_errors=True)

    # -- parts ----------------------------------------------------------------------------------
    @property
    def odoo(self) -> OdooServer:
        """The first server that still runs."""
        return next(server for server in self.servers if server.is_running())

    def start_odoo(
        self, port=None, cron_threads=None, workers=None, wait=True, **env
    ) -> OdooServer:
        """Start one more server process on the database; `env` are environment variables for it."""
        options = dict(self._server_options)
        options |= {
            k: v for k, v in (("cron_threads", cron_threads), ("workers", workers)) if v is not None
        }
        name = f"odoo{len(self.servers)}"
        server = OdooServer(self.cluster, self.db, port=port, name=name, **options, **env)
        self.servers.append(server)
        self._children.append(server)
        return server.wait_ready() if wait else server

    def start_sandbox(self, port: int = 0) -> Sandbox:
        """Start the sandbox with a world of its own."""
        self.sandbox = Sandbox(self._sandbox_state(), port)
        self._children.append(self.sandbox)
        return self.sandbox

    def _sandbox_state(self) -> Path:
        return places.state_dir() / "sandbox" / self.db

    def start_dav(self, port: int = 0) -> Radicale:
        """Start a CalDAV server with calendars of its own. `configure` allows its address."""
        self.dav = Radicale(self._dav_state(), port)
        self._children.append(self.dav.process)
        return self.dav

    def _dav_state(self) -> Path:
        return places.state_dir() / "dav" / self.db

    def restart_sandbox(self) -> Sandbox:
        """End the sandbox and start it again: same state, same port."""
        port = int(self.sandbox.url.rsplit(":", 1)[1])
        self.sandbox.stop()
        return self.start_sandbox(port)

    def configure(self) -> str:
        """Tell Odoo its own address, the sandbox's OAuth apps and which CalDAV server is allowed;
        what the script printed."""
        return self.shell(CONFIGURE.read_text(encoding="utf-8"), **self.facts())

    def facts(self) -> dict[str, str]:
        """What a script needs to know, as environment variables.

        CSP_ODOO_URL, CSP_DB, CSP_PUSH ("" for no), CSP_SANDBOX (its line of JSON, "" without a
        sandbox), CSP_DAV (the CalDAV server's address, "" without one), CSP_ODOO_LOG, and CSP_PG:
        the arguments of psycopg2.connect as JSON.
        """
        return {
            "CSP_ODOO_URL": self.servers[0].url if self.servers else "",
            "CSP_DB": self.db,
            "CSP_PUSH": "1" if self.push else "",
            "CSP_SANDBOX": json.dumps(self.sandbox.info) if self.sandbox else "",
            "CSP_DAV": self.dav.url if self.dav else "",
            "CSP_ODOO_LOG": str(self.servers[0].log) if self.servers else "",
            "CSP_PG": json.dumps(self.cluster.address(self.db)),
        }

    # -- access ---------------------------------------------------------------------------------
    def shell(self, code: str, **env: str) -> str:
        """Run code in Odoo's shell (`env` is there), commit, and return what it printed.

        Raises OdooFailed with the traceback when the code raises.
        """
        body = textwrap.dedent(code)
        script = f"exec(compile({body!r}, 'script', 'exec'))\nenv.cr.commit()\n"
        return shell(self.cluster, self.db, script, **env)

    def sql(self, statement: str, *arguments) -> list[tuple]:
        """Run one SQL statement in autocommit; the rows it returns."""
        return self.cluster.query(self.db, statement, arguments)

    def wait_for(self, condition, what: str, timeout_s: float = 30.0):
        """Return the first true answer of `condition()`; AssertionError when it never comes."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = condition()
            if answer:
                return answer
            time.sleep(0.2)
        raise AssertionError(f"waited {timeout_s:.0f} s in vain for: {what}")


def drop_orphans(cluster: Cluster) -> None:
    """Drop the databases of runs whose process was killed, and logs that are days old."""
    for name in cluster.databases():
        owner = re.match(r"run_(\d+)_", name)
        if owner and not Path(f"/proc/{owner[1]}").exists():
            templates.drop(cluster, name)
    for log in places.log_dir().iterdir():
        if log.is_file() and time.time() - log.stat().st_mtime > LOGS_KEPT_S:
            log.unlink(missing_ok=True)
