"""What is peculiar to Outlook, with the whole product: traps that look like something else."""

from datetime import timedelta

import pytest

from .people import body_of, in_days, odoo_time, wait
from .test_series import WEEK, weekly


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


def hers(person, title):
    """The one entry of that title in her calendar."""
    [entry] = person.named_there(title)
    return entry


def copied(person, event_id):
    """A copy as Outlook makes it: everything is copied, also what programs have put on it."""
    members = "subject,start,end,body,location"
    known = person.phone.graph(
        "GET", f"/events/{event_id}", **{"$expand": "extensions", "$select": members}
    )
    shown = {name: known[name] for name in members.split(",")}
    ours = [
        {
            "@odata.type": "microsoft.graph.openTypeExtension",
            "extensionName": one["extensionName"],
            "AppointmentGuid": one["AppointmentGuid"],
        }
        for one in known["extensions"]
    ]
    return person.phone.graph("POST", "/events", {**shown, "extensions": ours})["id"]


def test_appointments_travel_both_ways_and_an_idle_poll_is_one_request(product):
    """S0-16, S4-13, S4-31: made, renamed, moved, deleted in Odoo; the id stays the same."""
    ada = product.person("ada")
    event_id = ada.book("Demo")
    wait(lambda: ada.named_there("Demo"), "the event in Outlook")
    before = hers(ada, "Demo").id
    for n in range(3):
        later = in_days(5 + n)
        ada.edit(event_id, name=f"Demo {n}", start=odoo_time(later),
                 stop=odoo_time(later + timedelta(hours=1)))  # fmt: skip
        ada.settle()
        assert hers(ada, f"Demo {n}").id == before
    number = ada.last_request()
    ada.sync()
    asked = [one["operation"] for one in ada.requests(since=number)]
    assert asked == ["microsoft.calendarView.delta"]
    ada.delete(event_id)
    wait(lambda: not ada.there(), "the deletion in Outlook")


def test_neither_side_can_be_booked_twice(product):
    """S4-15, S4-28: what is booked in Odoo takes the time in Outlook, and a private event there
    takes it in Odoo, without its words; nobody types anything twice."""
    hugo = product.person("hugo")
    booked, private = in_days(2), in_days(3)
    hugo.book("Demo", booked)
    hugo.phone.add("Dentist", private, guests=())
    hugo.settle()
    hugo.sync()
    [entry] = [one for one in hugo.there() if one.title == "Demo"]
    assert hugo.phone.graph("GET", f"/events/{entry.id}")["showAs"] == "busy"
    busy = product.sql("SELECT start, stop FROM calendar_sync_busy WHERE user_id = %s", hugo.uid)
    assert [str(row[0]) for row in busy] == [odoo_time(private)]
    assert [row["name"] for row in hugo.here()] == ["Demo"]
    known = product.sql("SELECT count(*) FROM calendar_event WHERE name LIKE %s", "%Dentist%")
    assert known == [(0,)]


def test_copied_meeting_is_an_event_of_its_own_and_gets_its_own_id(product):
    """S3-14, S4-24: the original stays where it is; the copy's id is written to Outlook too."""
    bea = product.person("bea")
    made = bea.odoo.call("crm.lead", "create", [{"name": "Crane", "user_id": bea.uid}])
    lead = made[0] if isinstance(made, list) else made
    original = bea.book("Demo", in_days(4), location="Pier 7", opportunity_id=lead)
    bea.settle()
    first = hers(bea, "Demo")
    assert "/show_lead/" in first.text
    guid = bea.phone.guid(first.id)
    copy = copied(bea, first.id)
    assert bea.phone.guid(copy) == guid, "Outlook copies our id too"
    bea.phone.change(copy, title="Demo again", start=in_days(6))
    bea.sync()
    bea.sync()
    rows = {row["name"]: row for row in bea.here("sync_guid")}
    assert rows.keys() == {"Demo", "Demo again"}
    assert (rows["Demo"]["id"], rows["Demo"]["start"]) == (original, odoo_time(in_days(4)))
    assert bea.phone.guid(first.id) == guid == rows["Demo"]["sync_guid"]
    assert bea.phone.guid(copy) == rows["Demo again"]["sync_guid"] != guid
    assert "/show_lead/" not in hers(bea, "Demo again").text, "it is not the lead's appointment"
    assert "/show_lead/" in hers(bea, "Demo").text
    bea.edit(rows["Demo again"]["id"], name="Another demo")
    bea.settle()
    assert {entry.title: entry.id for entry in bea.there()} == {
        "Demo": first.id, "Another demo": copy,
    }  # fmt: skip
    bea.is_same_on_both_sides()


