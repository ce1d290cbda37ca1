"""Many people at three providers for a long time: who they are, what they do, what has arrived.

office = Office(shared, proxy, folder); office.hires(200)
office.acts()                   # somebody does something in Odoo or on the telephone
office.looks()                  # what has arrived by now; office.lags says how long it took
office.differences()            # what the two sides disagree about, when the dust has settled

Each change gives an event a title that nothing else ever had, so that its arrival can be seen. An
event that is still on its way is left alone: what has to come out is then never a question.
"""

import contextlib
import itertools
import json
import random
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

import psycopg2
import requests

from e2e.support.rep import OdooError, Rep
from sandbox.client import SandboxError

from .dav_phone import PASSWORD as DAV_PASSWORD
from .dav_phone import DavPhone
from .people import Person, in_days
from .phones import PHONES

HIRE = Path(__file__).with_name("soak_hire.py")
PASSWORD = "soak"
PROVIDERS = ("google", "microsoft", "caldav")
BEFORE = 2
"""Events that everybody has before the first sync."""
SOME = 10
"""So many events stand on both sides before anybody changes one."""
NOT_ANSWERED = (OSError, requests.RequestException, SandboxError, OdooError)
"""What somebody sees whose server was just killed; they try something else."""


class NotThere(Exception):
    """An event that stood on both sides is missing, or stands twice."""


def _only(found, title):
    if len(found) != 1:
        raise NotThere(f"{title} was found {len(found)} times")
    return found[0]


class Sitter(Person):
    """Somebody of the office; signs in to Odoo when there is something to do."""

    def __init__(self, product, name, provider, phone):
        self.product, self.world, self.name = product, product.world, name
        self.provider, self.phone, self.email = provider, phone, phone.email
        self._odoo = None

    def sits_down(self, uid, partner, account):
        """Hired: the numbers of the user, its partner and the account."""
        self.uid, self.partner, self.account_id = uid, partner, account

    @property
    def odoo(self):
        """The browser."""
        if self._odoo is None:
            stack = self.product.stack
            self._odoo = Rep(stack.servers[0].url, stack.db, self.name, PASSWORD)
        return self._odoo


