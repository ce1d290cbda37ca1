"""Rooms and availability: the tab, the panel beside the appointment, and in the calendar."""

from .appointments import booked, opened
from .camera import PHONE
from .set import ANNA, BEN, CARLA

ROOMS = "a[name=rooms]"
PANEL = ".o_csp_availability"


def all_of_it(stage):
    """Anna looks for a room and for a time that suits Mia and her colleagues."""
    stage.rep("admin").call("res.company", "write", [[1], {"sync_preview_first": False}])
    stage.ensure_connected("anna", ANNA)
    stage.ensure_connected("ben", BEN)
    rep = stage.rep("anna")
    rep.call("calendar.sync.account", "refresh_rooms", [[rep.account()["id"]]])
    number = booked(stage, "Route planner: workshop", days=6)
    with_colleagues(stage, number)
    rooms(stage, number)
    declined(stage)
    panel(stage, number)
    in_calendar(stage)
    kept(stage)


def with_colleagues(stage, number):
    """Ben and Carla take part too."""
    people = stage.rep("anna").search(
        "res.users", [["login", "in", ["ben", "carla"]]], "partner_id"
    )
    links = [[4, person["partner_id"][0]] for person in people]
    stage.rep("anna").call(
        "calendar.event", "write", [[number], {"partner_ids": links}],
        context={"no_mail_to_attendees": True},
    )  # fmt: skip


def rooms(stage, number):
    """What is free, then what was booked."""
    page = opened(stage, number, "synced")
    page.click(ROOMS)
    page.wait_for_selector(".o_csp_room[data-state=free]")
    page.locator(".o_csp_rooms").scroll_into_view_if_needed()
    stage.camera.shoot(page, "appointment-rooms")
    page.click(".o_csp_room[data-room=Elbe] button")
    page.wait_for_selector(".o_csp_room_booked[data-room=Elbe]")
    stage.synced(number)
    stage.sync("anna")
    page = opened(stage, number, "synced")
    page.click(ROOMS)
    page.wait_for_selector(".o_csp_room_booked .text-bg-success")
    page.locator(".o_csp_rooms").scroll_into_view_if_needed()
    stage.camera.shoot(page, "appointment-room-booked")


def declined(stage):
    """Somebody was faster: the room says no."""
    number = booked(stage, "Contract talk", days=6)
    stage.world.faults.clear()
    page = opened(stage, number, "synced")
    [room] = stage.rep("anna").search("calendar.sync.room", [["name", "=", "Alster"]], "address")
    there = stage.there(ANNA, number)
    body = {
        "summary": "Board", "start": there["start"], "end": there["end"],
        "attendees": [{"email": room["address"]}],
    }  # fmt: skip
    rooms_id = room["id"]
    stage.rep("anna").call("calendar.event", "book_room", [[number], rooms_id])
    stage.api(CARLA, "POST", "primary/events", body)
    stage.sync("anna")
    stage.until(lambda: stage.badge(number) == "problem", "the room's refusal", 30)
    page = opened(stage, number, "problem")
    stage.camera.shoot(page, "appointment-room-declined")


def panel(stage, number):
    """Everybody's day beside the appointment; on the telephone too."""
    page = opened(stage, number, "synced")
    page.click(".o_csp_availability_all")
    page.wait_for_selector(f"{PANEL}_slot, {PANEL} .btn-link")
    stage.camera.shoot(page, "appointment-availability")
    page.keyboard.press("Escape")
    with stage.tab("anna", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/appointments/{number}")
        phone.click(".o_csp_availability_all")
        phone.wait_for_selector(f"{PANEL}_slot, {PANEL} .btn-link")
        stage.camera.shoot(phone, "appointment-availability-phone", PHONE)


def in_calendar(stage):
    """A colleague's name in the list beside the week."""
    page = stage.page("anna", "calendar")
    page.wait_for_selector(f"{PANEL}_person_button")
    page.locator(f"{PANEL}_person_button").first.click()
    page.wait_for_selector(f"{PANEL}_day")
    stage.camera.shoot(page, "calendar-availability")
    page.keyboard.press("Escape")


def kept(stage):
    """The administrator's list of rooms."""
    page = stage.page("admin", "meeting-rooms")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "meeting-rooms")
