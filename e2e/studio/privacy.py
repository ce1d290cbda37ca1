"""What is kept about a person, what was asked of a calendar, and what uninstalling leaves."""

from .booking_page import GO, MIA, PAGE, SLOT, fill
from .set import ANNA

ACTION = "action-calendar_sync_pro.calendar_sync_privacy_action"


def all_of_it(stage):
    """Anna looks herself up; the administrator a customer; then somebody would uninstall."""
    stage.ensure_connected("anna", ANNA)
    stage.sync("anna")
    own_data(stage)
    ledger(stage)
    of_a_customer(stage)
    uninstalling(stage)


def own_data(stage):
    """Everything about oneself: counts, and what erasing does with each kind."""
    page = stage.page("anna", ACTION)
    page.wait_for_selector("[name=line_ids] .o_data_row")
    stage.camera.both(page, "personal-data")


def ledger(stage):
    """Hour by hour, for every employee."""
    page = stage.page("anna", "my-calendar-requests")
    page.wait_for_selector(".o_list_view .o_data_row")
    stage.camera.shoot(page, "my-calendar-requests")


def of_a_customer(stage):
    """Found by the address; Odoo's own records are named."""
    booked(stage)
    page = stage.page("admin", ACTION)
    page.wait_for_selector("[name=kind] input")
    page.click("[name=kind] [data-value=customer]")
    page.fill("[name=email] input", MIA["email"])
    page.keyboard.press("Tab")
    page.wait_for_selector("[name=line_ids] .o_data_row")
    stage.camera.shoot(page, "personal-data-customer")
    page.click(".modal footer button[name=action_erase]:visible")
    page.wait_for_selector(".modal >> text=Erase personal data")
    stage.camera.shoot(page, "personal-data-erase")
    page.click(".modal:has-text('Erase personal data') .btn-secondary >> text=Cancel")


def booked(stage):
    """Mia books on the public page."""
    page = stage.stranger(f"{stage.url}{PAGE}")
    page.click(".o_booking_cards a >> text=Consultation")
    page.locator(SLOT).first.click()
    page.wait_for_selector("#booking_form")
    fill(page)
    page.wait_for_timeout(2000)  # nobody types faster
    page.click(GO)
    page.wait_for_selector("text=Your appointment is booked")
    page.context.close()


def uninstalling(stage):
    """What stays in people's calendars is said before."""
    page = stage.page("admin", "apps")
    card = page.locator(".o_kanban_record", has_text="Calendar Sync Pro").first
    card.locator(".o_dropdown_kanban button").click()
    page.click(".o-dropdown--menu >> text=Uninstall")
    page.wait_for_selector(".modal [name=calendar_sync]")
    stage.camera.shoot(page, "uninstall")
