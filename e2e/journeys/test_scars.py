"""What other calendar syncs were hurt by, walked through with each provider as far as it can occur.

`docs/trust.md` lists all of them with the tests that show them, also those of other files.
"""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from e2e.contract.caldav_other_side import vevent
from e2e.search.statistics import LINES

from .entry import CUSTOMER
from .people import in_days, odoo_time, wait, walked

pytestmark = walked("google", deep=("caldav", "microsoft"))
MANY = 10_000


@pytest.fixture
def people(product, provider):
    """Makes people, connected or not."""
    return Crowd(product, provider)


class Crowd:
    """People of one test at one provider."""

    def __init__(self, product, provider):
        self.product, self.provider = product, provider

    def __call__(self, *names, is_connected=True):
        return [self.product.person(name, is_connected=is_connected) for name in names]

    def meet(self, organizer, guests, title, **values):
        """`organizer` invites on the telephone; guests find it in their calendars. A CalDAV server
        that delivers nothing: they add what came by mail, as their apps do."""
        invited = (*(guest.email for guest in guests), CUSTOMER)
        made = organizer.add(title, guests=invited, **values)
        if self.provider == "caldav":
            for guest in guests:
                guest.phone.side.put(organizer.phone.side.text(made))
        return made

    def writes(self, *persons):
        """How often the product or a telephone wrote to these people's calendars."""
        if self.provider == "caldav":
            return sum(len(p.asked(method)) for p in persons for method in ("PUT", "DELETE"))
        counted = (self.product.world.counters(user=person.email)["writes"] for person in persons)
        return sum(sum(found.values()) for found in counted)


def events_called(product, title):
    """All living events of that title in Odoo, of whomever."""
    return product.admin.search("calendar.event", [["name", "=", title]], "user_id")


def test_one_meeting_of_three_connected_colleagues_is_one(people, product, provider):
    """S3-54, B-10: three people, three calendars, one meeting in Odoo; read again and again no
    calendar is written and nothing is made twice."""
    ann, ben, cora = crowd = people("ann", "ben", "cora")
    title = f"Of three at {provider}"
    people.meet(ann, [ben, cora], title)
    before = people.writes(*crowd)
    for person in (cora, ann, ben):
        person.sync()
    [meeting] = events_called(product, title)
    assert meeting["user_id"][0] == ann.uid
    for person in crowd:
        person.sync()
        assert [row["id"] for row in person.named_here(title)] == [meeting["id"]]
        assert len(person.named_there(title)) == 1
    assert people.writes(*crowd) == before


def test_two_synced_colleagues_do_not_write_to_each_other_for_ever(people):
    """B-02, S4-14: one edit in Odoo by one of two colleagues, then six rounds of both: what is
    written is written once."""
    ann, ben = pair = people("ann", "ben")
    event_id = ann.book("Between two", partner_ids=[[6, 0, [ann.partner, ben.partner]]])
    wait(lambda: ann.named_there("Between two") and ben.named_there("Between two"), "both copies")
    ann.edit(event_id, location="Pier 7")
    for person in pair:
        person.sync()
    wait(lambda: ben.named_there("Between two")[0].place == "Pier 7", "the colleague's copy")
    for person in pair:
        person.settle()
    before = people.writes(*pair)
    for person in (*pair, *pair, *pair):
        person.sync()
    assert people.writes(*pair) == before
    assert [len(person.named_there("Between two")) for person in pair] == [1, 1]


def test_a_meeting_that_came_in_through_a_guest_is_the_organizers(people, product, provider):
    """B-10, S1-09: given a colleague's meeting that Odoo learned of through a guest, when the
    organizer connects, then it is the same meeting, and a guest who leaves cancels nothing."""
    [guest], [organizer] = people("guest"), people("boss", is_connected=False)
    title = f"Through a guest at {provider}"
    people.meet(organizer, [guest], title)
    guest.sync()
    [meeting] = events_called(product, title)
    before = people.writes(guest, organizer)
    organizer.connect()
    assert events_called(product, title) == [meeting]
    assert people.writes(guest, organizer) == before
    guest.phone.remove(guest.named_there(title)[0].id)
    guest.sync()
    organizer.sync()
    assert events_called(product, title) == [meeting]
    assert len(organizer.named_there(title)) == 1


