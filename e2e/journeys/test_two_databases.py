"""Two companies on one Odoo server, each with a database of its own that the host name chooses.

Both are copies of one template, so everybody and everything has the same numbers in both: whatever
the server keeps by number alone would be mixed up.
"""

import json
import re
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import requests
from cryptography.fernet import Fernet, InvalidToken

from e2e.support import templates
from e2e.support.odoo_process import OdooServer, data_dir, shell
from e2e.support.stack import CONFIGURE, Stack

from .booking_visitor import set_up_page
from .people import Product, in_days, wait

pytestmark = pytest.mark.deep

HOSTS = ("127.0.0.1", "localhost")
ASSISTANT = """
keys = env["res.users.apikeys"].with_user(env.ref("base.user_admin")).sudo()
print("KEY", keys._generate(keys._booking_scopes()[0], "assistant", False))
"""


class House(Stack):
    """One server, one sandbox, and a database for each host name."""

    def __init__(self, name):
        super().__init__(name, servers=0, configure=False, push=True)
        self.tenants = [Tenant(self, host) for host in HOSTS]

    def _prepare_database(self):
        template = templates.template(self.cluster, self.kind)
        for tenant in self.tenants:
            templates.clone(self.cluster, template, tenant.db)

    def _forget(self):
        super()._forget()
        for tenant in self.tenants:
            templates.drop(self.cluster, tenant.db)

    def opens(self):
        """Start the server and tell each database its address and its providers."""
        names = ",".join(tenant.db for tenant in self.tenants)
        server = OdooServer(self.cluster, names, db_filter=r".*_%h$")
        self.servers.append(server)
        self._children.append(server)
        with ThreadPoolExecutor() as both:
            list(both.map(lambda tenant: tenant.is_set_up(), self.tenants))
        return server.wait_ready()


@dataclass
class Tenant:
    """One of the companies, as `Product` wants a stack. `key`: a booking assistant's."""

    house: House
    host: str
    key: str = ""

    @property
    def db(self):
        """The database: its name ends with the host's."""
        return f"{self.house.db}_{self.host}"

    @property
    def odoo(self):
        """Where its people go."""
        return SimpleNamespace(url=f"http://{self.host}:{self.house.servers[0].port}")

    @property
    def sandbox(self):
        """The providers, which both share."""
        return self.house.sandbox

    def is_set_up(self):
        """Tell it its address and its providers, and make a key, as an administrator does."""
        facts = {**self.house.facts(), "CSP_ODOO_URL": self.odoo.url, "CSP_DB": self.db}
        said = self.shell(CONFIGURE.read_text(encoding="utf-8") + ASSISTANT, **facts)
        self.key = re.search("KEY (.+)", said)[1]

    def shell(self, code, **env):
        """Run code in Odoo's shell on this database, and commit."""
        script = f"exec(compile({textwrap.dedent(code)!r}, 'script', 'exec'))\nenv.cr.commit()\n"
        return shell(self.house.cluster, self.db, script, **env)

    def sql(self, statement, *arguments):
        """Look into this database."""
        return self.house.cluster.query(self.db, statement, arguments)


@pytest.fixture(scope="module")
def house():
    """The server with both companies."""
    with House("house") as running:
        running.opens()
        yield running


@pytest.fixture(scope="module")
def products(house):
    """Both companies' products."""
    return [Product(tenant) for tenant in house.tenants]


@pytest.fixture(scope="module")
def reps(products):
    """One rep of each, connected, to whom Google tells of changes."""
    both = [product.person(name) for product, name in zip(products, ("ada", "bob"), strict=True)]
    for rep in both:
        wait(lambda rep=rep: channels(rep), f"{rep.name}'s channel", 60)
    return both


def channels(rep):
    """The keys of a rep's channels that work."""
    query = "SELECT key FROM calendar_sync_channel WHERE state = 'working' AND account_id = %s"
    return rep.product.sql(query, rep.account_id)


def titles(rep):
    """All titles of the rep's database."""
    return {name for (name,) in rep.product.sql("SELECT name FROM calendar_event")}


def noticed(rep):
    """When the rep's channel was heard last, and whether something waits to be looked at."""
    query = "SELECT last_notice, is_noticed FROM calendar_sync_channel WHERE account_id = %s"
    return rep.product.sql(query, rep.account_id)


