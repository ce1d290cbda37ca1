"""Another provider or another calendar: what exists stays where it is, new ones go to the new."""

import contextlib

from odoo.tests import tagged

from ..core.errors import Unavailable
from ..providers import port
from ..sync.odoo_recurrence import DAY_FIELDS
from .pull_case import PullCase

NEW, THIRD = "ann@elsewhere.example", "ann@third.example"
LOST = Unavailable("connection_lost", has_unknown_outcome=True)


@tagged("post_install", "-at_install")
class TestSwitching(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sync_preview_first = False

    def another_account(self, email=NEW):
        """Ann has connected one more account, whose sync is off as yet."""
        account = self.env["calendar.sync.account"].create(
            {
                "user_id": self.user.id, "company_id": self.env.company.id, "provider": "memory",
                "remote_id": email, "email": email,
            }
        )  # fmt: skip
        account._store_grant(port.Grant(access_token=email))
        self.calendar_of(account, email, is_primary=True)
        self.world.account(email)
        return account

    def calendar_of(self, account, remote_id, **values):
        self.world.account(remote_id)
        return self.env["calendar.sync.calendar"].create(
            {
                "account_id": account.id, "remote_id": remote_id, "name": remote_id,
                "access_role": "owner", "can_write": True, "is_own": True, "access_mode": "full",
                **values,
            }
        )  # fmt: skip

    def switch(self):
        account = self.another_account()
        account.with_user(self.user).switch_here()
        self.save()
        self.turn()
        return account

    def titles(self, email):
        entries = self.world.calendars[email].values()
        return sorted(entry.event.fields.title for entry in entries if entry.event)

    def badge(self, event):
        self.env.invalidate_all()
        seen = event.with_user(self.user)
        return seen.sync_badge, seen.sync_badge_text

    def test_existing_appointments_stay_in_the_former_calendar(self):
        """S1-30, S1-31, S1-34: given a booked and an imported appointment, when Ann switches, then
        both are in Odoo and in the former calendar as before, and no copy is in the new one."""
        booked = self.book("Booked")
        self.turn()
        self.adds("Imported")
        self.pull()
        before = self.titles(self.account.email)
        account = self.switch()
        self.assertTrue(account.first_sync_done)
        self.assertEqual(self.titles(self.account.email), before)
        self.assertEqual(self.titles(NEW), [])
        self.assertTrue(booked.active and self.event("Imported").active)
        self.assert_nobody_heard()

    def test_new_appointments_go_to_the_new_calendar(self):
        """S1-32: booked after the switch it is in the new calendar only."""
        self.switch()
        self.book("New one")
        self.turn()
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["New one"], []))

    def test_an_edit_of_a_former_one_goes_nowhere_and_says_so(self):
        """S1-34: moved in Odoo after the switch: no calendar is written, the badge says where it
        stays."""
        booked = self.book("Booked")
        self.turn()
        before = self.remotes()
        self.switch()
        booked.with_user(self.user).write({"name": "Booked, renamed"})
        self.turn()
        self.assertEqual(self.remotes(), before)
        self.assertEqual(self.titles(NEW), [])
        kind, text = self.badge(booked)
        self.assertEqual(kind, "former")
        self.assertIn("former calendar", text)

    def test_a_series_stays_too(self):
        """S1-34: none of its dates is copied."""
        self.adds("Weekly", rules=("RRULE:FREQ=WEEKLY;COUNT=3",))
        self.pull()
        self.switch()
        self.assertEqual(self.titles(NEW), [])
        self.assertEqual(len(self.events("Weekly")), 3)

    def test_back_again_the_former_calendar_is_served_as_before(self):
        """S1-34: what was edited meanwhile arrives there once, and nothing is doubled."""
        booked = self.book("Booked")
        self.turn()
        self.switch()
        booked.with_user(self.user).write({"name": "Renamed meanwhile"})
        self.save()
        self.account.with_user(self.user).switch_here()
        self.save()
        self.turn()
        self.assertEqual(self.titles(self.account.email), ["Renamed meanwhile"])
        self.assertEqual(self.titles(NEW), [])
        self.assertEqual(self.badge(booked)[0], "synced")

    def test_another_calendar_of_the_same_account(self):
        """S0-31, S1-34, S2-31: new ones go to the chosen calendar only; those in the former one
        stay there and are still synced in both directions."""
        booked = self.book("Booked")
        self.turn()
        former = self.account.events_calendar_id
        other = self.calendar_of(self.account, "ann-team@corp.example")
        self.account.with_user(self.user).choose_calendar(other.id)
        self.save()
        self.turn()
        self.book("New one", hour=14)
        self.turn()
        self.assertEqual(self.titles(other.remote_id), ["New one"])
        self.assertEqual(self.titles(former.remote_id), ["Booked"])
        booked.with_user(self.user).write({"name": "Renamed here"})
        self.turn()
        self.assertEqual(self.titles(former.remote_id), ["Renamed here"])
        [there] = self.remotes()
        self.edits(there, location="Pier 7")
        self.account._ask_sync()
        self.turn()
        self.env.invalidate_all()
        self.assertEqual(booked.location, "Pier 7")
        self.assertEqual(self.titles(other.remote_id), ["New one"])

    def test_what_comes_new_in_a_former_calendar_is_not_imported(self):
        """S0-31: after the change somebody adds an event in the former calendar."""
        self.turn()
        other = self.calendar_of(self.account, "ann-team@corp.example")
        self.account.with_user(self.user).choose_calendar(other.id)
        self.save()
        self.turn()
        self.adds("Added there")
        self.account._ask_sync()
        self.turn()
        self.assertFalse(self.events("Added there"))

    def test_upcoming_ones_are_taken_along_when_she_says_so(self):
        """S1-34, B-01, C18: given a future appointment, one with a guest and one that is over, when
        Ann moves the upcoming ones, then only the first stands in the new calendar and no longer in
        the former one; nothing is doubled and nobody hears of it."""
        self.book("Ahead")
        self.book("Over", days=-2)
        self.turn()
        self.adds("Theirs")
        self.pull()
        account = self.switch()
        dialog = account.with_user(self.user).action_move_here()
        wizard = self.env[dialog["res_model"]].with_user(self.user)
        wizard = wizard.with_context(**dialog["context"]).create({})
        self.assertEqual(wizard.count, 1)
        self.assertIn("0 e-mails", wizard.summary)
        wizard.action_confirm()
        self.save()
        for _round in range(3):
            self.turn()
        self.assertEqual(self.titles(NEW), ["Ahead"])
        self.assertEqual(self.titles(self.account.email), ["Over", "Theirs"])
        self.env.invalidate_all()
        [event] = self.env["calendar.event"].search([("name", "=", "Ahead")])
        self.assertEqual(self.badge(event)[0], "synced")
        self.assertEqual(account._page_card()["movable"], 0)
        self.assert_nobody_heard()

    def test_the_card_counts_what_would_move_without_reading_it(self):
        """S1-34, D-11: given appointments ahead, one whose customer was invited and one that is
        over, the card names as many as the dialog would move, at the same cost for any number."""
        customer = self.env["res.partner"].create({"name": "C", "email": "c@customer.example"})
        context = {"calendar_sync_notify": True, "no_mail_to_attendees": True}
        people = [(6, 0, (self.user.partner_id | customer).ids)]
        for number in range(4):
            self.book(f"Ahead {number}", days=2 + number)
        self.book("Over", days=-2)
        self.env = self.env(context={**self.env.context, **context})
        self.book("Invited", partner_ids=people)
        self.turn()
        account = self.switch()
        links, with_guests, _begun = account._move_plan()
        self.assertEqual((len(links), with_guests), (4, 1))
        links.mapped("account_id.email")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(account._movable_count(), 4)
        self.assertEqual(account._page_card()["movable"], 4)

    def test_upcoming_ones_are_taken_along_to_another_calendar_of_the_account(self):
        """S0-31, S1-34, B-01: given an appointment ahead, a series with a moved date and one that
        is over, when Ann chooses another calendar of her account and moves the upcoming ones, then
        each stands in one calendar, all as before, and an edit goes to the new one alone."""
        event = self.book("Ahead")
        self.book("Over", days=-2)
        start = self.tomorrow(days=3)
        series = self.book(
            "Weekly", days=3, recurrency=True, rrule_type="weekly", end_type="count", count=3,
            event_tz="UTC", **{DAY_FIELDS[start.weekday()]: True},
        )  # fmt: skip
        rows = series.recurrence_id.calendar_event_ids.sorted("start")
        rows[1].write({"name": "Weekly moved", "recurrence_update": "self_only"})
        self.turn()
        other = self.calendar_of(self.account, "ann-team@corp.example")
        mine = self.account.with_user(self.user)
        mine.choose_calendar(other.id)
        self.save()
        self.turn()
        self.assertEqual(mine._movable_count(), 2)
        dialog = self.env["calendar.sync.move"].with_user(self.user)
        dialog = dialog.create({"account_id": self.account.id})
        self.assertIn("Choose the former calendar again", dialog.summary)
        dialog.action_confirm()
        self.save()
        for _round in range(4):
            self.account._ask_sync()
            self.turn()
        self.assertEqual(self.titles(other.remote_id), ["Ahead", "Weekly", "Weekly moved"])
        self.assertEqual(self.titles(self.account.email), ["Over"])
        event.with_user(self.user).write({"location": "Pier 7"})
        self.save()
        self.turn()
        self.assertEqual(self.titles(other.remote_id), ["Ahead", "Weekly", "Weekly moved"])
        self.assertEqual(self.badge(event)[0], "synced")
        self.assertEqual((mine._movable_count(), self.account.is_taking_along), (0, False))
        self.assertEqual(len(rows.exists().filtered("active")), 3)
        self.assertFalse(self.marks())
        self.assert_nobody_heard()
        run = self.env["calendar.sync.cleanup"].search([("account_id", "=", self.account.id)])
        run.with_user(self.user).put_back()
        self.save()
        self.turn()
        self.assertEqual(run.state, "undone", "they are in the other calendar, so nothing is made")
        self.assertEqual(self.titles(self.account.email), ["Over"])

    def test_a_move_that_was_cut_short_goes_on(self):
        """S1-34: the worker is gone after the first copy was made and before anything was removed:
        the next turn makes no second copy and takes the first one out."""
        event = self.book("Ahead")
        self.turn()
        account = self.switch()
        account.with_user(self.user)._move_here()
        self.save()
        with self.committing() as env:
            lease = env["calendar.sync.account"]._claim(1)[0]
            env["calendar.sync.push"]._run(env["calendar.sync.account"].browse(account.id), lease)
            env["calendar.sync.account"].browse(account.id).lease_until = "2000-01-01"
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["Ahead"],) * 2)
        event.with_user(self.user).write({"location": "Pier 7"})
        self.save()
        for _round in range(3):
            self.turn()
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["Ahead"], []))

    def is_cut_short(self, account, error=None):
        """Ann moves both appointments; the worker makes copies and is gone before it removes
        anything, or as soon as the answer to the first one was lost."""
        account.with_user(self.user)._move_here()
        self.save()
        with self.committing() as env:
            lease = env["calendar.sync.account"]._claim(1)[0]
            if error:
                self.world.fail("create", error, is_after=True)
            with contextlib.suppress(Unavailable):
                env["calendar.sync.push"]._run(
                    env["calendar.sync.account"].browse(account.id), lease
                )
            env["calendar.sync.account"].browse(account.id).lease_until = "2000-01-01"

    def evens_out(self):
        for _round in range(4):
            self.marks().not_before = False
            self.user.calendar_sync_account_ids.filtered("is_sync_on")._ask_sync()
            self.turn()
        off = self.user.calendar_sync_account_ids.filtered(lambda one: not one.is_sync_on)
        self.assertFalse(self.marks().filtered(lambda mark: mark.account_id not in off))
        self.assertFalse(any(self.user.calendar_sync_account_ids.mapped("is_taking_along")))
        self.assert_nobody_heard()

    def two_on_their_way(self, error=None):
        """Given two appointments that are being taken along to another calendar of the account."""
        self.book("One")
        self.book("Two", hour=14)
        self.turn()
        other = self.calendar_of(self.account, "ann-team@corp.example")
        self.account.with_user(self.user).choose_calendar(other.id)
        self.is_cut_short(self.account, error)
        self.assertEqual(self.titles(self.account.email), ["One", "Two"])
        return other

    def goes_on_to_a_third_calendar(self, error=None):
        """When Ann chooses a third calendar: what the first, the second and the third show then."""
        other = self.two_on_their_way(error)
        third = self.calendar_of(self.account, "ann-third@corp.example")
        self.account.with_user(self.user).choose_calendar(third.id)
        self.evens_out()
        names = (self.account.email, other.remote_id, third.remote_id)
        return [self.titles(name) for name in names]

    def test_a_third_calendar_is_chosen_in_the_middle_of_a_move(self):
        """S1-34, B-01: what has arrived in the second one stays there and leaves the first."""
        self.assertEqual(self.goes_on_to_a_third_calendar(), [[], ["One", "Two"], []])

    def test_a_third_calendar_is_chosen_before_the_answer_is_known(self):
        """S1-34, B-01: what was begun in the second one is ended there."""
        self.assertEqual(self.goes_on_to_a_third_calendar(LOST), [[], ["One", "Two"], []])

    def goes_back(self, error=None):
        """When Ann chooses the former calendar again: what it and the other one show then."""
        home = self.account.events_calendar_id
        other = self.two_on_their_way(error)
        self.account.with_user(self.user).choose_calendar(home.id)
        self.evens_out()
        self.assertEqual(self.badge(self.event("One"))[0], "synced")
        return [self.titles(name) for name in (self.account.email, other.remote_id)]

    def test_the_former_calendar_is_chosen_again_in_the_middle_of_a_move(self):
        """S1-34, B-01: nothing has left it yet, so both stay there and their copies go."""
        self.assertEqual(self.goes_back(), [["One", "Two"], []])

    def test_the_former_calendar_is_chosen_again_before_the_answer_is_known(self):
        """S1-34, B-01: also the copy goes whose answer was lost."""
        self.assertEqual(self.goes_back(LOST), [["One", "Two"], []])

    def test_the_former_account_is_chosen_again_in_the_middle_of_a_move(self):
        """S1-34, B-01: the copies leave the account that is switched off again."""
        self.book("One")
        self.turn()
        account = self.switch()
        self.is_cut_short(account)
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), (["One"],) * 2)
        self.account.with_user(self.user).switch_here()
        self.save()
        self.evens_out()
        self.assertEqual((self.titles(NEW), self.titles(self.account.email)), ([], ["One"]))

    def test_a_third_account_is_chosen_in_the_middle_of_a_move(self):
        """S1-34, B-01: what has arrived in the second one stays there and leaves the first."""
        self.book("One")
        self.turn()
        account = self.switch()
        self.is_cut_short(account)
        third = self.another_account(THIRD)
        third.with_user(self.user).switch_here()
        self.save()
        self.evens_out()
        there = [self.titles(email) for email in (self.account.email, NEW, THIRD)]
        self.assertEqual(there, [[], ["One"], []])

    def test_a_third_account_is_chosen_before_the_answer_is_known(self):
        """S1-34, B-01: whether the second one has a copy nobody knows: the third gets its own, and
        both others lose theirs."""
        self.book("One")
        self.book("Two", hour=14)
        self.turn()
        account = self.switch()
        self.is_cut_short(account, LOST)
        self.assertIn("One", self.titles(NEW))
        third = self.another_account(THIRD)
        third.with_user(self.user).switch_here()
        self.save()
        self.evens_out()
        there = [self.titles(email) for email in (self.account.email, NEW, THIRD)]
        self.assertEqual(there, [[], [], ["One", "Two"]])

    def is_deleted_in_the_middle(self, other):
        """What the former and the new calendar show then; Odoo has it no more."""
        self.event("One").with_user(self.user).unlink()
        self.save()
        self.evens_out()
        self.assertFalse(self.events("One"))
        return [self.titles(name) for name in (self.account.email, other.remote_id)]

    def test_one_is_deleted_when_its_copy_was_made_already(self):
        """S1-34, B-01: given both calendars show it, deleted in Odoo it leaves both."""
        there = self.is_deleted_in_the_middle(self.two_on_their_way())
        self.assertEqual(there, [[], ["Two"]])

    def test_one_is_deleted_before_its_copy_was_begun(self):
        """S1-34, B-01: given the worker has not come yet, deleted in Odoo it leaves the former
        calendar and is not made in the other."""
        self.book("One")
        self.book("Two", hour=14)
        self.turn()
        other = self.calendar_of(self.account, "ann-team@corp.example")
        self.account.with_user(self.user).choose_calendar(other.id)
        self.account.with_user(self.user)._move_here()
        self.save()
        self.assertEqual(self.is_deleted_in_the_middle(other), [[], ["Two"]])
