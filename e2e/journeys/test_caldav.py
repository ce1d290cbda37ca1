"""The whole product on real CalDAV servers: the main job, edits on both sides, and bad moments."""

from datetime import timedelta

import pytest

from e2e.contract.caldav_other_side import vevent
from e2e.support.dav_servers import SERVERS

from .dav_phone import PASSWORD, DavProduct
from .people import in_days, odoo_time, wait

WEEK = timedelta(weeks=1)


@pytest.fixture
def proxy(proxies, request):
    """The one that a journey is walked on: Radicale, unless it is walked on each."""
    return proxies[getattr(request, "param", "radicale")]


EACH = pytest.mark.parametrize("proxy", sorted(SERVERS), indirect=True)
DAILY_AT_ONE = pytest.mark.parametrize(
    "proxy", ["radicale", pytest.param("xandikos", marks=pytest.mark.deep)], indirect=True
)
"""Each day at one server, in the long run at both: the adapter's own tests say what differs."""


@pytest.fixture
def product(shared, proxy, proxies):
    """The product, with everything calm at the server."""
    proxy.calm()
    yield DavProduct(shared, proxy, proxies.values())
    proxy.calm()


def the_one(person, title):
    """The one entry of that title there; and it stands once in Odoo too."""
    [entry] = person.named_there(title)
    assert len({row["id"] for row in person.named_here(title)}) == 1
    return entry


@EACH
def test_from_the_form_to_a_cancelled_appointment(product):
    """S0-05, S4-08, S4-25: connect, book from a lead, moved there, back here, cancelled there."""
    # Given a rep who connects with address, name and password, after a slip of the finger
    ann = product.person("ann", is_connected=False)
    said = ann.connect(password="wrong")
    assert (said["is_ok"], said["code"]) == (False, "wrong_password")
    assert ann.connect()["is_ok"]
    assert ann.card()["status"] == "active"
    assert PASSWORD not in str(ann.odoo.page())
    # When she books from a lead's card
    values = {"name": "Crane rental", "type": "lead", "user_id": ann.uid}
    made = ann.odoo.call("crm.lead", "create", [values])
    lead = made[0] if isinstance(made, list) else made
    event_id = ann.odoo.book(lead, name="Crane on site", start=odoo_time(in_days(2)),
                             stop=odoo_time(in_days(2, hour=10)))  # fmt: skip
    wait(lambda: ann.named_there("Crane on site"), "the event on the server")
    # Then it stands there once, with Show Lead and our id and without guests
    entry = the_one(ann, "Crane on site")
    assert "/calendar_sync/show_lead/" in ann.phone.links(entry.id)[0]
    assert "/calendar_sync/show_lead/" in entry.text
    guid = ann.odoo.read("calendar.event", event_id, "sync_guid")["sync_guid"]
    assert ann.phone.guid(entry.id) == guid
    assert not entry.guests
    # And what happens on the telephone is found in Odoo, on the same appointment
    ann.phone.change(entry.id, title="Crane moved", start=in_days(6, hour=11))
    ann.sync()
    row = ann.odoo.read("calendar.event", event_id, "name", "start", "active")
    assert (row["name"], row["start"]) == ("Crane moved", odoo_time(in_days(6, hour=11)))
    ann.phone.remove(entry.id)
    ann.sync()
    assert not ann.odoo.read("calendar.event", event_id, "active")["active"]
    assert not ann.there()


@DAILY_AT_ONE
def test_edits_of_both_sides_survive_and_nothing_bounces(product):
    """S4-14, S4-31: title here, place there; then a quiet poll is one request and no write."""
    bea = product.person("bea")
    event_id = bea.book("Workshop")
    wait(lambda: bea.named_there("Workshop"), "the event")
    bea.settle()
    entry = the_one(bea, "Workshop")
    bea.phone.change(entry.id, place="Pier 7")
    bea.edit(event_id, name="Workshop with the board")
    wait(lambda: bea.named_there("Workshop with the board"), "the title there")
    bea.sync()
    there = the_one(bea, "Workshop with the board")
    assert (there.id, there.place) == (entry.id, "Pier 7")
    assert bea.odoo.read("calendar.event", event_id, "location")["location"] == "Pier 7"
    bea.sync()
    number = bea.last_request()
    bea.sync()
    assert [one.method for one in bea.asked(since=number)] == ["REPORT"]
    bea.is_same_on_both_sides()


