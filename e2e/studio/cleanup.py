"""Taking our events out of a calendar again, and what comes before and after."""

from .set import ANNA, BEN, CARD, CARLA, in_days, odoo_time

GUESTS = ("Nora Lind", "Per Holm")
DIALOG = ".o_csp_cleanup_dialog"
DEAF = {"calendar_sync_notify": True, "no_mail_to_attendees": True}


def all_of_it(stage):
    """Anna (Google) and Carla (Outlook) clean up, Ben has nothing to clean."""
    stage.ensure_connected("anna", ANNA)
    stage.world.ms.user(CARLA, name="Carla Reyes", timezone="W. Europe Standard Time")
    stage.rep("carla").connect("microsoft", stage.world, CARLA)
    stage.settle("carla")
    fill(stage, "anna", 24)
    fill(stage, "carla", 3)
    nothing(stage)
    turning_off(stage)
    removing(stage)
    putting_back(stage)
    outlook(stage)
    by_the_administrator(stage)
    without_connection(stage)


def nothing(stage):
    """The empty state, said in words."""
    stage.connect("ben", BEN)
    empty(stage, "ben")
    page = stage.connections("ben")
    page.click(".o_csp_cleanup")
    page.wait_for_selector(".o_csp_nothing")
    stage.camera.both(page, "cleanup-nothing")


def turning_off(stage):
    """What stays when sync is switched off, and the way to the clean-up."""
    page = stage.connections("anna")
    page.click(f"{CARD % ANNA} .o_csp_toggle")
    page.wait_for_selector(".o_csp_turn_off_clean")
    stage.camera.both(page, "sync-off")
    page.click(".modal .o_csp_close")


def removing(stage):
    """The dry run, the bar while it runs (also on the card, after a reload), and the end."""
    page = opened(stage, "anna", ANNA)
    page.wait_for_selector(".o_csp_counts")
    stage.camera.both(page, "cleanup-plan")
    fault = stage.world.faults.add("delay", user=ANNA, operation="*events.delete", count=0,
                                   seconds=0.7)  # fmt: skip
    page = opened(stage, "anna", ANNA)
    page.click(".o_csp_start")
    page.wait_for_selector(f"{DIALOG} .o_csp_done >> text=/^[1-9]\\d* of/", timeout=30000)
    stage.camera.both(page, "cleanup-running")
    page = stage.connections("anna")
    page.wait_for_selector(f"{CARD % ANNA} .o_csp_cleanup_strip[data-state=running]")
    stage.camera.both(page, "cleanup-card")
    stage.world.faults.remove(fault["id"])
    page.reload()
    page.click(".o_csp_cleanup_details")
    page.wait_for_selector(".o_csp_run[data-state=done]", timeout=60000)
    stage.camera.both(page, "cleanup-done")


def putting_back(stage):
    """Undone: the same number stands there again."""
    page = stage.connections("anna")
    page.click(".o_csp_cleanup_details")
    fault = stage.world.faults.add("delay", user=ANNA, operation="*events.insert", count=0,
                                   seconds=0.5)  # fmt: skip
    page.click(".o_csp_put_back")
    page.wait_for_selector(".o_csp_run[data-state=undoing] .o_csp_done >> text=/^[1-9]\\d* of/",
                           timeout=30000)  # fmt: skip
    stage.camera.shoot(page, "cleanup-putting-back")
    stage.world.faults.remove(fault["id"])
    page.wait_for_selector(".o_csp_run[data-state=undone]", timeout=60000)
    stage.camera.shoot(page, "cleanup-put-back")
    stage.settle("anna")


def outlook(stage):
    """Outlook would e-mail the guests of a removed meeting: the owner decides about each."""
    invite(stage, "carla", "Contract with Nora Lind", 5, GUESTS[:1])
    invite(stage, "carla", "Tour of the plant", 6, GUESTS)
    page = opened(stage, "carla", CARLA)
    page.wait_for_selector(".o_csp_guests")
    stage.camera.both(page, "cleanup-outlook")
    page = opened(stage, "carla", CARLA)
    page.click(".o_csp_start")
    page.wait_for_selector(".o_csp_run[data-state=done] .o_csp_tell", timeout=60000)
    stage.camera.both(page, "cleanup-decide")
    page = stage.connections("carla")
    page.wait_for_selector(".o_csp_cleanup_strip")
    page.click(".o_csp_cleanup_details")
    page.click(".o_csp_tell >> nth=0")
    page.wait_for_selector(f"{DIALOG} >> text=as chosen", timeout=60000)
    stage.camera.shoot(page, "cleanup-told")
    stage.world.clear_mails()


def by_the_administrator(stage):
    """The same card in a user's form."""
    admin = stage.page("admin", f"users/{stage.rep('carla').uid}")
    admin.click("a[name=integrations]")
    admin.click(".o_csp_cleanup_details")
    admin.wait_for_selector(".o_csp_run")
    stage.camera.shoot(admin, "cleanup-by-administrator")


def without_connection(stage):
    """Disconnected: it can't clean up, and says so; its card can be removed."""
    rep = stage.rep("ben")
    rep.call("calendar.sync.account", "disconnect", [[rep.page()["accounts"][0]["id"]]])
    page = stage.connections("ben")
    page.click(".o_csp_cleanup")
    page.wait_for_selector(".o_csp_blocked")
    stage.camera.shoot(page, "cleanup-not-connected")
    page.click(".modal .o_csp_close")
    page.click(".o_csp_remove")
    page.wait_for_selector(".modal .btn-danger")
    stage.camera.shoot(page, "account-remove")
    page.click(".modal .btn-danger")
    page.wait_for_selector(".o_csp_permissions")


# -- helpers ------------------------------------------------------------------------------------
def opened(stage, login, email):
    """The person's page with the wizard open."""
    page = stage.connections(login)
    page.click(f"{CARD % email} .o_csp_cleanup")
    page.wait_for_selector(DIALOG)
    return page


def empty(stage, login):
    """What the demo brought along is no longer planned for that person."""
    rep = stage.rep(login)
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    made_here = [["partner_ids", "in", [partner]], ["appointment_source", "=", "rep"]]
    found = rep.search("calendar.event", made_here, "id")
    stage.rep("admin").call("calendar.event", "unlink", [[row["id"] for row in found]])
    stage.sync(login)
    if rep.account()["problem"]:  # that was nearly everything: the calendar is asked about first
        rep.call("calendar.sync.account", "mass_go_on", [[rep.account()["id"]]])
        stage.sync(login)


def fill(stage, login, count):
    """So many appointments of that person, which have arrived."""
    rep = stage.rep(login)
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    rep.call(
        "calendar.event", "create",
        [[
            {"name": f"Visit {n + 1}", "partner_ids": [[6, 0, [partner]]],
             "start": odoo_time(in_days(1 + n, 7)), "stop": odoo_time(in_days(1 + n, 7), 45)}
            for n in range(count)
        ]],
    )  # fmt: skip
    stage.sync(login)


def invite(stage, login, name, days, guests):
    """An appointment to which the person invited contacts; the calendar has told them."""
    rep = stage.rep(login)
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    values = [{"name": g, "email": f"{g.split()[0].lower()}@else.example"} for g in guests]
    invited = stage.rep("admin").call("res.partner", "create", [values])
    event = {
        "name": name, "partner_ids": [[6, 0, [partner, *invited]]],
        "start": odoo_time(in_days(days, 12)), "stop": odoo_time(in_days(days, 12), 60),
    }  # fmt: skip
    rep.call("calendar.event", "create", [event], context=DEAF)
    stage.sync(login)
