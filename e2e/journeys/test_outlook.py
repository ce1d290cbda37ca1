"""The main job with Microsoft Outlook: the same product, another calendar."""

from datetime import timedelta
from itertools import count

import pytest

from .people import Person, in_days, odoo_time, wait

IDS = {"Prefer": 'IdType="ImmutableId"'}
OUTSIDER = [{"emailAddress": {"address": "customer@else.example"}, "type": "required"}]
_numbers = count(1)


class OutlookPerson(Person):
    """A rep whose calendar is Outlook's."""

    def connect(self):
        """Sign in at Microsoft; returns when the first sync is over."""
        self.world.ms.user(self.email, timezone="W. Europe Standard Time")
        self.odoo.connect("microsoft", self.world, self.email)
        self.account_id = self.card()["id"]
        wait(lambda: self.state("first_sync_done"), f"{self.name}'s first sync")
        self.settle()

    def graph(self, method, path, body=None, **query):
        """Graph, as this person's own Outlook uses it; nobody is mailed by a test's own hands."""
        return self.world.ms.api(method, f"/me{path}", body, user=self.email, headers=IDS, **query)

    def add_there(self, title, start, **members):
        """An event with somebody outside; the invitation is not part of the test."""
        zone = {"timeZone": "UTC"}
        stop = start + timedelta(minutes=30)
        body = {
            "subject": title,
            "start": {"dateTime": start.strftime("%Y-%m-%dT%H:%M:%S"), **zone},
            "end": {"dateTime": stop.strftime("%Y-%m-%dT%H:%M:%S"), **zone},
            "attendees": OUTSIDER,
            **members,
        }
        [made] = self.world.ms.add_events(self.email, [body])
        return made

    def subjects(self):
        """What stands in Outlook."""
        return sorted(e["subject"] for e in self.graph("GET", "/events", **{"$top": 50})["value"])


@pytest.fixture
def ada(product):
    """A new rep with Outlook, connected."""
    return OutlookPerson(product, f"outlook{next(_numbers)}", product._groups, True)


def test_appointments_travel_both_ways_with_outlook(ada):
    """S0-16, S4-13: made, renamed, moved, deleted in Odoo; an idle poll is one request."""
    event_id = ada.book("Demo")
    wait(lambda: ada.subjects() == ["Demo"], "the event in Outlook")
    later = in_days(5)
    ada.edit(event_id, name="Better demo", start=odoo_time(later),
             stop=odoo_time(later + timedelta(hours=1)))  # fmt: skip
    wait(lambda: ada.subjects() == ["Better demo"], "the change in Outlook")
    ada.settle()
    ada.world.clear_requests()
    ada.sync()
    asked = [one["operation"] for one in ada.world.requests(user=ada.email)]
    assert set(asked) == {"microsoft.calendarView.delta"}
    ada.delete(event_id)
    wait(lambda: ada.subjects() == [], "the deletion in Outlook")


def test_series_of_outlook_arrives_and_follows_its_occurrences(ada):
    """S4-30, S1-27: one taken out and one renamed in Outlook."""
    start = in_days(3)
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": [start.strftime("%A").lower()]}
    span = {"type": "numbered", "numberOfOccurrences": 4, "startDate": start.date().isoformat()}
    made = ada.add_there("Weekly", start, recurrence={"pattern": pattern, "range": span},
                         attendees=[])  # fmt: skip
    ada.sync()
    path = f"/events/{made}/instances"
    bounds = {"startDateTime": start.isoformat()[:19], "endDateTime": in_days(60).isoformat()[:19]}
    days = ada.graph("GET", path, **bounds)["value"]
    assert len(days) == 4
    ada.graph("DELETE", f"/events/{days[1]['id']}")
    ada.graph("PATCH", f"/events/{days[2]['id']}", {"subject": "Weekly, here"})
    ada.sync()
    busy = ada.product.sql("SELECT count(*) FROM calendar_sync_busy WHERE user_id = %s", ada.uid)
    here = ada.named_here("Weekly") + ada.named_here("Weekly, here")
    assert len(here) + busy[0][0] == 3


def test_lost_answer_leaves_one_copy_on_each_side(ada):
    """S4-25: the event comes in with the next page, and is known by the key of its create."""
    ada.world.faults.add(action="drop_after", user=ada.email, operation="events.create")
    ada.book("Lost")
    wait(lambda: ada.subjects() == ["Lost"], "the event in Outlook")
    ada.sync(60)
    ada.settle()
    assert (len(ada.named_here("Lost")), ada.subjects()) == (1, ["Lost"])
    states = ada.product.sql(
        "SELECT l.state FROM calendar_sync_link l JOIN calendar_sync_calendar c"
        " ON c.id = l.calendar_id JOIN calendar_sync_account a ON a.id = c.account_id"
        " WHERE a.user_id = %s",
        ada.uid,
    )
    assert states == [("synced",)]


def test_edit_that_outlook_would_announce_is_not_sent_by_itself(ada):
    """S4-11: a renamed meeting with guests stays in Odoo; nobody is mailed."""
    made = ada.add_there("With a customer", in_days(3))
    ada.sync()
    [row] = ada.named_here("With a customer")
    ada.edit(row["id"], name="Renamed silently")
    ada.sync()
    assert ada.graph("GET", f"/events/{made}")["subject"] == "With a customer"
    assert [r["name"] for r in ada.here()] == ["Renamed silently"]
    assert not ada.world.mails()