def test_copied_meeting_with_guests_gets_its_own_id_and_nobody_is_told(product):
    """S3-14, S4-11: only the id is written; the text stays, or Outlook would announce it."""
    carl = product.person("carl")
    carl.book("Demo", in_days(4))
    carl.settle()
    first = hers(carl, "Demo")
    copy = copied(carl, first.id)
    to = [{"emailAddress": {"address": "customer@else.example"}, "type": "required"}]
    carl.phone.graph("PATCH", f"/events/{copy}", {"subject": "For a customer", "attendees": to})
    number = carl.last_request()
    carl.sync()
    carl.sync()
    ids = {entry.title: carl.phone.guid(entry.id) for entry in carl.there()}
    assert ids.keys() == {"Demo", "For a customer"}
    assert ids == {row["name"]: row["sync_guid"] for row in carl.here("sync_guid")}
    assert not carl.requests("update", since=number)
    assert not product.mails()


def test_zone_that_outlook_calls_otherwise_is_neither_sent_again_nor_rewritten(product):
    """S4-20, S4-28: Vienna comes back as Berlin's zone, which has the same clocks."""
    vera = product.person("vera")
    event_id, start = weekly(vera, "Jour fixe", event_tz="Europe/Vienna")
    vera.settle()
    [series] = vera.named_there("Jour fixe")
    number = vera.last_request()
    vera.phone.change(series.id, place="Pier 7")
    vera.sync()
    vera.sync()
    vera.edit(event_id, name="Jour fixe, new", recurrence_update="all_events")
    vera.settle()
    vera.sync()
    sent = [body_of(entry) for entry in vera.requests("update", since=number)]
    assert [body.keys() for body in sent] == [{"subject"}]
    rows = vera.named_here("Jour fixe, new", "event_tz")
    assert {row["event_tz"] for row in rows} == {"Europe/Vienna"}
    assert [row["start"] for row in rows] == [odoo_time(start + WEEK * n) for n in range(4)]
    vera.is_same_on_both_sides()


def test_event_dragged_into_another_calendar_and_back(product):
    """S4-23: gone from the calendar that is synced, so cancelled; back again, the same record."""
    cora = product.person("cora")
    event_id = cora.book("Visit")
    cora.settle()
    entry, home = hers(cora, "Visit"), cora.phone.graph("GET", "/calendar")["id"]
    cora.world.ms.move_event(entry.id, cora.phone.new_calendar("Private"))
    cora.sync()
    assert not cora.named_here("Visit")
    state = cora.odoo.read("calendar.event", event_id, "active", "appointment_state")
    assert (state["active"], state["appointment_state"]) == (False, "cancelled")
    cora.world.ms.move_event(entry.id, home)
    cora.sync()
    assert [row["id"] for row in cora.named_here("Visit")] == [event_id]
    assert hers(cora, "Visit").id == entry.id, "nothing was made anew"


def test_cancelled_occurrence_is_told_from_a_deleted_series(product):
    """S1-27, S4-22: one day goes, then all of it."""
    dora = product.person("dora")
    made = dora.add("Weekly", weeks=4)
    dora.sync()
    assert len(dora.named_here("Weekly")) == 4
    second = sorted(dora.there(is_expanded=True), key=lambda entry: entry.start)[1]
    dora.phone.remove(second.id)
    dora.sync()
    left = [row["start"] for row in dora.named_here("Weekly")]
    assert len(left) == 3
    assert second.start not in left
    dora.phone.remove(made)
    dora.sync()
    assert not dora.here()


def test_colleagues_copy_leads_to_the_organizers_meeting(product):
    """S3-14, S4-14: one meeting in Odoo; the copy can't change it, leaving it is a refusal."""
    edda, fred = product.person("edda"), product.person("fred")
    made = edda.add("Planning", guests=(fred.email, "customer@else.example"))
    edda.sync()
    fred.sync()
    [row] = edda.named_here("Planning")
    assert [one["id"] for one in fred.named_here("Planning")] == [row["id"]]
    copy = hers(fred, "Planning")
    assert copy.id != made
    fred.phone.change(copy.id, title="My own words")
    fred.sync()
    edda.sync()
    assert hers(edda, "Planning").id == made, "the organizer's calendar leads"
    fred.phone.remove(copy.id)
    fred.sync()
    guests = fred.odoo.search("calendar.attendee", [["event_id", "=", row["id"]]], "email", "state")
    states = {guest["email"]: guest["state"] for guest in guests}
    assert states[fred.email] == "declined"
    assert [one["id"] for one in edda.named_here("Planning")] == [row["id"]]
    assert not edda.requests("update"), "nobody's calendar was written to"


def test_edit_that_outlook_would_announce_is_not_sent_by_itself(product):
    """S4-11: a renamed meeting with guests stays in Odoo; nobody is mailed."""
    gina = product.person("gina")
    made = gina.add("With a customer")
    gina.sync()
    [row] = gina.named_here("With a customer")
    gina.edit(row["id"], name="Renamed silently")
    gina.sync()
    assert hers(gina, "With a customer").id == made
    assert [one["name"] for one in gina.here()] == ["Renamed silently"]
    assert not product.mails()