def test_both_sync_both_ways_at_once(reps):
    """S2-51, B-12: given one server for both, when each rep books in Odoo and on the telephone,
    then it arrives within seconds, told by the provider where it can; each database and calendar
    has its own and nothing of the other's, and nobody is mailed."""
    ada, bob = reps
    assert ada.account_id == bob.account_id, "the same numbers on both sides"
    for rep in reps:
        rep.book(f"Booked by {rep.name}", in_days(2))
        rep.add(f"Typed by {rep.name}", in_days(3))
    for rep in reps:
        wait(lambda rep=rep: rep.named_there(f"Booked by {rep.name}"), "the booked one there")
        wait(lambda rep=rep: rep.named_here(f"Typed by {rep.name}"), "the typed one here")
    for rep in reps:
        own = {f"Booked by {rep.name}", f"Typed by {rep.name}"}
        assert titles(rep) == own
        assert {entry.title for entry in rep.there()} == own
        assert rep.product.mails() == []


def test_a_sign_in_ends_in_the_database_that_began_it(reps, products):
    """B-12: given a sign-in begun in one company, when its way back is opened at the other
    one, then nothing is connected there and the code is not used up; opened where it belongs, it
    connects the account."""
    here, there = products
    eve, mallory = (product.person("eve", is_connected=False) for product in products)
    assert eve.uid == mallory.uid
    mallory.odoo.start_sign_in("google")
    back = eve.world.consent(eve.odoo.start_sign_in("google"), eve.email)
    assert back.startswith(here.stack.odoo.url)
    stray = back.replace(here.stack.odoo.url, there.stack.odoo.url)
    before = eve.last_request()
    for cookies in ({}, eve.odoo.http.cookies.get_dict(), mallory.odoo.http.cookies.get_dict()):
        requests.get(stray, cookies=cookies, timeout=30, allow_redirects=False)
    asked = [one["operation"] for one in eve.world.requests(since=before)]
    assert "oauth.token" not in asked
    for product in products:
        assert product.sql("SELECT 1 FROM calendar_sync_account WHERE user_id = %s", eve.uid) == []
    eve.odoo.http.get(back, timeout=30).raise_for_status()
    assert eve.card()["email"] == eve.email
    assert there.sql("SELECT 1 FROM calendar_sync_account WHERE user_id = %s", eve.uid) == []


def test_a_notice_reaches_its_own_database_and_no_other(reps, house):
    """S2-51, B-12: given a channel of one company, when its notice is sent to the other company's
    address or to one that names no database, then it is refused, nothing is marked there and no
    calendar is read; and nobody learns whether there is such a channel."""
    ada, bob = reps
    [(key,)] = channels(ada)
    before, last = noticed(bob), ada.last_request()
    for host in ("localhost", "nobody.example"):
        answer = requests.post(
            f"http://127.0.0.1:{house.servers[0].port}/calendar_sync/notice/{key}",
            headers={"Host": host, "X-Goog-Resource-State": "exists"},
            timeout=30,
            allow_redirects=False,
        )
        assert answer.status_code == 404, host
    assert noticed(bob) == before
    assert not bob.requests(since=last)


def test_each_database_has_a_key_of_its_own(reps, products):
    """B-12: credentials that one database keeps can't be opened with the key of the other."""
    folder = data_dir() / "calendar_sync_pro"
    keys = [Fernet((folder / f"{one.stack.db}.key").read_text().strip()) for one in products]
    query = "SELECT credentials_encrypted FROM calendar_sync_account WHERE id = %s"
    for rep, own, other in zip(reps, keys, reversed(keys), strict=True):
        [(sealed,)] = rep.product.sql(query, rep.account_id)
        assert json.loads(own.decrypt(sealed.encode()))["refresh_token"]
        with pytest.raises(InvalidToken):
            other.decrypt(sealed.encode())


def test_public_pages_and_keys_open_their_own_database_only(reps, products):
    """B-12: given a booking page and a key of one company, when they are used at the
    other company's address, then there is no such page and the key opens nothing."""
    here, there = products
    set_up_page(here.admin, "northwind", [reps[0]])
    bearer = {"Authorization": f"Bearer {here.stack.key}"}
    found = {
        product.stack.host: (
            requests.get(f"{product.stack.odoo.url}/book/northwind", timeout=30).status_code,
            requests.get(
                f"{product.stack.odoo.url}/booking/api/v1/calendars", headers=bearer, timeout=30
            ).status_code,
        )
        for product in products
    }
    assert found == {here.stack.host: (200, 200), there.stack.host: (404, 401)}
