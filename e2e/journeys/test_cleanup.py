"""The clean-up: what Odoo put into a calendar leaves it, and can be put back; nobody is mailed."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from e2e.support.rep import OdooError

from .entry import odoo_time
from .people import in_days, wait, walked
from .test_series import WEEK, masters, weekly

RUN = "calendar.sync.cleanup"
GUESTS = ("carla@customer.example", "dan@customer.example")


# -- acts ----
def plan_of(person):
    """The dry run."""
    return person.odoo.call("calendar.sync.account", "cleanup_plan", [[person.account_id]])


def start(person, **how):
    """Press "Remove … events"; the run's id."""
    number = [[person.account_id]]
    return person.odoo.call("calendar.sync.account", "cleanup_start", number, **how)


def press(person, run, method, *arguments):
    """A button of the run."""
    person.odoo.call(RUN, method, [[run], *arguments])


def progress(person, run):
    """How the run stands, as the page shows it."""
    return person.odoo.call(RUN, "progress", [[run]])


def ended(person, run, state="done", timeout_s=60):
    """Wait for the end of the run; its numbers."""
    return wait(
        lambda: (now := progress(person, run))["state"] == state and now, f"the run {run}: {state}",
        timeout_s,
    )  # fmt: skip


def clean(person, **how):
    """Start and wait; the run's id."""
    run = start(person, **how)
    ended(person, run)
    person.settle()
    return run


def put_back(person, run):
    """Undo and wait."""
    press(person, run, "put_back")
    counts = ended(person, run, "undone")["counts"]
    person.settle()
    return counts


def invite(person, title, *emails):
    """An appointment to which the person chose to invite customers; the invitations went out."""
    partners = person.product.admin.call(
        "res.partner", "create", [[{"name": email, "email": email} for email in emails]]
    )
    start_at = in_days(6)
    values = {
        "name": title, "start": odoo_time(start_at), "stop": odoo_time(start_at + HOUR),
        "partner_ids": [[6, 0, [person.partner, *partners]]],
    }  # fmt: skip
    told = {"calendar_sync_notify": True, "no_mail_to_attendees": True}
    person.odoo.call("calendar.event", "create", [values], context=told)
    wait(lambda: person.named_there(title), f"{title} in the calendar")
    person.settle()
    person.world.clear_mails()


HOUR = timedelta(hours=1)


def titles(person):
    """What stands in the calendar, of a series each occurrence."""
    return sorted(entry.title for entry in person.there(is_expanded=True))


def guids(person):
    """{title: our lasting id} of the single events."""
    single = [e for e in person.there(is_expanded=True) if e.title.startswith("Ours")]
    return {entry.title: person.phone.guid(entry.id) for entry in single}


def with_series(person):
    """A weekly meeting with one occurrence moved and one deleted."""
    _base, first = weekly(person, "Weekly")
    wait(lambda: masters(person, "Weekly"), "the series")
    person.settle()
    rows = person.named_here("Weekly")
    moved = first + WEEK + timedelta(hours=3)
    person.edit(rows[1]["id"], start=odoo_time(moved), stop=odoo_time(moved + HOUR),
                recurrence_update="self_only")  # fmt: skip
    person.delete(rows[2]["id"])
    person.settle()


