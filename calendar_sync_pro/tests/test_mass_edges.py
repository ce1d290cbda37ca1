"""Mass deletions at the edges: a former calendar, and an answer that holds for once."""

from odoo.tests import tagged

from .cleanup_case import CleanupCase


@tagged("post_install", "-at_install")
class TestMassEdges(CleanupCase):
    def another_calendar(self, remote_id):
        """A further calendar of Ann's account."""
        self.world.account(remote_id)
        return self.env["calendar.sync.calendar"].create(
            {
                "account_id": self.account.id, "remote_id": remote_id, "name": remote_id,
                "access_role": "owner", "can_write": True, "is_own": True, "access_mode": "full",
            }
        )  # fmt: skip

    def test_a_former_calendar_that_was_emptied_is_asked_about_once(self):
        """B-07, S1-34: Ann empties her former calendar: she is asked, says yes, and that is it."""
        remotes = [self.adds(f"Talk {n}", hour=8 + n) for n in range(8)]
        self.read()
        other = self.another_calendar("ann-team@corp.example")
        self.account.with_user(self.user).choose_calendar(other.id)
        self.read()
        for remote in remotes:
            self.deletes(remote)
        self.read()
        self.assertEqual(self.mine().sudo()._page_problem()["button"], "mass_there")
        self.assertEqual(len(self.events()), 8)
        self.mine().mass_go_on()
        self.work(2)
        self.assertFalse(self.events(), "they were really deleted")
        self.assertFalse(self.mine().sudo()._page_problem())

    def test_kept_once_after_a_full_listing_is_kept_once(self):
        """S3-45: the calendar was listed in full when most of it was missing; the next deletion is
        a deletion again."""
        remotes = [self.adds(f"Talk {n}", hour=8 + n) for n in range(8)]
        self.read()
        for remote in remotes[:7]:
            self.world.calendars[self.account.email].pop(remote.remote_id)
        self.world.expire_cursors()
        self.read()
        self.assertEqual(self.mine().sudo()._page_problem()["button"], "mass_there")
        self.mine().mass_keep()
        self.work(2)
        self.read()
        self.assertEqual(len(self.events()), 8)
        self.assertFalse(self.account.events_calendar_id.keeps_many_gone)
        self.deletes(remotes[7])
        self.read()
        self.assertEqual(len(self.events()), 7)
