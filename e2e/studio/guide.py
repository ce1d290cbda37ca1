"""The set-up guide: before anything is entered, with something wrong, and green."""

from .camera import PHONE
from .set import ANNA

GOOGLE = ".card[data-group=google]"


def first_time(stage):
    """Nobody has entered a client ID yet: the steps are open."""
    page = opened(stage)
    page.wait_for_selector(f"{GOOGLE} details[open]")
    stage.camera.shoot(page, "setup-guide-first-time")


def all_of_it(stage):
    """Tried by itself, a wrong redirect URI, and a test appointment that got through."""
    stage.lets_calendars_tell(True)
    page = opened(stage)
    page.wait_for_selector(f"{GOOGLE} [data-line^=redirect][data-state=ok]")
    with_a_wrong_address(stage, page)
    stage.ensure_connected("anna", ANNA)
    rep = stage.rep("anna")
    rep.call("calendar.sync.account", "book_trial", [[rep.account()["id"]]])
    stage.until(lambda: rep.account()["trial"]["state"] == "passed", "the test appointment")
    page = opened(stage)
    page.wait_for_selector("[data-line=trial][data-state=ok]")
    page.wait_for_selector(f"{GOOGLE} [data-line^=notices][data-state=ok]", timeout=60000)
    stage.camera.shoot(page, "setup-guide")
    with stage.tab("admin", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/calendar-set-up")
        phone.wait_for_selector(".o_csp_setup")
        stage.camera.shoot(phone, "setup-guide-phone", PHONE)
    stage.lets_calendars_tell(False)


def with_a_wrong_address(stage, page):
    """Somebody changed the addresses at the provider; the next check tells."""
    facts = stage.world.google
    known = {name: facts[name] for name in ("client_id", "client_secret")}
    stage.world.register_client(**known, redirect_uris=["https://elsewhere.example/back"])
    page.click(".o_csp_setup_check")
    page.wait_for_selector(f"{GOOGLE} [data-line^=redirect][data-state=failing]")
    page.click(f"{GOOGLE} summary")
    stage.camera.shoot(page, "setup-guide-failing")
    stage.world.register_client(**known)
    page.click(".o_csp_setup_check")
    page.wait_for_selector(f"{GOOGLE} [data-line^=redirect][data-state=ok]")


def opened(stage):
    """The administrator's guide."""
    page = stage.page("admin", "calendar-set-up")
    page.wait_for_selector(".o_csp_setup")
    return page
