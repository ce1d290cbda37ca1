"""A booking asks the calendars themselves before it is confirmed."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..booking.intervals import moment
from ..booking.layers import Reason
from ..core.errors import Unavailable
from ..core.event import EventFields, RemoteEvent
from ..core.when import When
from ..models.booking_take import SlotTaken
from .booking_case import BERLIN, MONDAY, BookingMixin, at, utc
from .push_case import WORLD, PushCase

TEN = at(f"{MONDAY} 10:00")


@tagged("post_install", "-at_install")
class TestBookingBook(BookingMixin, PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.sync_days_ahead = 600
        cls._set_up_booking()
        for user in (cls.anna, cls.ben):
            account = cls._connected(user)
            account.calendar_ids.write(
                {"blocks_availability": True, "last_read": fields.Datetime.now()}
            )

    def setUp(self):
        super().setUp()
        for user in (self.anna, self.ben):
            self.world.account(user.email)

    def there(self, user, start, stop):
        """Somebody enters an event at the provider; nothing is read yet."""
        when = When(*(moment(at(f"{MONDAY} {time}")) for time in (start, stop)), BERLIN)
        event = RemoteEvent(
            remote_id=f"r{start}", etag="", ical_uid=f"{start}@there", fields=EventFields(when=when)
        )
        self.world.put(user.email, event)

    def cached(self, user, start, stop):
        """What was read earlier."""
        self.env["calendar.sync.busy"].create(
            {
                "calendar_id": self.calendar_of(user).id,
                "user_id": user.id,
                "start": utc(f"{MONDAY} {start}"),
                "stop": utc(f"{MONDAY} {stop}"),
            }
        )

    def calendar_of(self, user):
        """The user's only calendar."""
        return self.env["calendar.sync.calendar"].search([("user_id", "=", user.id)])

    def book(self, start=TEN, members=None, **more):
        """A customer's request: (who got it, alternatives). Events are made by the last step."""
        self.made = []

        def make_event(users):
            self.made.append(users.ids)
            return (
                users.env["calendar.event"]
                .sudo()
                .create(
                    {
                        "name": "Consultation",
                        "start": utc(f"{MONDAY} 10:00"),
                        "stop": utc(f"{MONDAY} 10:30"),
                        "user_id": users[0].id,
                        "partner_ids": [(6, 0, users.partner_id.ids)],
                    }
                )
            )

        with self.committing() as env:
            calendar = self.calendar.with_env(env)
            people = members and members.with_env(env)
            try:
                held = calendar._book(self.service.with_env(env), start, make_event, people, **more)
                return held.user_id.ids, []
            except SlotTaken as taken:
                self.reasons = taken.reasons
                return [], taken.alternatives

    def rows(self):
        """States of all rows."""
        self.env.invalidate_all()
        return self.env["booking.hold"].search([]).mapped("state")

    def test_a_free_time_is_booked_with_one_appointment(self):
        """S2-41: held, asked, confirmed."""
        opened = WORLD["opened"]
        got, _others = self.book()
        self.assertEqual((got, self.made), (self.anna.ids, [self.anna.ids]))
        self.assertEqual(self.rows(), ["booked"])
        self.assertEqual(self.starts()["10:00"], (self.ben.id,))
        self.assertEqual(WORLD["opened"], opened + 1)

    def test_what_was_just_entered_at_the_provider_sends_the_booking_to_the_colleague(self):
        """S2-41, S2-46: the customer notices nothing, and only one appointment is made."""
        self.there(self.anna, "10:00", "11:00")
        got, _others = self.book()
        self.assertEqual((got, self.made), (self.ben.ids, [self.ben.ids]))
        self.assertEqual(self.rows(), ["booked"])

    def test_with_nobody_left_the_next_times_are_offered_and_nothing_is_made(self):
        """S2-44, S2-46, S2-61: no row, no event; the alternatives are the same person's."""
        self.there(self.anna, "10:00", "10:30")
        got, others = self.book(members=self.member(self.anna))
        self.assertEqual((got, self.made, self.rows()), ([], [], []))
        self.assertEqual([slot.start for slot in others], [TEN + n * 1800 for n in (1, 2, 3)])
        self.assertEqual([why.reason for why in self.reasons[self.anna.id]], [Reason.BUSY])

    def test_a_refused_request_leaves_nothing_held(self):
        """S2-46: although its transaction is rolled back: the held time had been committed."""
        self.there(self.anna, "10:00", "10:30")
        with self.committing() as env:
            calendar, people = self.calendar.with_env(env), self.member(self.anna).with_env(env)
            refused = self.refused(calendar._secure, self.service.with_env(env), TEN, people)
            env.cr.rollback()
        self.assertEqual((refused, self.rows()), (True, []))

    def test_a_held_time_is_booked_once_and_the_late_one_takes_nothing_away(self):
        """S2-47: two requests for the same held time; the booking of the first one stays."""
        with self.committing() as env:
            calendar, people = self.calendar.with_env(env), self.member(self.anna).with_env(env)
            held = calendar._secure(self.service.with_env(env), TEN, people)
            make = self.event_of(env, self.anna)
            calendar._book_held(held, make)
            env.cr.commit()
            refused = self.refused(calendar._book_held, held, make)
        self.assertEqual((refused, self.rows()), (True, ["booked"]))
        self.assertEqual(self.env["calendar.event"].search_count([("name", "=", "Held")]), 1)

    def test_a_held_time_that_expires_while_the_calendars_are_asked_is_refused_politely(self):
        """S2-47, S2-44: somebody else's request has swept the row away meanwhile."""
        with self.committing() as env:
            calendar, people = self.calendar.with_env(env), self.member(self.anna).with_env(env)
            held = calendar._secure(self.service.with_env(env), TEN, people)
            ids = held.ids
            env.cr.precommit.add(
                lambda: env.cr.execute("DELETE FROM booking_hold WHERE id = ANY(%s)", [ids])
            )
            refused = self.refused(calendar._book_held, held, self.event_of(env, self.anna))
        self.assertEqual((refused, self.rows()), (True, []))
        self.assertFalse(self.env["calendar.event"].search_count([("name", "=", "Held")]))

    def refused(self, asked, *wishes):
        """Whether the time is taken; Odoo's own assertion would undo what was committed."""
        try:
            asked(*wishes)
        except SlotTaken:
            return True
        return False

    def event_of(self, env, user):
        """What makes the appointment of a booking in that environment."""
        times = {"start": utc(f"{MONDAY} 10:00"), "stop": utc(f"{MONDAY} 10:30")}
        values = {"name": "Held", "user_id": user.id, "partner_ids": user.partner_id.ids, **times}
        return lambda _users: env["calendar.event"].sudo().create(values)

    def test_what_was_just_deleted_at_the_provider_can_be_booked(self):
        """S2-42: the latest state wins in this direction too."""
        self.cached(self.anna, "09:00", "17:00")
        got, _others = self.book(members=self.member(self.anna))
        self.assertEqual(got, self.anna.ids)

    def test_a_calendar_that_does_not_answer_is_not_taken_to_be_free(self):
        """B-05, S2-41: its owner is passed over."""
        self.world.fail("busy", Unavailable("timeout"))
        got, _others = self.book()
        self.assertEqual(got, self.ben.ids)
        self.world.fail("busy", Unavailable("timeout"))
        got, others = self.book(members=self.member(self.anna))
        self.assertEqual(got, [])
        self.assertEqual(others, [])
        self.assertEqual(self.made, [])

    def test_a_stale_reading_is_made_good_by_a_fresh_answer(self):
        """B-05: last read an hour ago, so nothing is offered; asked now, it is free."""
        self.calendar_of(self.anna).last_read = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.starts(members=self.member(self.anna)), {})
        got, _others = self.book(members=self.member(self.anna))
        self.assertEqual(got, self.anna.ids)

    def test_a_forged_time_asks_nobody(self):
        """S2-49: outside the hours there is nothing to ask about."""
        opened = WORLD["opened"]
        got, others = self.book(at(f"{MONDAY} 07:00"))
        self.assertEqual((got, self.made), ([], []))
        self.assertEqual([why.reason for why in self.reasons[self.anna.id]], [Reason.HOURS])
        self.assertEqual(others[0].start, at(f"{MONDAY} 09:00"))
        self.assertEqual(WORLD["opened"], opened)

    def move(self, held, start):
        """The customer asks for another time: the alternatives when refused."""
        with self.committing() as env:
            try:
                held.with_env(env)._reschedule(start)
            except SlotTaken as taken:
                return [slot.start for slot in taken.alternatives]
        self.env.invalidate_all()
        return []

    def booked(self, user):
        """The user's booking at ten, which stands in the user's calendar too."""
        self.book(members=self.member(user))
        self.there(user, "10:00", "10:30")
        self.cached(user, "10:00", "10:30")
        return self.env["booking.hold"].search([])

    def test_a_booking_moves_by_less_than_its_length(self):
        """S2-66: it is not in its own way, neither here nor at the provider."""
        self.calendar.write({"step_min": 15, "buffer_before_min": 15, "buffer_after_min": 15})
        held = self.booked(self.anna)
        event = held.event_id
        self.assertEqual(self.move(held, TEN + 900), [])
        self.assertEqual((event.start, event.stop), tuple(map(utc_of, (TEN + 900, TEN + 2700))))
        self.assertEqual(held._span(), (event.start, event.stop))
        self.assertEqual((held.state, self.rows()), ("booked", ["booked"]))
        self.assertEqual(self.env["calendar.event"].search_count([("id", "=", event.id)]), 1)

    def test_a_time_that_is_taken_leaves_the_booking_where_it_is(self):
        """S2-66, S2-44: entered at the provider just now, or booked by somebody else."""
        held = self.booked(self.anna)
        before = (held.start, held.event_id.start)
        self.there(self.anna, "11:00", "11:30")
        self.assertEqual(self.move(held, TEN + 3600)[0], TEN + 5400)
        self.calendar._take(self.service, TEN + 7200, self.member(self.anna))
        self.assertNotIn(TEN + 7200, self.move(held, TEN + 7200))
        self.assertEqual(self.move(held, at(f"{MONDAY} 07:00"))[0], at(f"{MONDAY} 09:00"))
        self.env.invalidate_all()
        self.assertEqual((held.start, held.event_id.start), before)

    def test_an_appointment_of_several_moves_for_all_or_for_nobody(self):
        """S2-66, S2-25: by half its length, and back when one of them is busy."""
        self.calendar.write({"mode": "collective", "step_min": 15})
        self.book()
        held = self.env["booking.hold"].search([])
        self.assertEqual(self.move(held, TEN + 900), [])
        self.assertEqual({row._span()[0] for row in held}, {utc_of(TEN + 900)})
        self.there(self.ben, "12:00", "13:00")
        self.assertTrue(self.move(held, at(f"{MONDAY} 12:00")))
        self.env.invalidate_all()
        self.assertEqual({row._span()[0] for row in held}, {utc_of(TEN + 900)})

    def test_moving_keeps_the_person(self):
        """S2-66: the colleague is free, but the appointment is with this person."""
        held = self.booked(self.anna)
        self.there(self.anna, "14:00", "15:00")
        self.assertTrue(self.move(held, at(f"{MONDAY} 14:00")))
        self.assertEqual(self.move(held, at(f"{MONDAY} 15:00")), [])
        self.assertEqual(held.user_id, self.anna)

    def test_together_everybody_is_asked(self):
        """S2-41: one of two is busy, so nobody is booked and nothing stays held."""
        self.calendar.mode = "collective"
        self.there(self.ben, "10:00", "10:30")
        got, others = self.book()
        self.assertEqual((got, self.made, self.rows()), ([], [], []))
        self.assertEqual(others[0].start, TEN + 1800)
        self.assertEqual(self.book(TEN + 1800)[0], (self.anna + self.ben).ids)


def utc_of(seconds):
    """An instant as Odoo keeps it."""
    return moment(seconds).replace(tzinfo=None)
