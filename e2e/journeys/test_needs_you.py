"""Outlook mails guests of every change: a quiet one waits until its owner sends or discards it."""

import pytest

from e2e.support.rep import OdooError
from scripts.ground import places

from .browser import PATIENCE_MS, chromium, signed_in
from .entry import CUSTOMER
from .people import in_days, odoo_time, wait

OTHER = "second@else.example"
SHOTS = places.log_dir()


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


def invited(person, title, start=None, guests=(CUSTOMER, OTHER)):
    """A meeting that she invited to in Outlook, in Odoo: (its number here, its id there)."""
    there = person.add(title, start or in_days(4), guests=guests)
    person.sync()
    [row] = person.named_here(title)
    return row["id"], there


def dragged(person, event_id, start):
    """Move a meeting as dragging in the calendar view does; returns when the worker was there."""
    person.edit(
        event_id, start=odoo_time(start), stop=odoo_time(start.replace(hour=start.hour + 1))
    )
    person.settle()


def badge(person, event_id):
    """State and words on the appointment."""
    names = ("sync_badge", "sync_badge_text", "sync_is_undecided")
    row = person.odoo.read("calendar.event", event_id, *names)
    return [row[name] for name in names]


def confirmed(odoo, values, **options):
    """Open the dialog and confirm it; its words."""
    made = odoo.call("calendar.sync.decide", "create", [values], **options)
    wizard = made[0] if isinstance(made, list) else made
    summary = odoo.read("calendar.sync.decide", wizard, "summary")["summary"]
    odoo.call("calendar.sync.decide", "action_confirm", [[wizard]])
    return summary


def decide(person, choice, *event_ids):
    """Press the button on the events and confirm; the dialog's words."""
    action = person.odoo.call("calendar.event", f"action_sync_{choice}", [list(event_ids)])
    summary = confirmed(person.odoo, {}, context=action["context"])
    person.settle()
    return summary


def starts_there(person, title):
    """When it takes place in Outlook."""
    return [entry.start for entry in person.named_there(title)]


def mailed(product):
    """Who was mailed on Odoo's behalf; the slate is clean afterwards."""
    told = sorted(mail["to"] for mail in product.mails())
    product.world.clear_mails()
    return told


def test_dragged_meeting_waits_and_is_sent_once(product):
    """S1-06, S4-25: nobody is mailed before she presses Send, then exactly the guests are."""
    ada = product.person("ada")
    event_id, _there = invited(ada, "Demo")
    before, number = starts_there(ada, "Demo"), ada.last_request()
    later = in_days(5, 13)
    dragged(ada, event_id, later)
    kind, words, is_undecided = badge(ada, event_id)
    assert (kind, is_undecided) == ("problem", True)
    assert words == "Needs you: Microsoft Outlook will tell 2 people."
    assert starts_there(ada, "Demo") == before
    ada.sync()
    asked = [one["operation"] for one in ada.requests(since=number)]
    assert asked == ["microsoft.calendarView.delta"], "what waits costs no request"
    assert not mailed(product)
    summary = decide(ada, "send", event_id)
    assert f"tells 2 people by e-mail, once: {CUSTOMER}, {OTHER}" in summary
    assert starts_there(ada, "Demo") == [odoo_time(later)]
    assert mailed(product) == [CUSTOMER, OTHER]
    assert badge(ada, event_id)[0] == "synced"
    ada.sync()
    ada.is_same_on_both_sides()
    assert not mailed(product), "a second time"


def test_discarded_change_is_taken_back_and_nobody_hears_of_it(product):
    """S1-06, S4-14: Odoo shows the old time; an edit made in Outlook meanwhile is kept."""
    bea = product.person("bea")
    event_id, there = invited(bea, "Demo")
    before = starts_there(bea, "Demo")
    dragged(bea, event_id, in_days(5, 13))
    bea.phone.change(there, place="Pier 7")
    bea.sync()
    assert badge(bea, event_id)[0] == "problem"
    assert "nobody is told" in decide(bea, "discard", event_id)
    row = bea.odoo.read("calendar.event", event_id, "start", "location")
    assert ([row["start"]], row["location"]) == (before, "Pier 7")
    assert badge(bea, event_id)[0] == "synced"
    bea.is_same_on_both_sides()
    assert not mailed(product)


def test_deleted_meeting_waits_on_the_page_and_comes_back(product):
    """S1-24, S2-14: Odoo has nothing left of it, yet it can be decided and is found again."""
    cora = product.person("cora")
    event_id, _there = invited(cora, "Demo")
    before = starts_there(cora, "Demo")
    cora.delete(event_id)
    cora.settle()
    assert starts_there(cora, "Demo") == before
    assert cora.card()["attention"] == {"decide": 1, "other": 0, "people": 2}
    [link] = cora.odoo.search(
        "calendar.sync.link", [["needs_attention", "=", True]], "event_title", "told_count"
    )
    assert (link["event_title"], link["told_count"]) == ("Demo", 2)
    action = cora.odoo.call("calendar.sync.link", "action_sync_discard", [[link["id"]]])
    confirmed(cora.odoo, {}, context=action["context"])
    wait(lambda: cora.named_here("Demo"), "the meeting in Odoo again")
    cora.settle()
    cora.is_same_on_both_sides()
    assert cora.card()["attention"]["decide"] == 0
    assert not mailed(product)


