"""The badge of an appointment, from links, marks and accounts."""

from odoo.tests import tagged

from .appointment_case import AppointmentCase


@tagged("post_install", "-at_install")
class TestBadge(AppointmentCase):
    def _badge(self, event, user=None):
        event.invalidate_recordset()
        seen = event.with_user(user or self.anna)
        return seen.sync_badge, seen.sync_badge_text

    def test_nobody_connected(self):
        """S1-06: without a calendar the appointment claims nothing."""
        event = self._book()
        self._settle_marks()
        self.assertEqual(self._badge(event)[0], "none")

    def test_waiting_then_synced_then_problem(self):
        """S1-06: the appointment says itself how it stands, and why."""
        calendar = self._connect(self.anna)
        event = self._book()
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._badge(event), ("waiting", "On its way to Google Calendar…"))
        self._settle_marks()
        link = self._link(event, calendar)
        self._settle_marks()
        self.assertEqual(self._badge(event), ("synced", "In Google Calendar"))
        self.assertEqual(event.with_user(self.anna).sync_web_url, link.web_url)
        self.assertEqual(event.with_user(self.anna).sync_web_label, "Open in Google Calendar")
        link.write({"state": "quarantined", "problem_code": "forbidden"})
        badge, text = self._badge(event)
        self.assertEqual(badge, "problem")
        self.assertIn("Ask the organizer", text)

    def test_a_waiting_change_needs_a_sign_in(self):
        """S1-06: the reason stands where the change waits; without a change all is well."""
        calendar = self._connect(self.anna, status="reconnect_required")
        event = self._book()
        self._link(event, calendar)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._badge(event)[0], "problem")
        self._settle_marks()
        self.assertEqual(self._badge(event)[0], "synced")

    def test_a_cancelled_one_leaves(self):
        """S2-14: until the calendar has heard of it, it says that it is being removed."""
        event = self._book()
        self._link(event, self._connect(self.anna))
        self._settle_marks()
        event._cancel_appointment("Mia is ill.")
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertEqual(self._badge(event), ("waiting", "Being removed from Google Calendar…"))

    def test_former_calendar(self):
        """S1-06: what stays in a former calendar says so."""
        event = self._book()
        self._link(event, self._connect(self.anna), state="frozen")
        self._settle_marks()
        self.assertEqual(self._badge(event)[0], "former")

    def test_a_colleague_sees_the_state_but_not_the_way_in(self):
        """S1-06: the address opens the owner's calendar, so only the owner gets it."""
        event = self._book()
        self._link(event, self._connect(self.anna))
        self._settle_marks()
        self.assertEqual(self._badge(event, self.ben)[0], "synced")
        self.assertFalse(event.with_user(self.ben).sync_web_url)
        self.assertFalse(event.with_user(self.ben).get_sync_story()["links"])

    def test_occurrences_have_the_state_of_their_series(self):
        """S1-06: a native series is on the calendar once, and each row shows it."""
        calendar = self._connect(self.anna)
        first = self._book(
            recurrency=True, rrule_type_ui="daily", rrule_type="daily", end_type="count", count=4
        )
        link = self._link(first, calendar)
        link.meeting_id.recurrence_id = first.recurrence_id
        self._settle_marks()
        events = first.recurrence_id.calendar_event_ids
        events.invalidate_recordset()
        self.assertEqual(set(events.with_user(self.anna).mapped("sync_badge")), {"synced"})

    def test_needs_attention_is_a_filter(self):
        """S1-06: own problems are found; other people's are theirs."""
        good, bad = self._book(), self._book()
        calendar = self._connect(self.anna)
        self._link(good, calendar)
        self._link(bad, calendar, state="quarantined", problem_code="malformed")
        self._settle_marks()
        events = self.env["calendar.event"]
        domain = [("sync_badge", "in", ["problem"])]
        self.assertEqual(events.with_user(self.anna).search(domain), bad)
        self.assertFalse(events.with_user(self.ben).search(domain))

    def test_a_list_costs_the_same_for_one_and_for_many(self):
        """S1-06: no query per row."""
        calendar = self._connect(self.anna)
        events = self.env["calendar.event"]
        for _ in range(12):
            event = self._book()
            self._link(event, calendar)
            events |= event
        self.env.flush_all()
        self.env.cr.precommit.run()
        costs = []
        for some in (events[:1], events[:1], events):  # the first fills Odoo's own caches
            self.env.flush_all()
            self.env.invalidate_all()
            rows = some.with_user(self.anna)
            before = self.env.cr.sql_log_count
            rows.read(["name", "sync_badge", "sync_badge_text", "sync_web_url"])
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])

    def test_the_story_is_told_in_sentences(self):
        """S1-06: calendars and what a sync did, for the account's owner."""
        calendar = self._connect(self.anna)
        event = self._book()
        link = self._link(event, calendar)
        when = {"start": "2027-03-01T09:00:00Z", "stop": "2027-03-01T10:00:00Z"}
        self.env["calendar.sync.journal"]._log(
            [
                {
                    "calendar_id": calendar.id,
                    "link_id": link.id,
                    "event_id": event.id,
                    "direction": "in",
                    "action": "update",
                    "rule": "changed_in_calendar",
                    "old": {"when": when, "title": "Call"},
                    "new": {"when": {**when, "stop": "2027-03-01T11:00:00Z"}, "title": "Call"},
                }
            ]
        )
        story = event.with_user(self.anna).get_sync_story()
        (entry,) = story["entries"]
        self.assertEqual((entry["from"], entry["to"]), ("Google Calendar", "Odoo"))
        self.assertEqual(entry["sentence"], "Changed in the calendar.")
        self.assertEqual([line["name"] for line in entry["lines"]], ["Time"])
        self.assertEqual(story["links"][0]["calendar"], "anna@rep.example")
