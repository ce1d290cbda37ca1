"""Deleting and archiving: what the dialog says, and whom it tells."""

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .needs_you_case import NeedsYouCase
from .push_case import PushCase
from .test_invite import InviteMixin


class RemovalMixin(InviteMixin):
    def ask(self, events, kind="delete", **values):
        action = events.with_user(self.user).action_ask_removal(kind)
        wizard = self.env["calendar.sync.remove"].with_user(self.user)
        return wizard.with_context(**action["context"]).create(values)

    def invited(self, **values):
        event = self.meet(self.guests(), "invite", **values)
        self.turn()
        self.world.mails.clear()
        return event

    def done(self, action):
        self.assertTrue(action["infos"]["is_removed"])
        self.turn()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRemoval(RemovalMixin, PushCase):
    def test_deleting_quietly_removes_it_everywhere_and_tells_nobody(self):
        """S4-25, S2-14: the default; the dialog says where it goes and who is invited."""
        event = self.invited()
        dialog = self.ask(event)
        self.assertEqual(dialog.people, 2)
        self.assertIn("is deleted in Odoo for good", dialog.summary)
        self.assertIn("Removed from In memory", dialog.summary)
        self.assertIn("Mia, Tom", dialog.summary)
        self.done(dialog.action_quiet())
        self.assertFalse(event.exists())
        self.assertEqual((self.remotes(), self.told()), ([], []))
        self.no_mail_of_odoo()

    def test_deleting_aloud_sends_one_cancellation_each(self):
        """S4-25: from the calendar that had invited, and from it alone."""
        event = self.invited()
        self.done(self.ask(event).action_tell())
        self.assertEqual(self.remotes(), [])
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])
        self.no_mail_of_odoo()

    def test_by_setting_the_calendar_keeps_it_and_the_dialog_says_so(self):
        """S3-44: deleted here, left there; not imported again; nobody is told."""
        self.account.company_id.sync_local_delete = "leave"
        event = self.invited()
        dialog = self.ask(event)
        self.assertIn("Stays in In memory", dialog.summary)
        self.assertIn("Nobody is e-mailed", dialog.summary)
        self.done(dialog.action_quiet())
        self.assertEqual([one.fields.title for one in self.remotes()], ["Demo"])
        self.account._ask_sync()
        self.env.flush_all()
        self.turn()
        self.assertFalse(self.env["calendar.event"].search([("name", "=", "Demo")]))

    def test_archiving_can_be_taken_back(self):
        """S2-14: it leaves the calendar, and comes back with the event."""
        event = self.invited()
        dialog = self.ask(event, "archive")
        self.assertIn("can be brought back", dialog.summary)
        self.done(dialog.action_quiet())
        self.assertEqual((event.active, self.remotes(), self.told()), (False, [], []))

    def test_several_at_once_count_each_person_once(self):
        """S4-25: one dialog for a selection of the list."""
        event = self.invited()
        other = self.book("Other", hour=14, partner_ids=[Command.set(event.partner_ids.ids)])
        other.with_user(self.user).write({"invite_choice": "invite"})
        self.turn()
        self.world.mails.clear()
        dialog = self.ask(event | other)
        self.assertEqual(dialog.people, 2)
        self.assertIn("2 events are deleted", dialog.summary)
        self.done(dialog.action_quiet())
        self.assertEqual((self.remotes(), self.told()), ([], []))

    def test_occurrence_rest_and_whole_series(self):
        """S4-22, S4-25: each choice says how much goes; each guest is told once, not per day."""
        rule = {"recurrency": True, "rrule_type": "daily", "interval": 1, "count": 5,
                "end_type": "count", "event_tz": "Europe/Berlin"}  # fmt: skip
        event = self.invited(**rule)
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        self.assertIn("“Demo”", self.ask(rows[1]).summary)
        self.assertIn("3 events", self.ask(rows[2], scope="future_events").summary)
        self.assertIn("5 events", self.ask(rows[2], scope="all_events").summary)
        self.done(self.ask(rows[1]).action_quiet())
        self.assertEqual(self.told(), [])
        self.done(self.ask(rows[2], scope="future_events").action_tell())
        left = self.env["calendar.event"].search([("name", "=", "Demo")])
        self.assertEqual(left, rows[0])
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])
        self.world.mails.clear()
        self.done(self.ask(rows[0], scope="all_events").action_tell())
        self.assertEqual([one for one in self.remotes() if one.is_series], [])
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])

    def test_cancelling_says_who_would_hear_of_it_and_tells_when_chosen(self):
        """S2-14, S4-25: it stays in Odoo as cancelled; a second appointment quietly."""
        event, quiet = self.invited(), self.invited(name="Other", hour=14)
        dialogs = [
            self.env["calendar.sync.cancel"]
            .with_user(self.user)
            .with_context(**one.with_user(self.user).action_cancel_appointment()["context"])
            .create({})
            for one in (event, quiet)
        ]
        self.assertIn("stays here as cancelled", dialogs[0].summary)
        self.assertIn("Removed from In memory", dialogs[0].summary)
        self.assertEqual(dialogs[0].people, 2)
        dialogs[0].action_tell()
        dialogs[1].action_cancel()
        self.turn()
        self.env.invalidate_all()
        self.assertEqual(set((event | quiet).mapped("appointment_state")), {"cancelled"})
        self.assertEqual(self.remotes(), [])
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])

    def test_whom_odoo_has_invited_odoo_calls_off(self):
        """S3-24: the cancellation comes from where the invitation came from, once each."""
        self.account.events_calendar_id.can_invite = False
        event = self.invited()
        invitations = self.env["mail.mail"].sudo().search([])
        dialog = self.ask(event)
        self.assertEqual(dialog.people, 2)
        self.done(dialog.action_tell())
        mails = self.env["mail.mail"].sudo().search([("id", "not in", invitations.ids)])
        self.assertEqual(
            sorted((mail.email_to, mail.subject) for mail in mails),
            [("mia@customer.example", "Called off: Demo"),
             ("tom@customer.example", "Called off: Demo")],
        )  # fmt: skip
        self.assertIn(b"METHOD:CANCEL", mails[0].attachment_ids.raw)
        self.assertEqual(self.told(), [])

    def test_dialogs_name_nobody_to_whoever_may_not_edit(self):
        """S0-33: who is invited to a private meeting stays unknown to colleagues."""
        event = self.invited(privacy="private")
        bob = new_test_user(self.env, "bob", groups="base.group_user", email="bob@corp.example")
        self.env.flush_all()
        self.env.invalidate_all()
        seen = event.with_user(bob)
        dialog = self.env["calendar.sync.remove"].with_user(bob)
        said = dialog.create({"event_ids": [Command.set(event.ids)], "kind": "delete"}).summary
        self.assertEqual(seen.telling_facts()["names"], "")
        for text in (said, seen.invite_hint or ""):
            self.assertNotIn("Mia", text)
            self.assertNotIn("Demo", text)


@tagged("post_install", "-at_install")
class TestRemovalLoud(RemovalMixin, NeedsYouCase):
    def test_untold_removal_waits_and_the_dialog_says_so(self):
        """S4-25: a calendar that mails of every removal is asked only with a person's yes."""
        event = self.invited()
        dialog = self.ask(event)
        self.assertIn("e-mails them about every removal", dialog.summary)
        self.done(dialog.action_quiet())
        self.assertEqual((len(self.remotes()), self.told()), (1, []))
        self.assertEqual(self.env["calendar.sync.link"].search([]).held, "delete")

    def test_told_removal_goes_at_once(self):
        """S4-25: no second question."""
        event = self.invited()
        self.done(self.ask(event).action_tell())
        self.assertEqual(self.remotes(), [])
        self.assertEqual(self.told(), ["mia@customer.example", "tom@customer.example"])