def test_the_second_persons_first_sync_invites_nobody(people, product):
    """S3-10, B-01: given appointments with customers from before the connection, shared by two
    colleagues, when the second connects too, then no customer stands on any copy and no mail went
    out."""
    ann, ben = people("ann", "ben", is_connected=False)
    made = product.admin.call(
        "res.partner", "create", [{"name": "Carla", "email": "carla@customer.example"}]
    )
    customer = made[0] if isinstance(made, list) else made
    start = in_days(2)
    ann.odoo.call(
        "calendar.event",
        "create",
        [
            {
                "name": "Old one",
                "start": odoo_time(start),
                "stop": odoo_time(start + timedelta(hours=1)),
                "partner_ids": [[6, 0, [ann.partner, ben.partner, customer]]],
            }
        ],
        context={"no_mail_to_attendees": True},
    )
    ann.connect()
    ben.connect()
    for person in (ann, ben):
        person.sync()
        [entry] = person.named_there("Old one")
        assert not {"carla@customer.example", CUSTOMER} & set(entry.guests)
    assert not product.mails()


def test_one_refused_event_stops_no_other(people, provider):
    """S4-14, B-03: the provider refuses one event for good; what is booked after it arrives, the
    refusal is told on the event, and it isn't tried without end."""
    [ann] = people("ann")
    refused, fine = ann.book("Refused"), ann.book("Fine", in_days(3))
    wait(lambda: ann.named_there("Refused") and ann.named_there("Fine"), "both")
    ann.settle()
    [entry] = ann.named_there("Refused")
    path = {"path": entry.id} if provider == "caldav" else {"path": f"*{entry.id}*"}
    method = {"method": "PUT"} if provider == "caldav" else {}
    ann.disturb("error", status=403, count=0, **path, **method)
    ann.edit(refused, name="Refused edit")
    ann.edit(fine, name="Fine edit")
    wait(lambda: ann.named_there("Fine edit"), "the other edit")
    ann.settle()
    assert ann.card()["status"] == "active"
    assert ann.named_there("Refused"), "as it was"
    badge = ann.odoo.read("calendar.event", refused, "sync_badge", "sync_badge_text")
    assert badge["sync_badge"] in ("problem", "waiting"), badge
    assert ann.odoo.read("calendar.event", fine, "sync_badge")["sync_badge"] == "synced"


def test_a_person_who_left_stays_away(people, product):
    """S3-16: given a colleague's meeting with a copy in Ben's calendar, when Ben takes himself out
    there, then no later round and no later edit brings it back."""
    ann, ben = people("ann", "ben")
    event_id = ann.book("Without Ben", partner_ids=[[6, 0, [ann.partner, ben.partner]]])
    wait(lambda: ben.named_there("Without Ben"), "Ben's copy")
    ben.settle()
    ben.phone.remove(ben.named_there("Without Ben")[0].id)
    ben.sync()
    ann.edit(event_id, location="Pier 7")
    ann.sync()
    ben.sync()
    assert not ben.named_there("Without Ben")
    assert [row["id"] for row in ann.named_here("Without Ben")] == [event_id]
    assert len(ann.named_there("Without Ben")) == 1


def test_another_organizer_doubles_nothing(people):
    """D-03, B-01: given a meeting of two connected colleagues, when Odoo's organizer becomes the
    other one, then each calendar still shows it once."""
    ann, ben = pair = people("ann", "ben")
    event_id = ann.book("Handed over", partner_ids=[[6, 0, [ann.partner, ben.partner]]])
    wait(lambda: ann.named_there("Handed over") and ben.named_there("Handed over"), "both copies")
    for person in pair:
        person.settle()
    ann.edit(event_id, user_id=ben.uid)
    for person in (*pair, *pair):
        person.sync()
    assert [len(person.named_there("Handed over")) for person in pair] == [1, 1]
    assert [row["id"] for row in ben.named_here("Handed over")] == [event_id]


def test_dates_without_a_rule_are_a_series_too(people, provider):
    """S3-12, B-13: a series of single dates (RDATE) stands in Odoo on just these days and is never
    rewritten."""
    if provider == "microsoft":
        pytest.skip("Outlook has no such series")
    [ann] = people("ann")
    first = in_days(2)
    dates = [first + timedelta(days=days) for days in (0, 3, 8)]
    rdate = "RDATE:" + ",".join(f"{date:%Y%m%dT%H%M%SZ}" for date in dates[1:])
    add_with_dates(ann, provider, first, rdate)
    before = people.writes(ann)
    ann.sync()
    assert [row["start"] for row in ann.named_here("On some days")] == [*map(odoo_time, dates)]
    ann.sync()
    assert people.writes(ann) == before


def add_with_dates(person, provider, start, rdate):
    """A series of dates, made on the telephone."""
    if provider == "caldav":
        times = [f"{moment:%Y%m%dT%H%M%S}" for moment in (start, start + timedelta(hours=1))]
        guests = [f"ORGANIZER:mailto:{person.email}",
                  f"ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:{CUSTOMER}"]  # fmt: skip
        person.phone.side.put(vevent("On some days", *times, rdate, *guests))
        return
    made = person.add("On some days", start)
    person.phone._events("PATCH", f"/{made}", {"recurrence": [rdate]})


