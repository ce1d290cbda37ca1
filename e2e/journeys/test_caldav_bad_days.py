"""Bad days of a CalDAV server, with real workers: nobody has to repair anything.

All troubles begin before the first test, so that the waiting is done once. What the rep is told
meanwhile is noted while it lasts. The proxy spoils answers of both servers alike, so each trouble
is at one of them.
"""

from dataclasses import dataclass, field

import pytest

from .dav_phone import DavPerson, DavProduct
from .people import in_days, wait

PATIENCE_S = 90
PAUSE_S = 15
TROUBLES = {
    "429": ("radicale", {"action": "error", "status": 429, "retry_after": PAUSE_S}),
    "503": ("xandikos", {"action": "error", "status": 503}),
    "503 to a listing": ("xandikos", {"action": "error", "status": 503, "method": "REPORT"}),
    "time-out": ("radicale", {"action": "hang_after", "seconds": 25}),
    "slow": ("radicale", {"action": "slow", "method": "", "seconds": 0.5, "count": 8}),
}
SAID = {
    "429": "asks us to slow down",
    "503": "not known yet whether the calendar got the change",
    "503 to a listing": "cannot be reached at the moment",
}


@dataclass(slots=True)
class Day:
    """Somebody's bad day. An event was made in Odoo when it began, and one on the telephone just
    before; `number` is the last request before it."""

    person: DavPerson
    event_id: int
    entry_id: str
    number: int
    problem: dict = field(default_factory=dict)

    def note(self):
        """What the card says is wrong, once it says something."""
        self.problem = self.problem or self.person.trouble() or {}
        return self.problem


@pytest.fixture(scope="module")
def days(shared, proxies):
    """One person for each trouble, which has just begun."""
    people = {}
    for name, (kind, _trouble) in TROUBLES.items():
        proxies[kind].calm()
        people[name] = DavProduct(shared, proxies[kind], proxies.values()).person("bad")
    begun = {name: _begin(person, TROUBLES[name][1]) for name, person in people.items()}
    wait(lambda: all([begun[name].note() for name in SAID]), "the cards to say what is wrong")
    return begun


def _begin(person, trouble):
    entry_id = person.add("Theirs", in_days(4))
    number = person.last_request()
    person.disturb(**{"method": "PUT"} | trouble)
    event_id = person.book("Ours")
    if trouble.get("method") == "REPORT":
        person.odoo.call("calendar.sync.account", "sync_now", [[person.account_id]])
    return Day(person, event_id, entry_id, number)


@pytest.mark.parametrize("name", TROUBLES)
def test_bad_day_is_told_and_ends_by_itself(days, name):
    """S1-05, S4-25, S0-29: what is wrong and until when; then once on both sides, nobody acts."""
    day, person = days[name], days[name].person
    colleagues = person.product.office_goes_on  # wakes the workers more often than once a minute

    def is_over():
        return not person.trouble() and _is_linked(person, day.event_id)

    wait(lambda: is_over() or colleagues(), "the event to be known there", PATIENCE_S, pause_s=1)
    person.sync()
    if name in SAID:
        assert SAID[name] in day.problem["sentence"]
        assert "by itself" in day.problem["next_step"]
        assert (day.problem["level"], day.problem["button"]) == ("warning", "")
        assert day.problem["until"]
    assert [row["id"] for row in person.named_here("Ours")] == [day.event_id]
    assert [entry.id for entry in person.named_there("Theirs")] == [day.entry_id]
    stored = [one for one in person.asked("PUT", day.number) if one.fault != "error"]
    assert len(stored) == 1, "made once"
    person.is_same_on_both_sides()
    assert (person.card()["status"], person.trouble(), person.notices()) == ("active", False, [])
    assert _pause(person, day) >= (PAUSE_S if name == "429" else 0)


def _is_linked(person, event_id):
    return person.product.sql(
        """SELECT 1 FROM calendar_sync_link l JOIN calendar_event e
                  ON e.sync_meeting_id = l.meeting_id
            WHERE e.id = %s AND l.state = 'synced' AND l.etag IS NOT NULL""",
        event_id,
    )


def _pause(person, day):
    """Seconds between the first spoiled request and the next one of this person."""
    asked = person.asked(since=day.number)
    spoiled = next(n for n, one in enumerate(asked) if one.fault)
    return asked[spoiled + 1].at - asked[spoiled].at
