"""What somebody relies on is kept: after a new installation, by an undo, by a merge."""

from odoo.tests import new_test_user, tagged

from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestRelied(CleanupCase):
    def test_what_was_cleaned_up_before_is_sent_again_after_a_new_installation(self):
        """S4-11, B-03: removed from the calendar by a clean-up, it stands nowhere: it is sent as
        any other, and not believed to be there."""
        event = self.book("Demo")
        self.read()
        self.clean()
        self.assertFalse(self.remotes())
        former = self.env["calendar.sync.former"]
        former._keep()
        self.env["calendar.sync.meeting"].search([]).unlink()
        former._take_back()
        self.assertFalse(former._standing(self.account, event))
        self.account.write({"first_sync_done": False, "exported_until": False})
        self.read()
        self.assertEqual(self.titles(), ["Demo"])

    def test_notes_that_stand_in_odoo_alone_keep_an_import(self):
        """B-07: undoing the import would take them away, so the event stays, and says why."""
        self.adds("Demo")
        self.read()
        [event] = self.env["calendar.event"].search([("name", "=", "Demo")])
        event.with_user(self.user).internal_notes = "<p>Wants a discount</p>"
        self.work()
        [row] = self.env["calendar.sync.journal"].search([("action", "=", "create")])
        said = self.mine(row).action_undo()["params"]["message"]
        self.work()
        self.assertIn("Notes", said)
        self.assertIn("discount", event.internal_notes)

    def test_of_two_the_one_that_a_customer_booked_stays(self):
        """B-11: the older one goes, although nothing else speaks for the other."""
        other, booked = self.book("Demo", hour=9), self.book("Demo", hour=9)
        calendar = self.env["booking.calendar"].create({"name": "Visits", "user_id": self.user.id})
        self.env["booking.customer"].create(
            {
                "event_id": booked.id, "calendar_id": calendar.id, "name": "Mia", "lang": "en_US",
                "tz": "UTC", "told_state": "booked", "told_start": booked.start,
                "told_stop": booked.stop, "told_user_id": self.user.id,
            }
        )  # fmt: skip
        self.read()
        wizard = self.env["calendar.sync.merge"].with_user(self.user).create({})
        wizard.action_merge()
        self.work(2)
        self.assertEqual((other.active, booked.active), (False, True))
        self.assertEqual(len(self.remotes()), 1)
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_a_colleagues_meeting_is_not_merged_away(self):
        """B-11, B-10: Ben invites Ann at the time of an entry of her own: his meeting is his, it
        stays for everybody, whatever hers has that his lacks."""
        ben = new_test_user(self.env, "ben", groups="base.group_user", email="ben@corp.example")
        lead = self.env["crm.lead"].create({"name": "Deal", "type": "opportunity"})
        mine = self.book("Demo", hour=9, opportunity_id=lead.id)
        people = [(6, 0, (ben.partner_id | self.user.partner_id).ids)]
        his = self.book("Demo", hour=9, user=ben, partner_ids=people)
        self.read()
        wizard = self.env["calendar.sync.merge"].with_user(self.user).create({})
        lines = wizard.line_ids
        if lines:
            wizard.action_merge()
            self.work(2)
        self.assertTrue(his.active)
        self.assertFalse(lines)
        self.assertTrue(mine.active)
