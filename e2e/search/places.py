"""Where the team's calendars are: how people sign in there, and what can go wrong on the way."""

from urllib.parse import urlsplit

from odoo.addons.calendar_sync_pro.providers import port

from e2e.journeys.dav_phone import PASSWORD
from sandbox.client import Sandbox, SandboxError

from .hands import DavHand, GoogleHand, OutlookHand

OUR_AGENT = "(gzip)"
"""What the product's requests say at each provider, and no telephone's."""
SANDBOX_TROUBLE = {
    "down": {"action": "error", "status": 503},
    "broken": {"action": "error", "status": 500},
    "busy": {"action": "error", "status": 429, "retry_after": 1},
    "done, then down": {"action": "error_after", "status": 503},
    "cut before": {"action": "drop"},
    "cut after": {"action": "drop_after"},
    "half an answer": {"action": "truncate"},
    "garbage": {"action": "garbage"},
    "old token": {"action": "expire_token"},
    "place forgotten": {"action": "sync_token_expired"},
    "empty page": {"action": "empty_page"},
    "grant taken back": {"action": "revoke_grant"},
}
DAV_TROUBLE = {
    "down": {"kind": "error", "status": 503},
    "broken": {"kind": "error", "status": 500},
    "busy": {"kind": "error", "status": 429, "retry_after": "1"},
    "done, then down": {"kind": "error_after", "status": 503},
    "cut before": {"kind": "drop"},
    "cut after": {"kind": "drop_after"},
    "half an answer": {"kind": "cut"},
    "garbage": {"kind": "garbage"},
}


class AtSandbox:
    """Google or Microsoft, as the sandbox plays them."""

    invites = True

    def __init__(self, world: Sandbox, provider: str):
        self.world, self.provider, self.name = world, provider, provider
        self._hand = {"google": GoogleHand, "microsoft": OutlookHand}[provider]
        self._side = {"google": world, "microsoft": world.ms}[provider]
        self.trouble = SANDBOX_TROUBLE
        self.keeps_ids = self.tells_removals = provider == "google"

    def hand(self, email):
        """The telephone of a new person."""
        return self._hand(self.world, email)

    def sign_in(self, email, registration, app):
        """What the provider grants, and to whom."""
        wanted = registration.sign_in.permissions(port.Purpose.SYNC)
        scopes = {scope for one in wanted for scope in one.scopes}
        given = self._side.tokens(email, scopes=sorted(scopes))
        tokens = (given["access_token"], given["refresh_token"])
        grant = port.Grant(*tokens, scopes=frozenset(given.get("scopes") or ()))
        return grant, port.Identity(email, email)

    def disturbs(self, email, kind, skip):
        """The request of this person after the next `skip` meets trouble."""
        self.world.faults.add(user=email, skip=skip, agent=OUR_AGENT, **self.trouble[kind])

    def struck(self):
        """How many faults that were set have not struck yet; they are taken away."""
        left = len(self.world.faults.list())
        self.world.faults.clear()
        return left

    @staticmethod
    def is_refusal(error):
        """True for what the provider doesn't let its own app do."""
        return isinstance(error, SandboxError) and error.status < 500

    def forgets(self, email):
        """Every place in a listing that was given so far is lost."""
        self._side.expire_sync_tokens(email)

    def writes(self):
        """How many writes of the product were really done."""
        return sum(self.world.counters()["writes"].values())

    def requests(self):
        """How many requests the product made."""
        return sum(self.world.counters()["requests"].values())

    def mails(self, email):
        """Mails that the provider sent for this person because the product asked."""
        ours = (mail for mail in self.world.mails() if OUR_AGENT in mail["agent"])
        return [mail for mail in ours if mail.get("from", mail.get("sender")) == email]


class AtServer:
    """A real CalDAV server behind the proxy."""

    provider, invites, keeps_ids, tells_removals = "caldav", False, False, False

    def __init__(self, proxy):
        self.proxy, self.name = proxy, proxy.server.name
        self.trouble = DAV_TROUBLE

    def hand(self, email):
        """The telephone of a new person."""
        return DavHand(self.proxy, email)

    def sign_in(self, email, registration, app):
        """What the form's answer is."""
        login = port.Login(self.proxy.url, email, PASSWORD)
        return registration.password_sign_in.sign_in(app, login)

    def disturbs(self, email, kind, skip):
        """The request of this person after the next `skip` meets trouble."""
        self.proxy.fault(user=email, skip=skip, **self.trouble[kind])

    def struck(self):
        """How many faults that were set have not struck yet; they are taken away."""
        left = sum(not fault.done for fault in self.proxy._faults)
        self.proxy.calm()
        return left

    @staticmethod
    def is_refusal(error):
        """The server lets people do everything."""
        return False

    def forgets(self, email):
        """Every place in a listing that was given so far is lost, for everybody."""
        self.proxy.forget_tokens()

    def writes(self):
        """How many writes of the product were really done."""
        done = ("PUT", "DELETE", "MOVE", "PROPPATCH")
        return sum(one.method in done and one.status < 300 for one in self.proxy.requests())

    def requests(self):
        """How many requests the product made."""
        return self.proxy.last

    def mails(self, email):
        """This server sends none."""
        return []

    @property
    def host(self):
        """What an administrator allows."""
        return urlsplit(self.proxy.url).netloc
