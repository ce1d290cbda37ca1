"""Databases, a booted Odoo registry, and a meter of seconds, SQL, HTTP and memory."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2

from .stub import StubProcess

QUIET = {
    "dont_notify": True,
    "no_mail_to_attendees": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "skip_contact_description": True,
    "no_calendar_sync": True,
}


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where the databases are: PGHOST (a socket folder), PGPORT, PGUSER."""

    host: str
    port: str
    user: str

    @classmethod
    def from_environment(cls) -> Postgres:
        """Read the usual PG variables."""
        env = os.environ
        return cls(env["PGHOST"], env.get("PGPORT", "5432"), env.get("PGUSER", "odoo"))

    def execute(self, *statements: str) -> None:
        """Run statements outside a transaction on the maintenance database."""
        with self._maintenance() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def names(self) -> list[str]:
        """All databases."""
        with self._maintenance() as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            return [name for (name,) in cursor.fetchall()]

    @contextmanager
    def _maintenance(self):
        connection = psycopg2.connect(
            host=self.host, port=self.port, user=self.user, dbname="postgres"
        )
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def drop(self, name: str) -> None:
        """Remove a database if it exists."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def clone(self, template: str, name: str) -> None:
        """A fresh copy of `template`."""
        self.drop(name)
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def odoo_arguments(self, database: str) -> list[str]:
        """Command line of a silent Odoo on `database` without HTTP and crons."""
        arguments = ["--db_host", self.host, "--db_port", self.port, "--db_user", self.user]
        arguments += ["-d", database, "--no-http", "--max-cron-threads", "0"]
        arguments += ["--log-level", "error"]
        for option in ("ADDONS_PATH", "DATA_DIR"):
            value = os.environ.get(f"ODOO_{option}")
            if value:
                arguments += [f"--{option.lower().replace('_', '-')}", value]
        return arguments


def boot(postgres: Postgres, database: str):
    """The registry of `database` in this process."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(postgres.odoo_arguments(database), setup_logging=True)
    return Registry(database)


@contextmanager
def environment(registry, uid: int = 1, **context):
    """One committed transaction as `uid`."""
    from odoo import api

    with registry.cursor() as cursor:
        yield api.Environment(cursor, uid, context)


def _memory_mb(field: str) -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    return 0.0


class Meter:
    """Measures calls; each row has seconds, SQL statements, HTTP requests and memory in MB."""

    def __init__(self, stub: StubProcess) -> None:
        self.stub = stub
        self.rows: list[dict] = []

    def __call__(self, name: str, work) -> dict:
        """Run `work` once and keep a row."""
        from odoo import sql_db

        gc.collect()
        self.stub.control(reset=1)
        thread = threading.current_thread()
        thread.query_count, thread.query_time = 0, 0.0
        with open("/proc/self/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")
        memory, statements, started = _memory_mb("VmRSS"), sql_db.sql_counter, time.perf_counter()
        work()
        row = {
            "name": name,
            "s": round(time.perf_counter() - started, 4),
            "sql": sql_db.sql_counter - statements,
            "sql_s": round(thread.query_time, 4),
            "grown_mb": round(_memory_mb("VmHWM") - memory, 1),
        }
        stats = self.stub.control()["stats"]
        row |= {"http": stats["requests"], "by": dict(stats["by"])}
        self.rows.append(row)
        print(f"    {json.dumps(row)}", file=sys.stderr, flush=True)
        return row


def count_rows(registry) -> dict:
    """What stands in the database after a case; proves that the work was done."""
    queries = {
        "events": "SELECT count(*) FROM calendar_event WHERE active",
        "attendees": "SELECT count(*) FROM calendar_attendee",
        "recurrences": "SELECT count(*) FROM calendar_recurrence",
        "mails": "SELECT count(*) FROM mail_mail",
        "changed": "SELECT count(*) FROM calendar_event WHERE name LIKE '%% v%%'",
    }
    result = {}
    with registry.cursor() as cursor:
        for name, query in queries.items():
            cursor.execute(query)
            result[name] = cursor.fetchone()[0]
    return result
