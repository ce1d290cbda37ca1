"""What is kept about a person: seen, taken along, erased."""

import base64
import io
import json
import zipfile
from datetime import UTC, datetime

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .booking_page_case import MIAS_ADDRESS, BookingPageCase
from .push_case import PushCase

SECRET_TITLE = "Salary talk"


class PrivacyMixin:
    def wizard(self, reader, **values):
        model = self.env["calendar.sync.privacy"].with_user(reader)
        return model.create(values)

    def counts(self, wizard):
        return {line.name: line.count for line in wizard.line_ids}

    def downloaded(self, wizard):
        """{name of the file: its values} as the browser gets it."""
        action = wizard.action_download()
        self.assertIn(f"/{wizard.id}/file/", action["url"])
        packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.file)))
        return {name: json.loads(packed.read(name)) for name in packed.namelist()}


@tagged("post_install", "-at_install")
class TestEmployeesData(PrivacyMixin, PushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "base.group_user,calendar_sync_pro.group_admin"
        cls.boss = new_test_user(cls.env, "boss", groups=group)
        cls.bob = new_test_user(cls.env, "bob", groups="base.group_user")

    def setUp(self):
        super().setUp()
        self.event = self.book(SECRET_TITLE)
        self.turn()
        self.event.name = f"{SECRET_TITLE}, moved"
        self.turn()
        self.env["booking.blocked.time"].create(
            {
                "name": "Dentist",
                "user_id": self.user.id,
                "start": self.tomorrow(8),
                "stop": self.tomorrow(9),
            }
        )

    def test_one_takes_along_everything_about_oneself(self):
        """D-12: with titles, without a single secret."""
        self.account._store_grant(self.grant())
        files = self.downloaded(self.wizard(self.user))
        self.assertEqual([row["email"] for row in files["connections.json"]], ["ann@corp.example"])
        text = json.dumps(files)
        self.assertIn(SECRET_TITLE, text)
        self.assertIn("Dentist", text)
        self.assertTrue(files["about.json"]["has_titles"])
        for secret in ("canary-access", "canary-refresh", "credentials_encrypted", "lease_token"):
            self.assertNotIn(secret, text)
        sealed = self.account.sudo().credentials_encrypted
        self.assertNotIn(sealed, text)

    def test_an_administrators_file_about_a_colleague_has_no_titles(self):
        """D-12, S0-33: what was synced and when, never what it was."""
        files = self.downloaded(self.wizard(self.boss, user_id=self.user.id))
        text = json.dumps(files)
        self.assertTrue(files["journal.json"])
        for word in (SECRET_TITLE, "Dentist"):
            self.assertNotIn(word, text)
        self.assertFalse(files["about.json"]["has_titles"])

    def test_nobody_else_sees_counts_or_files(self):
        """D-12, D-04: neither a colleague nor an administrator of another company."""
        other = self.env["res.company"].create({"name": "Abroad"})
        far = new_test_user(
            self.env, "far", groups="base.group_user,calendar_sync_pro.group_admin",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        for reader in (self.bob, far):
            with self.subTest(reader.login):
                with self.assertRaises(AccessError):
                    self.wizard(reader, user_id=self.user.id)
                mine = self.wizard(reader)
                with self.assertRaises(AccessError):
                    mine.write({"user_id": self.user.id})
                    mine.action_erase()
        self.assertTrue(self.account.exists())

    def test_a_calendar_of_another_company_is_not_an_administrators_to_take(self):
        """D-12, D-04: the same person works in two companies, the administrator in one of them."""
        other = self.env["res.company"].create({"name": "Abroad"})
        self.user.sudo().company_ids += other
        mine = self.wizard(self.boss, user_id=self.user.id)
        self.account.company_id = other
        with self.assertRaises(AccessError):
            mine.action_download()
        with self.assertRaises(AccessError):
            mine.action_erase()
        self.assertTrue(self.account.exists())
        self.assertTrue(self.wizard(self.user).action_download())

    def test_a_dialog_of_somebody_else_opens_for_nobody(self):
        """D-12: the file waits in it for as long as it is open."""
        mine = self.wizard(self.user)
        mine.action_download()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.with_user(self.boss).read(["file"])

    def test_erasing_takes_the_connection_and_its_traces_and_leaves_the_appointments(self):
        """D-12: nothing is deleted in the calendar, and nobody is told."""
        mails = self.env["mail.mail"].search_count([])
        before = self.remotes()
        wizard = self.wizard(self.user)
        self.assertTrue(self.counts(wizard)["Journal of what was synced"])
        wizard.action_erase()
        self.turn()
        for model in ("account", "calendar", "link", "journal", "busy", "run", "hour", "mark"):
            found = self.env[f"calendar.sync.{model}"].search([])
            self.assertFalse(found, model)
        self.assertFalse(self.env["booking.blocked.time"].search([]))
        self.assertTrue(self.event.exists().active)
        self.assertEqual(self.world_titles(), [one.fields.title for one in before])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(wizard.state, "erased")

    def test_own_entries_go_too_where_that_is_chosen(self):
        """D-12: what concerns a colleague or a lead stays all the same."""
        shared = self.book("With Bob", 12)
        shared.partner_ids += self.bob.partner_id
        lead = self.env["crm.lead"].create({"name": "Fleet", "user_id": self.user.id})
        sold = self.book("About a lead", 14)
        sold.opportunity_id = lead
        self.turn()
        wizard = self.wizard(self.user, erase_events=True)
        self.assertEqual(wizard.events_count, 1)
        wizard.action_erase()
        self.assertFalse(self.event.exists())
        self.assertTrue(shared.exists().active and sold.exists().active)
        self.turn()
        self.assertIn(f"{SECRET_TITLE}, moved", self.world_titles())

    def test_what_was_asked_of_ones_calendar_can_be_read_by_oneself(self):
        """B-12: by the hour; a colleague's is not shown."""
        self.env.flush_all()
        ledger = self.env.ref("calendar_sync_pro.calendar_sync_ledger_action")
        hours = self.env[ledger.res_model]
        mine = hours.with_user(self.user).search([])
        self.assertTrue(sum(mine.mapped("changes_out")))
        self.assertNotIn(SECRET_TITLE, str(mine.read()))
        self.assertFalse(hours.with_user(self.bob).search([]))

    def test_the_journal_is_kept_as_long_as_the_administrator_says(self):
        """D-12: a week here; what is younger stays."""
        settings = self.env["res.config.settings"]
        settings.create({"sync_journal_days": 7}).execute()
        journal = self.env["calendar.sync.journal"]
        old, *rest = journal.search([])
        self.assertTrue(rest)
        old.create_date = self.tomorrow(days=-8)
        journal._drop_old()
        self.assertFalse(old.exists())
        self.assertEqual(journal.search([]), journal.browse([one.id for one in rest]))
        with self.assertRaises(ValidationError):
            settings.create({"sync_journal_days": 0})

    def world_titles(self):
        entries = self.world.calendars["ann@corp.example"].values()
        return [one.event.fields.title for one in entries if one.event]

    @staticmethod
    def grant():
        from ..providers.port import Grant

        return Grant(
            access_token="canary-access", refresh_token="canary-refresh",
            expires_at=datetime(2090, 1, 1, tzinfo=UTC),
        )  # fmt: skip


@tagged("post_install", "-at_install")
class TestCustomersData(PrivacyMixin, BookingPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "base.group_user,calendar_sync_pro.group_admin"
        cls.boss = new_test_user(cls.env, "boss", groups=group)

    def setUp(self):
        super().setUp()
        self.booking = self.book(name="Mia Canary")
        self.booking.event_id.conversation_notes = "Wants the canary model"
        self.tell()

    def about_mia(self, **values):
        address = MIAS_ADDRESS.upper()
        return self.wizard(self.boss, kind="customer", email=address, **values)

    def test_a_customer_gets_what_is_kept_of_the_booking(self):
        """D-12: however the address is written; no link that would open anything."""
        files = self.downloaded(self.about_mia())
        text = json.dumps(files)
        self.assertIn("Mia Canary", text)
        self.assertIn("canary model", text)
        self.assertNotIn(self.booking.sudo().secret, text)

    def test_an_erased_customer_is_nobody_and_hears_nothing(self):
        """D-12: the appointment keeps its time; old links are dead; no mail goes out, neither now
        nor when it is moved or deleted."""
        link, event = self.booking._link("manage"), self.booking.event_id
        sent = len(self.outbox())
        wizard = self.about_mia()
        self.assertEqual(wizard.upcoming, 1)
        wizard.action_erase()
        self.assertFalse(self.booking.email or self.booking.phone or self.booking.partner_id)
        self.assertFalse(event.conversation_notes or event.customer_name or event.booking_answers)
        self.assertTrue(event.exists().active)
        self.assertEqual(self.url_open(link.removeprefix(self.base_url())).status_code, 404)
        event.start = event.start.replace(hour=15)
        self.tell()
        event.unlink()
        self.tell()
        self.assertEqual(len(self.outbox()), sent)

    def test_the_appointment_goes_as_well_where_that_is_chosen(self):
        """D-12: quietly; its time is free again."""
        sent = len(self.outbox())
        event = self.booking.event_id
        self.about_mia(erase_events=True).action_erase()
        self.tell()
        self.assertFalse(event.exists())
        self.assertEqual(len(self.outbox()), sent)

    def test_only_an_administrator_looks_for_a_customer(self):
        """D-12: reps see their appointments, not what is kept beside them."""
        with self.assertRaises(AccessError):
            self.wizard(self.anna, kind="customer", email=MIAS_ADDRESS)

    def test_a_form_that_is_not_saved_tells_no_more(self):
        """D-12: how many appointments an address has is for administrators, too."""
        values = {"kind": "customer", "email": MIAS_ADDRESS}
        for shown in ("events_count", "upcoming", "line_ids"):
            forms = self.env["calendar.sync.privacy"].with_user(self.anna)
            with self.subTest(shown), self.assertRaises(AccessError):
                forms.onchange(values, ["email"], {shown: {}})

    def test_another_customer_with_nearly_the_same_address_stays(self):
        """D-12: an underscore in an address stands for itself."""
        self.booking.sudo().write({"email": "mia.canary@corp.example", "partner_id": False})
        for typed in ("mia_canary@corp.example", "%@corp.example"):
            wizard = self.wizard(self.boss, kind="customer", email=typed)
            wizard.action_erase()
            self.assertEqual(self.booking.name, "Mia Canary", typed)
