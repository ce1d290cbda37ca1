"""Google as the sandbox plays it, in the words of the provider contract."""

from itertools import count

from calendar_sync_pro.providers.google import GoogleProvider
from calendar_sync_pro.providers.google.oauth import GoogleSignIn, scopes_of
from calendar_sync_pro.providers.port import Endpoints, Grant, OAuthApp, Purpose

_numbers = count(1)
OPERATIONS = {
    "changes": "events.list",
    "create": "events.insert",
    "update": "events.patch",
    "delete": "events.delete",
    "get": "events.get",
    "calendars": "calendarList.list",
    "busy": "freebusy.query",
}
FAULTS = {
    "rate_limited": {
        "action": "error",
        "status": 429,
        "reason": "rateLimitExceeded",
        "retry_after": 7,
    },
    "unavailable": {"action": "error", "status": 503, "reason": "backendError"},
    "token": {"action": "expire_token"},
}


def app_of(box):
    """The OAuth app that the sandbox knows, with the sandbox's addresses."""
    google = box.google
    return OAuthApp(
        google["client_id"],
        google["client_secret"],
        Endpoints(
            auth_url=google["auth_url"],
            token_url=google["token_url"],
            revoke_url=google["revoke_url"],
            userinfo_url=google["userinfo_url"],
            api_url=google["api_base"],
        ),
    )


class GoogleWorld:
    """Two fresh accounts in a running sandbox, see `backend.Backend`."""

    def __init__(self, box):
        self.box = box
        number = next(_numbers)
        self._emails = {user: f"{user}{number}@sales.example" for user in ("ann", "bob")}
        self._tokens = {}
        for user, email in self._emails.items():
            box.user(email)
            self._tokens[user] = self.grant(user).access_token
        self._mails_before = max((mail["n"] for mail in box.mails()), default=0)
        self._page_size = 2500
        self._opened = []

    def grant(self, user, purpose=Purpose.SYNC):
        """A grant with the scopes of `purpose`, without the consent page."""
        tokens = self.box.tokens(self.email(user), scopes=list(scopes_of(purpose)))
        return Grant(
            tokens["access_token"], tokens["refresh_token"], scopes=frozenset(tokens["scopes"])
        )

    def email(self, user):
        """The user's address."""
        return self._emails[user]

    calendar = email

    def provider(self, user, *, grant=None, timeout_s=10.0):
        """The user's account over HTTP."""
        grant = grant or Grant(self._tokens[user])
        opened = GoogleProvider(
            app_of(self.box), grant, timeout_s=timeout_s, page_size=self._page_size
        )
        self._opened.append(opened)
        return opened

    person = provider

    def share_times(self, owner, reader):
        """What colleagues of one Workspace see of each other by default."""
        path = f"/google/calendars/{self.email(owner)}/share"
        self.box.admin("POST", path, {"user": self.email(reader), "role": "freeBusyReader"})

    def close(self):
        """Close every connection."""
        for opened in self._opened:
            opened.close()

    def mails(self):
        """Who would have got mail in this test."""
        people = set(self._emails.values())
        mails = self.box.mails(since=self._mails_before)
        return [mail["to"] for mail in mails if mail["from"] in people]

    def copies(self, title):
        """How many events of that title Ann's calendar holds, straight from the server's store."""
        stored = self.box.stored_events(self.calendar("ann"))
        return sum(1 for one in stored if one.get("summary") == title)

    def expire_cursors(self):
        """The next incremental listing answers 410."""
        for email in self._emails.values():
            self.box.expire_sync_tokens(email)

    def shorten_pages(self):
        """Three events a page."""
        self._page_size = 3

    def lose_next_answer(self, operation):
        """The work is done, then the connection drops."""
        self.fault("drop_after", operation)

    def refuse_next(self, operation, kind):
        """The next call fails before it does anything."""
        self.box.faults.add(user=self.email("ann"), operation=OPERATIONS[operation], **FAULTS[kind])

    def fault(self, action, operation, user="ann", **values):
        """Set any fault of the switchboard on a port method of one user."""
        return self.box.faults.add(
            action=action, user=self.email(user), operation=OPERATIONS[operation], **values
        )

    def sign_in(self):
        """The sign-in side."""
        return GoogleSignIn()
