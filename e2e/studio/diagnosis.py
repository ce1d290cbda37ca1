"""Why isn't it synced? Troubles caused at the provider and in Odoo, and how they are mended."""

from .set import ANNA, in_days, odoo_time

DIALOG = ".o_csp_diagnosis"


def all_of_it(stage):
    """Anna's connection, one of her appointments, and a day of her calendar."""
    stage.connect("anna", ANNA)
    well(stage)
    shifted(stage)
    switched_off(stage)
    too_far(stage)
    a_day(stage)
    set_aside(stage)
    revoked(stage)


def opened(stage):
    """The dialog of Anna's connection."""
    page = stage.connections("anna")
    page.click(".o_csp_check")
    page.wait_for_selector(f"{DIALOG} .o_csp_checks")
    return page


def well(stage):
    """Nothing is wrong, and the calendar itself says so."""
    page = opened(stage)
    page.click(".modal .o_csp_ask")
    page.wait_for_selector(f"{DIALOG} [data-check=asked]")
    stage.camera.both(page, "diagnosis-well")
    page = opened(stage)
    page.click(".modal .o_csp_copy")
    page.wait_for_selector("#csp_copied_text")
    stage.camera.shoot(page, "diagnosis-copied")


def shifted(stage):
    """Odoo shows other clock times than the calendar: one click, and back."""
    rep = stage.rep("anna")
    rep.call("res.users", "write", [[rep.uid], {"tz": "America/New_York"}])
    page = opened(stage)
    page.wait_for_selector(".o_csp_main[data-check=zones]")
    stage.camera.shoot(page, "diagnosis-zones")
    page.click(".o_csp_main [data-fix=set_zone]")
    page.wait_for_selector(f"{DIALOG} .o_csp_done")
    stage.camera.both(page, "diagnosis-mended")


def switched_off(stage):
    """Sync is off, and more is wrong behind it."""
    rep = stage.rep("anna")
    number = rep.account()["id"]
    rep.call("calendar.sync.account", "set_sync", [[number], False])
    page = opened(stage)
    page.wait_for_selector(".o_csp_main[data-check=toggle]")
    stage.camera.both(page, "diagnosis-off")
    rep.call("calendar.sync.account", "set_sync", [[number], True])
    stage.settle("anna")


def too_far(stage):
    """An appointment beyond the synced days."""
    rep = stage.rep("anna")
    start = in_days(200, 9)
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    values = {
        "name": "Yearly review", "start": odoo_time(start), "stop": odoo_time(start, 60),
        "partner_ids": [[6, 0, [partner]]],
    }  # fmt: skip
    made = rep.call("calendar.event", "create", [values])
    number = made[0] if isinstance(made, list) else made
    stage.settle("anna")
    page = stage.page("anna", f"appointments/{number}")
    page.click("a[name=calendar_sync]")
    stage.camera.shoot(page, "diagnosis-on-appointment")
    page.click(".o_csp_why")
    page.wait_for_selector(".o_csp_main[data-check=window]")
    stage.camera.both(page, "diagnosis-appointment")


def a_day(stage):
    """Entries of the calendar that are not in Odoo, and why."""
    day = in_days(2, 8)
    people = [{"email": "ben@northwind.example"}], [], [{"email": "mia@customer.example"}]
    for number, guests in enumerate(people):
        start, stop = (day.replace(hour=8 + 2 * number + more).isoformat() for more in (0, 1))
        body = {"summary": "An entry", "start": {"dateTime": start}, "end": {"dateTime": stop},
                "attendees": guests}  # fmt: skip
        stage.api(ANNA, "POST", "primary/events", body)
    stage.sync("anna")
    page = opened(stage)
    page.click(".o_csp_entries summary")
    page.fill("#csp_entry_day", day.date().isoformat())
    page.click(".o_csp_look")
    page.wait_for_selector(".o_csp_found")
    page.evaluate("document.querySelector('.o_csp_found').scrollIntoView(false)")
    stage.camera.shoot(page, "diagnosis-entries")


def set_aside(stage):
    """A meeting that cannot be read any more: told on the appointment, with its reason."""
    day = in_days(3, 9)
    times = [{"dateTime": day.replace(hour=hour).isoformat()} for hour in (9, 10)]
    body = {"summary": "Depot visit", "start": times[0], "end": times[1],
            "attendees": [{"email": "mia@customer.example"}]}  # fmt: skip
    made = stage.api(ANNA, "POST", "primary/events", body)
    stage.sync("anna")
    number = stage.here("Depot visit")
    stage.world.corrupt_event(ANNA, made["id"], start={"dateTime": "soon"})
    stage.sync("anna")
    stage.until(lambda: stage.badge(number) == "problem", "the trouble to be told")
    page = stage.page("anna", f"appointments/{number}")
    page.click(".alert .o_csp_why")
    page.wait_for_selector(".o_csp_main[data-check=standing]")
    stage.camera.shoot(page, "diagnosis-set-aside")
    page.click(".modal .o_csp_close")
    stage.camera.shoot(page, "diagnosis-in-the-alert")


def revoked(stage):
    """Found by asking the calendar; Reconnect stands beside it."""
    stage.world.revoke_grant(ANNA)
    page = opened(stage)
    page.click(".modal .o_csp_ask")
    page.wait_for_selector(".o_csp_main[data-check=connection]")
    stage.camera.both(page, "diagnosis-reconnect")
