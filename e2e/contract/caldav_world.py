"""A real CalDAV server behind the fault proxy, in the words of the provider contract."""

from itertools import count
from urllib.parse import unquote, urlsplit

from calendar_sync_pro.core.changes import Listing
from calendar_sync_pro.core.errors import SyncTokenExpired
from calendar_sync_pro.providers.caldav.provider import CaldavProvider
from calendar_sync_pro.providers.port import Endpoints, Grant, Login, OAuthApp, provider
from calendar_sync_pro.tests.pure.contract.backend import WINDOW, listed, read_all

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
        self._ready = set()
        for user in self._emails if schedules else ():
            self._make(user)
        proxy.scheduling.is_on = schedules
        proxy.scheduling.inboxes = {e: self.server.calendar(e) for e in self._emails.values()}
        self.registration = provider("caldav")
        self._options = {}
        self._opened = []
        self.since = proxy.last

    def _make(self, user):
        """Give a user an account with a calendar, at the first use (Xandikos takes its time)."""
        email = self._emails[user]
        if user not in self._ready:
            self._ready.add(user)
            self.server.add_user(email, PASSWORD)
            self.proxy.ask("PROPFIND", self.server.calendar(email), email, depth="0")

    def app(self):
        """What the administrator allows: this one address on this machine."""
        hosts = frozenset({urlsplit(self.proxy.url).netloc})
        return OAuthApp("", "", Endpoints(), trusted_hosts=hosts)

    def login(self, user="ann", **values):
        """What a user types in."""
        self._make(user)
        given = {"address": self.proxy.url, "username": self.email(user), "password": PASSWORD}
        return Login(**{**given, **values})

    def grant(self, user):
        """What a sign-in gives, without its requests."""
        self._make(user)
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
        opened = CaldavProvider(
            self.app(), grant or self.grant(user), timeout_s=timeout_s, **self._options
        )
        self._opened.append(opened)
        return opened

    person = provider

    def other_side(self, user="ann"):
        """The user's telephone."""
        self._make(user)
        return OtherSide(self.proxy, self.email(user))

    def kept(self, fields):
        """What iCalendar keeps of an event: no alarm at all means the calendar's own ones."""
        return fields if fields.reminders else fields.replace(reminders=None)

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


def told(world, *components, href=""):
    """Put a resource there as another client does; what the adapter makes of it, and its path."""
    side = world.other_side()
    path = side.put("\n".join(components), side.home + href if href else "")
    events = listed(read_all(world.provider("ann"), world.calendar("ann")))
    return events, path


def one(world, *components, href=""):
    """The same, for a resource with one event."""
    [event], path = told(world, *components, href=href)
    return event, path


class Mirror:
    """What a program knows that follows a calendar by its changes alone, without an engine."""

    def __init__(self, world, user="ann"):
        self._provider, self._calendar = world.provider(user), world.calendar(user)
        self._cursor, self._known = "", {}
        self.unreadable = {}
        self.listings = 0
        self.sync()

    def sync(self):
        """Follow the changes; a refused cursor starts a full listing, once."""
        try:
            self._follow()
        except SyncTokenExpired:
            self._cursor = ""
            self._follow()
        return self

    def _follow(self):
        listed, has_more = set(), True
        while has_more:
            page = self._provider.changes(self._calendar, self._cursor, WINDOW)
            for event in page.events:
                self._known[event.remote_id] = event
                listed.add(event.remote_id)
            for gone in page.gone:
                self._known.pop(gone.remote_id, None)
            for one in page.unreadable:
                self.unreadable[one.remote_id] = one.error
                listed.add(one.remote_id)
            self._cursor, has_more = page.cursor, page.has_more
        if page.listing is Listing.COMPLETE:
            self.listings += 1
            self._known = {key: one for key, one in self._known.items() if key in listed}

    @property
    def events(self):
        """All living events, by title."""
        return sorted(self._known.values(), key=lambda event: event.fields.title)

    @property
    def titles(self):
        """Their titles, sorted."""
        return [event.fields.title for event in self.events]

    def named(self, title):
        """The one event of that title."""
        [found] = [event for event in self.events if event.fields.title == title]
        return found
