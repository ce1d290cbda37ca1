"""Calendars tell of changes, or can't: what the administrator sees."""

from .admin import settings
from .set import ANNA

UNREACHABLE = "http://odoo.northwind.example"


def all_of_it(stage):
    """It works; then Odoo has an address at which nobody reaches it."""
    stage.ensure_connected("anna", ANNA)
    admin = stage.rep("admin")
    companies = admin.call("res.company", "search", [[]])
    admin.call("res.company", "write", [companies, {"sync_use_push": True}])
    stage.sync("anna")
    wait_for(stage, "working")
    form_of_app(stage, "notices-arrive")
    page = stage.page("admin", "calendar-accounts")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "connected-calendars-told")
    page = settings(stage)
    page.locator("#sync_use_push").scroll_into_view_if_needed()
    stage.camera.shoot(page, "settings-told")
    admin.call("ir.config_parameter", "set_param", ["web.base.url", UNREACHABLE])
    [app] = apps(stage)
    admin.call("calendar.sync.oauth.app", "action_try_push", [[app["id"]]])
    wait_for(stage, "unreachable")
    form_of_app(stage, "notices-unreachable")
    admin.call("res.company", "write", [companies, {"sync_use_push": False}])
    stage.stack.configure()


def apps(stage):
    """The app that Anna signs in with."""
    domain = [["provider", "=", "google"]]
    return stage.rep("admin").search("calendar.sync.oauth.app", domain, "push_state")


def wait_for(stage, state):
    """Until the app's state is that."""
    stage.until(lambda: {app["push_state"] for app in apps(stage)} == {state}, state)


def form_of_app(stage, name):
    """A picture of the app's form, from the settings."""
    page = settings(stage)
    page.locator(".o_csp_app >> text=Edit").first.click()
    page.wait_for_selector(".modal [name=push_state]")
    page.locator(".modal [name=push_state]").scroll_into_view_if_needed()
    stage.camera.shoot(page, name)
