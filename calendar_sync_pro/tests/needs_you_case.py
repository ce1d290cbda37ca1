"""What the tests of waiting changes share: a calendar that mails guests of every change."""

from odoo.fields import Command

from ..core.event import Attendee, Response
from ..providers import port
from ..providers.memory_rules import LOUD
from .pull_case import PullCase
from .push_case import WORLD, WatchedProvider


class LoudProvider(WatchedProvider):
    """Counts what is asked of it."""

    can = LOUD
    asked: list = []

    def _note(self, name):
        type(self).asked.append(name)

    def update(self, *args, **kwargs):
        """A write."""
        self._note("update")
        return super().update(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """A removal."""
        self._note("delete")
        return super().delete(*args, **kwargs)

    def get(self, *args, **kwargs):
        """A look at one event."""
        self._note("get")
        return super().get(*args, **kwargs)


def _open(app, grant, *, timeout_s=20.0):
    WORLD["world"].account(grant.access_token)
    return LoudProvider(WORLD["world"], grant.access_token)


_open.can = LOUD
port.register(port.Registration("loud", "Loud Mail", None, _open, "Open in Loud Mail"))


class NeedsYouCase(PullCase):
    """Ann's calendar cannot stay silent; two customers come to her meeting."""

    CARLA = Attendee("carla@customer.example", "Carla", Response.ACCEPTED)
    DAN = Attendee("dan@customer.example", "Dan")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.provider = "loud"
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.world.is_loud = True
        LoudProvider.asked.clear()

    def meeting(self, name="Demo", guests=(CARLA, DAN), **said):
        """A meeting with customers that was made and invited to in the calendar, now in Odoo."""
        fields = {"attendees": tuple(guests), **said.pop("fields", {})}
        remote = self.adds(name, fields=fields, **said)
        self.read()
        return self.events(name)[0], remote

    def read(self):
        """The worker's turn with a look at the calendar."""
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.env.invalidate_all()

    def change(self, event, **values):
        """A quiet edit in Odoo, and the worker's turn."""
        event.with_user(self.user).with_context(no_mail_to_attendees=True).write(values)
        self.turn()
        self.env.invalidate_all()

    def there(self, remote):
        """What the calendar shows of it now; None when it is gone."""
        return self.world.calendars[self.account.email][remote.remote_id].event

    def state(self, remote):
        self.env.invalidate_all()
        return self.link(remote).state

    def badge(self, event, user=None):
        event.invalidate_recordset()
        seen = event.with_user(user or self.user)
        return seen.sync_badge, seen.sync_badge_text

    def told(self):
        return sorted(mail.to for mail in self.world.mails)

    def partner(self, email):
        return self.env["res.partner"].create({"name": email.split("@")[0].title(), "email": email})

    @staticmethod
    def adding(partner):
        return [Command.link(partner.id)]
