"""A database in which Odoo's own calendar syncs were at work, before the addon came."""

from datetime import timedelta

from e2e.support import templates
from e2e.support.odoo_process import install
from e2e.support.stack import Stack
from scripts.ground import places

from .people import Product, in_days

PEOPLE = {"google": "gina", "microsoft": "mia"}
TAKEOVER = "calendar.sync.takeover"
MODULES = ["google_calendar", "microsoft_calendar"]
_RUN = """
    import os
    from benchmarks.peers import GooglePeer, MicrosoftPeer
    peer = {"google": GooglePeer, "microsoft": MicrosoftPeer}[os.environ["PEER"]]
    peer.redirect(os.environ["PEER_URL"])
    if os.environ["PEER_TOKEN"]:
        peer.connect(env.registry, int(os.environ["PEER_UID"]), "", os.environ["PEER_TOKEN"])
    peer.work(env.registry)
"""
_TAKE_OUT = """
    addon = env["ir.module.module"].search([("name", "=", "calendar_sync_pro")])
    addon.button_immediate_uninstall()
"""


class FormerStack(Stack):
    """A running product whose database has Odoo's syncs first; `bring_in` installs the addon."""

    def _prepare_database(self):
        source = templates.without_addon(self.cluster, self.kind, MODULES)
        templates.clone(self.cluster, source, self.db)

    def sync_as_before(self, person, *, connect=False):
        """One run of Odoo's own sync of that provider; `connect` gives it the person's token."""
        phone, world = person.phone, person.world
        side = world if phone.provider == "google" else world.ms
        token = side.token_of(person.email) if connect else ""
        self.shell(
            _RUN, PEER=phone.provider, PEER_URL=world.google["auth_base"], PEER_TOKEN=token,
            PEER_UID=str(person.uid),
        )  # fmt: skip

    def bring_in(self):
        """Install the addon, as under Apps, and set it up; Odoo answers at the same address."""
        self._while_stopped(lambda: install(self.cluster, self.db, [places.NAME], demo=False))
        self.configure()

    def take_out(self):
        """Uninstall the addon."""
        self._while_stopped(lambda: self.shell(_TAKE_OUT))

    def _while_stopped(self, work):
        server = self.odoo
        server.stop()
        work()
        self.start_odoo(port=server.port)


class FormerProduct(Product):
    """The product before the addon is there: it has no preview of first syncs to leave out."""

    is_there = False

    def previews_first_syncs(self, is_shown):
        """As in a product, once there is one."""
        if self.is_there:
            super().previews_first_syncs(is_shown)


class Office:
    """The product and one person at each provider, with what both sides had before the move."""

    def __init__(self, stack):
        self.stack, self.product = stack, FormerProduct(stack)
        self.people = {}
        for provider, name in PEOPLE.items():
            person = self.product.on(provider).person(name, is_connected=False)
            self.people[provider] = person
            fill(person)
        stack.odoo.stop()
        for person in self.people.values():
            stack.sync_as_before(person, connect=True)
            stack.sync_as_before(person)
        self.before = {provider: rows(person) for provider, person in self.people.items()}
        self.there = {provider: shown(person) for provider, person in self.people.items()}
        self.writes = self.count_writes()
        stack.start_odoo(port=stack.servers[-1].port)
        self.bring_in()
        self.mails = len(self.product.mails())

    def bring_in(self):
        """Install the addon."""
        self.stack.bring_in()
        self.product.is_there = True
        self.product.previews_first_syncs(False)

    def count_writes(self):
        """How often anything was written at a provider, by whomever."""
        return sum(self.product.world.counters()["writes"].values())

    def move(self):
        """The takeover that is open, or a fresh preview; its id."""
        return self.product.admin.call(TAKEOVER, "action_open", [])["res_id"]

    def press(self, button):
        """A button of that page."""
        self.product.admin.call(TAKEOVER, button, [[self.move()]])

    def read(self, *names):
        """What the page says."""
        return self.product.admin.read(TAKEOVER, self.move(), *names)

    def connect(self):
        """Everybody authorises the card that waits for them."""
        for person in self.people.values():
            person.connect()


def fill(person):
    """What a person has in the calendar: made on the telephone, alone, so that nobody is mailed."""
    person.add("Site visit", in_days(4), guests=())
    series = person.add("Weekly", in_days(5), guests=(), weeks=4)
    dates = sorted(
        (entry for entry in person.there(is_expanded=True) if entry.title == "Weekly"),
        key=lambda entry: entry.start,
    )
    person.phone.change(dates[1].id, start=in_days(12) + timedelta(hours=3))
    person.phone.remove(dates[2].id)
    return series


def rows(person):
    """This person's living events in Odoo: what must not be made a second time."""
    return sorted(
        person.product.sql(
            """SELECT event.id, event.name, event.start::text, event.stop::text
                 FROM calendar_event event JOIN calendar_attendee guest ON guest.event_id = event.id
                WHERE guest.partner_id = %s AND event.active""",
            person.partner,
        )
    )


def shown(person):
    """What stands in the calendar, each date of a series for itself."""
    return sorted((e.title, e.start, e.stop) for e in person.there(is_expanded=True))
