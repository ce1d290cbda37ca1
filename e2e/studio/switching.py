"""The steps of a switch: a second factor, a test appointment, and what the company allows."""

from .admin import settings
from .set import ANNA, CARD

ACTIVE = f"{CARD % ANNA}[data-status=active]"
SLOW_S = 6


def all_of_it(stage):
    """Anna signs in with a code, tries her calendar out; the company switches a provider off."""
    second_factor(stage)
    tried_out(stage)
    invitations(stage)
    switched_off(stage)


def second_factor(stage):
    """The provider's own page asks for the code, and all goes on as ever."""
    stage.world.change_user(ANNA, mfa_required=True)
    page = stage.connections("anna")
    if page.locator(ACTIVE).count():
        stage.world.change_user(ANNA, mfa_required=False)
        return
    window = stage.sign_in(page, ANNA)
    window.wait_for_selector("input[name=otp]")
    stage.camera.shoot(window, "sign-in-second-factor", (520, 480))
    window.fill("input[name=otp]", "123456")
    window.click("button[value=allow]")
    page.wait_for_selector(ACTIVE)
    stage.world.change_user(ANNA, mfa_required=False)


def tried_out(stage):
    """Booked, under way, arrived and removed; and where the calendar refuses."""
    stage.ensure_connected("anna", ANNA)
    stage.settle("anna")
    page = stage.connections("anna")
    page.click(".o_csp_switching summary")
    slow = stage.world.faults.add(
        "delay", user=ANNA, operation="*events.insert", count=1, seconds=SLOW_S
    )
    page.click(".o_csp_book_trial")
    page.wait_for_selector(".o_csp_trial[data-state=waiting]")
    stage.camera.shoot(page, "connections-test-appointment")
    page.wait_for_selector(".o_csp_trial[data-state=passed]", timeout=60000)
    stage.world.faults.remove(slow["id"])
    stage.camera.both(page, "connections-test-passed")
    stage.world.faults.add("error", user=ANNA, operation="*events.insert", count=9, status=403)
    page.click(".o_csp_book_trial")
    page.wait_for_selector(".o_csp_trial[data-state=failed]", timeout=60000)
    stage.camera.shoot(page, "connections-test-failed")
    stage.world.faults.clear()


def invitations(stage):
    """Why an invitation may be missing."""
    page = stage.connections("anna")
    page.click(".o_csp_invitations summary")
    page.locator(".o_csp_invitations").scroll_into_view_if_needed()
    stage.camera.both(page, "connections-invitations")


def switched_off(stage):
    """The administrator switches a provider off; whoever has not connected it reads why."""
    page = settings(stage)
    switch = "[data-provider=google] .o_csp_provider_switch"
    page.click(switch)
    page.wait_for_selector("[data-provider=google] >> text=goes on")
    stage.camera.shoot(page, "settings-switched-off")
    other = stage.connections("ben")
    if other.locator(".o_csp_add").count():
        other.click(".o_csp_add")
    other.wait_for_selector(".o_csp_off")
    stage.camera.both(other, "connections-switched-off")
    page.click(switch)
    page.wait_for_selector("[data-provider=google] >> text=goes on", state="detached")
