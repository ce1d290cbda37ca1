"""Another encryption key for everything that is stored encrypted."""

from collections import Counter
from dataclasses import dataclass

import psycopg2
from odoo import api, models
from odoo.tools import SQL

from . import vault
from .calendar_sync_worker import TRANSIENT, TRIES

BATCH = 200
PATIENCE_S = 30.0
"""For how long the end of a rotation waits for what others have begun before it."""
SKEW_S = 5.0
"""By how much the clocks of the key file and of this machine may differ."""
SUFFIX = "_encrypted"
_BEGUN_BEFORE = """
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND pid != ALL(%s)
       AND xact_start < clock_timestamp() - make_interval(secs => %s)
       AND backend_type = 'client backend'
     LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Secrets:
    """How many stored secrets the first key opens, only an older one, and none that is known."""

    current: int
    older: int
    unreadable: int
    has_old_keys: bool


class CalendarSyncKey(models.AbstractModel):
    """Rotation of the key: a new one encrypts from now on, what is stored is encrypted anew in
    small transactions, then the old one is forgotten. Killed anywhere, it goes on at the next call;
    until the end both keys are known, so nothing is ever unreadable."""

    _name = "calendar.sync.key"
    _description = "Encryption key of stored secrets"

    @api.model
    def _rotate(self):
        """Encrypt every stored secret with a new key, or with the first of the configured ones.

        Returns the `Secrets` as they are afterwards. With a key file, old keys that are still there
        say that others were still at work: call again.
        """
        dbname = self.env.cr.dbname
        vault.add_key(dbname)
        for table, column in self._places():
            self._rotate_column(table, column)
        return self._forget_old_keys()

    @api.model
    def _status(self):
        """The `Secrets` as they are now. Changes nothing."""
        with self.pool.cursor() as cr:
            return self._count(cr)

    @api.model
    def _places(self):
        """(table, column) of everything encrypted: fields of this addon say so by their name."""
        return [
            (model._table, name)
            for model in map(self.env.__getitem__, sorted(self.pool))
            if model._original_module == "calendar_sync_pro" and model._auto
            for name, field in sorted(model._fields.items())
            if name.endswith(SUFFIX) and field.store
        ]

    def _rotate_column(self, table, column):
        after = 0
        while after is not None:
            with self.pool.cursor() as cr:
                after = self._rotate_batch(cr, table, column, after)
                cr.commit()  # pylint: disable=invalid-commit

    def _rotate_batch(self, cr, table, column, after):
        """Encrypt the next rows anew; the last one's id, None after the end."""
        rows, dbname = self._locked_rows(cr, table, column, after), cr.dbname
        for row_id, sealed in rows:
            if vault.is_current(dbname, sealed) or not vault.is_readable(dbname, sealed):
                continue
            update = SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(table), SQL.identifier(column), vault.reencrypt(dbname, sealed),
                row_id,
            )  # fmt: skip
            cr.execute(update)
        return rows[-1][0] if len(rows) == BATCH else None

    def _locked_rows(self, cr, table, column, after):
        """[(id, secret)], locked so that no token that is refreshed meanwhile is overwritten."""
        name = SQL.identifier(column)
        query = SQL(
            "SELECT id, %s FROM %s WHERE %s IS NOT NULL AND id > %s ORDER BY id LIMIT %s"
            " FOR UPDATE",
            name, SQL.identifier(table), name, after, BATCH,
        )  # fmt: skip
        for attempt in range(TRIES):
            try:
                cr.execute(query, log_exceptions=False)
                break
            except TRANSIENT:  # the other one has committed: the next snapshot shows its row
                cr.rollback()
                if attempt == TRIES - 1:
                    raise
        return cr.fetchall()

    def _are_others_done(self, cr):
        """True once no transaction from before the first key is open any more: it may have
        encrypted with an older one what it has not written yet. The own connections haven't."""
        own = [each._cnx.get_backend_pid() for each in (cr, self.env.cr)]
        for _tenth in range(round(PATIENCE_S * 10)):
            age_s = max(vault.first_key_age_s(cr.dbname) - SKEW_S, 0)
            cr.execute("SELECT pg_stat_clear_snapshot()")  # else all rounds see the first one's
            cr.execute(_BEGUN_BEFORE, [own, age_s])
            if not cr.rowcount:
                return True
            cr.execute("SELECT pg_sleep(0.1)")
        return False

    def _forget_old_keys(self):
        """Drop the older keys of the file when nothing needs them. Who began before is waited for,
        and writers wait meanwhile: nobody has encrypted with a key that is about to go."""
        with self.pool.cursor() as cr:
            if vault.is_configured() or not self._are_others_done(cr):
                return self._count(cr)
            cr.rollback()
            # Neither statement takes the snapshot: it begins once everybody else has committed.
            cr.execute("SET LOCAL lock_timeout = '10s'")
            try:
                for table in sorted({table for table, _column in self._places()}):
                    lock = SQL("LOCK TABLE %s IN SHARE MODE", SQL.identifier(table))
                    cr.execute(lock, log_exceptions=False)
            except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
                cr.rollback()
                return self._count(cr)
            if not self._count(cr).older:
                vault.drop_old_keys(cr.dbname)
            return self._count(cr)

    def _count(self, cr):
        counts = Counter()
        for table, column in self._places():
            name = SQL.identifier(column)
            query = SQL("SELECT %s FROM %s WHERE %s IS NOT NULL", name, SQL.identifier(table), name)
            cr.execute(query)
            counts.update(_kind(cr.dbname, sealed) for (sealed,) in cr.fetchall())
        return Secrets(
            counts["current"], counts["older"], counts["unreadable"], vault.has_old_keys(cr.dbname)
        )


def _kind(dbname, sealed):
    if vault.is_current(dbname, sealed):
        return "current"
    return "older" if vault.is_readable(dbname, sealed) else "unreadable"
