"""Microsoft as the sandbox plays it, in the words of the provider contract."""

from itertools import count

from calendar_sync_pro.core.event import Privacy
from calendar_sync_pro.providers.microsoft import MicrosoftProvider
from calendar_sync_pro.providers.microsoft.oauth import MicrosoftSignIn, scopes_of
from calendar_sync_pro.providers.port import Endpoints, Grant, OAuthApp, Purpose

_numbers = count(1)
OPERATIONS = {
    "changes": "calendarView.delta",
    "create": "events.create",
    "update": "events.update",
    "delete": "events.delete",
    "get": "events.get",
    "calendars": "calendars.list",
    "busy": "calendarView.list",
}
FAULTS = {
    "rate_limited": {
        "action": "error",
        "status": 429,
        "reason": "ApplicationThrottled",
        "retry_after": 7,
    },
    "unavailable": {"action": "error", "status": 503, "reason": "ServiceUnavailable"},
    "token": {"action": "expire_token"},
}


def app_of(box):
    """The OAuth app that the sandbox knows, with the sandbox's addresses."""
    facts = box.microsoft
    return OAuthApp(
        facts["client_id"],
        facts["client_secret"],
        Endpoints(
            auth_url=facts["auth_url"],
            token_url=facts["token_url"],
            userinfo_url=facts["userinfo_url"],
            api_url=facts["api_base"],
        ),
        tenant=facts["tenant"],
    )


class MicrosoftWorld:
    """Two fresh accounts in a running sandbox, see `backend.Backend`."""

    def __init__(self, box):
        self.box = box
        number = next(_numbers)
        self._emails = {user: f"{user}{number}@sales.example" for user in ("ann", "bob")}
        self._tokens, self._calendars = {}, {}
        for user, email in self._emails.items():
            box.ms.user(email, timezone="W. Europe Standard Time")
            self._tokens[user] = self.grant(user).access_token
            own = box.ms.api("GET", "/me/calendar", token=self._tokens[user])
            self._calendars[user] = own["id"]
        self._mails_before = max((mail["n"] for mail in box.mails()), default=0)
        self._page_size = 500
        self._opened = []

    def grant(self, user, purpose=Purpose.SYNC):
        """A grant with the scopes of `purpose`, without the consent page."""
        tokens = self.box.ms.tokens(self.email(user), scopes=list(scopes_of(purpose)))
        return Grant(
            tokens["access_token"], tokens["refresh_token"], scopes=frozenset(tokens["scopes"])
        )

    def email(self, user):
        """The user's address."""
        return self._emails[user]

    def calendar(self, user):
        """Remote id of the user's own calendar."""
        return self._calendars[user]

    def provider(self, user, *, grant=None, timeout_s=10.0):
        """The user's account over HTTP."""
        grant = grant or Grant(self._tokens[user])
        opened = MicrosoftProvider(
            app_of(self.box), grant, timeout_s=timeout_s, page_size=self._page_size
        )
        self._opened.append(opened)
        return opened

    person = provider

    def api(self, method, path, body=None, user="ann", **query):
        """Graph itself, as a person's own client uses it (immutable ids)."""
        headers = {"Prefer": 'IdType="ImmutableId"'}
        token = self._tokens[user]
        return self.box.ms.api(method, path, body, token=token, headers=headers, **query)

    def kept(self, fields):
        """What Outlook keeps of an event: one reminder, and no word for "public"."""
        if fields.reminders:
            fields = fields.replace(reminders=fields.reminders[:1])
        public = fields.privacy is Privacy.PUBLIC
        return fields.replace(privacy=Privacy.DEFAULT) if public else fields

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
        stored = self.box.ms.stored_events(self.email("ann"))
        return sum(1 for one in stored if one["e"]["subject"] == title)

    def expire_cursors(self):
        """The next incremental listing answers 410."""
        for email in self._emails.values():
            self.box.ms.expire_sync_tokens(email)

    def shorten_pages(self):
        """Three rows a page."""
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
        return MicrosoftSignIn()


SETTINGS = {
    "microsoft__duplicate_transaction": "same",
    "microsoft__delta_lost_status": 410,
    "microsoft__delta_master": True,
    "microsoft__delta_duplicates": False,
    "microsoft__delta_page_cap": 0,
    "microsoft__delta_replay": 0,
}


def fresh_world(box, kind=MicrosoftWorld):
    """Body of a fixture: a world, then everything that a test disturbed is put back."""
    made = kind(box)
    yield made
    made.close()
    box.faults.clear()
    box.settings(**SETTINGS)


def foreign(subject, **members):
    """An event as a person's own client makes it."""
    zone = {"timeZone": "Europe/Berlin"}
    return {
        "subject": subject,
        "start": {"dateTime": "2027-03-02T11:00:00", **zone},
        "end": {"dateTime": "2027-03-02T12:00:00", **zone},
        **members,
    }


def stored(world, remote_id, user="ann"):
    """The record as the server keeps it."""
    records = world.box.ms.stored_events(world.email(user))
    return next(one for one in records if one["iid"] == remote_id)


def sent(world, user="ann"):
    """Requests since the log was cleared: (method, operation)."""
    log = world.box.requests(user=world.email(user))
    return [(one["method"], one["operation"].removeprefix("microsoft.")) for one in log]
