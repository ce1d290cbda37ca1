from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger
from psycopg2 import IntegrityError

from ..providers import port
from .connect_case import OneAccountCase


@tagged("post_install", "-at_install")
class TestAccount(OneAccountCase):
    # -- toggle ---------------------------------------------------------------------------------
    def test_second_account_cannot_be_switched_on_and_says_why(self):
        """S0-11 S0-27: one account syncs; the reason names the other one."""
        home = self.make_account(self.ann, "ann@home.example")
        with self.assertRaisesRegex(UserError, "ann@work.example"):
            self.as_user(home, self.ann).set_sync(True)
        card = self.card(home)
        self.assertIn("ann@work.example", card["toggle_reason"])
        self.assertEqual(card["other_id"], self.work.id)
        self.assertEqual(self.card(self.work)["toggle_reason"], "")

    def test_switching_moves_sync_in_one_step(self):
        """S0-12: off there, on here; the old account's choices stay."""
        home = self.make_account(self.ann, "ann@home.example")
        self.as_user(home, self.ann).switch_here()
        self.assertTrue(home.is_sync_on)
        self.assertFalse(self.work.is_sync_on)
        self.assertTrue(self.work.events_calendar_id)
        self.assertEqual(self.page()["current_id"], home.id)

    def test_database_allows_one_account_with_sync_and_says_it_kindly(self):
        """S0-11: whoever comes second, also at the same moment, gets the message."""
        home = self.make_account(self.ann, "ann@home.example")
        on = "UPDATE calendar_sync_account SET is_sync_on = TRUE WHERE id = %s"
        quiet = mute_logger("odoo.sql_db")
        with quiet, self.assertRaises(IntegrityError) as caught, self.cr.savepoint():
            self.cr.execute(on, [home.id])
        message = home._sql_error_to_message(caught.exception)
        self.assertIn("Turn it off there first", message)

    def test_switching_off_hides_the_choice_and_deletes_nothing(self):
        """S0-13 S4-10: off is off, and everything stays."""
        self.as_user(self.work, self.ann).set_sync(False)
        self.assertFalse(self.work.is_sync_on)
        self.assertEqual(len(self.work.calendar_ids), 3)
        self.assertTrue(self.work.events_calendar_id, "the choice is kept for next time")

    # -- calendars ------------------------------------------------------------------------------
    def test_primary_calendar_is_preselected(self):
        """S0-14 S2-01 S3-13: all calendars are listed and the primary one is chosen."""
        self.assertEqual(self.work.events_calendar_id.name, "ann@work.example")
        self.assertEqual(self.work.events_calendar_id.access_mode, "full")
        self.assertEqual(len(self.card(self.work)["calendars"]), 3)

    def test_read_only_calendar_is_refused_with_the_reason(self):
        """S0-34 S2-65: it can block, but not be chosen."""
        holidays = self.calendar(self.work, "Holidays")
        with self.assertRaisesRegex(UserError, "Read-only"):
            self.as_user(self.work, self.ann).choose_calendar(holidays.id)
        row = next(r for r in self.card(self.work)["calendars"] if r["id"] == holidays.id)
        self.assertFalse(row["can_choose"])
        self.assertIn("Read-only", row["reason"])
        self.as_user(self.work, self.ann).set_blocking(holidays.id, True)
        self.assertTrue(holidays.blocks_availability)

    def test_another_calendar_can_be_chosen_at_any_time(self):
        """S0-17 S0-31: exactly one is chosen, and it is the new one."""
        team = self.calendar(self.work, "Team")
        self.as_user(self.work, self.ann).choose_calendar(team.id)
        self.assertEqual(self.work.calendar_ids.filtered("is_events"), team)
        self.assertEqual(self.work.events_calendar_id, team)

    def test_list_follows_the_provider_and_flags_what_vanished(self):
        """S0-18 S1-04: new, renamed and vanished calendars are told apart."""
        changed = self.work._apply_calendar_list(
            [
                port.RemoteCalendar(
                    "ann@work.example", "Ann", port.AccessRole.OWNER, is_primary=True
                ),
                port.RemoteCalendar("new", "Visits", port.AccessRole.OWNER),
                port.RemoteCalendar(
                    "hol-ann@work.example", "Holidays", port.AccessRole.READER, is_own=False
                ),
            ]
        )
        self.assertEqual(changed, {"new": ["Visits"], "renamed": ["Ann"], "missing": ["Team"]})
        team = self.calendar(self.work, "Team")
        self.assertTrue(team.is_missing)
        self.assertEqual(self.work.events_calendar_id.name, "Ann")
        with self.assertRaisesRegex(UserError, "no longer there"):
            self.as_user(self.work, self.ann).choose_calendar(team.id)

    def test_chosen_calendar_that_vanished_is_said(self):
        """S0-18: flagged, not silently replaced."""
        self.work._apply_calendar_list(
            [port.RemoteCalendar("x", "X", port.AccessRole.OWNER, is_primary=True)]
        )
        self.assertTrue(self.work.events_calendar_id.is_missing)
        self.assertIn("gone", self.card(self.work)["problem"]["sentence"])

    def test_right_to_write_taken_away_chooses_another(self):
        """S2-65: a calendar that became read-only is not written to."""
        self.work._apply_calendar_list(
            [
                port.RemoteCalendar(
                    "ann@work.example", "A", port.AccessRole.READER, is_primary=True
                ),
                port.RemoteCalendar("team-ann@work.example", "Team", port.AccessRole.WRITER),
            ]
        )
        self.assertEqual(self.work.events_calendar_id.name, "Team")

    # -- status ---------------------------------------------------------------------------------
    def test_lost_connection_is_told_once_with_its_cause(self):
        """S0-29 S1-10: Reconnect Required, one notice, however often it is met."""
        mails = self.env["mail.mail"].search_count([])
        for _time in range(3):
            self.lose("password_changed")
        self.assertEqual(self.work.status, "reconnect_required")
        self.assertEqual(len(self.work.activity_ids), 1)
        self.assertEqual(self.work.activity_ids.user_id, self.ann)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        problem = self.card(self.work)["problem"]
        self.assertIn("password", problem["sentence"])
        self.assertEqual(problem["button"], "reconnect")

    def test_mending_the_connection_leaves_other_activities_alone(self):
        """S0-29: only the notice itself is settled."""
        todo = self.work.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.ann.id
        )
        self.lose("password_changed")
        self.assertEqual(len(self.work.activity_ids), 2)
        self.work._close_notice()
        self.assertEqual(self.work.activity_ids, todo)

    def test_every_cause_of_a_lost_connection_has_words_and_a_button(self):
        """S1-11 S1-12 S1-13: password, security settings, permissions revoked."""
        sentences = set()
        for code in ("password_changed", "policy_changed", "access_revoked", "missing_scope"):
            self.work._set_status("reconnect_required", code)
            problem = self.card(self.work)["problem"]
            sentences.add(problem["sentence"])
            self.assertEqual(problem["button"], "reconnect")
        self.assertEqual(len(sentences), 4)

    def test_button_is_authorize_when_never_and_reconnect_when_lost(self):
        """S1-03 S1-15: one button, its label by state."""
        self.work._set_status("not_connected", "")
        card = self.card(self.work)
        self.assertEqual(
            (card["status_label"], card["problem"]["button"]), ("Not Connected", "authorize")
        )
        self.work._set_status("reconnect_required", "access_revoked")
        card = self.card(self.work)
        self.assertEqual(
            (card["status_label"], card["problem"]["button"]), ("Reconnect Required", "reconnect")
        )

    def test_calendar_view_warns_of_a_disconnected_calendar(self):
        """S1-29: told in the calendar view, and quiet when all is well or nothing was connected."""
        accounts = self.as_user(self.env["calendar.sync.account"], self.ann)
        self.assertFalse(accounts.disconnected_banner())
        self.lose("access_revoked")
        banner = self.as_user(accounts, self.ann).disconnected_banner()
        self.assertEqual(banner["status"], "reconnect_required")
        bob = self.make_user("bob")
        self.assertFalse(self.as_user(accounts, bob).disconnected_banner())

    def test_trouble_that_passes_says_until_when(self):
        """S1-10: a provider that is away: the status stays Active, the strip says what happens."""
        until = fields.Datetime.now() + timedelta(minutes=4)
        self.work.write({"failures": 1, "reason_code": "unavailable", "next_run": until})
        card = self.card(self.work)
        self.assertEqual(card["status"], "active")
        self.assertIn("cannot be reached", card["problem"]["sentence"])
        self.assertTrue(card["problem"]["until"])
        self.assertEqual(card["problem"]["button"], "")

    def test_check_names_what_is_wrong(self):
        """S0-28: right calendar, toggle on, status Active; each broken in turn is named."""
        self.assertEqual(self.wrong(), [])
        self.work._set_status("paused", "")
        self.assertEqual(self.wrong(), ["Connection"])
        self.work._set_status("active", "")
        self.calendar(self.work, "ann@work.example").is_missing = True
        self.assertEqual(self.wrong(), ["Calendar for events"])
        self.calendar(self.work, "ann@work.example").is_missing = False
        self.work.is_sync_on = False
        self.assertEqual(self.wrong(), ["Calendar sync"])

    def test_admin_pauses_and_resumes(self):
        admin = self.make_user("boss", "calendar_sync_pro.group_admin")
        self.as_user(self.work, admin).pause()
        self.assertEqual(self.work.status, "paused")
        self.assertIn("administrator", self.card(self.work)["problem"]["sentence"])
        self.as_user(self.work, admin).resume()
        self.assertEqual(self.work.status, "active")

    def test_page_without_any_account_offers_to_connect(self):
        """S0-06 S2-08: no error, a table of five permissions with two columns."""
        bob = self.make_user("bob")
        page = self.page(bob)
        self.assertEqual(page["accounts"], [])
        rows = self.first(page)["permissions"]
        self.assertEqual(len(rows), 5)
        self.assertTrue(all(row["name"] and row["what_it_does"] for row in rows))

    def test_mail_server_says_that_it_has_no_calendar(self):
        """S0-05: IMAP has no calendar access; one line says so and leads to the connections."""
        views = self.env["fetchmail.server"].get_view(view_type="form")
        note = etree.fromstring(views["arch"]).find(".//p[@name='no_calendar_sync']")
        self.assertIn("No calendar sync", note.text)
        self.assertIn("imap", note.get("invisible"))
        action = self.env.ref("calendar_sync_pro.calendar_connections_action")
        self.assertEqual(note.find("button").get("name"), str(action.id))

    def test_catalogue_names_the_facts_of_each_provider(self):
        """S4-02: source type, delivery format, integration type."""
        facts = dict(self.first(self.page())["facts"])
        self.assertEqual(facts["Source Type"], "Calendar Sync Provider")
        self.assertEqual(facts["Delivery Format"], "OAuth, API")
        self.assertEqual(facts["Integration Type"], "Two-Way Calendar Sync")

    def test_help_of_each_provider_opens(self):
        """S4-32: our own article, from the details of the card; none leads nowhere."""
        providers = {one["name"]: one for one in self.page()["providers"]}
        for name in ("google", "microsoft"):
            path = providers[name]["help_url"].removeprefix("/calendar_sync_pro/")
            with file_open(f"calendar_sync_pro/{path}") as article:
                self.assertIn("<h1>Sync appointments with", article.read())
        self.assertEqual(self.env["calendar.sync.account"]._help_url("nobody"), "")

    def test_admin_sees_a_users_card_but_no_result_of_a_sign_in(self):
        """S0-07: the admin sees the card of the user."""
        admin = self.make_user("boss", "calendar_sync_pro.group_admin")
        page = self.page(self.ann, reader=admin)
        self.assertFalse(page["is_own"])
        self.assertEqual(page["accounts"][0]["email"], "ann@work.example")