class Office:
    """Everybody, and what is still on its way."""

    def __init__(self, product, proxy, folder, seed=1):
        self.product, self.proxy, self.folder = product, proxy, folder
        self.people, self.done = [], Counter()
        self.lags = defaultdict(list)
        """Seconds by (provider, "in" or "out")."""
        self.settled, self._under_way = {}, {}
        """Titles that arrived, with their person; and those that did not, with since when."""
        self.removed, self.vanished = set(), []
        self._lock = threading.Lock()
        self._random, self._numbers = random.Random(seed), itertools.count(1)

    # -- who ------------------------------------------------------------------------------------
    def hires(self, count):
        """So many people at each provider, connected; their first syncs have not begun."""
        for provider in PROVIDERS:
            for number in range(count):
                self.people.append(self._newcomer(provider, f"{provider}{number}"))
        plan = self.folder / "people.json"
        plan.write_text(json.dumps([self._papers(one) for one in self.people]), encoding="utf-8")
        said = self.product.stack.shell(
            HIRE.read_text(encoding="utf-8"), CSP_PEOPLE=str(plan), CSP_PASSWORD=PASSWORD
        )
        numbers = json.loads(said.splitlines()[-1])
        for person in self.people:
            person.sits_down(*numbers[person.name])

    def _newcomer(self, provider, name):
        email = f"{name}@north.example"
        if provider == "caldav":
            phone = DavPhone(self.proxy, email)
        else:
            phone = PHONES[provider](self.product.world, email)
        for number in range(BEFORE):
            phone.add(f"Before {number} of {name}", in_days(3 + number), guests=())
        return Sitter(self.product, name, provider, phone)

    def _papers(self, person):
        known = {"login": person.name, "email": person.email, "provider": person.provider}
        if person.provider == "caldav":
            login = {"address": self.proxy.url, "username": person.email, "password": DAV_PASSWORD}
            return {**known, "login_at": login}
        world = self.product.world
        side = world if person.provider == "google" else world.ms
        return {**known, "tokens": side.tokens(person.email)}

    # -- what they do ---------------------------------------------------------------------------
    def acts(self):
        """One of them does one thing. Who meets a dead server does nothing."""
        known = (self._retitles_there, self._retitles_here, self._deletes)
        shares = (35, 25, 17, 17, 6) if len(self.settled) > SOME else (35, 25, 0, 0, 0)
        [what] = self._random.choices((self._adds, self._books, *known), shares)
        try:
            what()
            self.done[what.__name__.strip("_")] += 1
        except NOT_ANSWERED:
            self.done["not answered"] += 1
        except NotThere as event:
            self.vanished.append(str(event))

    def _adds(self):
        person = self._random.choice(self.people)
        self._goes_on_its_way(
            person, "in", lambda title: person.add(title, self._some_time(), guests=())
        )

    def _books(self):
        person = self._random.choice(self.people)
        self._goes_on_its_way(person, "out", lambda title: person.book(title, self._some_time()))

    def _retitles_there(self):
        old, person = self._something_settled()
        entry = _only(person.named_there(old), old)
        self._goes_on_its_way(
            person, "in", lambda title: person.phone.change(entry.id, title=title)
        )

    def _retitles_here(self):
        old, person = self._something_settled()
        row = _only(person.named_here(old), old)
        self._goes_on_its_way(person, "out", lambda title: person.edit(row["id"], name=title))

    def _deletes(self):
        old, person = self._something_settled()
        if self._random.random() < 0.5:
            entry = _only(person.named_there(old), old)
            person.phone.remove(entry.id)
        else:
            row = _only(person.named_here(old), old)
            person.delete(row["id"])
        self.removed.add(old)

    def _goes_on_its_way(self, person, direction, work):
        """Do it under a new title; it is expected to arrive when somebody answered."""
        title, since = f"Soak {next(self._numbers)}", time.monotonic()
        work(title)
        self._under_way[title] = (since, person, direction)

    def _something_settled(self):
        """Take an event that stands on both sides; nobody else works on it meanwhile. If a server
        dies now, it is not known which title it has in the end: either is right."""
        with self._lock:
            title = self._random.choice(list(self.settled))
            return title, self.settled.pop(title)

    def _some_time(self):
        return in_days(self._random.randint(2, 60), self._random.randint(5, 18))

    # -- what has arrived -----------------------------------------------------------------------
    def looks(self):
        """Note what has arrived since the last look; how much is still under way."""
        titles = list(self._under_way)
        with contextlib.suppress(OSError, psycopg2.OperationalError):
            found = {name for (name,) in self.product.sql(_ARRIVED, titles)}
            sent = {name for (name,) in self.product.sql(_SENT, titles)}
            for title in titles:
                since, person, direction = self._under_way[title]
                if title in (found if direction == "in" else sent):
                    del self._under_way[title]
                    self.settled[title] = person
                    self.lags[person.provider, direction].append(time.monotonic() - since)
        return len(self._under_way)

    # -- in the end -----------------------------------------------------------------------------
    def differences(self):
        """Per person what stands on one side only, what is missing, what stands twice and
        what came back."""
        wanted = defaultdict(set)
        for title, person in self.settled.items():
            wanted[person.name].add(title)
        found = {}
        for person in self.people:
            here = Counter(row["name"] for row in self._here(person))
            there = Counter(entry.title for entry in person.there())
            missing = wanted[person.name] - set(here)
            twice = [title for title, times in (here | there).items() if times > 1]
            back = self.removed & (set(here) | set(there))
            if here != there or missing or twice or back:
                found[person.name] = (here - there, there - here, missing, twice, back)
        return found

    def _here(self, person):
        rows = self.product.sql(_HERE, person.partner)
        return [{"name": name} for (name,) in rows]


_ARRIVED = "SELECT name FROM calendar_event WHERE active AND name = ANY(%s)"
_SENT = """
    SELECT event.name FROM calendar_event event
      JOIN calendar_sync_meeting meeting ON meeting.event_id = event.id
      JOIN calendar_sync_link link ON link.meeting_id = meeting.id AND link.state = 'synced'
     WHERE event.name = ANY(%s)
       AND NOT EXISTS (SELECT 1 FROM calendar_sync_mark mark WHERE mark.event_id = event.id)
"""
_HERE = """
    SELECT event.name FROM calendar_event event
      JOIN calendar_event_res_partner_rel rel ON rel.calendar_event_id = event.id
     WHERE event.active AND rel.res_partner_id = %s
"""
