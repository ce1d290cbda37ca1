"""One rep with a calendar, on real connections with real commits, taken away again at the end."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase

from ..providers import port
from ..providers.memory import MemoryWorld
from .push_case import WORLD


class CommittedCase(TransactionCase):
    """`EMAIL` names the rep, who is nobody of another case."""

    EMAIL = ""

    def setUp(self):
        super().setUp()
        WORLD["world"] = self.world = MemoryWorld(now=datetime.now(UTC))
        with self.connection() as env:
            users = env["res.users"].with_context(no_reset_password=True)
            user = users.create({"name": "Rep", "login": self.EMAIL, "email": self.EMAIL})
            account = self.connected(env, user)
            self.user_id, self.account_id = user.id, account.id
        self.world.account(self.EMAIL)
        self.addCleanup(self.clean)

    def connected(self, env, user):
        """The rep's account, whose sync is on and not due for an hour."""
        account = env["calendar.sync.account"].create(
            {
                "user_id": user.id, "company_id": env.company.id, "provider": "memory",
                "remote_id": self.EMAIL, "email": self.EMAIL,
            }
        )  # fmt: skip
        account._store_grant(port.Grant(access_token=self.EMAIL))
        env["calendar.sync.calendar"].create(
            {
                "account_id": account.id, "remote_id": self.EMAIL, "name": self.EMAIL,
                "access_role": "owner", "can_write": True, "is_primary": True, "is_events": True,
            }
        )  # fmt: skip
        account.is_sync_on = True
        account.next_run = fields.Datetime.now() + timedelta(hours=1)
        return account

    def clean(self):
        """Take away what was committed."""
        with self.connection() as env:
            events = env["calendar.event"].with_context(active_test=False)
            events.search([("user_id", "=", self.user_id)]).unlink()
            env.cr.precommit.clear()
            env["calendar.sync.mark"].search([]).unlink()
            links = env["calendar.sync.link"].search([("account_id", "=", self.account_id)])
            links.meeting_id.unlink()
            user = env["res.users"].browse(self.user_id)
            env["calendar.sync.account"].browse(self.account_id).unlink()
            partner = user.partner_id
            user.unlink()
            partner.unlink()
            env.cr.precommit.clear()
            env.cr.postcommit.clear()

    @contextmanager
    def connection(self, user_id=SUPERUSER_ID):
        """An environment on a connection of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, user_id, {})
