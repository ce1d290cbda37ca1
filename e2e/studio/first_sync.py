"""The first sync, as a series: what it would do, its progress, what it did, journal, undoing."""

from .set import ANNA, BEN, CARD, at, in_days, odoo_time

DIALOG = ".o_csp_preview_dialog"
STATE = f"{DIALOG} .o_csp_preview[data-state=%s]"
CUSTOMER = [{"email": "nora@else.example", "displayName": "Nora Lind"}]


def all_of_it(stage):
    """Anna (Google) connects a calendar that is full already; Ben's is empty."""
    stage.previews_first_syncs(True)
    full(stage)
    preview(stage)
    running(stage)
    journal(stage)
    conflict(stage)
    undo(stage)
    stage.previews_first_syncs(False)
    mass(stage)
    twins(stage)


def full(stage):
    """Meetings with customers, private entries and a series there; appointments here."""
    for n in range(6):
        body = {"summary": f"Tour of the plant {n + 1}", "attendees": CUSTOMER}
        made(stage, ANNA, body, in_days(2 + n, 8))
    for title in ("Dentist", "Piano lesson"):
        made(stage, ANNA, {"summary": title, "visibility": "private"}, in_days(5, 15))
    body = {"summary": "Weekly with Nora", "attendees": CUSTOMER,
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=8"]}  # fmt: skip
    made(stage, ANNA, body, in_days(3, 13))


def made(stage, email, body, start):
    """An event on that person's calendar at the provider."""
    times = {"start": at(start), "end": at(start, 60)}
    return stage.api(email, "POST", "primary/events", {**body, **times})


def preview(stage):
    """It opens after signing in; each list with its reasons."""
    page = stage.connections("anna")
    fault = stage.world.faults.add("delay", user=ANNA, operation="*events.list", count=2, seconds=3)
    stage.sign_in(page, ANNA)
    page.wait_for_selector(STATE % "reading")
    stage.camera.shoot(page, "first-sync-reading")
    stage.world.faults.remove(fault["id"])
    page.wait_for_selector(STATE % "ready", timeout=60000)
    stage.camera.both(page, "first-sync-preview")
    page = stage.connections("anna")
    page.wait_for_selector(".o_csp_preview_strip[data-state=ready]")
    stage.camera.both(page, "first-sync-card")
    page = stage.connections("anna")
    page.click(".o_csp_preview_open")
    page.click("[data-side=kept_out]")
    page.wait_for_selector(f"{DIALOG} >> text=Private")
    stage.camera.shoot(page, "first-sync-kept-out")
    page.fill("#csp_preview_ahead", "30")
    page.select_option("#csp_preview_import", "everything")
    page.wait_for_selector(f"{DIALOG} >> text=before you start")
    stage.camera.shoot(page, "first-sync-choices")


def running(stage):
    """The bar while it runs, and what was done."""
    page = stage.connections("anna")
    page.click(".o_csp_preview_open")
    fault = stage.world.faults.add("delay", user=ANNA, operation="*events.insert", count=0,
                                   seconds=3)  # fmt: skip
    page.click(".o_csp_preview_start")
    page.wait_for_selector(f"{DIALOG} .o_csp_done >> text=/^[1-9]\\d* of/", timeout=60000)
    stage.camera.both(page, "first-sync-running")
    stage.world.faults.remove(fault["id"])
    page = stage.connections("anna")
    page.click(".o_csp_preview_open")
    page.wait_for_selector(STATE % "done", timeout=90000)
    stage.camera.both(page, "first-sync-done")
    stage.settle("anna")


def journal(stage):
    """What was changed, by which side, from what to what and why; also on the appointment."""
    number = stage.here("Tour of the plant 1")
    rep = stage.rep("anna")
    rep.call("calendar.event", "write", [[number], {"location": "Gate 4"}])
    stage.sync("anna")
    moved = made(stage, ANNA, {"summary": "Site visit", "attendees": CUSTOMER}, in_days(9, 9))
    stage.sync("anna")
    later = in_days(9, 11)
    changes = {"start": at(later), "end": at(later, 60), "location": "Hall 2"}
    stage.api(ANNA, "PATCH", f"primary/events/{moved['id']}", changes)
    stage.sync("anna")
    page = stage.page("anna", "sync-journal")
    page.wait_for_selector("tr.o_data_row")
    stage.camera.shoot(page, "journal")
    page = stage.page("anna", f"calendar/{stage.here('Site visit')}")
    page.wait_for_selector(".o_form_view")
    page.click("a[name=calendar_sync]")
    page.wait_for_selector(".o_csp_undo")
    page.locator(".o_calendar_sync_story").scroll_into_view_if_needed()
    stage.camera.shoot(page, "journal-of-an-appointment")
    page.click(".o_csp_undo >> nth=0")
    page.wait_for_selector(".modal .btn-primary")
    stage.camera.shoot(page, "journal-undo")
    page.click(".modal .btn-primary")
    page.wait_for_selector(".o_csp_undone")
    stage.camera.shoot(page, "journal-undone", keep_toasts=True)
    stage.settle("anna")


def conflict(stage):
    """The place was changed on both sides: the value that lost is kept; a click restores it."""
    number = stage.here("Site visit")
    [there] = stage.api(ANNA, "GET", "primary/events", q="Site visit")["items"]
    stage.api(ANNA, "PATCH", f"primary/events/{there['id']}", {"location": "Hall 2, gate 5"})
    stage.rep("anna").call("calendar.event", "write", [[number], {"location": "Canteen"}])
    stage.sync("anna")
    page = stage.page("anna", "sync-journal")
    page.wait_for_selector("tr.o_data_row button[name=action_restore]")
    stage.camera.shoot(page, "journal-conflict")
    page.click("tr.o_data_row button[name=action_restore]")
    page.wait_for_selector(".modal .btn-primary")
    stage.camera.shoot(page, "journal-restore")
    page.click(".modal .btn-primary")
    page.wait_for_selector("tr.o_data_row:has(button[name=action_restore])", state="detached")
    page = stage.page("anna", f"calendar/{number}")
    page.wait_for_selector(".o_form_view")
    page.click("a[name=calendar_sync]")
    page.wait_for_selector(".o_calendar_sync_story")
    page.locator(".o_calendar_sync_story").scroll_into_view_if_needed()
    stage.camera.shoot(page, "journal-restored")
    stage.settle("anna")


def undo(stage):
    """A run with what it did, and the first sync taken back."""
    page = stage.page("anna", "sync-runs")
    page.wait_for_selector("tr.o_data_row")
    stage.camera.shoot(page, "runs")
    page = stage.connections("anna")
    page.click(".o_csp_preview_open")
    page.click(".o_csp_preview_undo")
    page.wait_for_selector(".modal .btn-danger")
    stage.camera.shoot(page, "first-sync-undo")
    page.click(".modal .btn-danger")
    page.wait_for_selector(f"{DIALOG} [data-undo=undone]", timeout=90000)
    stage.camera.shoot(page, "first-sync-undone")
    page = stage.page("anna", "sync-runs")
    page.click("tr.o_data_row >> text=First sync")
    page.wait_for_selector(".o_form_view >> text=undone")
    stage.camera.shoot(page, "run-undone")


def mass(stage):
    """Ben deletes nearly everything in Odoo: the calendar is asked about first."""
    stage.connect("ben", BEN)
    rep = stage.rep("ben")
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    names = [f"Visit {n + 1}" for n in range(20)]
    values = [
        {"name": name, "partner_ids": [[6, 0, [partner]]], "start": odoo_time(in_days(1 + n, 7)),
         "stop": odoo_time(in_days(1 + n, 7), 45)}
        for n, name in enumerate(names)
    ]  # fmt: skip
    numbers = rep.call("calendar.event", "create", [values])
    stage.sync("ben")
    rep.call("calendar.event", "unlink", [numbers])
    page = stage.connections("ben")
    page.wait_for_selector(f"{CARD % BEN} .o_csp_mass_go_on", timeout=60000)
    stage.camera.both(page, "mass-removal")


def twins(stage):
    """What a former sync left twice, before it is merged."""
    rep = stage.rep("ben")
    partner = rep.read("res.users", rep.uid, "partner_id")["partner_id"][0]
    for place in ("", "Pier 7"):
        start = in_days(4, 10)
        rep.call("calendar.event", "create", [
            {"name": "Handover of the keys", "partner_ids": [[6, 0, [partner]]],
             "location": place, "start": odoo_time(start), "stop": odoo_time(start, 60)},
        ])  # fmt: skip
    page = stage.page("ben", "calendar")
    page.click(
        "[data-menu-xmlid='calendar.calendar_menu_config'], button:has-text('Configuration')"
    )
    page.click("text=Find Duplicates")
    page.wait_for_selector(".modal tr.o_data_row")
    stage.camera.shoot(page, "duplicates")
