"""What a curious colleague, a strange provider or a crafted request must not achieve."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.calendar_sync_consent import _is_own_path
from ..providers import port
from .appointment_case import AppointmentCase
from .connect_case import ConnectCase

MARKUP = '<img src=x onerror="alert(1)">'


@tagged("post_install", "-at_install")
class TestHostileColleague(ConnectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_user("ann")
        cls.eve = cls.make_user("eve")
        cls.boss = cls.make_user("boss", "calendar_sync_pro.group_admin")
        cls.account = cls.make_account(cls.ann, is_sync_on=True)

    def test_nobody_chooses_a_calendar_of_somebody_else(self):
        """S0-33: not by the button and not by writing the field; its name stays unknown too."""
        own = self.make_account(self.eve, is_sync_on=True)
        chosen = self.account.events_calendar_id
        for name in ("Team", "Holidays"):
            theirs = self.calendar(self.account, name)
            for choose in (
                lambda account, c=theirs: account.choose_calendar(c.id),
                lambda account, c=theirs: account.write({"events_calendar_id": c.id}),
            ):
                with self.subTest(name), self.assertRaises(UserError) as refused:
                    choose(self.as_user(own, self.eve))
                self.assertNotIn(name, str(refused.exception))
        self.assertEqual(self.account.events_calendar_id, chosen)

    def test_what_both_sides_agreed_on_is_read_by_nobody(self):
        """S0-33: a link keeps titles and texts of the event, also of a private one."""
        meeting = self.env["calendar.sync.meeting"].create({"ical_uid": "u1"})
        link = self.env["calendar.sync.link"].create(
            {
                "meeting_id": meeting.id,
                "calendar_id": self.account.events_calendar_id.id,
                "ical_uid": "u1",
                "base": {"title": "Doctor"},
            }
        )
        for user in (self.boss, self.ann):
            with self.subTest(user.login):
                self.assertNotIn("base", self.as_user(link, user).fields_get())
                with self.assertRaises(AccessError):
                    self.as_user(link, user).read(["base"])
                with self.assertRaises(AccessError):
                    self.as_user(link, user).search([("base", "!=", False)])

    def test_addresses_of_an_app_are_set_by_the_systems_administrator_only(self):
        """S0-33: whoever names the token address could read secret and tokens there."""
        app = self.as_user(self.env["calendar.sync.oauth.app"], self.boss).create(
            {"provider": self.account.provider, "client_id": "id", "client_secret": "s"}
        )
        for name in ("auth_url", "token_url", "revoke_url", "userinfo_url", "api_url"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.as_user(app, self.boss).write({name: "https://evil.example/"})

    def test_addresses_of_an_app_are_web_addresses(self):
        app = self.env["calendar.sync.oauth.app"].create({"provider": self.account.provider})
        for address in ("javascript:alert(1)", "ftp://x.example/", "//evil.example", "https://"):
            with self.subTest(address), self.assertRaises(ValidationError):
                app.auth_url = address
        app.auth_url = " http://127.0.0.1:8080/auth "
        self.assertEqual(app.auth_url, "http://127.0.0.1:8080/auth")

    def test_the_way_back_is_a_path_of_this_odoo(self):
        for path in ("/odoo", "/odoo/calendar-connections?a=b#c"):
            self.assertTrue(_is_own_path(path), path)
        for path in (
            "", None, "odoo", "https://evil.example", "//evil.example", "/\\evil.example",
            "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "javascript:alert(1)",
        ):  # fmt: skip
            self.assertFalse(_is_own_path(path), path)

    def test_an_account_is_reconnected_at_its_own_provider_only(self):
        """S0-30: a sign-in elsewhere can't be stored under it."""
        consents = self.as_user(self.env["calendar.sync.consent"], self.ann)
        account = self.as_user(self.account, self.ann)
        others = set(port.providers()) - {self.account.provider} or {"elsewhere"}
        for provider in others:
            with self.subTest(provider), self.assertRaises(AccessError):
                consents._start(
                    provider, "n", purpose="sync", account=account, is_popup=True, back_to=""
                )


@tagged("post_install", "-at_install")
class TestHostileProvider(ConnectCase):
    def test_names_and_colours_of_calendars_are_only_names_and_colours(self):
        """S0-14: whoever shares a calendar chooses its name and its colour."""
        account = self.make_account(self.make_user("ann"))
        listed = [
            port.RemoteCalendar("a", MARKUP, port.AccessRole.OWNER, color="#0B8043"),
            port.RemoteCalendar(
                "b", "B\n\tC", port.AccessRole.READER, color="red;background:url(//evil.example)"
            ),
        ]
        account._apply_calendar_list(listed)
        first, second = (
            account.calendar_ids.filtered(lambda c, i=i: c.remote_id == i) for i in "ab"
        )
        self.assertEqual((first.name, first.color), (MARKUP, "#0B8043"))
        self.assertEqual((second.name, second.color), ("B C", ""))


@tagged("post_install", "-at_install")
class TestHostileEvent(AppointmentCase):
    def test_nobody_ties_an_event_to_another_calendars_meeting(self):
        """S0-33: what finds an event in a calendar is kept by the sync alone."""
        private = self._book(
            user=self.ben, privacy="private", lead=self._new_lead("His", user=self.ben)
        )
        self._link(private, self._connect(self.ben))
        event = self._book()
        kept = {
            "sync_meeting_id": private.sudo().sync_meeting_id.id,
            "sync_guid": private.sudo().sync_guid,
            "sync_slot": "20300101",
        }
        for name, value in kept.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    event.with_user(self.anna).write({name: value})
                with self.assertRaises(AccessError):
                    self._book(**{name: value})

    def test_links_open_web_pages_only(self):
        """S1-06: an address from a calendar never runs in this page."""
        calendar = self._connect(self.anna)
        event = self._book(videocall_location="javascript:alert(1)")
        self._link(event, calendar, web_url="javascript:alert(2)")
        event = self._as(event, self.anna)
        self.assertFalse(event.sync_web_url)
        self.assertFalse(event.get_sync_story()["links"][0]["url"])
        strip = self._as(self.lead, self.anna).appointment_strip
        self.assertFalse(strip["next"]["join_url"].startswith("javascript"))

    def test_a_private_appointment_shows_as_busy_on_the_leads_strip(self):
        """S4-09: a colleague who may read the lead learns when, not what or where."""
        self.ben.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self._book(name="Salary", privacy="private", videocall_location="https://meet.example/x")
        strip = self._as(self.lead, self.ben).appointment_strip["next"]
        self.assertNotIn("Salary", str(strip))
        self.assertNotIn("meet.example", str(strip))
        self.assertEqual(self._as(self.lead, self.anna).appointment_strip["next"]["name"], "Salary")

    def test_markup_in_titles_names_and_reasons_stays_text(self):
        """S1-26: on every timeline, in the strip and in the block that a calendar carries."""
        self.mia.name = MARKUP
        event = self._book(name=MARKUP)
        event._cancel_appointment(MARKUP)
        for record in (self.lead, self.mia, event):
            for message in record.sudo().message_ids:
                self.assertNotIn("<img", str(message.body))

    def _as(self, record, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user)
