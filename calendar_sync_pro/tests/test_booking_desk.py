"""Booking calendars as their owners and managers use them: rights, buttons, hours, why not."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..booking.layers import Reason, Why
from .booking_case import MONDAY, BookingCase, at, utc

TEN = at(f"{MONDAY} 10:00")


@tagged("post_install", "-at_install")
class TestBookingRights(BookingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mona = new_test_user(cls.env, "mona.desk", groups="sales_team.group_sale_manager")
        cls.root = new_test_user(cls.env, "root.desk", groups="calendar_sync_pro.group_admin")
        cls.paul = new_test_user(cls.env, "paul.desk", groups="base.group_portal")
        cls.own = cls.env["booking.calendar"].with_user(cls.anna).create({"name": "Meet Anna"})

    def may(self, user, act):
        """Whether the act goes through for that user, on a clean cache. It is undone again."""
        self.env.flush_all()
        self.env.invalidate_all()
        savepoint = self.env.cr.savepoint()
        try:
            act(user)
            self.env.flush_all()
        except AccessError:
            return False
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        return True

    def test_nobody_puts_a_service_into_a_colleagues_calendar(self):
        """S2-15: neither a new one nor one from another page, whichever side it is done from."""
        new = {"name": "Sale", "calendar_ids": [(4, self.own.id)]}
        services = self.env["booking.service"].with_user
        self.assertFalse(self.may(self.ben, lambda user: services(user).create(dict(new))))
        bens = services(self.ben).create({"name": "Sale"}).with_user
        self.assertFalse(
            self.may(self.ben, lambda user: bens(user).write({"calendar_ids": [(4, self.own.id)]}))
        )
        self.assertTrue(self.may(self.anna, lambda user: services(user).create(dict(new))))
        self.assertTrue(self.may(self.mona, lambda user: services(user).create(dict(new))))
        self.own.service_ids = bens(self.ben)
        self.assertTrue(self.may(self.ben, lambda user: bens(user).write({"name": "Deal"})))

    def test_who_may_do_what(self):
        """S2-15, B-14: the owner the own calendar, managers all, colleagues read."""
        question = {"calendar_id": self.own.id, "name": "Why?"}
        member = {"calendar_id": self.own.id, "user_id": self.ben.id}
        myself = {"calendar_id": self.own.id, "user_id": self.anna.id}
        lunch = {
            "calendar_id": self.own.id, "name": "Lunch",
            "start": utc(f"{MONDAY} 12:00"), "stop": utc(f"{MONDAY} 13:00"),
        }  # fmt: skip

        own, team = self.own.with_user, self.calendar.with_user
        mine = self.own.member_ids.create(myself).with_user
        asked = self.own.question_ids.create(question).with_user
        dentist = {**lunch, "calendar_id": False, "user_id": self.anna.id}
        away = self.own.blocked_ids.create(dentist).with_user
        service = self.service.with_user
        table = [
            # act, owner, colleague, manager, administrator, portal
            (lambda u: own(u).read(["name"]), 1, 1, 1, 1, 0),
            (lambda u: own(u).write({"per_day": 3}), 1, 0, 1, 1, 0),
            (lambda u: own(u).action_publish(), 1, 0, 1, 1, 0),
            (lambda u: team(u).write({"per_day": 3}), 0, 0, 1, 1, 0),
            (lambda u: own(u).write({"user_id": self.ben.id}), 1, 0, 1, 1, 0),
            (lambda u: mine(u).write({"user_id": self.ben.id}), 0, 0, 1, 1, 0),
            (lambda u: asked(u).write({"calendar_id": self.calendar.id}), 0, 0, 1, 1, 0),
            (lambda u: away(u).write({"user_id": self.ben.id}), 0, 0, 0, 0, 0),
            (lambda u: own(u).question_ids.create(question).unlink(), 1, 0, 1, 1, 0),
            (lambda u: own(u).blocked_ids.create(lunch).unlink(), 1, 0, 1, 1, 0),
            (lambda u: mine(u).write({"weight": 2}), 1, 0, 1, 1, 0),
            (lambda u: mine(u).unlink(), 1, 0, 1, 1, 0),
            (lambda u: own(u).member_ids.create(member).unlink(), 0, 0, 1, 1, 0),
            (lambda u: service(u).write({"name": "Call"}), 0, 0, 1, 1, 0),
            (lambda u: service(u).create({"name": "Own"}).unlink(), 1, 1, 1, 1, 0),
        ]
        people = (self.anna, self.ben, self.mona, self.root, self.paul)
        for number, (act, *expected) in enumerate(table):
            allowed = [int(self.may(user, act)) for user in people]
            self.assertEqual(allowed, expected, f"row {number}")

    def test_a_calendar_of_one_s_own_with_a_click(self):
        """S2-15, S2-26: name, page, oneself; and it offers times at once."""
        action = self.env["booking.calendar"].with_user(self.ben).action_create_mine()
        mine = self.env["booking.calendar"].browse(action["res_id"])
        self.assertEqual((mine.user_id, mine.member_ids.user_id), (self.ben, self.ben))
        self.assertFalse(mine.is_published)
        self.assertTrue(mine.page_url.endswith(f"/book/{mine.page_name}"))

    def test_a_page_name_is_found_and_stays(self):
        """S2-15: made of the name, free of what others have, kept when the name changes."""
        again = self.env["booking.calendar"].create({"name": "Sales"})
        self.assertNotEqual(again.page_name, self.calendar.page_name)
        before = again.page_name
        again.name = "Other"
        self.assertEqual(again.page_name, before)
        with self.assertRaises(ValidationError):
            again.page_name = "Not / this"
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            again.page_name = self.calendar.page_name
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestBookingDesk(BookingCase):
    def hours_of(self, user, lines):
        """The hours dialog as that user saves it."""
        calendar = self.calendar.with_user(user)
        context = calendar.action_hours()["context"]
        dialog = self.env["booking.hours"].with_user(user).with_context(**context).create({})
        rows = [
            (0, 0, dict(zip(("weekday", "hour_from", "hour_to"), one, strict=True)))
            for one in lines
        ]
        dialog.line_ids = [(5, 0, 0), *rows]
        dialog.action_apply()

    def test_hours_are_set_without_touching_those_of_others(self):
        """S2-15, S0-22, S2-54: two ranges a day; slots follow at once."""
        self.calendar.member_ids.hours_id = False
        self.calendar.hours_id = self.hours
        self.calendar.user_id = self.anna
        self.hours_of(self.anna, [("0", 8, 12), ("0", 13, 17)])
        self.assertEqual(self.starts()["11:30"], (self.anna.id, self.ben.id))
        self.assertNotIn("12:00", self.starts())
        self.assertEqual(min(self.starts()), "08:00")
        self.assertEqual(len(self.hours.attendance_ids), 5)
        own = self.calendar.hours_id
        self.hours_of(self.anna, [("0", 9, 10)])
        self.assertEqual((self.calendar.hours_id, len(own.attendance_ids)), (own, 1))

    def test_only_who_may_change_the_calendar_sets_its_hours(self):
        """S0-22: a colleague may not, nor with a range that makes no sense."""
        self.calendar.user_id = self.anna
        with self.assertRaises(AccessError):
            self.hours_of(self.ben, [("0", 8, 12)])
        with self.assertRaises(ValidationError):
            self.hours_of(self.anna, [("0", 12, 8)])

    def test_the_form_says_whose_calendar_is_not_read(self):
        """S2-26, S2-64: connected, needing a sign-in, or never connected."""
        self.calendar.is_odoo_enough = False
        self.assertEqual(self.member(self.anna).connection, "never")
        self.assertIn(self.anna.name, self.calendar.unreachable_text)
        self.assertFalse(self.calendar.next_free_text)
        account = self.env["calendar.sync.account"].create(
            {"user_id": self.anna.id, "provider": "google", "status": "active",
             "company_id": self.env.company.id, "remote_id": "a", "email": "a@b.example"}
        )  # fmt: skip
        self.env.invalidate_all()
        self.assertEqual(self.member(self.anna).connection, "connected")
        self.assertNotIn(self.anna.name, self.calendar.unreachable_text)
        account.status = "reconnect_required"
        self.env.invalidate_all()
        self.assertEqual(self.member(self.anna).connection, "trouble")

    def connected(self, user, *names):
        """An account of the user with calendars of these names; the first one blocks."""
        account = self.env["calendar.sync.account"].create(
            {
                "user_id": user.id,
                "company_id": user.company_id.id,
                "provider": "google",
                "remote_id": user.login,
                "email": user.email,
                "status": "active",
                "calendar_ids": [
                    (0, 0, {"remote_id": name, "name": name, "access_role": "owner",
                            "can_write": True, "blocks_availability": name == names[0]})
                    for name in names
                ],
            }
        )  # fmt: skip
        return account.calendar_ids

    def test_which_calendars_block_is_seen_and_chosen_where_the_people_are(self):
        """S2-32: one's own by name and at a click, those of colleagues as a number."""
        work, private = self.connected(self.anna, "Work", "Private").sorted("name", reverse=True)
        place = self.member(self.anna).with_user(self.anna)
        self.assertEqual(place.blocking_text, "Work")
        action = place.action_choose_calendars()
        calendars = self.env[action["res_model"]].with_user(self.anna)
        self.assertEqual(calendars.search(action["domain"]), work + private)
        private.account_id.next_run = False
        private.with_user(self.anna).blocks_availability = True
        self.env.invalidate_all()
        self.assertEqual(set(place.blocking_text.split(", ")), {"Work", "Private"})
        self.assertTrue(private.account_id.next_run)
        seen = self.member(self.anna).with_user(self.ben)
        self.assertEqual((seen.blocking_text, seen.is_me), ("2 calendars", False))
        self.assertFalse(calendars.with_user(self.ben).search(action["domain"]))
        with self.assertRaises(AccessError):
            private.with_user(self.ben).blocks_availability = False

    def test_the_form_shows_the_next_free_times(self):
        """S2-44: in the reader's zone."""
        self.calendar.notice_min = (TEN - int(self.env.cr.now().timestamp())) // 60 - 5
        shown = self.calendar.with_context(tz="Europe/Berlin").next_free_text
        self.assertEqual(shown.count(" · "), 2)
        self.assertIn("10:00", shown)

    def test_why_lists_every_check_in_words(self):
        """B-08, S0-32: the time as it would be offered, and what is in its way."""
        self.event(self.anna, "10:00", "11:00")
        why = Form(self.env["booking.why"].with_context(default_calendar_id=self.calendar.id))
        why.start = utc(f"{MONDAY} 10:00")
        self.assertIn("An appointment in Odoo", why.answer)
        self.assertIn("would be offered", why.answer)
        self.assertNotIn("Secret", why.answer)
        why.member_id = self.member(self.ben)
        self.assertNotIn("is not offered", why.answer)
        self.assertEqual(why.answer.count('aria-label="Fine"'), 13)
        why.start = utc(f"{MONDAY} 07:10")
        self.assertIn("Outside the working hours", why.answer)
        self.assertIn("every 30 minutes", why.answer)

    def test_each_reason_has_words_of_its_own(self):
        """B-08: none is missing, and none says the same as another."""
        rules = {"notice_min": 120, "per_day": 3}
        self.calendar.write(rules)
        said = [
            self.calendar._reasons_in_words([Why(reason, TEN, TEN + 1800, of=Reason.BUSY)], "UTC")[
                0
            ]
            for reason in Reason
        ]
        self.assertEqual(len(set(said)), len(Reason))
        self.assertTrue(all(text.endswith(".") for text in said))

    def test_what_is_booked_is_a_click_away(self):
        """S2-40: the appointments of this calendar to come, not those of another."""
        mine = self.event(self.anna, "10:00", "11:00", booking_calendar_id=self.calendar.id)
        self.event(self.anna, "12:00", "13:00")
        self.assertEqual(self.calendar.upcoming_count, 1)
        domain = self.calendar.action_upcoming()["domain"]
        self.assertEqual(self.env["calendar.event"].search(domain), mine)
