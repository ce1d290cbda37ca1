"""Carla's calendar is on a real CalDAV server: connecting with a password, and an appointment."""

from e2e.support.dns_server import DnsServer
from scripts.demo_carla import PASSWORD, move_in

from .camera import PHONE
from .set import CARD, CARLA, in_days, odoo_time

CONNECT = "[data-provider=caldav] .o_csp_connect"
MINE = CARD % CARLA
START = ".o_csp_preview_start"
BOOKED = "Fleet cards: quote and questions"
TRUSTED, RESOLVER = "calendar_sync_pro.trusted_hosts", "calendar_sync_pro.dns_server"


def all_of_it(stage):
    """She is asked about a server that she doesn't know, enters her own, and books."""
    server = stage.stack.start_dav()
    move_in(server)
    another_server(stage)
    connected(stage, server)
    appointment(stage, server)


def another_server(stage):
    """Her domain's records name a host of somebody else."""
    with DnsServer() as dns:
        dns.publish(f"_caldavs._tcp.{CARLA.partition('@')[2]}", "SRV", "0 0 8443 localhost.")
        parameter(stage, RESOLVER, dns.address)
        parameter(stage, TRUSTED, "localhost:8443")
        page = form(stage, "")
        page.wait_for_selector(".o_csp_use")
        stage.camera.both(page, "caldav-another-server")
    parameter(stage, RESOLVER, "")


def parameter(stage, name, value):
    """What the administrator enters."""
    stage.rep("admin").call("ir.config_parameter", "set_param", [name, value])


def form(stage, address):
    """The form, filled in and sent."""
    page = stage.connections("carla")
    page.click(CONNECT)
    page.fill("#csp_login_address", address)
    page.fill("#csp_login_username", CARLA)
    page.fill("#csp_login_password", PASSWORD)
    page.keyboard.press("Enter")
    return page


def connected(stage, server):
    """What the first sync would do, her card, and the dropdown with the calendars of the server."""
    stage.stack.configure()
    stage.previews_first_syncs(True)
    page = form(stage, server.url)
    page.wait_for_selector(f"{MINE}[data-status=active]")
    page.wait_for_selector(START)
    stage.camera.shoot(page, "caldav-preview")
    page.click(START)
    page.wait_for_selector(START, state="detached")
    stage.until(lambda: stage.rep("carla").account()["is_sync_on"], "the sync to be on")
    stage.settle("carla")
    page = stage.connections("carla")
    page.wait_for_function("() => !document.querySelector('.o_csp_first')")
    stage.camera.both(page, "caldav-active")
    page = stage.connections("carla")
    page.click(".o_csp_events")
    page.wait_for_selector(".o-dropdown--menu, .dropdown-menu.show")
    stage.camera.shoot(page, "caldav-calendars", point=False)


def appointment(stage, server):
    """It arrived; the server does not answer; it has gone on by itself."""
    rep, start = stage.rep("carla"), in_days(1, 13)
    times = {"start": odoo_time(start), "stop": odoo_time(start, 45), "duration": 0.75}
    [lead] = rep.search("crm.lead", [["user_id", "=", rep.uid]], "id")[:1]
    number = rep.book(lead["id"], name=BOOKED, **times)
    shown(stage, number, "synced", "caldav-synced")
    with stage.tab("carla", PHONE) as phone:
        phone.goto(f"{stage.url}/odoo/appointments/{number}")
        phone.wait_for_selector("[data-badge=synced]")
        stage.camera.shoot(phone, "caldav-synced-phone", PHONE)
    server.stop()
    rep.call("calendar.event", "write", [[number], {"location": "Hafenallee 12"}])
    stage.until(lambda: rep.account()["problem"], "the card to say that nobody answers")
    shown(stage, number, "waiting", "caldav-waiting")
    server.restart()
    stage.sync("carla")
    stage.until(lambda: badge(stage, number) == "synced", "the place to arrive")


def badge(stage, number):
    """The sync state as Carla sees it."""
    return stage.rep("carla").read("calendar.event", number, "sync_badge")["sync_badge"]


def shown(stage, number, state, name):
    """Her appointment in that state."""
    stage.until(lambda: badge(stage, number) == state, f"the appointment to be {state}")
    page = stage.page("carla", f"appointments/{number}")
    page.wait_for_selector(f"[data-badge={state}]")
    stage.camera.shoot(page, name)
