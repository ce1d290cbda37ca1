"""When people are free: live from their calendars, times only, and never a guess."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..core.errors import Unavailable
from ..core.event import ShowAs
from .pull_case import PullCase

ZONE = "Europe/Berlin"


@tagged("post_install", "-at_install")
class TestAvailability(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enable(has_busy_of_others=True)

    def setUp(self):
        super().setUp()
        self.hours = self.env["resource.calendar"].create(
            {
                "name": "Mornings", "tz": "UTC",
                "attendance_ids": [(5,)] + [
                    (0, 0, {"name": "m", "dayofweek": str(d), "hour_from": 8, "hour_to": 13})
                    for d in range(7)
                ],
            }
        )  # fmt: skip
        company = self.env["res.company"].create(
            {"name": "Mornings", "resource_calendar_id": self.hours.id}
        )
        self.user.write({"company_ids": [(4, company.id)], "company_id": company.id})
        self.ben = new_test_user(
            self.env, "ben", groups="base.group_user", email="ben@corp.example", tz=ZONE,
            company_id=company.id, company_ids=[(6, 0, company.ids)],
        )  # fmt: skip
        self.mia = self.env["res.partner"].create({"name": "Mia", "email": "mia@out.example"})

    def _day(self, *partners, user=None, days=2, **options):
        with self.committing() as env:
            model = env["calendar.availability"].with_user(user or self.user)
            day = (fields.Datetime.now() + timedelta(days=days)).date().isoformat()
            ids = [partner.id for partner in partners]
            return model.day_of(ids, day, options.pop("zone", "UTC"), **options)

    def _clock(self, spans):
        return [(one["start"][11:16], one["stop"][11:16]) for one in spans]

    def test_own_day_is_read_live(self):
        """S3-33, S3-34: what stands in the calendar this moment, though no sync has run."""
        me = self.user.partner_id
        self.assertFalse(self._day(me)["people"][0]["busy"])
        self.adds("Dentist", hour=9)
        found = self._day(me)
        [person] = found["people"]
        self.assertEqual(self._clock(person["busy"]), [("09:00", "10:00")])
        self.assertEqual(person["source"], "live")
        self.assertEqual(self._clock(person["working"]), [("08:00", "13:00")])
        self.assertNotIn("Dentist", repr(found))

    def test_slots_suit_everybody(self):
        """S3-34: within all working hours, outside everything that anybody is busy with."""
        ben = self._connected(self.ben)
        self.adds("Mine", hour=8)
        self.adds("Bens", hour=11, account=ben)
        found = self._day(self.user.partner_id, self.ben.partner_id, minutes=60)
        starts = [start for start, _stop in self._clock(found["slots"])]
        self.assertEqual(starts, ["09:00", "09:30", "10:00", "12:00"])

    def test_a_colleague_without_a_connection_is_asked_through_ones_own(self):
        """S3-34: by address; somebody whom nobody shares is unknown, with the reason."""
        self.world.account("ben@corp.example")
        self.world.put("ben@corp.example", self.remote_event("Secret", hour=10))
        found = self._day(self.ben.partner_id, self.mia)
        ben, mia = found["people"]
        self.assertEqual((ben["source"], self._clock(ben["busy"])), ("live", [("10:00", "11:00")]))
        self.assertEqual((mia["source"], mia["busy"], mia["working"]), ("none", [], None))
        self.assertIn("not shared", mia["why"])
        self.assertNotIn("Secret", repr(found))

    def test_odoos_own_appointments_count_private_ones_too(self):
        """S3-34, S0-33: as times; a declined one and a free one don't count."""
        with self.enter_registry_test_mode():
            events = self.env["calendar.event"].with_user(self.ben)
            for hour, values in ((8, {"privacy": "private"}), (10, {"show_as": "free"})):
                start = self.at(hour).replace(tzinfo=None)
                events.create(
                    {"name": "Canary", "start": start, "stop": start + timedelta(hours=1),
                     "partner_ids": [(6, 0, self.ben.partner_id.ids)], **values}
                )  # fmt: skip
        self.env.flush_all()
        found = self._day(self.ben.partner_id)
        [ben] = found["people"]
        self.assertEqual(self._clock(ben["busy"]), [("08:00", "09:00")])
        self.assertNotIn("Canary", repr(found))
        self.assertTrue(ben["why"])

    def test_the_appointment_being_planned_is_not_in_its_own_way(self):
        """S3-34: neither in Odoo nor in the calendar to which it has gone."""
        event = self.book(hour=9, days=2)
        self.turn()
        [me] = self._day(self.user.partner_id)["people"]
        self.assertEqual(self._clock(me["busy"]), [("09:00", "10:00")])
        found = self._day(self.user.partner_id, event_id=event.id)
        self.assertFalse(found["people"][0]["busy"])
        self.assertIn(("09:00", "10:00"), self._clock(found["slots"]))

    def test_a_calendar_that_fails_shows_what_was_read_before(self):
        """S3-34: with the time of reading; free entries don't block, tentative ones are told."""
        self.adds("Maybe", hour=9, fields={"show_as": ShowAs.TENTATIVE})
        self.adds("Open", hour=11, fields={"show_as": ShowAs.FREE})
        [me] = self._day(self.user.partner_id)["people"]
        self.assertEqual([one["kind"] for one in me["busy"]], ["tentative"])
        self.world.fail("busy", Unavailable("timeout"))
        [me] = self._day(self.user.partner_id)["people"]
        self.assertEqual(me["source"], "stored")
        self.assertTrue(me["why"])

    def test_the_day_is_the_readers(self):
        """D-06: in the reader's zone, also when the clocks change there."""
        found = self._day(self.user.partner_id, zone="Pacific/Auckland")
        self.assertEqual(found["zone"], "Pacific/Auckland")
        start, stop = (fields.Datetime.to_datetime(found[name]) for name in ("start", "stop"))
        self.assertIn(start.hour, (11, 12))
        self.assertIn((stop - start).total_seconds() / 3600, (23, 24, 25))
        with self.assertRaises(UserError):
            self._day(self.user.partner_id, zone="Nowhere/Land")

    def test_strangers_learn_nothing(self):
        """S0-33: portal users can't ask."""
        portal = new_test_user(self.env, "visitor", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self._day(self.user.partner_id, user=portal)