@EACH
def test_meeting_of_the_telephone_comes_into_odoo_and_goes_with_its_deletion(product):
    """S1-24, S1-27, S2-14: made there, changed here, deleted here."""
    cora = product.person("cora")
    entry_id = cora.add("Kick-off", place="Hall 4")
    cora.sync()
    [row] = cora.named_here("Kick-off")
    assert row["location"] == "Hall 4"
    cora.edit(row["id"], name="Kick-off with tea")
    wait(lambda: cora.named_there("Kick-off with tea"), "the new title")
    assert the_one(cora, "Kick-off with tea").id == entry_id
    assert the_one(cora, "Kick-off with tea").guests == ("customer@else.example",)
    cora.delete(row["id"])
    wait(lambda: not cora.there(), "the deletion")


@DAILY_AT_ONE
def test_series_with_a_moved_occurrence_travels_both_ways(product):
    """S4-22, S4-30: one resource there, its occurrences here; one moved on each side."""
    dora = product.person("dora")
    start = in_days(3)
    series = dora.add("Jour fixe", start, weeks=4)
    dora.sync()
    assert [row["start"] for row in dora.named_here("Jour fixe")] == [
        odoo_time(start + WEEK * n) for n in range(4)
    ]
    dora.phone.move_occurrence(series, start + WEEK, start + WEEK + timedelta(hours=2))
    dora.sync()
    dora.is_same_on_both_sides()
    third = dora.named_here("Jour fixe")[2]
    moved = start + 2 * WEEK + timedelta(hours=4)
    dora.edit(third["id"], start=odoo_time(moved), stop=odoo_time(moved + timedelta(hours=1)),
              recurrence_update="self_only")  # fmt: skip
    last = odoo_time(moved)
    wait(lambda: last in [e.start for e in dora.there(is_expanded=True)], "the moved one")
    dora.settle()
    dora.is_same_on_both_sides()
    assert len(dora.phone.side.paths()) == 1
    dora.phone.remove(series)
    dora.sync()
    assert not dora.named_here("Jour fixe")


@pytest.mark.parametrize("kind", ["drop_after", "garbage"])
def test_lost_answer_leaves_one_copy(product, kind):
    """S4-25: the event was stored, the answer was not heard; found again, not made again."""
    edda = product.person("edda")
    edda.disturb(kind, method="PUT", status=500)
    edda.book("Once")
    wait(lambda: edda.named_there("Once"), "the event")
    edda.sync()
    entry = the_one(edda, "Once")
    edda.is_same_on_both_sides()
    assert [entry.id] == [one.id for one in edda.there()]


@EACH
def test_sync_token_that_was_lost_deletes_and_doubles_nothing(product):
    """S4-14: everything is listed anew, what was deleted meanwhile goes, the rest stays."""
    fee = product.person("fee")
    kept, gone = fee.add("Kept"), fee.add("Gone", in_days(5))
    here = fee.book("Made in Odoo", in_days(7))
    fee.sync()
    ids = {row["name"]: row["id"] for row in fee.here()}
    product.proxy.forget_tokens()
    fee.phone.remove(gone)
    number = fee.last_request()
    fee.sync()
    now = {row["name"]: row["id"] for row in fee.here()}
    assert now == {"Kept": ids["Kept"], "Made in Odoo": here}
    assert not fee.asked("PUT", since=number)
    assert kept in {entry.id for entry in fee.there()}
    fee.is_same_on_both_sides()


