"""A first sync is shown before it is done: nothing is written on either side until then."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .preview_case import BreakingProvider, PreviewCase


@tagged("post_install", "-at_install")
class TestPreview(PreviewCase):
    def full_calendars(self):
        """There: a meeting and a series with a customer, an entry of Ann's alone, one far away.
        Here: two appointments."""
        self.adds("Fresh", 9)
        self.adds("Weekly there", 10, rules=("RRULE:FREQ=WEEKLY;COUNT=3",))
        self.adds("Alone", 11, fields={"attendees": ()})
        self.adds("Far", 9, days=400)
        self.book("Mine", hour=8)
        self.book("Mine too", hour=12)

    def test_toggle_leads_to_a_preview_and_writes_nothing(self):
        """B-02, S3-08, B-01: the lists are there; Odoo and calendar are as before, no mail."""
        self.full_calendars()
        there = sorted(self.remote())
        rows = self.env["calendar.event"].search_count([])
        preview = self.preview()
        page = self.page(preview)
        self.assertEqual(page["state"], "ready")
        self.assertEqual(
            page["counts"], {"into_odoo": 2, "into_calendar": 2, "same": 0, "kept_out": 2}
        )
        self.assertEqual(self.titles(preview, "into_odoo"), ["Fresh", "Weekly there"])
        self.assertEqual(self.titles(preview, "into_calendar"), ["Mine", "Mine too"])
        self.assertFalse(self.account.is_sync_on)
        self.assertEqual(sorted(self.remote()), there)
        self.assertEqual(self.env["calendar.event"].search_count([]), rows)
        for model in ("link", "meeting", "mark", "journal"):
            found = self.env[f"calendar.sync.{model}"].search([])
            self.assertFalse(found.filtered(lambda r: "account_id" not in r or r.account_id), model)
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_what_only_blocks_time_shows_a_reason_and_no_title(self):
        """B-02: what is kept out has no title, only when it is and why."""
        self.full_calendars()
        alone, far = self.page(self.preview())["lists"]["kept_out"]
        self.assertEqual((alone["title"], far["title"]), ("", ""))
        self.assertIn("Nobody from outside", alone["reason"])
        self.assertIn("Outside the days", far["reason"])

    def test_preview_equals_result_item_by_item(self):
        """B-02, B-01: what was shown is what was done, each event, and nobody was mailed."""
        self.full_calendars()
        preview = self.preview()
        self.begin(preview)
        page = self.page(preview)
        self.assertEqual(page["state"], "done")
        for side in ("into_odoo", "into_calendar", "kept_out"):
            self.assertEqual({row["result"] for row in page["lists"][side]}, {"done"}, side)
        self.assertFalse(page["late"])
        self.assertEqual(self.in_odoo("Fresh", "Alone", "Far"), ["Fresh"])
        self.assertLessEqual({"Mine", "Mine too"}, set(self.remote()))
        self.assertEqual(page["done"], page["total"])
        self.assertFalse(self.world.mails)
        self.assert_nobody_heard()

    def test_known_on_both_sides_is_connected_without_a_copy(self):
        """S1-08, B-02: what both sides have is counted as the same, and stays one event."""
        event = self.book("Both", hour=9)
        event._ensure_guids()
        self.adds("Both", 9, days=1, guid=event.sync_guid)
        preview = self.preview()
        self.assertEqual(self.titles(preview, "same"), ["Both"])
        self.assertFalse(self.titles(preview, "into_calendar") + self.titles(preview, "into_odoo"))
        self.begin(preview)
        self.assertEqual(len(self.remotes()), 1)
        self.assertEqual(len(self.env["calendar.event"].search([("name", "=", "Both")])), 1)
        self.assertEqual(self.page(preview)["lists"]["same"][0]["result"], "done")

    def test_what_changed_meanwhile_is_decided_anew_and_shown(self):
        """B-02: deleted, added and edited between preview and start."""
        gone, _kept = self.adds("Gone soon", 9), self.adds("Stays", 10)
        preview = self.preview()
        self.deletes(gone)
        self.adds("Came later", 12)
        self.begin(preview)
        page = self.page(preview)
        late = {row["title"]: row["result"] for row in page["late"]}
        self.assertEqual(late, {"Gone soon": "changed", "Came later": "late"})
        self.assertEqual(self.in_odoo("Gone soon", "Stays", "Came later"), ["Came later", "Stays"])

    def test_other_choices_are_decided_anew(self):
        """B-02, S3-09: with everything and more days more comes in; colleagues keep theirs."""
        self.full_calendars()
        preview = self.preview()
        self.mine(preview).choose("everything", 5, 500)
        self.assertEqual(self.page(preview)["state"], "reading")
        self.work()
        self.assertEqual(
            self.titles(preview, "into_odoo"), ["Alone", "Far", "Fresh", "Weekly there"]
        )
        self.begin(preview)
        self.assertEqual(self.in_odoo("Alone", "Far"), ["Alone", "Far"])
        self.assertEqual(self.env.company.sync_days_ahead, 92, "others keep the company's days")

    def test_choices_are_refused_where_the_company_fixed_them(self):
        """B-02: the company's word counts, and impossible days are none."""
        preview = self.preview()
        with self.assertRaises(UserError):
            self.mine(preview).choose("everything", -1, 10)
        with self.assertRaises(UserError):
            self.mine(preview).choose("whatever", 1, 10)
        self.env.company.sync_allow_override = False
        with self.assertRaises(UserError):
            self.mine(preview).choose("everything", 1, 10)
        self.assertFalse(self.account.has_own_window)

    def test_cancelled_preview_leaves_no_trace(self):
        """B-02: nothing is kept of the calendar's titles, and sync stays off."""
        self.full_calendars()
        preview = self.preview()
        self.mine(preview).cancel()
        self.work()
        self.assertFalse(preview.item_ids)
        self.assertFalse(self.account.is_sync_on or self.in_odoo("Fresh"))
        self.assertFalse(self.account._page_card()["preview"])

    def test_field_alone_does_not_switch_it_on(self):
        """B-02, S3-08: the toggle in the list of accounts does not get around the preview."""
        self.adds("Fresh")
        with self.assertRaises(UserError):
            self.mine().write({"is_sync_on": True})
        self.work()
        self.assertFalse(self.in_odoo("Fresh"))

    def test_started_in_the_very_turn_that_read_it(self):
        """B-02, S4-14: given a worker that has just read the preview, when Start is pressed before
        its turn is over, then all of it is done once, and only then it is said to be done."""
        self.adds("Theirs")
        self.book("Mine")
        self.account.provider = "breaking"
        BreakingProvider.pages_left = 100
        preview = self.toggle()
        BreakingProvider.at_close = [lambda: self.mine(preview).start()]
        self.work(2)
        page = self.page(preview)
        results = [row["result"] for rows in page["lists"].values() for row in rows]
        self.assertEqual((page["state"], results, page["late"]), ("done", ["done"] * 2, []))
        self.assertEqual(self.in_odoo("Theirs", "Mine"), ["Mine", "Theirs"])
        self.assertEqual(sorted(self.remote()), ["Mine", "Theirs"])
        self.assert_nobody_heard()

    def test_company_may_skip_it(self):
        """B-02: without the setting the toggle starts at once, as does every later time."""
        self.env.company.sync_preview_first = False
        self.assertIs(self.mine().set_sync(True), True)
        self.assertTrue(self.account.is_sync_on)
        self.account.is_sync_on = False
        self.env.company.sync_preview_first = True
        self.mine().set_sync(True)
        self.assertTrue(self.account.is_sync_on, "it was synced before")

    def test_colleagues_and_administrators_see_no_titles(self):
        """B-02, D-04: another rep meets nothing; an administrator numbers without titles."""
        self.full_calendars()
        preview = self.preview()
        eve = new_test_user(self.env, "eve", groups="base.group_user")
        with self.assertRaises(AccessError):
            preview.with_user(eve).page()
        self.assertFalse(self.env["calendar.sync.preview.item"].with_user(eve).search([]))
        boss = new_test_user(
            self.env, "boss", groups="base.group_user,calendar_sync_pro.group_admin"
        )
        self.env.invalidate_all()
        page = preview.with_user(boss).page()
        self.assertEqual(page["counts"]["into_odoo"], 2)
        self.assertEqual({row["title"] for row in page["lists"]["into_odoo"]}, {""})
        self.assertFalse(self.env["calendar.sync.preview.item"].with_user(boss).search([]))

    def test_one_odd_event_is_listed_and_the_rest_is_shown(self):
        """B-02: an event that makes no sense has a reason; the others are foreseen."""
        self.adds("Fine", 9)
        self.adds("Odd", 10, rules=("RRULE:FREQ=SECONDLY",))
        preview = self.preview()
        page = self.page(preview)
        self.assertEqual(page["state"], "ready")
        self.assertIn("Fine", self.titles(preview, "into_odoo"))
        self.begin(preview)
        self.assertEqual(self.in_odoo("Fine"), ["Fine"])

    def test_interrupted_reading_goes_on_where_it_was(self):
        """B-02: page by page with its cursor; the provider fails half-way, nothing is read twice
        and nothing is lost."""
        for n in range(7):
            self.adds(f"Talk {n}", 8 + n)
        self.world.page_size = 2
        self.account.provider = "breaking"
        BreakingProvider.pages_left = 2
        preview = self.toggle()
        self.work()
        first = preview.item_ids.ids
        self.assertEqual((preview.state, len(first)), ("reading", 4))
        self.assertTrue(self.page(preview)["waits"], "it says why it does not get on")
        self.later()
        self.assertEqual(self.page(preview)["counts"]["into_odoo"], 7)
        self.assertLessEqual(set(first), set(preview.item_ids.ids))
        self.assertFalse(self.in_odoo(*(f"Talk {n}" for n in range(7))))

    def test_other_choices_while_it_is_read_begin_anew(self):
        """B-02: what an earlier reading found with other choices is not mixed in."""
        self.adds("Alone", 9, fields={"attendees": ()})
        preview = self.toggle()
        self.mine(preview).choose("everything", 30, 92)
        self.work()
        self.assertEqual(self.titles(preview, "into_odoo"), ["Alone"])
        self.assertFalse(self.page(preview)["lists"]["kept_out"])

    def test_occurrences_belong_to_their_series(self):
        """B-02: a series with a changed occurrence is one entry, whatever page it comes on."""
        weekly = self.adds("Weekly", 9, rules=("RRULE:FREQ=WEEKLY;COUNT=3",))
        self.occurrence(weekly, 7, location="Annex")
        self.world.page_size = 1
        preview = self.preview()
        self.assertEqual(self.titles(preview, "into_odoo"), ["Weekly"])
        self.begin(preview)
        page = self.page(preview)
        self.assertEqual((page["lists"]["into_odoo"][0]["result"], page["late"]), ("done", []))

    def test_switching_keeps_the_other_account_on_until_the_start(self):
        """B-02, S0-11: the toggle of a second account shows first what it would do."""
        second = self._connected(
            new_test_user(self.env, "ann2", groups="base.group_user", email="ann@home.example")
        )
        second.is_sync_on = False
        second.write({"user_id": self.user.id, "synced_from": False, "first_sync_done": False})
        self.account.write({"synced_from": "2026-01-01", "is_sync_on": True})
        answer = self.mine(second).switch_here()
        self.work()
        preview = self.env["calendar.sync.preview"].browse(answer["preview_id"])
        self.assertEqual((self.account.is_sync_on, second.is_sync_on), (True, False))
        self.assertEqual(preview.state, "ready")
        self.mine(preview).start()
        self.assertEqual((self.account.is_sync_on, second.is_sync_on), (False, True))
