"""The checkout's own PostgreSQL: a cluster on a unix socket, no TCP, no durability.

It runs while somebody uses it. Every user holds a shared lock that dies with the process, so the
last one out stops the server, and one that was killed leaves nothing that needs repair.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg2
from psycopg2 import sql

from scripts.ground import places
from scripts.ground.progress import only_one

PORT = 5432  # names the socket's file only; nothing listens on the network
ROLE = "odoo"
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "max_wal_size=2GB",
    "jit=off",
    "timezone=UTC",
    "log_min_messages=panic",
)


class Cluster:
    """The cluster of this checkout; use it as a context manager. Several processes may at once."""

    settings = SETTINGS

    def __init__(self, name="pg"):
        self.home = places.state_dir() / name
        self.data = self.home / "data"
        self.host = str(places.socket_dir(name))
        self.port = PORT
        self.user = ROLE
        self._user_lock = None

    # -- life -----------------------------------------------------------------------------------
    def __enter__(self):
        """Start the server unless it runs, and count as one of its users."""
        self._user_lock = open(places.state_dir() / "pg-users.lock", "a", encoding="utf-8")
        fcntl.flock(self._user_lock, fcntl.LOCK_SH)
        with self._start_lock():
            if not self.is_running():
                self._start()
        return self

    def __exit__(self, *_error):
        """Stop the server when nobody else uses it."""
        with self._start_lock():
            fcntl.flock(self._user_lock, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self._user_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._pg_ctl("stop", "-m", "fast")
            self._user_lock.close()

    def is_running(self) -> bool:
        """Whether the server answers."""
        try:
            psycopg2.connect(**self.address("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _start_lock(self):
        return only_one(places.state_dir() / "pg-start.lock", "this checkout's PostgreSQL")

    def _start(self):
        """Start; a cluster that can't start (machine switched off, files deleted) is made anew."""
        if not (self.data / "PG_VERSION").exists() or self._version() != self._binaries_version():
            self._create()
        if self._try_start():
            return
        print(f"PostgreSQL's files in {self.data} are unusable; starting afresh", file=sys.stderr)
        self._create()
        if not self._try_start():
            raise RuntimeError(f"PostgreSQL does not start; see {self.home / 'log'}")

    def _create(self):
        """Make an empty cluster (about one second)."""
        self._run("bash", "-c", 'rm -rf "$0"', str(self.data), check=False)
        for folder in {self.home, Path(self.host)}:
            folder.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres")
            folder.chmod(0o700)
        options = ["-U", ROLE, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._run(self.program("initdb"), "-D", str(self.data), *options)
        lines = "".join(f"{item.replace('=', ' = ', 1)}\n" for item in _quoted(self.settings))
        script = 'cat >> "$0/postgresql.conf"'
        self._run("bash", "-c", script, str(self.data), input=lines.encode())

    def _try_start(self) -> bool:
        options = f"-k {self.host} -p {PORT}"
        return self._pg_ctl("start", "-w", "-t", "60", "-o", options, "-l", str(self.home / "log"))

    def _pg_ctl(self, *arguments) -> bool:
        command = (self.program("pg_ctl"), "-D", str(self.data), *arguments)
        return self._run(*command, check=False, start_new_session=True).returncode == 0

    def _run(self, *command, check=True, **options):
        """Run one of PostgreSQL's programs as the user that may run it (never root)."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        options.setdefault("stdin", None if "input" in options else subprocess.DEVNULL)
        if options["stdin"] is None:
            del options["stdin"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        return subprocess.run([*prefix, *command], check=check, **quiet, **options)

    def _version(self) -> str:
        command = ("cat", str(self.data / "PG_VERSION"))
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def _binaries_version(self) -> str:
        command = (self.program("initdb"), "--version")
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return text.split()[2].split(".")[0]

    # -- databases ------------------------------------------------------------------------------
    def program(self, name: str) -> str:
        """The path of one of PostgreSQL's programs."""
        return str(Path(os.environ["CSP_PG_BIN"]) / name)

    def address(self, database: str) -> dict:
        """Arguments for psycopg2.connect."""
        return {"host": self.host, "port": self.port, "user": self.user, "dbname": database}

    def query(self, database: str, statement, arguments=()) -> list[tuple]:
        """Run one statement in autocommit and return its rows (none for a command)."""
        connection = psycopg2.connect(**self.address(database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, arguments)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def databases(self) -> set[str]:
        """The names of all databases."""
        return {row[0] for row in self.query("postgres", "SELECT datname FROM pg_database")}

    def clone(self, source: str, target: str) -> None:
        """Copy a database that nobody is connected to; the copy gets an identity of its own."""
        names = (sql.Identifier(target), sql.Identifier(source))
        self.query("postgres", sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        self.renew_identity(target)

    def renew_identity(self, database: str) -> None:
        """Give a copy an identity of its own."""
        statement = "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid'"
        self.query(database, statement, (str(uuid.uuid4()),))

    def drop(self, database: str) -> None:
        """Delete a database if there is one, also under the feet of those who use it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self.query("postgres", statement.format(sql.Identifier(database)))


def _quoted(settings) -> list[str]:
    """Settings in the form of postgresql.conf."""
    return [f"{name}='{value}'" for name, value in (item.split("=", 1) for item in settings)]
