"""Ben is at Microsoft: signing in, an organisation's approval, reasons to reconnect."""

from .camera import PHONE
from .connecting import WINDOW, notice
from .set import BEN, CARD, in_days, odoo_time

CONNECT = "[data-provider=microsoft] .o_csp_connect"
MINE = CARD % BEN
DOMAIN = BEN.partition("@")[2]
SECOND_FACTOR = 50076
"""AADSTS number: multi-factor authentication is asked for."""
BOOKED = "Cold chain: sensor offer"


def all_of_it(stage):
    """Ben connects after his organisation has allowed the app; later he has to sign in again."""
    the_window(stage)
    needs_approval(stage)
    connected(stage)
    other_side(stage)
    reasons(stage)
    leave(stage)


def the_window(stage):
    """Microsoft's page in its window."""
    page = stage.connections("ben")
    with page.expect_popup() as opening:
        page.click(CONNECT)
    window = opening.value
    window.wait_for_selector(f"input[value='{BEN}']")
    window.check(f"input[value='{BEN}']")
    stage.camera.shoot(window, "outlook-sign-in", WINDOW)
    stage.camera.shoot(window, "outlook-sign-in-phone", PHONE)
    window.close()


def needs_approval(stage):
    """Only an administrator of the organisation may allow apps."""
    stage.world.ms.tenant(DOMAIN, admin_consent=True)
    page = stage.connections("ben")
    window = stage.sign_in(page, BEN, button=CONNECT)
    window.wait_for_selector("a.button")
    stage.camera.shoot(window, "outlook-approval-window", WINDOW)
    window.click("a.button")
    notice(stage, page, "admin_approval", "outlook-approval")
    stage.world.ms.tenant(DOMAIN, admin_consent=False)


def connected(stage):
    """It is active, and an appointment that was booked arrives."""
    page = stage.connections("ben")
    stage.sign_in(page, BEN, button=CONNECT)
    page.wait_for_selector(f"{MINE}[data-status=active]")
    stage.settle("ben")
    page.wait_for_function("() => !document.querySelector('.o_csp_first')")
    stage.camera.both(page, "outlook-active")
    page = stage.connections("ben")
    page.click(".o_csp_events")
    page.wait_for_selector(".o_csp_refused")
    stage.camera.shoot(page, "outlook-calendars")


def other_side(stage):
    """The appointment in Outlook, with the way back to the lead."""
    start = in_days(1, 14)
    times = {"start": odoo_time(start), "stop": odoo_time(start, 45), "duration": 0.75}
    stage.rep("ben").book(lead(stage), name=BOOKED, **times)
    week = f"{stage.stack.sandbox.url}/page/microsoft/{BEN}"
    page = stage.stranger(week)
    event = page.locator(".event", has_text=BOOKED).first
    stage.until(lambda: page.goto(week) and (event.count() or next_week(page, event)), "the event")
    stage.camera.shoot(page, "outlook-week")
    event.click()
    page.wait_for_selector("form")
    stage.camera.shoot(page, "outlook-event")
    page.context.close()


def lead(stage):
    """Ben's lead."""
    domain = [["name", "=", "Cold chain monitoring"]]
    return stage.rep("ben").search("crm.lead", domain, "id")[0]["id"]


def next_week(page, event):
    """Leaf on; whether it stands there."""
    page.click("text=›")
    return event.count()


def reasons(stage):
    """Why Microsoft ended the connection, each in its own words."""
    ms = stage.world.ms
    for name, trouble in (
        ("mfa", lambda: ms.change_user(BEN, token_error=SECOND_FACTOR)),
        ("password", lambda: ms.reset_password(BEN, password="demo")),
        ("revoked", lambda: ms.revoke_grant(BEN)),
    ):
        trouble()
        ms.expire_access_tokens(BEN)
        rep = stage.rep("ben")
        rep.call("calendar.sync.account", "sync_now", [[rep.account()["id"]]])
        stage.until(lambda: stage.rep("ben").account()["status"] == "reconnect_required", name)
        page = stage.connections("ben")
        page.wait_for_selector(f"{MINE} .o_csp_problem")
        stage.camera.shoot(page, f"outlook-{name}")
        stage.sign_in(page, BEN, button=f"{MINE} .o_csp_reconnect")
        page.wait_for_selector(f"{MINE}[data-status=active]")
        stage.settle("ben")


def leave(stage):
    """Ben disconnects and takes the card away: what comes later finds him with nothing."""
    rep = stage.rep("ben")
    account_id = rep.account()["id"]
    for method in ("disconnect", "remove_card"):
        rep.call("calendar.sync.account", method, [[account_id]])
