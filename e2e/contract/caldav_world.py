"""A real CalDAV server behind the fault proxy, in the words of the provider contract."""

from itertools import count
from urllib.parse import unquote, urlsplit

from calendar_sync_pro.providers.port import Endpoints, Grant, Login, OAuthApp, provider

from .caldav_other_side import OtherSide

_numbers = count(1)
PASSWORD = "app-password-1"
FAULTS = {
    "rate_limited": {"status": 429, "retry_after": "7"},
    "unavailable": {"status": 503},
    "token": {"status": 401},
}
LOST = {"create": {"method": "PUT", "create": True}, "update": {"method": "PUT", "create": False},
        "delete": {"method": "DELETE"}, "changes": {"method": "REPORT"}, "get": {"method": "GET"},
        "calendars": {"method": "PROPFIND"}, "busy": {"method": "REPORT"}}  # fmt: skip


class CaldavWorld:
    """Two fresh accounts on a running server, see `backend.Backend`."""

    def __init__(self, proxy, schedules=False):
        self.proxy = proxy
        self.server = proxy.server
        number = next(_numbers)
        self._emails = {user: f"{user}{number}@sales.example" for user in ("ann", "bob")}
        proxy.calm()
        for email in self._emails.values():
            self.server.add_user(email, PASSWORD)
            proxy.ask("PROPFIND", self.server.calendar(email), email, depth="0")
        proxy.scheduling.is_on = schedules
        proxy.scheduling.inboxes = {e: self.server.calendar(e) for e in self._emails.values()}
        self.registration = provider("caldav")
        self._options = {}
        self._opened = []
        self._grants = {}
        self.since = proxy.last

    def app(self):
        """What the administrator allows: this one address on this machine."""
        hosts = frozenset({urlsplit(self.proxy.url).netloc})
        return OAuthApp("", "", Endpoints(), trusted_hosts=hosts)

    def login(self, user="ann", **values):
        """What a user types in."""
        given = {"address": self.proxy.url, "username": self.email(user), "password": PASSWORD}
        return Login(**{**given, **values})

    def grant(self, user):
        """What a sign-in gives, without its requests."""
        home = self.proxy.url + self.server.home(self.email(user))
        return Grant(PASSWORD, username=self.email(user), home_url=home)

    def email(self, user):
        """The user's address, which is the user name too."""
        return self._emails[user]

    def calendar(self, user):
        """Remote id of the user's own calendar: the one that the server keeps at that path."""
        home = self.server.calendar(self.email(user))
        listed = self.provider(user).calendars()
        return next(c.remote_id for c in listed if path_of(c.remote_id) == unquote(home))

    def provider(self, user, *, grant=None, timeout_s=10.0):
        """The user's account over HTTP."""
        factory = self.registration.factory
        opened = factory(
            self.app(), grant or self.grant(user), timeout_s=timeout_s, **self._options
        )
        self._opened.append(opened)
        return opened

    person = provider

    def other_side(self, user="ann"):
        """The user's telephone."""
        return OtherSide(self.proxy, self.email(user))

    def close(self):
        """Close every connection."""
        for opened in self._opened:
            opened.close()
        self.proxy.calm()

    def mails(self):
        """Who would have got mail in this test."""
        people = set(self._emails.values())
        return [mail.to for mail in self.proxy.scheduling.mails if mail.sender in people]

    def expire_cursors(self):
        """The server knows none of its tokens any more."""
        self.proxy.forget_tokens()

    def shorten_pages(self):
        """Three resources a page."""
        self._options["page_size"] = 3

    def lose_next_answer(self, operation):
        """The work is done, then the connection drops."""
        self.fault("drop_after", operation)

    def refuse_next(self, _operation, kind):
        """Ann's next request fails before it does anything."""
        self.proxy.fault("error", user=self.email("ann"), **FAULTS[kind])

    def fault(self, kind, operation="", user="ann", **values):
        """Set a fault of the proxy on a port method of one user."""
        return self.proxy.fault(
            kind, user=self.email(user), **{**LOST.get(operation, {}), **values}
        )

    def sign_in(self):
        """The sign-in side."""
        return self.registration.password_sign_in

    def requests(self, method="", body=""):
        """What our side asked in this test."""
        people = set(self._emails.values())
        asked = self.proxy.requests(method=method, since=self.since, body=body)
        return [one for one in asked if one.user in people]


def path_of(remote_id):
    """The path that a remote id names, without escapes."""
    return unquote(urlsplit(remote_id).path)