def test_cancelled_meeting_is_called_off_once_when_she_chooses_so(product):
    """S2-14, S4-25: cancelled in Odoo it stands in Outlook until then."""
    dora = product.person("dora")
    event_id, _there = invited(dora, "Demo", guests=(CUSTOMER,))
    values = {"event_ids": [[6, 0, [event_id]]], "reason": "Ill"}
    made = dora.odoo.call("calendar.sync.cancel", "create", [values])
    dora.odoo.call(
        "calendar.sync.cancel", "action_cancel", [made if isinstance(made, list) else [made]]
    )
    dora.settle()
    assert dora.named_there("Demo")
    assert badge(dora, event_id)[1] == "Needs you: Microsoft Outlook will tell 1 person."
    decide(dora, "send", event_id)
    wait(lambda: not dora.named_there("Demo"), "the meeting to be called off")
    assert mailed(product) == [CUSTOMER]


def test_nobody_else_decides_by_whatever_call(product):
    """S0-33: a colleague and the administrator are refused; nothing is sent or taken back."""
    fay, guy = product.person("fay"), product.person("guy")
    event_id, _there = invited(fay, "Demo")
    before = starts_there(fay, "Demo")
    dragged(fay, event_id, in_days(5, 13))
    [link] = fay.odoo.search("calendar.sync.link", [["needs_attention", "=", True]], "id")
    for other in (guy.odoo, product.admin):
        for choice in ("send", "discard"):
            with pytest.raises(OdooError):
                confirmed(other, {"link_ids": [[6, 0, [link["id"]]]], "choice": choice})
        for private in ("_send_waiting", "_discard_waiting", "_release"):
            with pytest.raises(OdooError):
                other.call("calendar.sync.link", private, [[link["id"]]])
        with pytest.raises(OdooError):
            other.call("calendar.sync.link", "write", [[link["id"]], {"state": "synced"}])
    fay.settle()
    assert badge(fay, event_id)[0] == "problem"
    assert starts_there(fay, "Demo") == before
    assert not mailed(product)


def test_screens_of_a_waiting_change(product, stack):
    """S1-06, S0-32: banner, list, page and dialog, in the browser."""
    eva = product.person("eva")
    event_id, _there = invited(eva, "Route planner")
    second, _there = invited(eva, "Price talk", in_days(6), guests=(CUSTOMER,))
    dragged(eva, event_id, in_days(5, 13))
    eva.edit(second, location="Pier 7")
    eva.settle()
    with chromium() as browser:
        page = signed_in(browser, stack.odoo.url, eva.name)
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{stack.odoo.url}/odoo/appointments/{event_id}")
        page.wait_for_selector(".alert >> text=will tell 2 people")
        page.screenshot(path=SHOTS / "needs-you-banner.png")
        page.goto(f"{stack.odoo.url}/odoo/calendar-connections")
        page.wait_for_selector(".o_csp_attention >> text=2 changes wait")
        page.screenshot(path=SHOTS / "needs-you-page.png")
        page.click(".o_csp_show_attention")
        page.wait_for_selector(".o_data_row >> text=Price talk")
        page.screenshot(path=SHOTS / "needs-you-list.png")
        page.goto(f"{stack.odoo.url}/odoo/appointments")
        page.wait_for_selector(".o_data_row [data-badge=problem]")
        page.screenshot(path=SHOTS / "needs-you-appointments.png")
        page.goto(f"{stack.odoo.url}/odoo/appointments/{event_id}")
        page.click("button[name=action_sync_send]")
        page.wait_for_selector(".modal >> text=tells 2 people by e-mail")
        page.wait_for_timeout(400)
        page.screenshot(path=SHOTS / "needs-you-send.png")
        page.click(".modal button[name=action_confirm]:visible")
        page.wait_for_selector("[data-badge=synced]")
        page.goto(f"{stack.odoo.url}/odoo/appointments/{second}")
        page.click("button[name=action_sync_discard]")
        page.wait_for_selector(".modal >> text=nobody is told")
        page.wait_for_timeout(400)
        page.screenshot(path=SHOTS / "needs-you-discard.png")
        page.click(".modal button[name=action_confirm]:visible")
        page.wait_for_selector("[data-badge=synced]")
        page.click("a[name=calendar_sync]")
        page.wait_for_selector(".o_calendar_sync_story li")
        page.screenshot(path=SHOTS / "needs-you-story.png")
        page.context.close()
    assert mailed(product) == [CUSTOMER, OTHER]
    assert not eva.odoo.read("calendar.event", second, "location")["location"]
