"""People of the journeys: each has an Odoo user, a calendar account of the same address, a lead.

product = Product(stack); ann = product.person("ann"); ann.connect(); ann.book("Talk")
product.on("microsoft").person("bea") has her calendar at Microsoft.
"""

import copy
import itertools
import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from e2e.support.rep import Rep
from sandbox.client import Sandbox

from .entry import HOUR_MIN, odoo_time
from .phones import PHONES

THEIR_AGENT = "Python-urllib"  # how the tests themselves ask


BOTH = pytest.mark.parametrize("provider", sorted(PHONES), scope="module")
"""Walk a journey with each provider of the sandbox."""
EVERYWHERE = pytest.mark.parametrize("provider", ["caldav", *sorted(PHONES)], scope="module")
"""Walk a journey with these, and with a real CalDAV server."""


def walked(*daily, deep):
    """Walk a journey with the `daily` providers each day, with the `deep` ones in the long run: the
    adapters' own tests say each day what differs."""
    rare = [pytest.param(provider, marks=pytest.mark.deep) for provider in deep]
    return pytest.mark.parametrize("provider", [*daily, *rare], scope="module")


class Product:
    """The running product of a test: Odoo, the providers' world, and who works there."""

    def __init__(self, stack, provider="google"):
        self.stack, self.provider = stack, provider
        self.world = Sandbox(stack.sandbox.info)
        self.admin = Rep(stack.odoo.url, stack.db, "admin", "admin")
        self._numbers = itertools.count(1)
        self._colleague = None
        groups = ("base.group_user", "sales_team.group_sale_salesman")
        self._groups = [self._id_of(xmlid) for xmlid in groups]
        self.previews_first_syncs(False)

    def previews_first_syncs(self, is_shown):
        """The company's setting, as the administrator makes it: most people of the journeys begin
        at once."""
        companies = self.admin.call("res.company", "search", [[]])
        self.admin.call("res.company", "write", [companies, {"sync_preview_first": is_shown}])

    def _id_of(self, xmlid):
        module, name = xmlid.split(".")
        return self.admin.call("ir.model.data", "check_object_reference", [module, name])[1]

    def on(self, provider):
        """The same product; new people have their calendars at that provider."""
        other = copy.copy(self)
        other.provider, other._colleague = provider, None
        return other

    def person(self, name, is_connected=True, domain="north.example"):
        """A new rep with an empty calendar at the provider, connected unless told otherwise."""
        name = f"{name}{next(self._numbers)}"
        return Person(self, name, self._groups, is_connected, domain)

    def phone(self, email):
        """The telephone of one person."""
        return PHONES[self.provider](self.world, email)

    def sql(self, statement, *arguments):
        """Look into the database (used to wait and to see, never to bring a state about)."""
        return self.stack.sql(statement, *arguments)

    def office_goes_on(self):
        """A colleague saves something and it arrives: so the workers have run meanwhile."""
        self._colleague = self._colleague or self.person("colleague")
        title = f"Office {next(self._numbers)}"
        self._colleague.book(title)
        wait(lambda: self._colleague.named_there(title), "a colleague's event", pause_s=0.3)

    def mails(self):
        """Mails that left or would leave, of Odoo and of the provider on Odoo's behalf. What a
        telephone makes its provider send is that person's own doing."""
        here = self.sql(
            """SELECT mail.id, message.model, message.subject
                 FROM mail_mail mail JOIN mail_message message ON message.id = mail_message_id"""
        )
        there = [mail for mail in self.world.mails() if THEIR_AGENT not in mail["agent"]]
        return [*there, *here]


