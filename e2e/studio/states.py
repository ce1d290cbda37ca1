"""Calendar Connections when something is the matter."""

from .camera import DESK, PHONE
from .set import ANNA, BEN, CARD, in_days, odoo_time

PRIVATE = "anna.berg@homemail.example"
CURRENT = CARD % ANNA


def all_of_it(stage):
    """Anna's connected calendar has trouble, Ben leaves."""
    stage.ensure_connected("anna", ANNA)
    asked_to_wait(stage)
    signed_out(stage)
    paused(stage)
    second_account(stage)
    taken(stage)
    leaving(stage)


def asked_to_wait(stage):
    """The provider wants fewer requests: 429."""
    page = stage.connections("anna")
    stage.world.faults.add(
        "error", user=ANNA, operation="*events.*", count=0,
        status=429, reason="userRateLimitExceeded",
    )  # fmt: skip
    book(stage, "anna", "Call the fair's organizer")
    for _ in range(2):
        failed = failures(stage)
        stage.rep("anna").call("calendar.sync.account", "sync_now", [[card(stage)["id"]]])
        stage.until(lambda before=failed: failures(stage) > before, "the refusal")
    page.reload()
    page.wait_for_selector(f"{CURRENT} .o_csp_problem")
    stage.camera.both(page, "connections-degraded")
    stage.world.faults.clear()
    stage.sync("anna")


def signed_out(stage):
    """Anna took the access back at the provider, then booked: it waits for her."""
    page = stage.connections("anna")
    stage.world.revoke_grant(ANNA)
    for hour, title in ((8, "Contract questions"), (10, "Tour of the harbour"), (15, "Terms")):
        book(stage, "anna", title, days=4, hour=hour)
    stage.rep("anna").call("calendar.sync.account", "sync_now", [[card(stage)["id"]]])
    page.wait_for_selector(f"{CURRENT}[data-status=reconnect_required]", timeout=30000)
    page.reload()
    page.wait_for_selector(f"{CURRENT} .o_csp_reconnect")
    stage.camera.both(page, "connections-reconnect")
    page = stage.page("anna", "calendar")
    page.wait_for_selector(".o_csp_banner")
    stage.camera.both(page, "calendar-disconnected")
    page = stage.connections("anna")
    window = stage.sign_in(page, BEN, button=".o_csp_reconnect")
    page.wait_for_selector(".o_csp_notice[data-code=other_identity]")
    stage.camera.shoot(page, "connections-other-account")
    window.close()
    page.reload()
    page.wait_for_selector(".o_csp_reconnect")
    stage.sign_in(page, ANNA, button=".o_csp_reconnect")
    page.wait_for_selector(f"{CURRENT}[data-status=active]", timeout=30000)
    stage.settle("anna")


def paused(stage):
    """The administrator opens Anna's user and pauses her connection."""
    admin = stage.page("admin", f"users/{stage.rep('anna').uid}")
    admin.click("a[name=integrations]")
    admin.wait_for_selector(".o_csp_pause")
    stage.camera.shoot(admin, "user-integrations")
    admin.click(".o_csp_pause")
    admin.wait_for_selector(".o_csp_resume")
    stage.camera.shoot(admin, "user-integrations-paused")
    page = stage.connections("anna")
    page.wait_for_selector(f"{CURRENT}[data-status=paused]")
    stage.camera.both(page, "connections-paused")
    admin.click(".o_csp_resume")
    admin.wait_for_selector(".o_csp_pause")
    stage.settle("anna")


def second_account(stage):
    """A further account: its toggle is greyed out with the reason."""
    stage.world.user(PRIVATE, name="Anna Berg", kind="personal")
    page = stage.connections("anna")
    page.click(".o_csp_add")
    stage.camera.shoot(page, "connections-add")
    stage.sign_in(page, PRIVATE)
    page.wait_for_selector(CARD % PRIVATE)
    page.reload()
    page.wait_for_selector(f"{CARD % PRIVATE} .o_csp_switch")
    for name, size in (("", DESK), ("-phone", PHONE)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.locator(CARD % PRIVATE).scroll_into_view_if_needed()
        stage.camera.shoot(page, f"connections-second-account{name}", size)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def taken(stage):
    """Ben tries the calendar that Anna has connected."""
    page = stage.connections("ben")
    window = stage.sign_in(page, ANNA)
    page.wait_for_selector(".o_csp_notice[data-code=taken]")
    stage.camera.shoot(page, "connections-taken")
    window.close()


def leaving(stage):
    """Ben connects his own calendar, and disconnects it."""
    stage.connect("ben", BEN)
    page = stage.connections("ben")
    page.click(".o_csp_disconnect")
    page.wait_for_selector(".modal .btn-danger")
    stage.camera.both(page, "disconnect")
    page.click(".modal .btn-danger")
    page.wait_for_selector(".o_csp_authorize")
    stage.camera.both(page, "connections-not-connected")


# -- helpers ------------------------------------------------------------------------------------
def card(stage):
    """Anna's account with sync on."""
    return stage.rep("anna").account()


def failures(stage):
    """How often in a row Anna's calendar could not be reached."""
    query = "SELECT failures FROM calendar_sync_account WHERE user_id = %s AND is_sync_on"
    return stage.stack.sql(query, stage.rep("anna").uid)[0][0]


def book(stage, login, name, days=3, hour=13):
    """A meeting of that person in Odoo; its id."""
    rep = stage.rep(login)
    start = in_days(days, hour)
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    values = {
        "name": name, "start": odoo_time(start), "stop": odoo_time(start, minutes=45),
        "partner_ids": [[6, 0, [partner]]],
    }  # fmt: skip
    return rep.call("calendar.event", "create", [values])