def test_edit_in_the_very_moment_of_our_write_is_merged(product):
    """B-06, S4-14: 412, read again, both edits on the same event."""
    gwen = product.person("gwen")
    event_id = gwen.book("Before")
    wait(lambda: gwen.named_there("Before"), "the event")
    gwen.settle()
    entry = the_one(gwen, "Before")
    gwen.disturb("meanwhile", method="PUT", act=lambda: gwen.phone.change(entry.id, place="Theirs"))
    gwen.edit(event_id, name="Ours")
    wait(lambda: gwen.named_there("Ours"), "our title")
    gwen.sync()
    assert (the_one(gwen, "Ours").id, the_one(gwen, "Ours").place) == (entry.id, "Theirs")
    gwen.is_same_on_both_sides()


def test_password_that_was_withdrawn_stops_the_account_and_a_new_one_goes_on(product):
    """S0-29: told once, nothing is lost; after reconnecting the waiting edit arrives."""
    ida = product.person("ida")
    product.proxy.server.add_user(ida.email, "another")
    number = ida.last_request()
    ida.book("Waiting")
    wait(lambda: ida.card()["status"] == "reconnect_required", "the card to say so")
    tries = [one for one in product.proxy.requests(since=number) if one.user == ida.email]
    assert not tries, "the proxy lets nobody through"
    assert not ida.there()
    product.proxy.server.add_user(ida.email, PASSWORD)
    assert ida.connect()["is_ok"]
    wait(lambda: ida.named_there("Waiting"), "the waiting event")
    assert ida.card()["status"] == "active"
    ida.is_same_on_both_sides()


def test_change_that_the_server_would_announce_waits_for_its_owner(product):
    """S4-11: on a server that schedules a renamed meeting with guests stays in Odoo, unsent."""
    jana = product.person("jana")
    product.proxy.scheduling.is_on = True
    me, customer = f"mailto:{jana.email}", "mailto:customer@else.example"
    lines = (f"ORGANIZER:{me}", f"ATTENDEE;PARTSTAT=ACCEPTED:{me}", f"ATTENDEE:{customer}")
    times = [f"{in_days(3, hour):%Y%m%dT%H%M%S}" for hour in (9, 10)]
    jana.phone.side.put(vevent("With a customer", *times, *lines))
    by_hand = list(product.proxy.scheduling.mails)
    assert [mail.method for mail in by_hand] == ["REQUEST"]
    jana.sync()
    [row] = jana.named_here("With a customer")
    jana.edit(row["id"], name="Renamed silently")
    jana.sync()
    assert product.proxy.scheduling.mails == by_hand
    assert [entry.title for entry in jana.there()] == ["With a customer"]
    assert [row["name"] for row in jana.here()] == ["Renamed silently"]


@DAILY_AT_ONE
def test_same_meeting_in_two_places_stands_once_and_the_other_takes_over(product):
    """S1-07, S3-14, S4-14: as a restored backup leaves it: set aside, and not lost either."""
    kira = product.person("kira")
    lines = ("ORGANIZER:mailto:customer@else.example", "ATTENDEE:mailto:customer@else.example")
    times = [f"{in_days(4, hour):%Y%m%dT%H%M%S}" for hour in (9, 10)]
    first, second = (
        kira.phone.side.put(vevent("Twin", *times, f"UID:{name}", *lines))
        for name in (f"{kira.name}-a", f"{kira.name}-b")
    )
    names = [f"{kira.name}-{letter}".encode() for letter in "ba"]
    product.proxy.manners.shows = lambda body: body.replace(*names)
    kira.sync()
    [row] = kira.named_here("Twin")
    aside = kira.product.sql(
        "SELECT count(*) FROM calendar_sync_link l JOIN calendar_sync_calendar c"
        " ON c.id = l.calendar_id JOIN calendar_sync_account a ON a.id = c.account_id"
        " WHERE a.user_id = %s AND l.problem_code = 'duplicate'",
        kira.uid,
    )
    assert aside == [(1,)]
    assert {first, second} == set(kira.phone.side.raw_paths())
    kira.phone.remove(first)
    kira.sync()
    assert [one["id"] for one in kira.named_here("Twin")] == [row["id"]]
