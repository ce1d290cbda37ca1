"""Meetings with people: two ways to save, whom to tell, answers, and what deleting does."""

from .leads import LEAD, lead_id
from .meetings import MIA
from .set import ANNA, at, in_days, odoo_time

TITLE = "Berths for spring"


def all_of_it(stage):
    """Anna plans with Mia without inviting her, invites her, moves it, hears from her, deletes."""
    stage.ensure_connected("anna", ANNA)
    number = planned(stage)
    saved_in_two_ways(stage, number)
    moved(stage)
    answered(stage, number)
    asked(stage)
    removed(stage, number)


def planned(stage):
    """The booking dialog offers both; saved without inviting."""
    page = stage.page("anna", f"crm.lead/{lead_id(stage, LEAD)}")
    page.click("button[name=action_book_appointment]")
    page.click(".modal button:has-text('Another time by hand')")
    page.wait_for_selector(".modal button[name=action_save_and_invite]")
    page.fill(".modal [name=name] input", TITLE)
    stage.camera.both(page, "invite-booking")
    page.click(".modal button[name=action_save_quietly]")
    page.wait_for_selector(".modal", state="detached")
    number = stage.until(lambda: stage.here(TITLE), "the appointment")
    start = in_days(1, 9)
    times = {"start": odoo_time(start), "stop": odoo_time(start, 60), "invite_choice": "quiet"}
    stage.rep("anna").call("calendar.event", "write", [[number], times])
    stage.settle("anna")
    return number


def saved_in_two_ways(stage, number):
    """Nobody is invited yet; with an edit both buttons stand in the form."""
    page = stage.page("anna", f"calendar.event/{number}")
    page.wait_for_selector("text=Not invited yet")
    stage.camera.both(page, "invite-waiting")
    page.fill("[name=location] input", "Pier 7")
    page.wait_for_selector("button[name=action_save_quietly]:visible")
    stage.camera.shoot(page, "invite-two-buttons")
    page.locator("button[name=action_save_and_invite]:visible").first.click()
    page.wait_for_selector("text=Invited: Mia")
    stage.settle("anna")


def moved(stage):
    """Dragged in the calendar: whom to tell."""
    page = stage.page("anna", "calendar")
    page.wait_for_selector(".fc-timegrid-slot-lane")
    event = page.locator(f".fc-event:has-text('{TITLE}')").first
    if not event.count():
        page.click(".o_calendar_button_next")
    event.wait_for()
    box = event.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 90, steps=8)
    page.mouse.up()
    page.wait_for_selector(".modal .o_calendar_sync_tell")
    stage.camera.shoot(page, "invite-drag", point=False)
    page.click(".modal button:has-text('Put it back')")
    page.wait_for_selector(".modal", state="detached")
    made_quickly(page, stage)


def made_quickly(page, stage):
    """A click on a free hour, with a participant: the same two ways to save."""
    lane = page.locator(".fc-timegrid-slot-lane[data-time='17:00:00']").bounding_box()
    page.mouse.click(lane["x"] + lane["width"] * 0.5, lane["y"] + 4)
    page.wait_for_selector(".modal [name=partner_ids] input")
    page.fill(".modal [name=name] input", "Quick word about berths")
    page.fill(".modal [name=partner_ids] input", "Mia Lind")
    page.click(".o-autocomplete--dropdown-item:has-text('Mia Lindqvist')")
    page.wait_for_selector(".modal button:has-text('Save and invite participants')")
    stage.camera.shoot(page, "invite-quick", point=False)
    page.click(".modal button:has-text('Save without inviting')")
    page.wait_for_selector(".modal", state="detached")


def answered(stage, number):
    """Mia declines in her own calendar, with a word."""
    found = stage.api(MIA, "GET", "primary/events", q=TITLE)["items"]
    me = {"email": MIA, "responseStatus": "declined", "comment": "At sea that week"}
    body = {"attendees": [me], "attendeesOmitted": True}
    stage.api(MIA, "PATCH", f"primary/events/{found[0]['id']}", body)
    stage.sync("anna")
    page = stage.page("anna", f"calendar.event/{number}")
    page.click("a[name=answers]")
    page.wait_for_selector("text=At sea that week")
    stage.camera.both(page, "invite-answers")


def asked(stage):
    """Mia invites Anna, who answers from Odoo."""
    start, title = in_days(8, 9), "Crew meeting at Fjordline"
    people = [{"email": ANNA}]
    body = {"summary": title, "start": at(start), "end": at(start, minutes=60), "attendees": people}
    stage.api(MIA, "POST", "primary/events", body)
    stage.sync("anna")
    number = stage.until(lambda: stage.here(title), "the invitation")
    page = stage.page("anna", f"calendar.event/{number}")
    page.click("button[name=action_answer]")
    page.wait_for_selector(".modal .o_field_widget[name=comment]")
    page.fill(".modal .o_field_widget[name=comment] input", "I join ten minutes late")
    stage.camera.both(page, "invite-answer")
    page.click(".modal footer button[special=cancel], .modal footer .btn-secondary")


def removed(stage, number):
    """What deleting does, before it does."""
    page = stage.page("anna", f"calendar.event/{number}")
    page.click(".o_cp_action_menus button")
    page.click(".o-dropdown--menu >> text=Delete")
    page.wait_for_selector(".modal button[name=action_tell]")
    stage.camera.both(page, "invite-delete")
    page.click(".modal footer button[special=cancel], .modal footer button:has-text('Keep it')")
