"""What the tests of sending share: an account of the in-memory provider, and the worker's turn."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user

from ..core.errors import AlreadyExists
from ..models import calendar_sync_worker
from ..providers import port
from ..providers.memory import MemoryProvider, MemoryWorld
from ..providers.memory_channels import MemoryNotices

WORLD = {
    "world": MemoryWorld(), "opened": 0, "before_create": None, "after_create": None,
    "before_stop": None, "answers_again": False,
}  # fmt: skip


class WatchedProvider(MemoryProvider):
    """Lets a test do something right before or after the provider creates an event, and before it
    ends a channel."""

    def create(self, calendar_id, draft, key, **how):
        """The other side of a request that is under way. Some providers answer a second try with
        what the first one made."""
        self._meanwhile("before_create")
        try:
            created = super().create(calendar_id, draft, key, **how)
        except AlreadyExists:
            if not WORLD["answers_again"]:
                raise
            created = self.find(calendar_id, key)
        self._meanwhile("after_create")
        return created

    def stop(self, channel):
        """The other side of the request that ends a channel."""
        self._meanwhile("before_stop")
        super().stop(channel)

    def _meanwhile(self, moment):
        happening, WORLD[moment] = WORLD[moment], None
        if happening:
            happening()


def _open(app, grant, *, timeout_s=20.0):
    WORLD["opened"] += 1
    WORLD["world"].account(grant.access_token)
    return WatchedProvider(WORLD["world"], grant.access_token)


class Abilities:
    """What a test says that the provider can do beyond the ordinary."""

    can = port.Capabilities()

    __call__ = staticmethod(_open)


ABILITIES = Abilities()
MEMORY = port.register(
    port.Registration(
        "memory", "In memory", None, ABILITIES, "Open in memory", notices=MemoryNotices()
    )
)


class PushCase(TransactionCase):
    """One rep with a connected calendar; commits are savepoints of the test's transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nobody saves beside a test of one transaction: there is nothing to wait for.
        cls.classPatch(calendar_sync_worker, "SETTLE_S", 0)
        WORLD["world"] = MemoryWorld(now=datetime.now(UTC))
        cls.world = WORLD["world"]
        cls.user = new_test_user(
            cls.env,
            "ann",
            groups="base.group_user,sales_team.group_sale_salesman",
            email="ann@corp.example",
            tz="Europe/Berlin",
        )
        cls.account = cls._connected(cls.user)

    def setUp(self):
        super().setUp()
        WORLD["world"] = type(self).world = MemoryWorld(now=datetime.now(UTC))
        self.world.account(self.account.email)

    @classmethod
    def enable(cls, **abilities):
        """For this class the provider can do more, as the product sees it without opening it."""
        ABILITIES.can = port.Capabilities(**abilities)
        cls.addClassCleanup(setattr, ABILITIES, "can", port.Capabilities())

    @classmethod
    def _connected(cls, user, **values):
        account = cls.env["calendar.sync.account"].create(
            {
                "user_id": user.id,
                "company_id": cls.env.company.id,
                "provider": "memory",
                "remote_id": user.email,
                "email": user.email,
            }
        )
        account._store_grant(port.Grant(access_token=user.email))
        cls.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id,
                "remote_id": user.email,
                "name": user.email,
                "access_role": "owner",
                "can_write": True,
                "is_primary": True,
                "is_own": True,
                "is_events": True,
                "access_mode": "full",
            }
        )
        WORLD["world"].account(user.email)
        account.write(
            {
                "is_sync_on": True,
                "synced_from": fields.Datetime.now() - timedelta(days=1),
            }
        )
        account.write(
            {
                "first_sync_done": True,
                "exported_until": datetime(2090, 1, 1),
                "last_sync": fields.Datetime.now(),
                "next_run": fields.Datetime.now() + timedelta(hours=1),
                **values,
            }
        )
        cls.env.flush_all()
        return account

    @classmethod
    def tomorrow(cls, hour=10, days=1):
        day = fields.Datetime.now() + timedelta(days=days)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)

    def book(self, name="Demo", hour=10, days=1, user=None, **values):
        """An appointment made by the rep as from the form, and its marks."""
        user = user or self.user
        start = self.tomorrow(hour, days)
        event = (
            self.env["calendar.event"]
            .with_user(user)
            .create(
                {
                    "name": name,
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": user.id,
                    "partner_ids": [(6, 0, user.partner_id.ids)],
                    **values,
                }
            )
        )
        self.save()
        return event

    def save(self):
        """What happens when a request commits: the marks are written."""
        self.env.cr.flush()

    def marks(self):
        return self.env["calendar.sync.mark"].search([])

    def turn(self):
        """The worker's turn, as the cron takes it."""
        self.save()
        with self.committing() as env:
            env["calendar.sync.account"]._cron_work()

    @contextmanager
    def committing(self):
        """An environment in which code may commit: savepoints stand in for transactions."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield self.env(cr=cr)

    def remote(self, account=None):
        """{title: RemoteEvent} of what the other side shows."""
        entries = self.world.calendars[(account or self.account).email]
        return {e.event.fields.title: e.event for e in entries.values() if e.event}

    def remotes(self, account=None):
        entries = self.world.calendars[(account or self.account).email]
        return [e.event for e in entries.values() if e.event]