class Person:
    """A rep: `odoo` is her browser, `phone` her telephone with the provider's own app."""

    def __init__(self, product, name, groups, is_connected, domain):
        self.product, self.world, self.name = product, product.world, name
        self.email = f"{name}@{domain}"
        self.phone = product.phone(self.email)
        values = {
            "name": name.title(), "login": name, "password": name, "email": self.email,
            "tz": "Europe/Berlin", "group_ids": [[6, 0, groups]],
        }  # fmt: skip
        admin = product.admin
        made = admin.call("res.users", "create", [values], context={"no_reset_password": True})
        self.uid = made[0] if isinstance(made, list) else made
        self.odoo = Rep(product.stack.odoo.url, product.stack.db, name, name)
        self.partner = self.odoo.read("res.users", self.uid, "partner_id")["partner_id"][0]
        if is_connected:
            self.connect()

    # -- the connection -------------------------------------------------------------------------
    def connect(self):
        """Sign in at the provider; returns when the first sync is over."""
        self.signs_in()
        wait(lambda: self.state("first_sync_done"), f"{self.name}'s first sync", 90)
        self.settle()

    def signs_in(self):
        """Sign in at the provider; what follows is the workers' work."""
        self.odoo.connect(self.phone.provider, self.world, self.email)
        self.account_id = self.card()["id"]

    def card(self):
        """The connection's card on the page."""
        return self.odoo.page()["accounts"][0]

    def state(self, column):
        """One column of the account, read from the database."""
        query = f"SELECT {column} FROM calendar_sync_account WHERE user_id = %s"
        return self.product.sql(query, self.uid)[0][0]

    def sync(self, timeout_s=30):
        """Press "Sync now" and wait until the worker is done with this account."""
        self.odoo.call("calendar.sync.account", "sync_now", [[self.account_id]])
        self.settle(timeout_s)

    def settle(self, timeout_s=30):
        """Wait until nothing of this account is due or under way."""
        wait(self.is_settled, f"{self.name}'s account to be done", timeout_s)

    def is_settled(self):
        """True when no worker has the account, it isn't due, and no change waits to be sent."""
        return self.product.sql(
            """SELECT lease_token IS NULL AND next_run > now() AT TIME ZONE 'UTC'
                  AND NOT EXISTS (SELECT 1 FROM calendar_sync_mark m WHERE m.account_id IS NULL
                                     OR (m.account_id = a.id AND m.not_before IS NULL))
                 FROM calendar_sync_account a WHERE user_id = %s""",
            self.uid,
        )[0][0]

    def trouble(self):
        """What the page says is wrong, or False."""
        return self.card()["problem"]

    def notices(self):
        """Open activities that ask this person to reconnect."""
        domain = [["res_model", "=", "calendar.sync.account"], ["user_id", "=", self.uid]]
        return self.odoo.search("mail.activity", domain, "summary")

    # -- in Odoo ----------------------------------------------------------------------------------
    def book(self, title, start=None, minutes=60, **values):
        """A meeting in Odoo; its id."""
        start = start or in_days(2)
        stop = start + timedelta(minutes=minutes)
        event = {
            "name": title, "start": odoo_time(start), "stop": odoo_time(stop),
            "partner_ids": [[6, 0, [self.partner]]], **values,
        }  # fmt: skip
        made = self.odoo.call("calendar.event", "create", [event])
        return made[0] if isinstance(made, list) else made

    def edit(self, event_id, **values):
        """Change a meeting in Odoo."""
        self.odoo.call("calendar.event", "write", [[event_id], values])

    def delete(self, event_id):
        """Delete a meeting in Odoo."""
        self.odoo.call("calendar.event", "unlink", [[event_id]])

    def here(self, *fields):
        """All living meetings of this person in Odoo, by start."""
        domain = [["partner_ids", "in", [self.partner]]]
        names = ("name", "start", "stop", "location", *fields)
        return sorted(
            self.odoo.search("calendar.event", domain, *names), key=lambda row: row["start"]
        )

    def named_here(self, title, *fields):
        """Living meetings of that title in Odoo."""
        return [row for row in self.here(*fields) if row["name"] == title]

    # -- at the provider --------------------------------------------------------------------------
    def add(self, title, start=None, minutes=HOUR_MIN, **values):
        """An event made on the telephone, with somebody outside so that it is a meeting; its id."""
        return self.phone.add(title, start or in_days(3), minutes, **values)

    def there(self, *, is_expanded=False):
        """Everything that stands in the calendar now."""
        return self.phone.entries(is_expanded=is_expanded)

    def named_there(self, title):
        """Entries of that title in the calendar."""
        return [entry for entry in self.there() if entry.title == title]

    # -- what the product asked -------------------------------------------------------------------
    def requests(self, operation="", since=0):
        """Requests that the product made for this person, oldest first; `operation` is the
        telephone's word for it ("create", "list") or the end of its name at the provider."""
        operation = self.phone.operations.get(operation, operation)
        return [
            entry
            for entry in self.world.requests(user=self.email, since=since)
            if THEIR_AGENT not in (entry["user_agent"] or "")
            and entry["operation"].endswith(operation)
        ]

    def disturb(self, action, operation="", **facts):
        """A fault that strikes this person only; `operation` as in `requests`."""
        operation = self.phone.operations.get(operation, operation)
        return self.world.faults.add(action, user=self.email, operation=operation, **facts)

    def last_request(self):
        """The number of the newest request: what comes later has a higher one."""
        entries = self.world.requests()
        return entries[-1]["n"] if entries else 0

    def is_same_on_both_sides(self):
        """Assert that title, time and place agree, one to one, and that nothing stands twice."""
        here = sorted((r["name"], r["start"], r["stop"], r["location"] or "") for r in self.here())
        there = sorted((e.title, e.start, e.stop, e.place) for e in self.there(is_expanded=True))
        assert here == there, f"only here: {_minus(here, there)}, only there: {_minus(there, here)}"
        assert len(set(here)) == len(here), "something stands twice"


def _minus(some, others):
    return [row for row in some if row not in others]


def wait(condition, what, timeout_s=30.0, pause_s=0.1):
    """The first true answer; AssertionError when it does not come in time."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = condition()
        if answer:
            return answer
        time.sleep(pause_s)
    raise AssertionError(f"waited {timeout_s:.0f} s in vain for {what}")


def in_days(days, hour=9):
    """A whole hour some days from now (UTC)."""
    day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    return day.replace(hour=hour)


def body_of(entry):
    """What a request carried."""
    return json.loads(entry["body"] or "{}")
