"""The lead's card: what comes next, and booking from it."""

from .camera import PHONE
from .set import ANNA

LEAD = "Fleet planning for 40 vessels"
FREE = "Crane maintenance plan"
BOOK = "button[name=action_book_appointment]"
TOAST = ".o_notification"


def all_of_it(stage):
    """Anna works with her pipeline."""
    stage.ensure_connected("anna", ANNA)
    pipeline(stage)
    book(stage)
    card(stage)


def pipeline(stage):
    """Book from a card of the board and from a line of the list."""
    page = stage.page("anna", "crm")
    page.wait_for_selector(".o_kanban_record")
    one = page.locator(".o_kanban_record", has_text=LEAD).first
    one.hover()
    one.locator(".o_dropdown_kanban button").click()
    page.wait_for_selector(".dropdown-menu >> text=Book appointment")
    stage.camera.shoot(page, "lead-board-menu", point=False)
    page.keyboard.press("Escape")
    page.click(".o_switch_view.o_list")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "lead-list")


def book(stage):
    """The dialog, on its way, and there."""
    page = stage.page("anna", f"crm/{new_lead(stage, FREE)}")
    page.wait_for_selector(".o_calendar_sync_strip")
    stage.camera.shoot(page, "lead-nothing-planned")
    page.click(BOOK)
    page.click("button[name=by_hand]")
    page.wait_for_selector(".modal [name=start]")
    stage.camera.shoot(page, "booking-dialog")
    slow = stage.world.faults.add(
        "delay", user=ANNA, operation="*events.insert", count=0, seconds=20
    )
    page.click(".modal button:has-text('Save without inviting')")
    page.wait_for_selector(f"{TOAST} >> text=On its way")
    page.wait_for_selector(".o_calendar_sync_strip [data-badge=waiting]")
    stage.camera.shoot(page, "booking-on-its-way", keep_toasts=True)
    stage.world.faults.remove(slow["id"])
    page.wait_for_selector(f"{TOAST} >> text=✔", timeout=30000)
    page.wait_for_selector(".o_calendar_sync_strip [data-badge=synced]")
    stage.camera.shoot(page, "booking-arrived", keep_toasts=True)


def card(stage):
    """A lead with an appointment, and both on the telephone."""
    page = stage.page("anna", f"crm/{lead_id(stage, LEAD)}")
    page.wait_for_selector(".o_calendar_sync_strip .fw-bold")
    stage.camera.shoot(page, "lead-card")
    with stage.tab("anna", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/crm/{lead_id(stage, LEAD)}")
        phone.wait_for_selector(".o_calendar_sync_strip .fw-bold")
        stage.camera.shoot(phone, "lead-card-phone", PHONE)
        book_on_phone(stage, phone)


def book_on_phone(stage, phone):
    """The same dialog in the hand."""
    if not phone.is_visible(BOOK):
        phone.click(".o_statusbar_buttons_dropdown, .o_statusbar_buttons button.dropdown-toggle")
    phone.click(f"{BOOK}:visible")
    phone.click("button[name=by_hand]")
    phone.wait_for_selector(".modal [name=start]")
    stage.camera.shoot(phone, "booking-dialog-phone", PHONE)


def new_lead(stage, name):
    """A lead that Anna has just got, of a person who is known already."""
    rep = stage.rep("anna")
    [oskar] = rep.search("res.partner", [["name", "=", "Oskar Dahl"]], "id")
    values = {
        "name": name, "type": "opportunity", "partner_id": oskar["id"], "user_id": rep.uid,
    }  # fmt: skip
    made = rep.call("crm.lead", "create", [values])
    return made[0] if isinstance(made, list) else made


def lead_id(stage, name):
    """The lead of that name."""
    return stage.rep("anna").search("crm.lead", [["name", "=", name]], "id")[0]["id"]
