"""What the administrator sees."""

from . import guide
from .camera import PHONE

TAB = ".settings_tab [data-key=calendar_sync_pro]"


def before_setup(stage):
    """Nobody has entered a client ID yet; then the product is set up."""
    page = settings(stage)
    stage.camera.shoot(page, "settings-first-time")
    page = stage.connections("admin")
    page.wait_for_selector(".o_csp_set_up")
    stage.camera.shoot(page, "connections-not-set-up")
    guide.first_time(stage)
    stage.stack.configure()


def all_of_it(stage):
    """Settings and the app."""
    credentials(stage)
    choices(stage)


def credentials(stage):
    """A test that passes, the form, and a secret that the provider refuses."""
    page = settings(stage)
    page.click(".o_csp_test")
    page.wait_for_selector(".o_csp_app[data-state=ok]")
    page.wait_for_selector(".o_notification >> text=It works")
    stage.camera.shoot(page, "settings", keep_toasts=True)
    with stage.tab("admin", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/calendar-sync-settings")
        phone.wait_for_selector(".o_csp_test")
        stage.camera.shoot(phone, "settings-phone", PHONE)
    page.click(".o_csp_app >> text=Edit")
    page.wait_for_selector(".modal [name=client_id]")
    stage.camera.shoot(page, "settings-app")
    page.fill(".modal [name=client_secret]:visible input", "GOCSPX-mistyped")
    page.click(".modal .o_form_button_save, .modal footer .btn-primary")
    page.wait_for_selector(".modal", state="detached")
    page.click(".o_csp_test")
    page.wait_for_selector(".o_csp_app[data-state=refused]")
    stage.camera.shoot(page, "settings-refused")
    stage.stack.configure()


def choices(stage):
    """What is synced, who wins, how often."""
    page = settings(stage)
    page.locator("text=How often").first.scroll_into_view_if_needed()
    stage.camera.shoot(page, "settings-choices")


def settings(stage):
    """The administrator's settings of calendar sync."""
    page = stage.page("admin", "settings")
    page.click(TAB)
    page.wait_for_selector(".o_csp_new_app")
    return page
