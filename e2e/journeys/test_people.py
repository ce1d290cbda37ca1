"""Meetings with people: who is invited, who hears of a move, who answers, what is called off."""

from datetime import timedelta

import pytest

from .browser import chromium, signed_in
from .people import in_days, odoo_time, wait, walked

pytestmark = walked("microsoft", deep=["google"])

DAYS_OF_WEEK = 7
NEXT_HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def browser():
    """One Chromium for all of it."""
    with chromium() as running:
        yield running


@pytest.fixture
def mailed(product):
    """What was mailed on Odoo's behalf since the last look: (kind, to) each, of nobody else."""

    def look():
        told = product.mails()
        product.world.clear_mails()
        assert all(isinstance(mail, dict) for mail in told), "Odoo has mailed by itself"
        return sorted((mail["kind"], mail["to"]) for mail in told)

    return look


def contact(product, person, name):
    """A customer who is a contact, with a calendar at the same provider: (number, telephone)."""
    email = f"{name.lower()}.{person.name}@customer.example"
    made = product.admin.call("res.partner", "create", [{"name": name, "email": email}])
    return (made[0] if isinstance(made, list) else made), product.phone(email)


def with_guest(person, number, title, choice, start=None):
    """An appointment with that contact, saved as the form saves it; its number."""
    start = start or in_days(3)
    values = {
        "name": title, "start": odoo_time(start), "stop": odoo_time(start + NEXT_HOUR),
        "partner_ids": [[6, 0, [person.partner, number]]], "invite_choice": choice,
    }  # fmt: skip
    made = person.odoo.call("calendar.event", "create", [values])
    person.settle()
    return made[0] if isinstance(made, list) else made


def notes(product, event_id):
    """What the event's timeline says of answers."""
    rows = product.sql(
        "SELECT body FROM mail_message WHERE model = 'calendar.event' AND res_id = %s", event_id
    )
    return [body for (body,) in rows if "come" in (body or "")]


def open_week(page, url, day):
    """The calendar's week with that day; weeks begin on Sunday here."""
    page.goto(f"{url}/odoo/calendar")
    page.wait_for_selector(".fc-timegrid-slot-lane")
    today = in_days(0)
    if (today.weekday() + 1) % 7 + (day.date() - today.date()).days >= DAYS_OF_WEEK:
        page.click(".o_calendar_button_next")


def dragged_down(page, title):
    """Drag a meeting of the week view two hours down."""
    box = page.locator(f".fc-event:has-text('{title}')").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    hour = page.locator(".fc-timegrid-slot-lane").first.bounding_box()["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 4 * hour, steps=8)
    page.mouse.up()


def test_invited_when_she_chooses_and_told_of_a_move_when_she_chooses(product, browser, mailed):
    """S3-35, S3-37, S3-39: saved quietly, invited with one button, dragged with a question."""
    ada = product.person("ada")
    number, mia = contact(product, ada, "Mia")
    start = in_days(1, 8)
    event_id = with_guest(ada, number, "Kick-off", "quiet", start)
    [entry] = ada.named_there("Kick-off")
    assert entry.guests == ()
    assert "Mia" in entry.text
    assert (mailed(), mia.entries()) == ([], [])

    page = signed_in(browser, product.stack.odoo.url, ada.name)
    page.goto(f"{product.stack.odoo.url}/odoo/calendar.event/{event_id}")
    page.wait_for_selector("text=Not invited yet: Mia.")
    page.click(".o_form_statusbar button:has-text('Invite participants'):visible")
    page.wait_for_selector("text=Invited: Mia.")
    ada.settle()
    assert mailed() == [("invitation", mia.email)]
    assert [one.title for one in mia.entries()] == ["Kick-off"]

    open_week(page, product.stack.odoo.url, start)
    page.wait_for_selector(".fc-event:has-text('Kick-off')")
    dragged_down(page, "Kick-off")
    page.wait_for_selector(".modal >> text=1 person is invited: Mia.")
    is_loud = product.provider == "microsoft"
    asked = page.inner_text(".modal .o_calendar_sync_tell")
    assert ("e-mails the guests about every change" in asked) == is_loud
    page.click(".modal button:has-text('Put it back')")
    page.wait_for_selector(".modal", state="detached")
    ada.settle()
    assert ada.named_here("Kick-off")[0]["start"] == odoo_time(start)
    assert not mailed()

    dragged_down(page, "Kick-off")
    page.click(".modal button:has-text('Tell 1 person')")
    page.wait_for_selector(".modal", state="detached")
    wait(lambda: ada.named_here("Kick-off")[0]["start"] > odoo_time(start), "the move in Odoo")
    ada.settle()
    moved = ada.named_here("Kick-off")[0]["start"]
    assert [one.start for one in mia.entries()] == [moved]
    assert mailed() == [("update", mia.email)]


def test_answers_come_back_and_go_out_and_a_meeting_is_called_off_once(product, browser, mailed):
    """S3-26, S3-40, S4-25: the guest's answer is told once; hers reaches the organizer once; the
    dialog before deleting says whom it tells."""
    bea = product.person("bea")
    number, mia = contact(product, bea, "Mia")
    event_id = with_guest(bea, number, "Review", "invite")
    assert mailed() == [("invitation", mia.email)]
    [invitation] = mia.entries()
    mia.answer(invitation.id, "declined", "On holiday")
    bea.sync()
    bea.sync()
    row = bea.odoo.search(
        "calendar.attendee", [["event_id", "=", event_id], ["partner_id", "=", number]],
        "state", "answer_comment",
    )[0]  # fmt: skip
    assert row["state"] == "declined"
    assert len(notes(product, event_id)) == 1
    if product.provider == "google":  # Outlook's API doesn't show what a guest wrote
        assert row["answer_comment"] == "On holiday"
        assert "On holiday" in notes(product, event_id)[0]
    product.world.clear_mails()

    mia.add("Our plans", in_days(4), guests=(bea.email,))
    bea.sync()
    [theirs] = bea.named_here("Our plans")
    page = signed_in(browser, product.stack.odoo.url, bea.name)
    page.goto(f"{product.stack.odoo.url}/odoo/calendar.event/{theirs['id']}")
    page.click("button[name=action_answer]")
    page.click(".modal .o_field_widget[name=answer] label:has-text('Maybe')")
    page.fill(".modal .o_field_widget[name=comment] input", "Ten minutes late")
    page.wait_for_selector(".modal >> text=tells the organizer")
    page.click(".modal footer button:has-text('Answer')")
    page.wait_for_selector(".modal", state="detached")
    wait(lambda: notes(product, theirs["id"]), "her answer in Odoo")
    bea.settle()
    assert mailed() == [("response", mia.email)]

    page.goto(f"{product.stack.odoo.url}/odoo/calendar.event/{event_id}")
    page.click(".o_cp_action_menus button")
    page.click(".o-dropdown--menu >> text=Delete")
    page.wait_for_selector(".modal >> text=Delete and tell them")
    said = page.locator(".modal .o_field_widget[name=summary]").inner_text()
    assert "Mia" in said
    page.click(".modal button:has-text('Delete and tell them')")
    page.wait_for_selector(".modal", state="detached")
    wait(lambda: not bea.named_here("Review"), "the deletion in Odoo")
    bea.settle()
    assert not bea.named_there("Review")
    assert mailed() == [("cancellation", mia.email)]
