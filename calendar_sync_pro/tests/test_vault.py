"""Credentials: encrypted at rest, refreshed once, never shown."""

import os
import stat
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..core.errors import AuthExpired, Unavailable
from ..models import vault
from ..models.calendar_sync_grant import _lock_session
from ..providers import port
from .push_case import WORLD, PushCase


class Refusing:
    """A sign-in that counts refreshes and rotates its refresh token each time."""

    default_endpoints = port.Endpoints()

    def __init__(self):
        self.used = []

    def permissions(self, purpose):
        return ()

    def refresh(self, app, grant):
        """Every refresh token works once."""
        if grant.refresh_token in self.used:
            raise AuthExpired("invalid_grant")
        self.used.append(grant.refresh_token)
        return port.Grant(
            access_token=grant.access_token,
            refresh_token=f"{grant.refresh_token}+",
            expires_at=datetime.now(UTC) + timedelta(hours=1),
        )


SIGN_IN = Refusing()


def _open(app, grant, *, timeout_s=20.0):
    return WORLD["world"].account(grant.access_token)


port.register(port.Registration("rotating", "Rotating", SIGN_IN, _open))


@tagged("post_install", "-at_install")
class TestVault(TransactionCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        before = config["data_dir"]
        self.addCleanup(config.__setitem__, "data_dir", before)
        config["data_dir"] = folder.name
        self.file = Path(folder.name) / "calendar_sync_pro" / "db.key"

    def test_key_file_is_for_the_server_only(self):
        """S0-33: made once, readable by nobody else."""
        vault.ensure_key("db")
        first = self.file.read_text()
        vault.ensure_key("db")
        self.assertEqual(self.file.read_text(), first)
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)

    def test_secret_is_not_in_what_is_stored(self):
        """S0-33: only the key opens it."""
        sealed = vault.encrypt("db", "canary-secret")
        self.assertNotIn("canary-secret", sealed)
        self.assertEqual(vault.decrypt("db", sealed), "canary-secret")

    def test_lost_key_is_told_without_the_secret(self):
        """A restored database without its key asks for a new sign-in."""
        sealed = vault.encrypt("db", "canary-secret")
        self.file.unlink()
        vault.ensure_key("db")
        with self.assertRaises(vault.KeyLost) as caught:
            vault.decrypt("db", sealed)
        self.assertNotIn("canary", str(caught.exception))

    def test_a_copy_under_another_name_opens_nothing(self):
        """S0-33: each database has its own key; a copy that nobody neutralized syncs nothing."""
        sealed = vault.encrypt("db", "secret")
        vault.ensure_key("copy")
        with self.assertRaises(vault.KeyLost):
            vault.decrypt("copy", sealed)
        self.assertNotEqual(self.file.read_text(), self.file.with_name("copy.key").read_text())

    def test_rotation_keeps_old_secrets_readable(self):
        """A new key encrypts; the old one still opens until it is dropped."""
        old = vault.encrypt("db", "secret")
        vault.add_key("db")
        self.assertEqual(vault.decrypt("db", old), "secret")
        new = vault.reencrypt("db", old)
        vault.drop_old_keys("db")
        self.assertEqual(vault.decrypt("db", new), "secret")
        with self.assertRaises(vault.KeyLost):
            vault.decrypt("db", old)

    def test_configured_key_wins_over_the_file(self):
        """The key from the environment is used, and no file is made."""
        from cryptography.fernet import Fernet

        os.environ[vault.ENV_NAME] = Fernet.generate_key().decode()
        self.addCleanup(os.environ.pop, vault.ENV_NAME)
        sealed = vault.encrypt("db", "secret")
        self.assertFalse(self.file.exists())
        self.assertEqual(vault.decrypt("db", sealed), "secret")


@tagged("post_install", "-at_install")
class TestGrants(PushCase):
    def setUp(self):
        super().setUp()
        SIGN_IN.used.clear()
        self.account.provider = "rotating"

    def store(self, **more):
        self.account._store_grant(
            port.Grant(access_token=self.account.email, refresh_token="r1", **more)
        )
        self.env.flush_all()

    def test_token_is_refreshed_before_it_expires(self):
        """S4-05: works past the access token's end; the rotated refresh token is kept."""
        self.store(expires_at=datetime.now(UTC) + timedelta(seconds=30))
        with self.committing() as env:
            env[self.account._name].browse(self.account.id)._open_provider()
        self.assertEqual(SIGN_IN.used, ["r1"])
        self.assertEqual(self.account._load_grant().refresh_token, "r1+")

    def test_second_process_uses_the_first_ones_result(self):
        """Two refreshes at once would destroy a rotating grant: the second finds a fresh token."""
        self.store(expires_at=datetime.now(UTC) + timedelta(seconds=30))
        with self.committing() as env:
            account = env[self.account._name].browse(self.account.id)
            old = account._load_grant()
            account._open_provider()
            fresh = account._refresh_grant(account._oauth_app())
        self.assertEqual(SIGN_IN.used, ["r1"])
        self.assertNotEqual(fresh.refresh_token, old.refresh_token)

    def test_refresh_that_is_under_way_is_waited_for_but_not_for_ever(self):
        """S4-05: on two real connections: the lock is handed on; who waits too long gives up."""
        key = f"calendar_sync_refresh:test-{self.account.id}"
        dbname = self.env.cr.dbname
        with db_connect(dbname).cursor() as first, db_connect(dbname).cursor() as second:
            _lock_session(first, key)
            with self.assertRaisesRegex(Unavailable, "refresh_under_way"):
                _lock_session(second, key, patience_s=0.05)
            second.rollback()
            unlock = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
            release = threading.Timer(0.2, lambda: (first.execute(unlock, [key]), first.commit()))
            release.start()
            began = time.monotonic()
            _lock_session(second, key)
            self.assertGreater(time.monotonic() - began, 0.1)
            release.join()
            second.execute(unlock, [key])
            self.assertTrue(second.fetchone()[0], "it was ours until now, past the commit")

    def test_fresh_token_is_not_refreshed(self):
        """No request when none is needed."""
        self.store(expires_at=datetime.now(UTC) + timedelta(hours=1))
        self.account._open_provider()
        self.assertFalse(SIGN_IN.used)

    def test_credentials_are_in_no_answer(self):
        """S0-33: not even an administrator reads them by RPC."""
        self.store()
        admin = self.env.ref("base.user_admin")
        self.env.invalidate_all()
        account = self.account.with_user(admin)
        self.assertNotIn("credentials_encrypted", account.fields_get())
        self.assertNotIn("r1", repr(self.account._load_grant()))

    def test_forgetting_wipes_them(self):
        """S0-14: after disconnecting nothing is left to use."""
        self.store()
        self.account._forget_grants()
        self.assertFalse(self.account.credentials_encrypted)
        with self.assertRaises(AuthExpired):
            self.account._open_provider()
