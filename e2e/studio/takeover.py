"""Moving over from Odoo's own sync, on a database in which that was at work."""

from e2e.journeys.former_sync import FormerStack, Office

from .set import Set


def all_of_it(stage):
    """The preview, the move under way, what a person sees, and the end."""
    with FormerStack("takeover-shots", configure=False) as stack:
        office = Office(stack)
        own = Set(stack, stage.browser, stage.camera)
        page = own.page("admin", f"action-calendar_sync_pro.{ACTION}")
        page.wait_for_selector("button[name=action_start]")
        own.camera.both(page, "takeover-preview")
        office.press("action_start")
        page = own.page("admin", f"action-calendar_sync_pro.{ACTION}")
        page.wait_for_selector("button[name=action_undo]")
        own.camera.shoot(page, "takeover-started")
        moved_person(own, office)
        office.connect()
        page = own.page("admin", f"action-calendar_sync_pro.{ACTION}")
        page.wait_for_selector("text=Everybody has connected")
        own.camera.shoot(page, "takeover-everybody")
        own.close()


ACTION = "calendar_sync_takeover_action"


def moved_person(own, office):
    """What one of them meets: the calendar's banner, and the card that waits."""
    person = office.people["google"]
    page = own.page(person.name, "calendar")
    page.wait_for_selector(".o_csp_banner")
    own.camera.shoot(page, "takeover-banner")
    page = own.connections(person.name)
    page.wait_for_selector(".o_csp_account")
    own.camera.shoot(page, "takeover-card")
