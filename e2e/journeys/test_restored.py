"""Yesterday's backup takes over: a real dump, restored under a running world of calendars."""

from dataclasses import astuple
from datetime import timedelta

import pytest

from e2e.support import templates
from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing
from e2e.support.stack import Stack

from .dav_phone import DavProduct
from .people import Product, in_days, odoo_time, wait

pytestmark = pytest.mark.deep

SINCE = {"Kept", "Moved since", "Place since", "Series", "Booked since", "Theirs", "Theirs since"}
"""What each calendar shows when the backup comes back."""


@pytest.fixture(scope="module")
def stack():
    """A product of its own: its database is replaced."""
    with Stack("restored") as running:
        yield running


@pytest.fixture(scope="module")
def proxy():
    """A real Radicale."""
    with passing("radicale", "restored") as server, DavProxy(server) as one:
        yield one


class Backup:
    """A dump of the running database, and what puts it in the database's place."""

    def __init__(self, stack, folder):
        self.stack, self.file = stack, folder / "backup"
        self._run("pg_dump", "-Fc", "-Z1", "-f", str(self.file), stack.db)

    def takes_over(self):
        """The server is switched off, its database is lost, the dump is loaded, a new one runs."""
        stack, port = self.stack, self.stack.odoo.port
        stack.odoo.kill()
        stack.cluster.drop(stack.db)
        stack.cluster.query("postgres", f'CREATE DATABASE "{stack.db}" TEMPLATE template0')
        self._run("pg_restore", "-j2", "--no-owner", "-d", stack.db, str(self.file))
        stack.start_odoo(port)

    def _run(self, program, *arguments):
        templates.run_client(self.stack.cluster, program, *arguments)


def last_week(person):
    """What stood on both sides when the backup was made; ids by title."""
    start = in_days(4)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    person.book("Series", start, recurrency=True, rrule_type="weekly", interval=1,
                end_type="count", count=3, event_tz="UTC", rrule_type_ui="weekly",
                **{days[start.weekday()]: True})  # fmt: skip
    made = {title: person.book(title, in_days(n)) for n, title in enumerate(
        ("Kept", "Moved", "Place", "Deleted here", "Deleted there"), 5)}  # fmt: skip
    person.add("Theirs", in_days(3))
    person.sync()
    person.is_same_on_both_sides()
    return made


def since_then(person, made):
    """What people did on both sides after the backup; all of it arrived."""
    person.book("Booked since", in_days(12))
    start = in_days(13)
    person.edit(made["Moved"], name="Moved since", start=odoo_time(start),
                stop=odoo_time(start + timedelta(hours=1)))  # fmt: skip
    person.delete(made["Deleted here"])
    [second] = [row for row in person.named_here("Series")][1:2]
    person.delete(second["id"])
    person.settle()
    there = {entry.title: entry.id for entry in person.there()}
    person.phone.change(there["Place"], title="Place since", place="Pier 7")
    person.phone.remove(there["Deleted there"])
    person.add("Theirs since", in_days(14))
    person.sync()
    person.is_same_on_both_sides()


@pytest.fixture(
    params=[
        ("google", "google"),
        ("google", "microsoft", "caldav"),
    ],
    ids="-".join,
)
def people(request, stack):
    """Colleagues whose calendars are at these providers; the first one organizes."""
    product = Product(stack)

    def of(provider):
        if provider == "caldav":
            return DavProduct(product, request.getfixturevalue("proxy"))
        return product.on(provider)

    return [of(provider).person("ann") for provider in request.param]


def test_a_restored_backup_catches_up_with_every_calendar(stack, people, tmp_path):
    """D-05, B-01, B-02: given a backup, and after it bookings, moves, deletions and edits on both
    sides, one of them shared by colleagues and one with an invited customer, when the backup takes
    over, then no calendar is written, nobody is mailed, nothing stands twice, and Odoo shows again
    what the calendars show."""
    ann, product = people[0], people[0].product
    made = {person: last_week(person) for person in people}
    backup = Backup(stack, tmp_path)

    for person in people:
        since_then(person, made[person])
    team = [[6, 0, [person.partner for person in people]]]
    ann.book("Shared since", in_days(15), partner_ids=team)
    invites(ann, "Invited since")
    wait(lambda: all(p.named_there("Shared since") for p in people), "the colleagues' copies")
    for person in people:
        person.sync()
        own = {"Invited since"} if person is ann else set()
        assert {entry.title for entry in person.there()} == {*SINCE, "Shared since", *own}
    there = {person: shown(person) for person in people}
    mails, written = len(product.mails()), [writes(person) for person in people]
    assert mails, "the customer was invited"

    backup.takes_over()
    assert ann.named_here("Moved"), "it is last week"
    for person in (*reversed(people), *people):
        person.sync(60)
    for person in people:
        assert shown(person) == there[person]
        person.is_same_on_both_sides()
    assert len(product.admin.search("calendar.event", [["name", "=", "Shared since"]], "id")) == 1
    assert [writes(person) for person in people] == written
    assert len(product.mails()) == mails


def invites(person, title):
    """An appointment with a customer, saved and invited."""
    made = person.product.admin.call(
        "res.partner", "create", [{"name": "Carla", "email": "carla@customer.example"}]
    )
    customer = made[0] if isinstance(made, list) else made
    start = in_days(16)
    event = {"name": title, "start": odoo_time(start), "stop": odoo_time(start),
             "partner_ids": [[6, 0, [person.partner, customer]]]}  # fmt: skip
    context = {"calendar_sync_notify": True}
    person.odoo.call("calendar.event", "create", [event], context=context)
    wait(lambda: person.named_there(title), "the invited appointment")
    person.settle()


def shown(person):
    """Everything that the calendar shows, each date of a series for itself."""
    return sorted(map(astuple, person.there(is_expanded=True)))


def writes(person):
    """How often anybody wrote to this person's calendar."""
    if person.phone.provider == "caldav":
        return sum(len(person.asked(method)) for method in ("PUT", "DELETE"))
    return sum(person.product.world.counters(user=person.email)["writes"].values())
