"""The appointment: its form, its lists, the calendar."""

from .camera import PHONE
from .leads import LEAD, lead_id
from .set import ANNA, at, in_days, odoo_time

MIA = "mia.lindqvist@fjordline.example"
SYNC_TAB = "a[name=calendar_sync]"


def all_of_it(stage):
    """One appointment through its life, then the lists."""
    stage.ensure_connected("anna", ANNA)
    number = booked(stage, "Route planner: second look", days=2)
    synced(stage, number)
    waiting(stage, number)
    story(stage, number)
    not_writable(stage)
    broken(stage)
    cancelled(stage)
    lists(stage)
    people(stage)
    calendar(stage)


def synced(stage, number):
    """It stands in the calendar."""
    page = opened(stage, number, "synced")
    stage.camera.shoot(page, "appointment-synced")
    with stage.tab("anna", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/appointments/{number}")
        phone.wait_for_selector("[data-badge=synced]")
        stage.camera.shoot(phone, "appointment-synced-phone", PHONE)


def waiting(stage, number):
    """Changed here while the provider does not answer."""
    stage.world.faults.add("delay", user=ANNA, operation="*events.*", count=0, seconds=20)
    stage.rep("anna").call("calendar.event", "write", [[number], {"location": "Pier 7"}])
    stage.camera.shoot(opened(stage, number, "waiting"), "appointment-waiting")
    stage.world.faults.clear()
    stage.synced(number)


def story(stage, number):
    """Edited on both sides while they could not talk; the Sync tab tells it."""
    there, start = stage.there(ANNA, number), in_days(2, 14)
    stage.world.faults.add("error", user=ANNA, operation="*events.*", count=0, status=503)
    times = {"start": at(start), "end": at(start, minutes=60)}
    titles = {"summary": "Route planner with Oskar"}
    stage.rep("anna").call(
        "calendar.event", "write", [[number], {"name": "Route planner: decision"}]
    )
    stage.world.faults.clear()
    stage.api(ANNA, "PATCH", f"primary/events/{there['id']}", {**times, **titles})
    stage.sync("anna")
    stage.synced(number)
    page = opened(stage, number, "synced")
    page.click(SYNC_TAB)
    page.wait_for_selector(".o_calendar_sync_story li")
    page.locator(".o_calendar_sync_story").scroll_into_view_if_needed()
    stage.camera.shoot(page, "appointment-sync-tab")


def not_writable(stage):
    """Mia's meeting, which Anna moved in Odoo: the calendar does not let her."""
    start = in_days(3, 9)
    body = {
        "summary": "Steering committee", "attendees": [{"email": ANNA}],
        "start": at(start), "end": at(start, minutes=60),
    }  # fmt: skip
    stage.api(MIA, "POST", "primary/events", body)
    stage.sync("anna")
    number = stage.until(lambda: stage.here("Steering committee"), "Mia's meeting")
    times = {"start": odoo_time(start, 90), "stop": odoo_time(start, 150)}
    stage.rep("anna").call("calendar.event", "write", [[number], times])
    stage.until(lambda: stage.badge(number) == "problem", "the refusal")
    stage.camera.shoot(opened(stage, number, "problem"), "appointment-needs-you")


def broken(stage):
    """An event that can no longer be understood."""
    number = booked(stage, "Harbour tour", days=4)
    there = stage.there(ANNA, number)
    stage.world.corrupt_event(ANNA, there["id"], recurrence=["RRULE:FREQ=NEVER"])
    stage.api(ANNA, "PATCH", f"primary/events/{there['id']}", {"location": "Gate 2"})
    stage.sync("anna")
    stage.until(lambda: stage.badge(number) == "problem", "the quarantine")
    stage.camera.shoot(opened(stage, number, "problem"), "appointment-broken")


def cancelled(stage):
    """Cancelling asks why; deleted at the provider, it is cancelled here and the lead knows."""
    number = booked(stage, "Price talk", days=5)
    page = opened(stage, number, "synced")
    page.click("button[name=action_cancel_appointment]")
    page.wait_for_selector(".modal [name=reason]")
    stage.camera.shoot(page, "appointment-cancel")
    stage.api(ANNA, "DELETE", f"primary/events/{stage.there(ANNA, number)['id']}")
    stage.sync("anna")
    page = stage.page("anna", f"appointments/{number}")
    page.wait_for_selector(".ribbon >> text=Cancelled")
    stage.camera.shoot(page, "appointment-cancelled")
    page = stage.page("anna", f"crm/{lead_id(stage, LEAD)}")
    page.locator(".o-mail-Message", has_text="Cancelled").first.scroll_into_view_if_needed()
    stage.camera.shoot(page, "lead-timeline")


def lists(stage):
    """What comes next; the filters; what needs attention."""
    page = stage.page("anna", "appointments")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "appointments")
    page.click(".o_searchview_dropdown_toggler")
    page.wait_for_selector(".o_filter_menu")
    stage.camera.shoot(page, "appointments-filters")
    with stage.tab("anna", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/appointments")
        phone.wait_for_selector(".o_kanban_record")
        stage.camera.shoot(phone, "appointments-phone", PHONE)


def people(stage):
    """A contact and its appointments."""
    rep = stage.rep("anna")
    [mia] = rep.search("res.partner", [["email", "=", MIA]], "id")
    page = stage.page("anna", f"contacts/{mia['id']}")
    page.wait_for_selector("button[name=action_view_appointments]")
    stage.camera.shoot(page, "contact")
    page.click("button[name=action_view_appointments]")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "contact-appointments")


def calendar(stage):
    """The week, and an appointment in it."""
    page = stage.page("anna", "calendar")
    page.wait_for_selector(".fc-event")
    page.click(".o_next, .o_calendar_button_next")
    page.wait_for_timeout(800)
    stage.camera.shoot(page, "calendar")
    page.locator(".fc-event", has_text="Route planner").first.click()
    page.wait_for_selector(".o_popover, .o_cw_popover")
    stage.camera.shoot(page, "calendar-appointment")


# -- helpers ------------------------------------------------------------------------------------
def booked(stage, name, days):
    """Anna has booked an appointment with Mia from the lead's card, and it has arrived."""
    start = in_days(days, 12)
    times = {"start": odoo_time(start), "stop": odoo_time(start, 45), "duration": 0.75}
    number = stage.rep("anna").book(lead_id(stage, LEAD), name=name, **times)
    number = number[0] if isinstance(number, list) else number
    stage.synced(number)
    return number


def opened(stage, number, badge):
    """Anna's tab with the appointment's form, which shows that badge."""
    page = stage.page("anna", f"appointments/{number}")
    page.wait_for_selector(f".o_form_view [data-badge={badge}]")
    return page
