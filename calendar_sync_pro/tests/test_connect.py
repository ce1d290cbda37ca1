from odoo.tests import tagged
from odoo.tools import mute_logger

from .connect_case import SandboxCase


@tagged("post_install", "-at_install")
class TestConnect(SandboxCase):
    """Connecting over real HTTP: what happens, and what must not."""

    def test_first_account_is_connected_and_syncs(self):
        """S0-01 S0-09 S4-05: one consent, and everything is chosen already."""
        result = self.connect()
        account = self.account_of(self.ann)
        self.assertTrue(result["is_ok"], result)
        self.assertEqual((account.status, account.email), ("active", "ann@north.example"))
        self.assertTrue(account.is_sync_on)
        self.assertEqual(account.events_calendar_id.remote_id, "ann@north.example")
        self.assertNotIn("ya29", account.sudo().credentials_encrypted)

    def test_second_account_starts_off_and_only_the_first_syncs(self):
        """S0-10 S2-59: connecting another one changes nothing for the first."""
        self.box.user("ann@home.example", name="Ann at home")
        self.connect()
        self.connect("ann@home.example")
        states = {a.email: a.is_sync_on for a in self.account_of(self.ann)}
        self.assertEqual(states, {"ann@north.example": True, "ann@home.example": False})

    def test_sign_in_asks_with_pkce_and_for_no_more_than_needed(self):
        """S2-09: the busy-only way asks for busy times only."""
        full = self.query_of(self.start()["url"])
        self.assertEqual(full["code_challenge_method"], "S256")
        self.assertTrue(full["redirect_uri"].startswith(self.base_url()))
        busy = self.query_of(self.start(purpose="busy_only")["url"])
        self.assertIn("calendar.events", full["scope"])
        self.assertNotIn("calendar.events", busy["scope"].replace("events.freebusy", ""))

    def test_busy_only_works_with_the_busy_permission_alone(self):
        """S2-10: it blocks availability and never syncs."""
        self.assertTrue(self.connect(purpose="busy_only")["is_ok"])
        account = self.account_of(self.ann)
        self.assertFalse(account.is_sync_on)
        self.assertTrue(account.calendar_ids.blocks_availability)
        self.assertIn("only shows when you are busy", account._toggle_reason())

    def test_denied_says_so_and_connects_nothing(self):
        """S1-16: denial, in words."""
        begun = self.start()
        answer = self.allow(begun["url"], deny=True)
        self.assertIn("Access was not given", answer.text)
        self.assertEqual(self.result(begun["id"])["code"], "denied")
        self.assertFalse(self.account_of(self.ann))

    def test_partial_permissions_are_named(self):
        """S1-13 S1-16: what was not ticked is told."""
        begun = self.start()
        scopes = [s for s in self.query_of(begun["url"])["scope"].split() if "events" not in s]
        self.allow(begun["url"], scopes=scopes)
        result = self.result(begun["id"])
        self.assertEqual(result["code"], "partial")
        self.assertIn("Create events", result["text"])
        self.assertFalse(self.account_of(self.ann))

    def test_blocked_by_the_organisation_gives_the_client_id(self):
        """S2-05: the administrator gets what they need to approve."""
        self.box.change_user("ann@north.example", admin_blocked=True)
        self.addCleanup(self.box.change_user, "ann@north.example", admin_blocked=False)
        begun = self.start()
        url = self.query_of(begun["url"])
        answer = self.come_back(
            f"/calendar_sync/oauth/callback?state={url['state']}&error=admin_policy_enforced"
        )
        self.assertIn(self.app.client_id, answer.text)
        self.assertEqual(self.result(begun["id"])["client_id"], self.app.client_id)

    def test_wrong_secret_is_a_state_of_the_app(self):
        """S1-16: the person reads who has to mend it, the administrator sees it in the settings."""
        self.app.client_secret = "wrong"
        begun = self.start()
        self.allow(begun["url"])
        self.assertEqual(self.result(begun["id"])["code"], "app_refused")
        self.env.invalidate_all()
        self.assertEqual(self.app.state, "refused")
        self.assertFalse(self.account_of(self.ann))

    def test_only_the_provider_itself_can_tell_that_an_app_is_refused(self):
        """S0-04: an address that somebody typed changes nothing; a sign-in that works mends it."""
        begun = self.start()
        state = self.query_of(begun["url"])["state"]
        self.come_back(f"/calendar_sync/oauth/callback?state={state}&error=invalid_client")
        self.assertEqual(self.result(begun["id"])["code"], "app_refused")
        self.env.invalidate_all()
        self.assertEqual(self.app.state, "untested")
        self.app.write({"state": "refused", "state_reason": "wrong_client"})
        self.connect()
        self.env.invalidate_all()
        self.assertEqual((self.app.state, self.app.state_reason), ("ok", False))

    def test_app_that_nobody_entered_is_said_before_leaving(self):
        self.app.active = False
        answer = self.start()
        self.assertEqual(answer["error"], "no_app")
        self.assertNotIn("url", answer)

    # -- state ----------------------------------------------------------------------------------
    def test_a_state_works_once(self):
        """S1-21: coming back a second time changes nothing."""
        begun = self.start()
        back = self.box.consent(begun["url"], "ann@north.example")
        self.assertIn("Connected", self.come_back(back).text)
        before = self.account_of(self.ann).read(["status", "reason_code"])
        self.assertIn("no longer valid", self.come_back(back).text)
        self.assertEqual(self.account_of(self.ann).read(["status", "reason_code"]), before)

    def test_a_new_try_makes_the_old_state_void(self):
        """S1-21: after a blocked window the second click works, the first state doesn't."""
        old, new = self.start(), self.start()
        self.assertIn("no longer valid", self.allow(old["url"]).text)
        self.assertFalse(self.account_of(self.ann))
        self.assertIn("Connected", self.allow(new["url"]).text)

    def test_a_state_is_worth_nothing_in_another_session(self):
        back = self.box.consent(self.start()["url"], "ann@north.example")
        self.authenticate("eve", "eve")
        self.assertIn("no longer valid", self.come_back(back).text)
        self.assertFalse(self.account_of(self.ann) | self.account_of(self.eve))

    def test_without_a_window_the_browser_returns_to_where_it_started(self):
        """S1-18 S3-06: same tab, back to the page, which shows the result."""
        begun = self.start(is_popup=False, back_to="/odoo/calendar-connections")
        answer = self.allow(begun["url"])
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith("/odoo/calendar-connections"))
        page = self.call(self.env["calendar.sync.account"], "connections_page")
        self.assertTrue(page["result"]["is_ok"])

    def test_the_way_back_never_leads_to_another_site(self):
        begun = self.start(is_popup=False, back_to="https://evil.example/")
        location = self.allow(begun["url"]).headers["Location"]
        self.assertNotIn("evil", location)

    # -- who ------------------------------------------------------------------------------------
    def test_reconnecting_keeps_account_links_cursor_and_choices(self):
        """S0-30 S1-16: the same identity finds its own account again."""
        self.connect()
        account = self.account_of(self.ann)
        account.calendar_ids.sudo().cursor = "c-1"
        account._set_status("reconnect_required", "access_revoked")
        account._notify_reconnect()
        calendars = account.calendar_ids.ids
        self.assertTrue(self.connect(account_id=account.id)["is_ok"])
        self.assertEqual(self.account_of(self.ann), account)
        self.assertEqual(account.status, "active")
        self.assertEqual(account.calendar_ids.ids, calendars)
        self.assertEqual(account.calendar_ids.sudo().mapped("cursor"), ["c-1"])
        self.assertFalse(account.activity_ids, "the notice is settled")

    def test_reconnecting_as_somebody_else_is_refused(self):
        self.connect()
        account = self.account_of(self.ann)
        result = self.connect("eve@north.example", account_id=account.id)
        self.assertEqual(result["code"], "other_identity")
        self.assertIn("ann@north.example", result["text"])
        self.assertEqual(self.account_of(self.ann).email, "ann@north.example")

    def test_an_identity_belongs_to_one_user(self):
        """S1-08: the second user is told, and the first one's connection lives on."""
        self.connect()
        self.authenticate("eve", "eve")
        result = self.connect("ann@north.example")
        self.assertEqual(result["code"], "taken")
        self.assertFalse(self.account_of(self.eve))
        self.assertEqual(self.account_of(self.ann).status, "active")
        self.assertEqual(self.call_as("ann", "refresh_calendars").get("error"), None)

    def test_two_people_with_one_identity_at_the_same_moment(self):
        """S1-08: whoever comes second tries again, and finds that it is taken."""
        self.connect()
        first, tries = self.account_of(self.ann), []

        def settle(own):
            accounts = own.env["calendar.sync.account"]
            tries.append(1)
            if len(tries) == 1:  # the other one is not visible yet
                same = {"remote_id": first.remote_id, "provider": "google", "status": "active"}
                accounts.create(
                    {"user_id": self.eve.id, "company_id": self.eve.company_id.id, **same}
                )
            return "taken"

        with mute_logger("odoo.sql_db"):
            outcome = self.env["calendar.sync.consent"]._in_own_transaction(settle)
        self.assertEqual((outcome, len(tries)), ("taken", 2))
        self.assertEqual(self.account_of(self.eve).ids, [])

    def call_as(self, login, method):
        self.authenticate(login, login)
        user = self.env["res.users"].search([("login", "=", login)])
        return self.call(self.account_of(user), method)

    def test_connecting_the_same_account_twice_makes_one(self):
        """S1-08: same person, same identity: the account is found again."""
        self.connect()
        self.assertTrue(self.connect()["is_ok"])
        self.assertEqual(len(self.account_of(self.ann)), 1)

    def test_nobody_signs_in_for_somebody_else(self):
        """S0-33: not even the administrator."""
        self.connect()
        account = self.account_of(self.ann)
        self.make_user("boss", "calendar_sync_pro.group_admin")
        self.authenticate("boss", "boss")
        with self.assertRaisesRegex(Exception, "Odoo Server Error|AccessError|owner"):
            self.start(account_id=account.id)

    # -- afterwards -----------------------------------------------------------------------------
    def test_refresh_lists_what_is_new_at_the_provider(self):
        """S0-15 S0-18: own and subscribed calendars, all of them."""
        self.connect()
        self.box.calendar("ann@north.example", "Visits")
        self.box.calendar(
            "eve@north.example", "Company days", subscribers={"ann@north.example": "reader"}
        )
        found = self.call(self.account_of(self.ann), "refresh_calendars")
        self.assertEqual(sorted(found["new"]), ["Company days", "Visits"])
        rows = {c.name: c.can_write for c in self.account_of(self.ann).calendar_ids}
        self.assertFalse(rows["Company days"])
        self.assertTrue(rows["Visits"])

    def test_refresh_that_fails_says_why(self):
        """S0-18: the error is a sentence, and nothing was lost."""
        self.connect()
        self.box.faults.add(action="error", status=503, count=10)
        self.addCleanup(self.box.faults.clear)
        found = self.call(self.account_of(self.ann), "refresh_calendars")
        self.assertTrue(found["error"])
        self.assertEqual(self.account_of(self.ann).status, "active")

    def test_disconnect_takes_the_grant_back_and_keeps_the_rest(self):
        """S2-63: revoked at the provider; calendars and choices stay."""
        self.connect()
        account = self.account_of(self.ann)
        calendars = account.calendar_ids.ids
        self.call(account, "disconnect")
        self.env.cr.postcommit.run()
        self.assertEqual(account.status, "not_connected")
        self.assertFalse(account.sudo().credentials_encrypted)
        self.assertFalse(account.is_sync_on)
        self.assertEqual(account.calendar_ids.ids, calendars)

    def test_after_disconnecting_the_next_account_syncs_by_itself(self):
        """S0-09 S0-30: and the old one can come back."""
        self.connect()
        first = self.account_of(self.ann)
        self.call(first, "disconnect")
        self.box.user("ann@new.example", name="Ann")
        self.connect("ann@new.example")
        second = self.account_of(self.ann) - first
        self.assertTrue(second.is_sync_on)
        self.assertTrue(self.connect(account_id=first.id)["is_ok"])
        self.assertEqual(first.status, "active")
        self.assertFalse(first.is_sync_on)

    def test_the_test_button_tells_right_from_wrong(self):
        """S0-04: client id, secret and redirect URI are tried at the provider."""
        self.authenticate("admin", "admin")
        self.assertEqual(self.press_test()[0], "success")
        self.app.client_secret = "wrong"
        kind, message = self.press_test()
        self.assertEqual(kind, "danger")
        self.assertIn("client secret is wrong", message)

    def press_test(self):
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/calendar.sync.oauth.app/action_test",
            {
                "model": "calendar.sync.oauth.app",
                "method": "action_test",
                "args": [self.app.ids],
                "kwargs": {},
            },
        )
        self.env.invalidate_all()
        return answer["params"]["type"], answer["params"]["message"]
