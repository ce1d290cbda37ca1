"""Coming from Odoo's own calendar sync, changing one's mind, and taking the addon out again.

The database was made by those syncs' own code against the same providers: singles, and series with
a moved and a cancelled date, which they partly misread.
"""

from datetime import timedelta

import pytest

from e2e.support.rep import OdooError

from .former_sync import TAKEOVER, FormerStack, Office, rows, shown
from .people import in_days, odoo_time, wait


def ids(found):
    """Which events they are."""
    return [row[0] for row in found]


@pytest.fixture(scope="module")
def office():
    """One database for the whole story."""
    with FormerStack("takeover", configure=False) as stack:
        yield Office(stack)


def test_the_preview_says_what_the_former_sync_left(office):
    """B-03: given a database in use with Odoo's own syncs, when the administrator looks, then
    people and counts are told before anything happens, and nothing has happened."""
    for provider in office.people:
        names = [row[1] for row in office.before[provider]]
        assert (names.count("Site visit"), names.count("Weekly")) == (1, 3), (provider, names)
    seen = office.read("user_count", "event_count", "series_count", "missing_apps", "state")
    assert (seen["user_count"], seen["event_count"], seen["series_count"]) == (2, 2, 2)
    assert (seen["missing_apps"], seen["state"]) == ("", "draft")
    assert office.count_writes() == office.writes
    assert {p: rows(person) for p, person in office.people.items()} == office.before


def test_both_syncs_at_once_are_refused(office):
    """D-01: given somebody whom Odoo's own sync serves, when that person connects here, then the
    sign-in is refused with a reason that leads to the move."""
    person = office.people["google"]
    with pytest.raises(OdooError, match="twice"):
        person.odoo.start_sign_in("google")


def test_after_the_move_each_event_is_linked_and_none_is_made_again(office):
    """B-03, B-01: given the started move, when both people connect, then the same rows are linked
    to the same entries, not one byte was written anywhere, and nobody was mailed."""
    office.press("action_start")
    for person in office.people.values():
        assert person.notices() == [{"id": person.notices()[0]["id"],
                                     "summary": "Connect your calendar again"}]  # fmt: skip
    assert office.read("to_connect_count")["to_connect_count"] == 2
    person = office.people["google"]
    with pytest.raises(OdooError, match="moves to Calendar Sync Pro"):
        person.odoo.call("res.users", "restart_google_synchronization", [[person.uid]])
    office.connect()
    for provider, person in office.people.items():
        person.sync()
        # The former sync had left a moved date where it was before: that is set right in its row.
        assert ids(rows(person)) == ids(office.before[provider]), provider
        assert shown(person) == office.there[provider], provider
        person.is_same_on_both_sides()
        assert not person.notices()
    assert office.count_writes() == office.writes
    assert len(office.product.mails()) == office.mails
    assert office.read("to_connect_count")["to_connect_count"] == 0


def test_an_edit_after_the_move_reaches_the_entry_that_was_there_before(office):
    """B-03: moved in Odoo or on the telephone, also one date of the series, it is the same event
    on both sides."""
    later = in_days(4, 14)
    for person in office.people.values():
        [visit] = person.named_here("Site visit")
        person.edit(visit["id"], start=odoo_time(later), stop=odoo_time(later + timedelta(hours=1)))
        [entry] = person.named_there("Site visit")
        wait(lambda p=person: p.named_there("Site visit")[0].start == odoo_time(later), "the move")
        person.settle()
        person.phone.change(entry.id, title="Site visit, gate 2")
        person.sync()
        assert [row["id"] for row in person.named_here("Site visit, gate 2")] == [visit["id"]]
        person.is_same_on_both_sides()


def test_undone_odoos_own_sync_goes_on_and_takes_nothing_for_new(office):
    """B-03: given an appointment that was booked after the move, when the move is undone, then
    Odoo's own sync serves both people again and doubles nothing on either side."""
    for person in office.people.values():
        person.book("Booked meanwhile", in_days(6))
        wait(lambda p=person: p.named_there("Booked meanwhile"), "the appointment")
        person.settle()
    before = {p: rows(person) for p, person in office.people.items()}
    there = {p: shown(person) for p, person in office.people.items()}
    office.press("action_undo")
    for provider, person in office.people.items():
        assert not person.state("is_sync_on")
        office.stack.sync_as_before(person)
        assert rows(person) == before[provider], provider
        assert shown(person) == there[provider], provider
    person = office.people["google"]
    person.phone.change(person.named_there("Site visit, gate 2")[0].id, title="Read as before")
    office.stack.sync_as_before(person)
    assert person.named_here("Read as before"), "the permission is back"


def test_confirmed_it_is_over(office):
    """B-03: moved once more and confirmed, the kept permissions are gone and nothing undoes it."""
    office.press("action_start")
    takeover = office.move()
    for person in office.people.values():
        person.odoo.call("calendar.sync.account", "set_sync", [[person.account_id], True])
        person.sync()
    office.press("action_confirm")
    kept = "SELECT count(*) FROM calendar_sync_takeover_user WHERE secrets_encrypted IS NOT NULL"
    assert office.product.sql(kept) == [(0,)]
    with pytest.raises(OdooError, match="over"):
        office.product.admin.call(TAKEOVER, "action_undo", [[takeover]])


def test_odoos_own_sync_can_not_be_switched_on_beside_this_one(office):
    """D-01: given this sync at work, when somebody turns Odoo's own back on, then it is refused
    with the way to choose."""
    person = office.people["google"]
    with pytest.raises(OdooError, match="make every appointment twice"):
        person.odoo.call("res.users", "restart_google_synchronization", [[person.uid]])


@pytest.mark.deep
def test_taken_out_and_put_in_again_nothing_is_doubled(office):
    """D-05: given synced calendars, when the addon is uninstalled and installed again and people
    connect anew, then every event finds its entry: none is made on either side, none is mailed."""
    before = {p: rows(person) for p, person in office.people.items()}
    there = {p: shown(person) for p, person in office.people.items()}
    writes, mails = office.count_writes(), len(office.product.mails())
    office.stack.take_out()
    kept = office.product.sql("SELECT count(*) FROM calendar_sync_kept_ids")[0][0]
    assert kept >= sum(map(len, before.values()))
    assert {p: rows(person) for p, person in office.people.items()} == before
    office.bring_in()
    office.connect()
    for provider, person in office.people.items():
        person.sync()
        assert rows(person) == before[provider], provider
        assert shown(person) == there[provider], provider
    assert (office.count_writes(), len(office.product.mails())) == (writes, mails)
