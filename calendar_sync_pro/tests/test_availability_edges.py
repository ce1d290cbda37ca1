"""Whose calendar shows the appointment that is being planned, and whose shows something else."""

from odoo.tests import new_test_user, tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestAvailabilityEdges(PullCase):
    def test_who_is_only_being_added_is_as_busy_as_the_calendar_says(self):
        """S3-34: Ann plans nine o'clock and adds Ben, who has something else then: he is busy, and
        she herself is not in her own way."""
        ben = new_test_user(self.env, "ben", groups="base.group_user", email="ben@corp.example")
        account = self._connected(ben)
        event = self.book(hour=9, days=2)
        self.turn()
        self.adds("Bens", hour=9, account=account)
        with self.committing() as env:
            found = env["calendar.availability"].with_user(self.user).day_of(
                [self.user.partner_id.id, ben.partner_id.id],
                event.start.date().isoformat(), "UTC", event_id=event.id,
            )  # fmt: skip
        busy = {
            one["id"]: [span["start"][11:16] for span in one["busy"]] for one in found["people"]
        }
        self.assertEqual(busy, {self.user.partner_id.id: [], ben.partner_id.id: ["09:00"]})
