"""The sandbox's pages: the provider as a person sees it."""

from .camera import PHONE
from .set import ANNA


def all_of_it(stage):
    """Who is there, a week with faults and mails, an event."""
    week = f"{stage.stack.sandbox.url}/page/google/{ANNA}"
    page = stage.stranger(stage.stack.sandbox.info["page"])
    stage.camera.shoot(page, "sandbox-home")
    page.goto(week)
    page.click("text=›")
    page.click("button:has-text('Too many requests')")
    page.wait_for_selector(".active form, .active button")
    stage.camera.shoot(page, "sandbox-week")
    page.locator(".event", has_text="contract details").first.click()
    page.check("text=Mail the guests")
    stage.camera.shoot(page, "sandbox-event")
    page.fill("input[name=location]", "Phone")
    page.click("button:has-text('Save')")
    page.wait_for_selector(".mails li")
    page.locator(".mails").scroll_into_view_if_needed()
    stage.camera.shoot(page, "sandbox-mails")
    page.context.close()
    phone = stage.stranger(week, PHONE)
    phone.click("text=›")
    stage.camera.shoot(phone, "sandbox-week-phone", PHONE)
    phone.locator(".event", has_text="contract details").first.click()
    stage.camera.shoot(phone, "sandbox-event-phone", PHONE)
    phone.context.close()
    stage.world.faults.clear()
    stage.world.clear_mails()
