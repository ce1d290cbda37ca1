"""Another key for everything that is stored encrypted."""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import config

from ..models import calendar_sync_key, vault
from .push_case import PushCase

TABLE = "calendar_sync_account"


@tagged("post_install", "-at_install")
class TestKeyRotation(PushCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(config.__setitem__, "data_dir", config["data_dir"])
        config["data_dir"] = folder.name
        self.dbname = self.env.cr.dbname
        self.file = Path(folder.name) / "calendar_sync_pro" / f"{self.dbname}.key"
        accounts = self.env["calendar.sync.account"]
        self.accounts = accounts.create(
            [
                {
                    "user_id": self.user.id,
                    "company_id": self.env.company.id,
                    "provider": "memory",
                    "email": f"{number}@corp.example",
                    "credentials_encrypted": vault.encrypt(self.dbname, f"secret {number}"),
                }
                for number in range(7)
            ]
        )
        self.account.credentials_encrypted = vault.encrypt(self.dbname, "secret of ann")
        self.env.flush_all()

    def rotate(self):
        with self.committing() as env:
            found = env["calendar.sync.key"]._rotate()
        self.env.invalidate_all()
        return found

    def secrets(self):
        return [vault.decrypt(self.dbname, one.credentials_encrypted) for one in self.accounts]

    def test_everything_stored_opens_with_the_new_key_alone(self):
        """S0-33: accounts, apps and what undoing a move needs; the old key is gone."""
        app = self.env["calendar.sync.oauth.app"].create(
            {"provider": "google", "client_id": "id", "client_secret": "s3cret"}
        )
        self.env.flush_all()
        old = self.file.read_text()
        found = self.rotate()
        self.assertEqual((found.older, found.unreadable, found.has_old_keys), (0, 0, False))
        self.assertNotIn(old.strip(), self.file.read_text())
        self.assertEqual(self.secrets(), [f"secret {number}" for number in range(7)])
        self.assertEqual(app._value().client_secret, "s3cret")

    def test_every_encrypted_field_is_thought_of(self):
        """S0-33: a field that holds a secret says so by its name."""
        places = set(self.env["calendar.sync.key"]._places())
        self.assertLessEqual(
            {
                (TABLE, "credentials_encrypted"),
                ("calendar_sync_oauth_app", "client_secret_encrypted"),
                ("calendar_sync_takeover_user", "secrets_encrypted"),
            },
            places,
        )

    def test_rotation_that_was_cut_short_goes_on_with_the_key_it_began_with(self):
        """S0-33: in between everything is readable; no third key is made."""
        vault.add_key(self.dbname)
        begun, first = self.file.read_text().split(), self.accounts[0]
        first.credentials_encrypted = vault.reencrypt(self.dbname, first.credentials_encrypted)
        self.env.flush_all()
        with self.committing() as env:
            half = env["calendar.sync.key"]._status()
        self.assertTrue(half.current and half.older and half.has_old_keys)
        self.assertEqual(self.secrets(), [f"secret {number}" for number in range(7)])
        self.assertFalse(self.rotate().older)
        self.assertEqual(self.file.read_text().split(), begun[:1])
        self.assertEqual(self.secrets(), [f"secret {number}" for number in range(7)])

    def test_a_secret_without_its_key_is_counted_and_left(self):
        """S0-33: its owner connects again; the rest is rotated."""
        sealed = Fernet(Fernet.generate_key()).encrypt(b"lost").decode()
        self.accounts[0].credentials_encrypted = sealed
        self.env.flush_all()
        found = self.rotate()
        self.assertEqual((found.unreadable, found.older), (1, 0))
        self.assertEqual(self.accounts[0].credentials_encrypted, sealed)

    def test_the_old_key_stays_while_somebody_may_still_write_with_it(self):
        """S0-33: a transaction that began before may hold a token encrypted with the old key that
        it has not written yet; once it is over the next call finishes."""
        self.patch(calendar_sync_key, "PATIENCE_S", 0.3)
        old = self.file.read_text().strip()
        with db_connect(self.dbname).cursor() as other:
            other.execute("SELECT 1")
            found = self.rotate()
            self.assertEqual((found.older, found.has_old_keys), (0, True))
            self.assertIn(old, self.file.read_text())
        self.assertFalse(self.rotate().has_old_keys)

    def test_configured_keys_stay_with_their_administrator(self):
        """S0-33: `new,old` in the environment; afterwards `new` alone opens everything."""
        new, old = (Fernet.generate_key().decode() for _ in range(2))
        self.addCleanup(os.environ.pop, vault.ENV_NAME)
        os.environ[vault.ENV_NAME] = f"{old},{self.file.read_text().strip()}"
        self.rotate()
        os.environ[vault.ENV_NAME] = f"{new},{old}"
        found = self.rotate()
        self.assertEqual((found.older, found.has_old_keys), (0, True))
        os.environ[vault.ENV_NAME] = new
        self.assertEqual(self.secrets(), [f"secret {number}" for number in range(7)])
