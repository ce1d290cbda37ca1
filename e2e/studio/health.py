"""How everybody's calendars stand, for the administrator."""

from .set import ANNA, BEN, CARLA, in_days

BOARD = "calendar-accounts"


def all_of_it(stage):
    """Ben has to sign in again, and an event of Anna's can't be understood."""
    for login, email in (("anna", ANNA), ("ben", BEN), ("carla", CARLA)):
        stage.ensure_connected(login, email)
    trouble(stage)
    board(stage)
    asked(stage)
    set_aside(stage)
    one_account(stage)
    figures(stage)
    app(stage)
    paused(stage)


def trouble(stage):
    """What the providers do to them."""
    event = stage.api(ANNA, "POST", "primary/events", timed("Harbour tour"))
    stage.world.corrupt_event(ANNA, event["id"], recurrence=["RRULE:FREQ=NEVER"])
    stage.api(ANNA, "PATCH", f"primary/events/{event['id']}", {"location": "Gate 2"})
    stage.sync("anna")
    stage.world.ms.revoke_grant(BEN)
    stage.world.ms.expire_access_tokens(BEN)
    ben = stage.rep("ben")
    ben.call("calendar.sync.account", "sync_now", [[ben.account()["id"]]])
    stage.until(lambda: ben.account()["status"] == "reconnect_required", "Ben's trouble")
    admin = stage.rep("admin")
    apps = admin.search("calendar.sync.oauth.app", [["provider", "=", "microsoft"]], "id")
    soon = {"secret_expires_on": in_days(20, 9).date().isoformat()}
    admin.call("calendar.sync.oauth.app", "write", [[apps[0]["id"]], soon])


def timed(title):
    """An event of one hour the day after tomorrow, as Google's API takes it."""
    start = in_days(2, 10)
    return {
        "summary": title,
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": start.replace(hour=11).isoformat()},
    }


def opened(stage):
    """The board in the administrator's browser."""
    page = stage.page("admin", BOARD)
    page.wait_for_selector(".o_csp_tile")
    page.wait_for_selector(".o_data_row")
    return page


def board(stage):
    """The list with its numbers, and the same as cards."""
    page = opened(stage)
    stage.camera.shoot(page, "health-board")
    page.click(".o_switch_view.o_kanban")
    page.wait_for_selector(".o_kanban_record:not(.o_kanban_ghost)")
    stage.camera.shoot(page, "health-cards")


def asked(stage):
    """Ben is asked to sign in again: one message, and what he reads."""
    page = opened(stage)
    page.click(".o_csp_tile[data-tile=broken]")
    page.wait_for_selector(".o_csp_tile[data-tile=broken][aria-pressed=true]")
    page.click(".o_data_row button[name=action_ask_reconnect]")
    page.wait_for_selector(".modal footer .btn-primary")
    stage.camera.shoot(page, "health-ask")
    page.click(".modal footer .btn-primary")
    page.wait_for_selector(".o_notification")
    stage.camera.shoot(page, "health-asked", keep_toasts=True)


def set_aside(stage):
    """What was set aside, by whom and why."""
    page = opened(stage)
    page.click(".o_data_row button[name=action_open_troubles]")
    page.wait_for_selector(".o_breadcrumb >> text=Events Set Aside")
    page.wait_for_selector(".o_data_row")
    stage.camera.shoot(page, "health-set-aside")


def one_account(stage):
    """An account's form as the administrator has it."""
    page = opened(stage)
    page.click(".o_data_row:has-text('Anna') td[name=last_sync]")
    page.wait_for_selector(".o_form_view .o_csp_account")
    stage.camera.shoot(page, "health-account")


def figures(stage):
    """The hours behind it, as a graph and as a table."""
    page = stage.page("admin", "sync-figures")
    page.wait_for_selector(".o_graph_renderer canvas")
    page.wait_for_timeout(1500)  # the bars grow
    stage.camera.shoot(page, "health-figures")
    page.click(".o_switch_view.o_pivot")
    page.wait_for_selector(".o_pivot table")
    stage.camera.shoot(page, "health-figures-pivot")


def app(stage):
    """Credentials that end soon."""
    page = opened(stage)
    page.click(".o_csp_board .alert button")
    page.wait_for_selector(".o_form_view [name=secret_expires_on]")
    stage.camera.shoot(page, "health-secret")


def paused(stage):
    """Everybody is paused, and the undo is offered."""
    page = opened(stage)
    page.click("thead .o_list_record_selector input")
    page.click("button[name=action_pause]")
    page.wait_for_selector(".o_notification >> text=Undo")
    stage.camera.shoot(page, "health-paused", keep_toasts=True)
    page.click(".o_notification >> text=Undo")
    page.wait_for_selector(".o_csp_tile[data-tile=paused][data-count='0']")
