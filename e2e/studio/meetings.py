"""After and around the meeting: outcome and follow-up, invitations from customers, the team."""

from datetime import UTC, datetime, timedelta

from .appointments import opened
from .leads import LEAD, lead_id
from .set import ANNA, at, in_days, odoo_time

STRANGER = "sue.stranger@harbourline.example"
MIA = "mia.lindqvist@fjordline.example"


def all_of_it(stage):
    """Anna tells what came of her meetings; invitations come in; Carla looks at the team."""
    stage.ensure_connected("anna", ANNA)
    outcome(stage)
    texts(stage)
    invited(stage)
    team(stage)


def held(stage, name, hours=26):
    """An appointment with Mia that is over."""
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours)
    times = {"start": odoo_time(start), "stop": odoo_time(start, 60), "duration": 1.0}
    number = stage.rep("anna").book(lead_id(stage, LEAD), name=name, **times)
    return number[0] if isinstance(number, list) else number


def outcome(stage):
    """Over: the time is locked; it did not take place; the follow-up is one click away."""
    number = held(stage, "Route planner: third look")
    page = stage.page("anna", f"appointments/{number}")
    page.wait_for_selector("button[name=action_completed]")
    stage.camera.shoot(page, "appointment-past")
    page.click("button[name=action_not_completed]")
    page.wait_for_selector(".ribbon >> text=Not completed")
    stage.camera.shoot(page, "appointment-not-completed")
    page.locator("button[name=action_follow_up]:visible").first.click()
    page.wait_for_selector(".modal [name=name]")
    stage.camera.shoot(page, "appointment-follow-up")
    page.click(".modal button:has-text('Save without inviting')")
    page.wait_for_selector(".modal", state="detached")
    page = stage.page("anna", f"appointments/{number}")
    page.wait_for_selector("button[name=action_view_follow_ups]")
    stage.camera.shoot(page, "appointment-followed-up")


def texts(stage):
    """What participants read, and what only colleagues do."""
    number = stage.here("Route planner: third look")
    page = stage.page("anna", f"appointments/{number}")
    page.click("a[name=agenda]")
    page.wait_for_selector("div[name=description]")
    stage.camera.shoot(page, "appointment-agenda")


def invited(stage):
    """Mia invites Anna together with somebody whom nobody knows."""
    start = in_days(6, 9)
    body = {
        "summary": "Harbour walk with Fjordline", "start": at(start), "end": at(start, minutes=60),
        "attendees": [{"email": ANNA}, {"email": STRANGER, "displayName": "Sue Stranger"}],
    }  # fmt: skip
    stage.api(MIA, "POST", "primary/events", body)
    stage.sync("anna")
    number = stage.until(lambda: stage.here("Harbour walk with Fjordline"), "the invitation")
    page = opened(stage, number, "synced")
    page.wait_for_selector("div[name=unknown_guest_ids]")
    stage.camera.shoot(page, "appointment-invited")


def team(stage):
    """The manager's board and figures."""
    for hours, told in ((50, "completed"), (74, "completed"), (98, "no_show")):
        number = held(stage, f"Visit {hours}", hours)
        stage.rep("anna").call("calendar.event", f"action_{told}", [[number]])
    page = stage.page("carla", "team-appointments")
    page.wait_for_selector(".o_kanban_group, .o_view_nocontent")
    stage.camera.shoot(page, "team-board")
    page = stage.page("carla", "appointment-analysis")
    page.wait_for_selector(".o_graph_renderer canvas")
    stage.camera.shoot(page, "appointment-analysis")
    page.click(".o_switch_view.o_pivot")
    page.wait_for_selector(".o_pivot table")
    stage.camera.shoot(page, "appointment-analysis-pivot")