# -- journeys ----
@walked("google", "caldav", deep=["microsoft"])
def test_ours_leave_and_come_back_theirs_are_never_touched(product):
    """S4-11, B-01: dry run, run, undo; no second copy, no lost one, nobody mailed."""
    ann = product.person("ann")
    for n in range(5):
        ann.book(f"Ours {n}", in_days(3 + n))
    with_series(ann)
    theirs = [ann.add(f"Theirs {n}", in_days(3 + n, hour=14)) for n in range(3)]
    ann.sync()
    plan = plan_of(ann)
    assert (plan["total"], plan["asks"], plan["kept"]) == (6, 0, 3)
    before, here = Counter(titles(ann)), ann.here()
    known = guids(ann)
    number = ann.last_request()

    run = clean(ann)
    assert titles(ann) == ["Theirs 0", "Theirs 1", "Theirs 2"]
    assert len(ann.requests("delete", since=number)) == 6, "a series is one removal"
    assert {entry.id for entry in ann.there(is_expanded=True)} == set(theirs)
    ann.sync()
    ann.edit(ann.named_here("Ours 1")[0]["id"], location="Pier 7")
    ann.settle()
    assert titles(ann) == ["Theirs 0", "Theirs 1", "Theirs 2"], "an edit brings nothing back"
    assert [row["id"] for row in ann.here()] == [row["id"] for row in here], "Odoo keeps all"

    assert put_back(ann, run) == {"restored": 6}
    assert Counter(titles(ann)) == before
    ann.sync()
    assert guids(ann) == known
    assert [row["id"] for row in ann.here()] == [row["id"] for row in here]
    ann.is_same_on_both_sides()


@walked("google", deep=["microsoft"])
def test_colleagues_keep_their_own(product):
    """S4-11: a shared meeting leaves one calendar; the colleague's and Odoo's stay."""
    ann, ben = product.person("ann"), product.person("ben")
    ann.book("Together", partner_ids=[[6, 0, [ann.partner, ben.partner]]])
    wait(lambda: ben.named_there("Together"), "the colleague's copy")
    ann.settle()
    clean(ann, with_guests=True)
    ann.sync()
    ben.sync()
    assert titles(ann) == []
    assert titles(ben) == ["Together"]
    assert len(ann.named_here("Together")) == 1
    with pytest.raises(OdooError):
        ben.odoo.call("calendar.sync.account", "cleanup_start", [[ann.account_id]])


def is_slowed(person):
    """Whether the provider has asked to wait, and it isn't over."""
    until = person.state("slowed_until")
    return bool(until) and until > datetime.now(UTC).replace(tzinfo=None)


@walked("microsoft", deep=["google", "caldav"])
def test_throttled_and_refused_goes_on(product):
    """S4-11: 429 makes it wait, one refused event stays with a reason, the rest goes."""
    ann = product.person("ann")
    for n in range(6):
        ann.book(f"Ours {n}", in_days(3 + n))
    ann.settle()
    ann.disturb(
        "error", "events.delete", status=429, reason=ann.phone.throttled, retry_after=1, count=1
    )
    run = start(ann)
    wait(lambda: ann.state("failures"), "the refusal")
    assert progress(ann, run)["waits"]
    wait(lambda: not is_slowed(ann), "the second that was asked for")
    ann.odoo.call("calendar.sync.account", "sync_now", [[ann.account_id]])
    ended(ann, run)
    assert titles(ann) == []
    put_back(ann, run)
    ann.disturb("error", "events.delete", status=403, reason="forbidden", count=1)
    counts = progress(ann, clean(ann))["counts"]
    assert (counts.get("removed"), counts.get("failed")) == (5, 1)
    assert len(titles(ann)) == 1


@walked("caldav", deep=["google", "microsoft"])
def test_lost_answer_of_a_removal_cancels_nothing_here(product):
    """S4-11: removed there, the answer never came: found gone, counted as removed."""
    ann = product.person("ann")
    ann.book("Ours")
    ann.settle()
    ann.disturb("drop_after", "events.delete", count=1)
    run = start(ann)
    wait(lambda: ann.state("failures"), "the lost answer")
    ann.odoo.call("calendar.sync.account", "sync_now", [[ann.account_id]])
    assert ended(ann, run)["counts"] == {"removed": 1}
    ann.sync()
    assert len(ann.named_here("Ours")) == 1
    assert put_back(ann, run) == {"restored": 1}
    assert titles(ann) == ["Ours"]


@walked("google", deep=["caldav", "microsoft"])
def test_edited_there_a_moment_ago_is_still_ours(product):
    """S4-11: the version that the telephone made is removed all the same."""
    ann = product.person("ann")
    ann.book("Ours")
    ann.settle()
    [entry] = ann.named_there("Ours")
    ann.phone.change(entry.id, place="Changed on the way")
    clean(ann)
    assert titles(ann) == []


