"""Video calls that the calendar makes: Meet or Teams, by itself, and never a second one."""

import json

import pytest

from .people import BOTH, in_days, wait

NAMES = {"google": "https://meet.google.com/", "microsoft": "https://teams.microsoft.com/"}


def customer(product):
    """A contact outside the company."""
    values = {"name": "Mia", "email": "mia@fjord.example"}
    made = product.admin.call("res.partner", "create", [values])
    return made[0] if isinstance(made, list) else made


def with_customer(person, title, **values):
    """An appointment with the customer; its id."""
    guests = [[6, 0, [person.partner, customer(person.product)]]]
    return person.book(title, partner_ids=guests, **values)


def link_of(person, event_id):
    """The link of the call in Odoo."""
    return person.odoo.read("calendar.event", event_id, "videocall_location")["videocall_location"]


@BOTH
def test_appointment_with_an_outsider_gets_the_calendars_call_once(product, provider):
    """S3-25, S3-28, S3-29: the link comes to Odoo, later edits keep it, and Join opens it. Of all
    that is sent to the calendar meanwhile, nothing holds the internal notes."""
    ann = product.person("ann")
    event_id = with_customer(ann, "Demo", internal_notes="<p>Canary: wants a discount</p>")
    link = wait(lambda: link_of(ann, event_id), "the link")
    assert link.startswith(NAMES[provider])
    ann.settle()
    for n in range(2):
        ann.edit(event_id, name=f"Demo {n}", location="Pier 7", description=f"<p>Agenda {n}</p>")
        ann.settle()
        ann.edit(event_id, internal_notes=f"<p>Canary {n}</p>")
        ann.settle()
        ann.sync()
    assert link_of(ann, event_id) == link
    [entry] = ann.there()
    assert ann.phone.call(entry.id) == link
    assert ann.odoo.call("calendar.event", "action_join_video_call", [[event_id]])["url"] == link
    assert not entry.guests, "nobody was invited"
    sent = json.dumps(product.world.requests(user=ann.email))
    assert "Agenda 1" in sent
    assert "Canary" not in sent + json.dumps(product.world.mails())


@BOTH
def test_no_call_where_nobody_wants_one(product):
    """S3-29: among colleagues, at a place, made elsewhere, with a link of one's own, and with a
    preference of one's own."""
    bea = product.person("bea")
    zoom = "https://zoom.example/j/1"
    alone = bea.book("Alone", in_days(2))
    there = with_customer(bea, "On site", location="Pier 7", start=in_days(3))
    own = with_customer(bea, "By Zoom", videocall_location=zoom, start=in_days(4))
    bea.add("Made there", in_days(5))
    bea.sync()
    [made] = bea.named_here("Made there")
    prefer = [[bea.account_id], "video_calls", "never"]
    bea.odoo.call("calendar.sync.account", "set_preference", prefer)
    never = with_customer(bea, "Not wished for", start=in_days(6))
    bea.edit(own, name="By Zoom, later")
    bea.settle()
    bea.sync()
    assert not [entry.title for entry in bea.there() if bea.phone.call(entry.id)]
    can = {row["id"]: row["sync_can_call"] for row in bea.here("sync_can_call")}
    assert can[alone]
    assert not can[made["id"]], "a person is not offered one either"
    assert link_of(bea, own) == zoom
    assert not any(link_of(bea, one) for one in (alone, there, made["id"], never))


@BOTH
def test_call_that_was_taken_away_does_not_come_back_until_asked_for(product, provider):
    """S3-29: taken off on both sides; asked for by a person, there is one again."""
    cora = product.person("cora")
    event_id = with_customer(cora, "Demo")
    wait(lambda: link_of(cora, event_id), "the link")
    cora.settle()
    cora.edit(event_id, videocall_location=False)
    cora.settle()
    cora.edit(event_id, name="Demo by phone")
    cora.settle()
    cora.sync()
    [entry] = cora.there()
    assert entry.title == "Demo by phone"
    assert not cora.phone.call(entry.id)
    assert not link_of(cora, event_id)
    cora.odoo.call("calendar.event", "action_ask_for_call", [[event_id]])
    link = wait(lambda: link_of(cora, event_id), "the new link")
    assert link.startswith(NAMES[provider])
    assert cora.phone.call(entry.id) == link


@pytest.mark.parametrize("provider", ["microsoft"])
def test_account_without_teams_books_as_ever(product):
    """S3-29: no licence, no link, no error."""
    dora = product.person("dora")
    product.world.ms.change_user(dora.email, teams=False)
    event_id = with_customer(dora, "Demo")
    dora.settle()
    assert len(dora.named_there("Demo")) == 1
    assert not link_of(dora, event_id)
    assert dora.odoo.read("calendar.event", event_id, "sync_badge")["sync_badge"] == "synced"
