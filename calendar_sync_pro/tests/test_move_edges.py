"""Taking appointments along, when the worker is killed between the two calendars."""

from odoo.tests import tagged

from ..providers import port
from .pull_case import PullCase

NEW = "ann@elsewhere.example"


@tagged("post_install", "-at_install")
class TestMoveEdges(PullCase):
    def switch(self):
        """Ann connects a second account and syncs there from now on."""
        self.env.company.sync_preview_first = False
        account = self.env["calendar.sync.account"].create(
            {
                "user_id": self.user.id, "company_id": self.env.company.id, "provider": "memory",
                "remote_id": NEW, "email": NEW,
            }
        )  # fmt: skip
        account._store_grant(port.Grant(access_token=NEW))
        self.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id, "remote_id": NEW, "name": NEW, "access_role": "owner",
                "can_write": True, "is_own": True, "is_primary": True, "access_mode": "full",
            }
        )  # fmt: skip
        self.world.account(NEW)
        account.with_user(self.user).switch_here()
        self.save()
        self.turn()
        return account

    def titles(self, email):
        return [one.event.fields.title for one in self.world.calendars[email].values() if one.event]

    def test_what_has_arrived_leaves_the_former_calendar_although_the_worker_was_killed(self):
        """S1-34, S4-14: killed after the copy was made: nobody touches the appointment any more,
        and at the next look at the calendar it leaves the former one all the same."""
        self.book("Ahead")
        self.turn()
        account = self.switch()
        account.with_user(self.user)._move_here()
        self.save()
        with self.committing() as env:
            mine = env["calendar.sync.account"].browse(account.id)
            [lease] = mine._claim(1)
            env["calendar.sync.push"]._run(mine, lease)
            mine.lease_until = "2000-01-01"
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["Ahead"],) * 2)
        for _look in range(3):
            account._ask_sync()
            self.turn()
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["Ahead"], []))
        self.assert_nobody_heard()

    def test_a_move_that_is_given_up_leaves_the_appointment_where_it_is(self):
        """S1-34, S4-14: taken along to another calendar, and that one is left again before the
        worker came: nothing moves then, and nothing is doubled by a later change of calendars."""
        event = self.book("Ahead")
        self.turn()
        first, second = self.account.events_calendar_id, self.second_calendar()
        second._choose_for_events()
        self.account.with_user(self.user)._move_here()
        first._choose_for_events()
        for _look in range(2):
            self.account._ask_sync()
            self.turn()
        self.assertEqual((self.titles(first.remote_id), self.titles("second")), (["Ahead"], []))
        second._choose_for_events()
        event.name = "Later"
        self.turn()
        self.assertEqual((self.titles(first.remote_id), self.titles("second")), (["Later"], []))
        self.assertEqual(self.account._movable_count(), 1)

    def test_who_goes_back_to_the_former_account_before_it_moved_has_it_there_alone(self):
        """S1-34, S4-14: the other account is left again at once; at a later change of accounts the
        appointment stays and is offered to be moved."""
        self.book("Ahead")
        self.turn()
        account = self.switch()
        account.with_user(self.user)._move_here()
        self.account.with_user(self.user).switch_here()
        self.account._ask_sync()
        self.turn()
        self.assertEqual((self.titles(self.account.email), self.titles(NEW)), (["Ahead"], []))
        account.with_user(self.user).switch_here()
        self.assertEqual(account._movable_count(), 1)

    def second_calendar(self):
        """One more of the same account."""
        self.world.calendars.setdefault("second", {})
        return self.env["calendar.sync.calendar"].create(
            {
                "account_id": self.account.id, "remote_id": "second", "name": "Second",
                "access_role": "owner", "can_write": True, "is_own": True, "access_mode": "full",
            }
        )  # fmt: skip