@walked("google", deep=["microsoft"])
def test_sync_off_and_cleaned_up(product):
    """S4-10, S4-11: switched off with the clean-up, it still finishes; nothing is sent after."""
    ann = product.person("ann")
    ann.book("Ours")
    ann.settle()
    run = clean(ann, turn_off=True)
    ann.book("Later")
    product.office_goes_on()
    assert titles(ann) == []
    assert not ann.card()["is_sync_on"]
    assert put_back(ann, run) == {"restored": 1}
    assert titles(ann) == ["Ours"]


@pytest.mark.parametrize("provider", ["microsoft"])
def test_outlook_would_tell_so_a_person_decides(product):
    """S4-11, B-01: listed, not touched; told only by the second choice; back in silence."""
    ann = product.person("ann")
    invite(ann, "Talk", *GUESTS)
    ann.book("Ours")
    ann.settle()
    plan = plan_of(ann)
    assert (plan["is_loud"], plan["quiet"], plan["asks"], plan["people"]) == (True, 1, 1, 2)
    run = clean(ann, with_guests=True)
    assert titles(ann) == ["Talk"]
    assert not product.mails()
    with pytest.raises(OdooError):
        press(ann, run, "decide", [], "quiet")
    press(ann, run, "decide", [progress(ann, run)["asking"][0]["id"]], "tell")
    ended(ann, run)
    ann.settle()
    assert titles(ann) == []
    assert sorted(mail["to"] for mail in product.mails()) == sorted(GUESTS)
    ann.world.clear_mails()
    assert put_back(ann, run) == {"restored": 2}
    assert titles(ann) == ["Ours", "Talk"]
    assert len(ann.named_here("Talk")) == 1


def test_google_can_be_silent_so_a_tick_is_enough(product):
    """S4-11, B-01: without the tick it waits, with it it goes; nobody hears of it."""
    ann = product.person("ann")
    invite(ann, "Talk", *GUESTS)
    run = clean(ann)
    assert titles(ann) == ["Talk"]
    press(ann, run, "decide", [], "quiet")
    ended(ann, run)
    assert titles(ann) == []
    put_back(ann, run)
    assert titles(ann) == ["Talk"]


@pytest.mark.parametrize("provider", ["microsoft"])
def test_dragged_into_another_calendar_it_is_found_there(product):
    """S4-11, S4-23: moved in Outlook, and cleaned up before anybody noticed."""
    ann = product.person("ann")
    ann.book("Ours")
    ann.settle()
    [entry] = ann.named_there("Ours")
    private = ann.phone.new_calendar("Private")
    ann.odoo.call("calendar.sync.account", "refresh_calendars", [[ann.account_id]])
    ann.settle()
    ann.world.ms.move_event(entry.id, private)
    run = start(ann)
    assert ended(ann, run)["counts"] == {"removed": 1}
    assert not ann.phone.entries(private)


@walked("google", deep=["microsoft"])
def test_disconnected_card_is_removed_and_comes_back(product):
    """S2-63, S4-11: no clean-up without a connection; the card goes, appointments stay."""
    ann = product.person("ann")
    ann.book("Ours")
    ann.settle()
    ann.odoo.call("calendar.sync.account", "disconnect", [[ann.account_id]])
    assert plan_of(ann)["blocked"]
    with pytest.raises(OdooError):
        start(ann)
    ann.odoo.call("calendar.sync.account", "remove_card", [[ann.account_id]])
    assert ann.odoo.page()["accounts"] == []
    assert (titles(ann), len(ann.named_here("Ours"))) == (["Ours"], 1)
    number = ann.account_id
    ann.connect()
    assert ann.account_id == number, "it is the same account again"
    ann.sync()
    assert (titles(ann), len(ann.named_here("Ours"))) == (["Ours"], 1)
