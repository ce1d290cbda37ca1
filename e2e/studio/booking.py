"""Booking calendars from the inside: their form, the slot picker, why not, a handover."""

from .camera import PHONE
from .leads import BOOK, lead_id, new_lead
from .set import ANNA

LEAD = "Hydrofoil study"


def all_of_it(stage):
    """Carla looks after the page; Anna books from a lead."""
    stage.ensure_connected("anna", ANNA)
    calendars(stage)
    texts(stage)
    why(stage)
    empty(stage)
    pick(stage)
    taken(stage)
    handover(stage)


def calendars(stage):
    """The board, the form's tabs, the weekly hours."""
    page = stage.page("carla", "booking-calendars")
    page.wait_for_selector(".o_kanban_record")
    stage.camera.shoot(page, "booking-calendars")
    page.click(".o_kanban_record >> text=Meet Northwind")
    page.wait_for_selector(".o_form_view .o_data_row")
    stage.camera.shoot(page, "booking-calendar-people")
    for tab, name in (("Hours", "hours"), ("Rules", "rules"), ("Page and questions", "questions"),
                      ("Messages", "messages")):  # fmt: skip
        page.click(f".o_notebook .nav-link:has-text('{tab}')")
        stage.camera.shoot(page, f"booking-calendar-{name}")
    page.click(".o_notebook .nav-link:has-text('Hours')")
    page.click("button[name=action_hours]")
    page.wait_for_selector(".modal .o_data_row")
    stage.camera.shoot(page, "booking-hours")
    page.click(".modal button:has-text('Discard')")


def texts(stage):
    """What customers get, read by somebody who may change it."""
    page = stage.page("admin", "booking-calendars")
    page.click(".o_kanban_record >> text=Meet Northwind")
    page.click(".o_notebook .nav-link:has-text('Messages')")
    page.click("button[name=action_texts]")
    page.wait_for_selector(".modal :text('Mia Example')")
    page.wait_for_selector(".modal button[name=action_write_mail]")
    stage.camera.shoot(page, "booking-texts")
    page.click(".modal footer button:has-text('Close')")


def why(stage):
    """Each check in words."""
    page = stage.page("carla")
    page.click("button[name=action_why]")
    page.wait_for_selector(".modal h4")
    stage.camera.shoot(page, "booking-why")
    page.click(".modal footer button:has-text('Close')")


def empty(stage):
    """What somebody sees who has none, and the first one made with a click."""
    page = stage.page("ben", "my-blocked-times")
    page.wait_for_selector(".o_view_nocontent")
    stage.camera.shoot(page, "booking-blocked-empty")


def pick(stage):
    """The slot picker on a lead's card, on the desk and in the hand."""
    number = new_lead(stage, LEAD)
    page = stage.page("anna", f"crm/{number}")
    page.wait_for_selector(".o_calendar_sync_strip")
    page.click(BOOK)
    page.wait_for_selector(".o_csp_slot[aria-pressed=true]")
    stage.camera.shoot(page, "slot-picker")
    page.select_option("select[name=zone]", "America/New_York")
    page.select_option("select[name=person]", label="Anna Berg (me)")
    page.wait_for_selector(".o_csp_slot[aria-disabled=true]")
    page.locator(".o_csp_slot[aria-disabled=true]").first.focus()
    page.wait_for_selector(".o_csp_picker_why li")
    stage.camera.shoot(page, "slot-picker-why", point=False)
    with stage.tab("anna", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/crm/{lead_id(stage, LEAD)}")
        phone.wait_for_selector(".o_calendar_sync_strip")
        if not phone.is_visible(BOOK):
            phone.click(
                ".o_statusbar_buttons_dropdown, .o_statusbar_buttons button.dropdown-toggle"
            )
        phone.click(f"{BOOK}:visible")
        phone.wait_for_selector(".o_csp_slot[aria-pressed=true]")
        stage.camera.shoot(phone, "slot-picker-phone", PHONE)


def taken(stage):
    """Somebody was faster: the next times are offered."""
    page = stage.page("anna")
    page.select_option("select[name=person]", "0")
    page.wait_for_selector(".o_csp_slot[aria-disabled=false]")
    page.click("button[name=next_free]")
    chosen = page.locator(".o_csp_slot[aria-pressed=true]").first
    start = int(chosen.get_attribute("data-start"))
    rep = stage.rep("anna")
    picker = rep.call("crm.lead", "slot_picker", [[lead_id(stage, LEAD)]])
    calendar = picker["calendars"][0]
    for _person in range(3):
        other = new_lead(stage, "Somebody was faster")
        choice = [calendar["id"], calendar["services"][0]["id"], 0, start, {}]
        rep.call("crm.lead", "slot_picker_book", [[other], *choice])
    page.fill("textarea[name=notes]", "Wants to see the route planner with his own timetable.")
    page.click("button[name=book]")
    page.wait_for_selector(".o_csp_alternative")
    stage.camera.shoot(page, "slot-picker-taken")
    page.locator(".o_csp_alternative").first.click()
    page.wait_for_selector("button[name=book]:focus")
    page.click("button[name=book]")
    page.wait_for_selector(".o_calendar_sync_strip .fw-bold")
    stage.camera.shoot(page, "slot-picker-booked", keep_toasts=True)
    page.click(".o_calendar_sync_strip button:has-text('Open')")
    page.click(".o_notebook .nav-link:has-text('Booking')")
    stage.camera.shoot(page, "appointment-booking")


def handover(stage):
    """Anna is ill: a plan, and what came of it."""
    page = stage.page("carla", "booking-handovers/new")
    page.fill("[name=user_id] input", "Anna")
    page.click(".o-autocomplete--dropdown-item >> text=Anna Berg")
    page.fill("[name=calendar_id] input", "Meet")
    page.click(".o-autocomplete--dropdown-item >> text=Meet Northwind")
    page.click("button[name=action_plan]:visible")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "handover-plan")
    page.click("button[name=action_apply]:has-text('Hand over')")
    page.wait_for_selector("button[name=action_undo]")
    stage.camera.shoot(page, "handover-done")
    page.click("button[name=action_undo]")
    page.wait_for_selector(".o_data_row >> text=Taken back")