def test_an_event_that_goes_to_another_calendar_and_comes_back(people, provider):
    """S1-27, S4-23: dragged out of the synced calendar it is cancelled in Odoo; dragged back it is
    the same record again, and nothing was made anew."""
    [ann] = people("ann")
    ann.add("Wanders")
    ann.sync()
    [row] = ann.named_here("Wanders")
    [entry] = ann.named_there("Wanders")
    back = drag_away(ann, provider, entry.id)
    ann.sync()
    assert not ann.named_here("Wanders")
    state = ann.odoo.read("calendar.event", row["id"], "active", "appointment_state")
    assert (state["active"], state["appointment_state"]) == (False, "cancelled")
    back()
    ann.sync()
    assert [one["id"] for one in ann.named_here("Wanders")] == [row["id"]]
    assert len(ann.named_there("Wanders")) == 1


def drag_away(person, provider, entry_id):
    """Move an entry into another calendar of the same person; what brings it back."""
    phone = person.phone
    other = phone.new_calendar("Private")
    if provider == "microsoft":
        home = phone.graph("GET", "/calendar")["id"]
        phone.world.ms.move_event(entry_id, other)
        return lambda: phone.world.ms.move_event(entry_id, home)
    if provider == "google":
        phone._events("POST", f"/{entry_id}/move", destination=other)
        return lambda: phone._events(
            "POST", f"/{entry_id}/move", calendar=other, destination=person.email
        )
    text = phone.side.text(entry_id)
    moved = phone.side.put(text, calendar=other)
    phone.remove(entry_id)

    def back():
        phone.side.put(text, entry_id)
        phone.remove(moved)

    return back


def test_a_hidden_guest_list_is_never_wiped(people, product, provider):
    """S4-11, B-13: given an invitation whose guest list is hidden, when the guest edits it in Odoo
    and on the telephone, then the organizer still has everybody."""
    if provider == "caldav":
        pytest.skip("iCalendar has no hidden guest lists")
    [ann] = people("ann")
    organizer = product.phone(f"host.{provider}@elsewhere.example")
    guests = (ann.email, *(f"guest{n}@else.example" for n in range(4)))
    made = organizer.add("Hidden list", in_days(3), guests=guests)
    if provider == "google":
        hidden = {"guestsCanSeeOtherGuests": False}
        organizer._events("PATCH", f"/{made}", hidden)
    else:
        organizer.graph("PATCH", f"/events/{made}", {"hideAttendees": True})
    ann.sync()
    [row] = ann.named_here("Hidden list")
    ann.edit(row["id"], location="Pier 7")
    ann.sync()
    organizer.change(made, title="Hidden list, moved")
    ann.sync()
    [entry] = [one for one in organizer.entries() if one.title == "Hidden list, moved"]
    assert set(guests) <= set(entry.guests)
    assert [one["id"] for one in ann.named_here("Hidden list, moved")] == [row["id"]]


@pytest.mark.deep
def test_a_calendar_of_ten_thousand(people, provider):
    """S1-09, D-11: all come in once, in pieces, while a colleague is served; the next look costs
    one request."""
    [ann] = people("ann", is_connected=False)
    start = datetime.now(UTC).replace(microsecond=0, minute=0) + timedelta(days=1)
    names = (f"{provider} {n}" for n in range(MANY))
    ann.phone.add_many(
        (name, start + timedelta(minutes=10 * (n % 8000))) for n, name in enumerate(names)
    )
    begun, before_mb = time.monotonic(), most_memory_mb(ann)
    ann.signs_in()
    [ben] = people("ben")
    ben.book("Meanwhile")
    wait(lambda: ben.named_there("Meanwhile"), "a colleague's booking", 60)
    wait(lambda: ann.state("first_sync_done"), "ten thousand events", 900, pause_s=2)
    ann.settle(300)
    LINES.append(
        f"{MANY} events, {provider}: {time.monotonic() - begun:.0f} s beside a colleague's work,"
        f" {len(ann.requests())} requests, the server {before_mb} MB before and"
        f" {most_memory_mb(ann)} MB at the most"
    )
    query = "SELECT count(*), count(DISTINCT name) FROM calendar_event WHERE name LIKE %s"
    assert ann.product.sql(query, f"{provider} %") == [(MANY, MANY)]
    number = ann.last_request()
    ann.sync(60)
    assert len(ann.requests(since=number)) <= 2, "and no event was read again"


def most_memory_mb(person):
    """What the Odoo server took at the most so far."""
    status = Path(f"/proc/{person.product.stack.odoo.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) // 1024
