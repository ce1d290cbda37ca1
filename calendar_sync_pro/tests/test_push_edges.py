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


class OddProvider(WatchedProvider):
    """Answers one event with a version that no database column takes."""

    def create(self, calendar_id, draft, *args, **how):
        """As usual, but for the odd one."""
        made = super().create(calendar_id, draft, *args, **how)
        return replace(made, etag="\0") if draft.fields.title == "Odd" else made


def _open_odd(app, grant, *, timeout_s=20.0):
    return OddProvider(WORLD["world"], grant.access_token)


port.register(port.Registration("odd", "Odd", None, _open_odd, "Open in Odd"))


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

    def test_answer_that_cannot_be_written_down_stops_nothing_else(self):
        """B-06, S4-14: its event is set aside with its edit, the others are recorded, and when
        the answer is well again it goes on, without a second copy."""
        self.account.provider = "odd"
        odd, others = self.book("Odd"), [self.book(f"Other {n}", hour=10 + n) for n in range(4)]
        with self.assertLogs("odoo.addons.calendar_sync_pro", "ERROR"):
            self.turn()
        self.env.invalidate_all()
        self.assertFalse(self.account.failures)
        links = {event: event.sync_meeting_id.link_ids.state for event in (odd, *others)}
        self.assertEqual({links[event] for event in others}, {"synced"})
        self.assertEqual(links[odd], "creating")
        self.assertEqual(odd.sync_meeting_id.link_ids.problem_code, "internal_error")
        self.account.provider = "memory"
        self.marks().not_before = False
        self.turn()
        self.env.invalidate_all()
        self.assertEqual(odd.sync_meeting_id.link_ids.state, "synced")
        self.assertEqual(sorted(e.fields.title for e in self.remotes()).count("Odd"), 1)
        self.assertFalse(self.world.mails)

    def test_event_that_cannot_be_planned_stops_nothing_else(self):
        """B-06, S4-14: the others are sent in the same turn; the odd one waits and goes later."""
        odd, others = self.book("Odd"), [self.book(f"Other {n}", hour=10 + n) for n in range(4)]
        self.turn()
        for event in (odd, *others):
            event.name += "!"
        self.save()
        link = odd.sudo().sync_meeting_id.link_ids
        base, link.base = link.base, ["what", "is", "this"]
        link.flush_recordset()
        with self.assertLogs("odoo.addons.calendar_sync_pro", "ERROR"):
            self.turn()
        self.env.invalidate_all()
        self.assertFalse(self.account.failures)
        self.assertEqual({"Odd", *(f"Other {n}!" for n in range(4))}, set(self.remote()))
        self.assertEqual(link.state, "quarantined")
        link.base = base
        self.marks().not_before = False
        self.turn()
        self.env.invalidate_all()
        self.assertIn("Odd!", self.remote())
        self.assertFalse(self.marks())
