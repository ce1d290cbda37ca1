"""Moving over from Odoo's own sync, where that was at work; then to another account."""

from e2e.journeys.former_sync import FormerStack, Office
from e2e.journeys.people import in_days

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
        switching(own, office)
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


def switching(own, office):
    """The card of an account that was switched to, and what would move."""
    person = office.people["google"]
    own.world.user("gina.new@north.example")
    person.book("Contract talk", in_days(9))
    person.settle()
    person.odoo.connect("google", own.world, "gina.new@north.example")
    cards = person.odoo.page()["accounts"]
    [fresh] = [card for card in cards if not card["is_sync_on"]]
    person.odoo.call("calendar.sync.account", "switch_here", [[fresh["id"]]])
    page = own.connections(person.name)
    page.wait_for_selector(".o_csp_move")
    own.camera.shoot(page, "switched-card")
    page.click(".o_csp_move")
    page.wait_for_selector(".modal button[name=action_confirm]")
    own.camera.shoot(page, "switched-move")
