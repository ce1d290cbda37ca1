"""Sending while people go on working: what happens to an event during its request."""

from dataclasses import replace

from odoo.tests import tagged

from ..core.errors import NotFound, Unavailable
from ..providers import port
from .push_case import WORLD, PushCase, WatchedProvider


class ChoosingProvider(WatchedProvider):
    """Chooses ids itself, as Outlook does: our key finds an event and is no id of one."""

    def find(self, calendar_id, key):
        """The event that was made for the key, under its own id."""
        found = super().find(calendar_id, key)
        return found and replace(found, remote_id=f"own-{key}")

    def delete(self, calendar_id, remote_id, etag, **how):
        """Nothing stands under a key."""
        if not remote_id.startswith("own-"):
            raise NotFound("notFound", operation="delete")
        return super().delete(calendar_id, remote_id.removeprefix("own-"), etag, **how)


def _open(app, grant, *, timeout_s=20.0):
    return ChoosingProvider(WORLD["world"], grant.access_token)


port.register(port.Registration("choosing", "Choosing", None, _open, "Open in Choosing"))


@tagged("post_install", "-at_install")
class TestPushEdges(PushCase):
    def test_deleted_in_odoo_while_it_is_being_created(self):
        """B-06, S4-14: it leaves the calendar again, and the account is as well as before."""
        event, other = self.book("Demo"), self.book("Other", hour=14)

        def delete():
            with self.registry.cursor() as cr:
                self.env(cr=cr)["calendar.event"].browse(event.id).unlink()

        WORLD["after_create"] = delete
        self.turn()
        self.env.invalidate_all()
        self.assertFalse(event.exists())
        self.assertFalse(self.account.failures)
        self.turn()
        self.env.invalidate_all()
        self.assertEqual(sorted(self.remote()), ["Other"])
        self.assertTrue(other.exists())
        self.assertFalse(self.account.failures)
        self.assertFalse(self.world.mails)

    def test_deleted_in_odoo_after_a_create_of_unknown_outcome(self):
        """B-06, S1-07: the answer was lost and the event is in the calendar: it is found by its
        key and removed, not left there for ever."""
        self.account.provider = "choosing"
        event = self.book("Demo")
        lost = Unavailable("timeout", operation="create", has_unknown_outcome=True)
        self.world.fail("create", lost, is_after=True)
        self.turn()
        self.assertEqual(len(self.remotes()), 1)
        event.with_user(self.user).unlink()
        self.save()
        self.env["calendar.sync.mark"].search([]).not_before = False
        self.account.write({"failures": 0, "next_run": False})
        self.turn()
        self.env.invalidate_all()
        self.assertFalse(self.remotes())
        self.assertFalse(self.env["calendar.sync.link"].search([("state", "=", "creating")]))
