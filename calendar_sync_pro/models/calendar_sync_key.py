"""Another encryption key for everything that is stored encrypted."""

from collections import Counter
from dataclasses import dataclass

import psycopg2
from odoo import api, models
from odoo.tools import SQL

from . import vault
from .calendar_sync_worker import TRANSIENT, TRIES

BATCH = 200
SUFFIX = "_encrypted"


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
        say that somebody was writing at the end: call again.
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

    def _forget_old_keys(self):
        """Drop the older keys of the file when nothing needs them. Writers wait meanwhile, so that
        none of them has encrypted with a key that is about to go."""
        with self.pool.cursor() as cr:
            # Neither statement takes the snapshot: it begins once everybody else has committed.
            cr.execute("SET LOCAL lock_timeout = '10s'")
            try:
                for table in sorted({table for table, _column in self._places()}):
                    lock = SQL("LOCK TABLE %s IN SHARE MODE", SQL.identifier(table))
                    cr.execute(lock, log_exceptions=False)
            except psycopg2.errors.LockNotAvailable:
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
