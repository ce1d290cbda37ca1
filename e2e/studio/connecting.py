"""Calendar Connections, from "nothing yet" to a connected calendar."""

from .camera import PHONE
from .set import ANNA, CARD

WINDOW = (520, 680)
ACTIVE = f"{CARD % ANNA}[data-status=active]"
AGENTS = {
    "chrome": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0.0.0 Safari/537.36",
    "safari": "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
}


def all_of_it(stage):
    """Anna connects her calendar after some tries."""
    nothing_yet(stage)
    the_window(stage)
    closed(stage)
    refused(stage)
    blocked(stage)
    first_sync(stage)
    connected(stage)
    preferences(stage)


def nothing_yet(stage):
    """The provider cards with their table of permissions, and the details behind them."""
    page = stage.connections("anna")
    page.wait_for_selector(".o_csp_permissions")
    page.click(".o_csp_details")
    stage.camera.shoot(page, "connections-details")
    page.click(".o_csp_back")
    stage.camera.both(page, "connections-empty")


def the_window(stage):
    """The page waits while the provider asks in its window."""
    page, window = asked(stage)
    window.check(f"input[value='{ANNA}']")
    stage.camera.shoot(window, "sign-in-consent", WINDOW)
    stage.camera.shoot(window, "sign-in-consent-phone", PHONE)
    stage.camera.both(page, "connections-waiting")
    window.close()


def closed(stage):
    """The window was closed before it was finished."""
    page, window = asked(stage)
    window.close()
    page.wait_for_selector(".o_csp_waiting >> text=Try again")
    stage.camera.both(page, "connections-closed")


def asked(stage):
    """Anna has pressed the button: her page and the provider's window."""
    page = stage.connections("anna")
    with page.expect_popup() as opening:
        page.click(".o_csp_connect")
    opening.value.wait_for_url("**/o/oauth2/**")
    return page, opening.value


def refused(stage):
    """Denied, only half allowed, and an organisation that has to approve the app first."""
    page = stage.connections("anna")
    window = stage.sign_in(page, ANNA, deny=True)
    notice(stage, page, "denied", "connections-denied")
    stage.camera.shoot(window, "sign-in-denied", WINDOW)
    page = stage.connections("anna")
    stage.sign_in(page, ANNA, untick=["calendar.events"])
    notice(stage, page, "partial", "connections-partial")
    stage.world.change_user(ANNA, admin_blocked=True)
    page = stage.connections("anna")
    window = stage.sign_in(page, ANNA)
    window.wait_for_selector("a.button")
    stage.camera.shoot(window, "sign-in-admin-approval", WINDOW)
    window.click("a.button")
    notice(stage, page, "admin_approval", "connections-admin-approval")
    stage.world.change_user(ANNA, admin_blocked=False)


def notice(stage, page, code, name):
    """What came back, on both sizes."""
    page.wait_for_selector(f".o_csp_notice[data-code={code}]")
    stage.camera.both(page, name)


def blocked(stage):
    """The browser let no window open: what to do in this browser."""
    for kind, agent in AGENTS.items():
        with stage.tab("anna", user_agent=agent) as page:
            page.add_init_script("window.open = () => null")
            page.goto(f"{stage.url}/odoo/calendar-connections")
            page.click(".o_csp_connect")
            page.wait_for_selector(f".modal [data-browser={kind}].active")
            stage.camera.shoot(page, f"popup-blocked-{kind}")
            if kind == "safari":
                stage.camera.shoot(page, f"popup-blocked-{kind}-phone", PHONE)


def first_sync(stage):
    """Connected a moment ago, and the provider takes its time with what Odoo sends."""
    page = stage.connections("anna")
    fault = stage.world.faults.add(
        "delay", user=ANNA, operation="*events.insert", count=0, seconds=20
    )
    window = stage.sign_in(page, ANNA)
    window.wait_for_selector(".mark-ok", timeout=10000)
    page.wait_for_selector(".o_csp_first >> text=/[1-9]\\d* events so far/")
    stage.camera.both(page, "connections-first-sync")
    stage.world.faults.remove(fault["id"])
    page.wait_for_selector(ACTIVE)
    stage.settle("anna")
    page.wait_for_function("() => !document.querySelector('.o_csp_first')", timeout=30000)


def connected(stage):
    """All is well; the list of calendars, and a calendar that was made meanwhile."""
    page = stage.connections("anna")
    page.wait_for_selector(ACTIVE)
    stage.camera.both(page, "connections-active")
    page = stage.connections("anna")
    page.click(".o_csp_events")
    page.wait_for_selector(".o_csp_refused")
    stage.camera.both(page, "connections-calendars")
    page = stage.connections("anna")
    stage.world.calendar(ANNA, "Trade fair")
    page.click(".o_csp_refresh")
    page.wait_for_selector(".o_csp_said >> text=1 new calendar")
    stage.camera.shoot(page, "connections-refreshed")
    page.click(".o_csp_preferences summary")
    page.evaluate("document.querySelector('.o_csp_account footer').scrollIntoView(false)")
    stage.camera.shoot(page, "connections-preferences")


def preferences(stage):
    """The same under My Preferences."""
    page = stage.page("anna", "calendar")
    page.click(".o_user_menu button")
    page.click("text=My Preferences")
    page.click("a[name=calendar_connections]")
    page.wait_for_selector(ACTIVE)
    stage.camera.both(page, "preferences")
