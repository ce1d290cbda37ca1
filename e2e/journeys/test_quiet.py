"""Outlook mails guests whether one wants it or not: what the product does must never lead there."""

import pytest

from .people import in_days, odoo_time, wait

MEETINGS = 6


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


def mailed(product, since):
    """Everything that Outlook mailed after that number, whoever caused it."""
    return [(mail["kind"], mail["to"]) for mail in product.world.mails(since=since)]


def last_mail(product):
    """The number of the newest mail."""
    return max((mail["n"] for mail in product.world.mails()), default=0)


def as_it_was(person):
    """What stands in Outlook, in order."""
    return sorted((entry.title, entry.start, entry.guests) for entry in person.there())


def toggle(person, is_on):
    """The switch on the connection's card."""
    person.odoo.call("calendar.sync.account", "set_sync", [[person.account_id], is_on])


def test_outlook_itself_mails_where_a_person_does_it(product):
    """S4-11: created, moved, a guest taken off, deleted by the telephone: each is mailed, so that
    the silence below means something."""
    ann = product.person("ann")
    since = last_mail(product)
    made = ann.add("Loud", guests=("one@else.example", "two@else.example"))
    ann.phone.change(made, start=in_days(5))
    one = [{"emailAddress": {"address": "one@else.example"}, "type": "required"}]
    ann.phone.graph("PATCH", f"/events/{made}", {"attendees": one})
    ann.phone.remove(made)
    told = mailed(product, since)
    for kind, to in (
        ("invitation", "one@else.example"),
        ("update", "one@else.example"),
        ("cancellation", "two@else.example"),
        ("cancellation", "one@else.example"),
    ):
        assert (kind, to) in told
    assert not product.mails(), "none of it was ours"


def test_nobody_is_mailed_from_the_first_sync_to_disconnecting(product):
    """S4-11, S4-25, S0-30: import, re-sync, edits one by one and many at once, off and on,
    disconnected and connected again; Outlook is as it was."""
    bea = product.person("bea", is_connected=False)
    old = _agreed_long_ago(bea)
    pairs = [(f"Meeting {n}", in_days(3 + n)) for n in range(MEETINGS)]
    bea.phone.add_many(pairs)
    since = last_mail(product)

    bea.connect()
    assert len(bea.here()) == MEETINGS + 1
    assert [e.guests for e in bea.named_there("Long agreed")] == [()], "shown, nobody invited"
    before = [row for row in as_it_was(bea) if row[0] != "Long agreed"]

    bea.phone.switches.expire_sync_tokens(bea.email)
    bea.sync()
    ids = [row["id"] for row in bea.here() if row["id"] != old]
    bea.edit(ids[0], name="Renamed")
    later = in_days(20)
    bea.edit(ids[1], start=odoo_time(later), stop=odoo_time(in_days(20, 10)))
    bea.odoo.call("calendar.event", "write", [ids, {"location": "Pier 7"}])
    bea.edit(ids[2], partner_ids=[[6, 0, [bea.partner]]])
    bea.settle()
    bea.sync()
    bea.delete(ids[3])
    bea.settle()
    toggle(bea, False)
    bea.edit(ids[4], name="While it was off")
    toggle(bea, True)
    bea.sync()
    assert not mailed(product, since)

    bea.odoo.call("calendar.sync.account", "disconnect", [[bea.account_id]])
    bea.edit(ids[5], name="While it was not connected")
    product.office_goes_on()
    bea.connect()
    bea.sync()
    assert not mailed(product, since)
    after = [row for row in as_it_was(bea) if row[0] != "Long agreed"]
    assert after == before, "what Outlook would have told is not sent by itself"
    badges = {row["sync_badge"] for row in bea.here("sync_badge") if row["id"] in ids[:3]}
    assert badges == {"problem"}, "it is said that a person has to decide"


def test_edits_of_meetings_without_guests_go_through(product):
    """S4-13: silence is no excuse for doing nothing."""
    cora = product.person("cora")
    ids = [cora.book(f"Own {n}", in_days(3 + n)) for n in range(MEETINGS)]
    cora.settle()
    cora.odoo.call("calendar.event", "write", [ids, {"location": "Pier 7"}])
    wait(lambda: {entry.place for entry in cora.there()} == {"Pier 7"}, "the places")
    cora.settle()
    assert not product.mails()


def _agreed_long_ago(person):
    """A meeting with a customer from before any calendar was connected; its id."""
    values = {"name": "Mia", "email": "mia@fjord.example"}
    customer = person.product.admin.call("res.partner", "create", [[values]])
    event = {
        "name": "Long agreed", "start": odoo_time(in_days(2)), "stop": odoo_time(in_days(2, 10)),
        "partner_ids": [[6, 0, [person.partner, *customer]]],
    }  # fmt: skip
    told = {"no_mail_to_attendees": True}  # Odoo told the customer at that time
    return person.odoo.call("calendar.event", "create", [[event]], context=told)[0]
