"""What the tests about connecting share: people with accounts, and a provider on loopback."""

import importlib.util
from unittest import skipUnless
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.tests import HttpCase, TransactionCase, new_test_user

from ..providers import port

HAS_SANDBOX = importlib.util.find_spec("sandbox") is not None


def first_provider():
    """A registered provider that people can sign in to."""
    return next(
        name
        for name, reg in port.providers().items()
        if reg.sign_in and reg.sign_in.permissions(port.Purpose.SYNC)
    )


class People:
    """Mixin: makes users and connected accounts without any provider."""

    @classmethod
    def make_user(cls, login, groups="base.group_user", **values):
        values = {"email": f"{login}@corp.example", "tz": "Europe/Stockholm", **values}
        return new_test_user(cls.env, login, groups=groups, **values)

    @classmethod
    def make_account(cls, user, email="", is_sync_on=False, **values):
        email = email or user.email
        account = (
            cls.env["calendar.sync.account"]
            .sudo()
            .create(
                {
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "provider": first_provider(),
                    "remote_id": f"id-{email}",
                    "email": email,
                    "status": "active",
                    "credentials_encrypted": "sealed",
                    **values,
                }
            )
        )
        account._apply_calendar_list(
            [
                port.RemoteCalendar(email, email, port.AccessRole.OWNER, is_primary=True),
                port.RemoteCalendar(f"team-{email}", "Team", port.AccessRole.WRITER, is_own=False),
                port.RemoteCalendar(
                    f"hol-{email}", "Holidays", port.AccessRole.READER, is_own=False
                ),
            ]
        )
        account.is_sync_on = is_sync_on
        return account

    @classmethod
    def skip_previews(cls):
        """The company's setting: a first sync begins at once."""
        cls.env["res.company"].search([]).sync_preview_first = False

    def as_user(self, record, user):
        """The record as `user` meets it: with nothing left in the cache of somebody else."""
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def calendar(self, account, name):
        return account.sudo().calendar_ids.filtered(lambda c: c.name == name)


class ConnectCase(People, TransactionCase):
    """Accounts in the database, no HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skip_previews()


class OneAccountCase(ConnectCase):
    """Ann, whose work account syncs, and what the connections page says about it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_user("ann")
        cls.work = cls.make_account(cls.ann, "ann@work.example", is_sync_on=True)

    def page(self, user=None, reader=None):
        reader = reader or user or self.ann
        model = self.as_user(self.env["calendar.sync.account"], reader)
        return model.connections_page((user or self.ann).id)

    def first(self, page):
        return next(one for one in page["providers"] if one["name"] == first_provider())

    def card(self, account):
        return next(c for c in self.page(account.user_id)["accounts"] if c["id"] == account.id)

    def lose(self, reason_code):
        """What the worker does when the provider refuses the grant."""
        self.work._set_status("reconnect_required", reason_code)
        self.work._notify_reconnect()

    def wrong(self):
        found = self.as_user(self.work, self.ann).diagnose()
        return [row["heading"] for row in found["rows"] if row["level"] == "fail"]


class OverHttp(People, HttpCase):
    """People who click: Odoo's own routes and a provider on loopback, over real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.skip_previews()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's guard of outgoing requests knows one number only as a time-out."""
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    def call(self, account, method, *args):
        """A public method over RPC, as the page calls it."""
        answer = self.make_jsonrpc_request(
            f"/web/dataset/call_kw/calendar.sync.account/{method}",
            {
                "model": "calendar.sync.account",
                "method": method,
                "args": [account.ids, *args],
                "kwargs": {},
            },
        )
        self.env.invalidate_all()
        return answer

    def account_of(self, user):
        self.env.invalidate_all()
        return self.env["calendar.sync.account"].search([("user_id", "=", user.id)])


@skipUnless(HAS_SANDBOX, "the sandbox is not on the path")
class SandboxCase(OverHttp):
    """Signing in over real HTTP: the browser's part is played by the sandbox's client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        from sandbox.client import SandboxProcess

        cls.box = cls.enterClassContext(SandboxProcess(seed="empty"))
        cls.box.user("ann@north.example", name="Ann")
        cls.box.user("eve@north.example", name="Eve")
        facts = cls.box.google
        cls.app = cls.env["calendar.sync.oauth.app"].create(
            {
                "provider": "google",
                "client_id": facts["client_id"],
                "client_secret": facts["client_secret"],
                "auth_url": facts["auth_url"],
                "token_url": facts["token_url"],
                "revoke_url": facts["revoke_url"],
                "userinfo_url": facts["userinfo_url"],
                "api_url": facts["api_base"],
            }
        )
        cls.ann = cls.make_user("ann")
        cls.eve = cls.make_user("eve")

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        self.authenticate("ann", "ann")

    def start(self, **params):
        """Press the button: the answer of the start route."""
        return self.make_jsonrpc_request(
            "/calendar_sync/oauth/start", {"provider": "google", **params}
        )

    def allow(self, url, email="ann@north.example", **how):
        """Sign in at the provider and come back; the answer of the callback page."""
        back = self.box.consent(url, email, **how)
        return self.come_back(back)

    def come_back(self, url):
        parts = urlsplit(url)
        answer = self.url_open(f"{parts.path}?{parts.query}", allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def connect(self, email="ann@north.example", **params):
        """The whole way: button, consent, back. The result as the page learns it."""
        begun = self.start(**params)
        answer = self.allow(begun["url"], email)
        self.assertEqual(answer.status_code, 200 if params.get("is_popup", True) else 303)
        return self.result(begun["id"])

    def result(self, consent_id):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw/calendar.sync.consent/result_of",
            {
                "model": "calendar.sync.consent",
                "method": "result_of",
                "args": [consent_id],
                "kwargs": {},
            },
        )

    @staticmethod
    def query_of(url):
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def hours_ago(hours):
    """That moment as Odoo writes it."""
    return fields.Datetime.subtract(fields.Datetime.now(), hours=hours)
