"""Changes that Outlook would announce to guests: where they wait, and how they are decided."""

from .set import CARLA, in_days, odoo_time

NORA, PER, TOMAS = (f"{name}@customer.example" for name in ("nora.lind", "per.holm", "tomas.ek"))


def all_of_it(stage):
    """Carla's meetings, edited in Odoo without telling anybody."""
    outlook(stage)
    planner = invited(stage, "Route planner: second look", 2, (NORA, PER, TOMAS))
    talk = invited(stage, "Price talk", 3, (NORA,))
    gone = invited(stage, "Harbour tour", 4, (PER,))
    start = in_days(3, 14)
    edited(stage, planner, start=odoo_time(start), stop=odoo_time(start, 45))
    edited(stage, talk, location="Pier 7")
    stage.rep("carla").call("calendar.event", "unlink", [[gone]])
    stage.until(lambda: decisions(stage) == 3, "the changes to wait")
    on_the_event(stage, planner)
    on_the_page(stage)
    decided(stage, planner, talk)


def outlook(stage):
    """Carla has Outlook, connected."""
    stage.world.ms.user(CARLA, name="Carla Reyes", timezone="W. Europe Standard Time")
    if not stage.rep("carla").page()["accounts"]:
        stage.rep("carla").connect("microsoft", stage.world, CARLA)
        stage.settle("carla")


def invited(stage, subject, days, guests):
    """A meeting that Carla invited to in Outlook; its number in Odoo."""
    start = in_days(days, 12)
    times = (start, start.replace(minute=45))
    points = [{"dateTime": one.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"} for one in times]
    people = [{"emailAddress": {"address": guest}, "type": "required"} for guest in guests]
    stage.world.ms.add_events(
        CARLA, [{"subject": subject, "start": points[0], "end": points[1], "attendees": people}]
    )
    stage.sync("carla")
    [row] = stage.until(lambda: here(stage, subject), f"{subject} in Odoo")
    return row["id"]


def here(stage, subject):
    """Carla's meetings of that name."""
    return stage.rep("carla").search("calendar.event", [["name", "=", subject]], "id")


def edited(stage, number, **values):
    """A quiet edit in Odoo."""
    stage.rep("carla").call("calendar.event", "write", [[number], values])


def decisions(stage):
    """How many changes wait for Carla."""
    return stage.rep("carla").account()["attention"]["decide"]


def on_the_event(stage, number):
    """The banner, and what Send would do."""
    page = stage.page("carla", f"appointments/{number}")
    page.wait_for_selector(".alert >> text=will tell 3 people")
    stage.camera.both(page, "needs-you-event")
    page = stage.page("carla", f"appointments/{number}")
    page.click("button[name=action_sync_send]")
    page.wait_for_selector(".modal >> text=tells 3 people")
    stage.camera.shoot(page, "needs-you-send")
    page.click(".modal [special=cancel], .modal .btn-secondary")


def on_the_page(stage):
    """Told on the page of connections, decided in the list: also what was deleted in Odoo."""
    page = stage.connections("carla")
    page.wait_for_selector(".o_csp_attention")
    stage.camera.both(page, "needs-you-connections")
    page = stage.connections("carla")
    page.click(".o_csp_show_attention")
    page.wait_for_selector(".o_data_row >> text=Harbour tour")
    stage.camera.shoot(page, "needs-you-list")


def decided(stage, sent, taken_back):
    """One is taken back, one is sent."""
    page = stage.page("carla", f"appointments/{taken_back}")
    page.click("button[name=action_sync_discard]")
    page.wait_for_selector(".modal >> text=nobody is told")
    stage.camera.shoot(page, "needs-you-discard")
    page.click(".modal button[name=action_confirm]:visible")
    page.wait_for_selector(".o_form_view [data-badge=synced]")
    page = stage.page("carla", f"appointments/{sent}")
    page.click("button[name=action_sync_send]")
    page.click(".modal button[name=action_confirm]:visible")
    page.wait_for_selector(".o_form_view [data-badge=synced]")
    stage.settle("carla")
