"""Calendars that only block time, on servers that send more than they are asked for."""

from odoo.tests import tagged

from ..core.changes import BusyTime
from ..providers.port import BusyTimes, BusyUnreadable
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestBusyDetails(PullCase):
    def test_the_card_says_that_a_server_sends_whole_events_while_it_does(self):
        """S0-23, S0-24: known per calendar; what cannot be read changes nothing."""
        calendar = self.account.events_calendar_id
        pull = self.env["calendar.sync.busy.pull"]
        times = [BusyTime(self.at(10), self.at(11))]
        self.assertFalse(calendar._page_row()["is_more_sent"])
        pull._store(calendar, {calendar.remote_id: BusyTimes(times, is_more_sent=True)})
        self.assertTrue(calendar._page_row()["is_more_sent"])
        pull._store(calendar, {calendar.remote_id: BusyUnreadable("forbidden")})
        self.assertTrue(calendar._page_row()["is_more_sent"])
        pull._store(calendar, {calendar.remote_id: BusyTimes(times)})
        self.assertFalse(calendar._page_row()["is_more_sent"])
        stored = self.env["calendar.sync.busy"].sudo().search([("calendar_id", "=", calendar.id)])
        self.assertEqual(stored.mapped("start"), [self.naive(10)])
