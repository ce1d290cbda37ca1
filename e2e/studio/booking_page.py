"""The public booking page, as a customer's telephone and desk see it."""

from .camera import DESK, PHONE
from .set import ANNA, BEN

PAGE = "/book/northwind"
MIA = {"name": "Mia Lindqvist", "email": "mia.lindqvist@fjordline.example", "phone": "+4930123456"}
SLOT = ".o_booking_slot"
GO = ".o_booking_go"


def all_of_it(stage):
    """Mia books on her telephone, moves it, and cancels; then the same page at her desk."""
    stage.ensure_connected("anna", ANNA)
    stage.ensure_connected("ben", BEN)
    phone = stage.stranger(f"{stage.url}{PAGE}", PHONE)
    on_the_way(stage, phone, PHONE, "-phone")
    afterwards(stage, phone)
    phone.context.close()
    desk = stage.stranger(f"{stage.url}{PAGE}")
    on_the_way(stage, desk, DESK, "")
    desk.context.close()
    refused(stage)
    told(stage)


def on_the_way(stage, page, size, ending):
    """From the service to "booked"."""
    page.wait_for_selector(".o_booking_scripted")
    stage.camera.shoot(page, f"book-service{ending}", size)
    page.click(".o_booking_cards a >> text=Consultation")
    page.wait_for_selector(SLOT)
    stage.camera.shoot(page, f"book-times{ending}", size)
    page.locator(SLOT).nth(2 if ending else 4).click()
    page.wait_for_selector("#booking_form")
    stage.camera.shoot(page, f"book-details{ending}", size)
    fill(page)
    page.wait_for_timeout(2000)  # nobody types faster
    page.click(GO)
    page.wait_for_selector("text=Your appointment is booked")
    stage.camera.shoot(page, f"book-done{ending}", size)


def afterwards(stage, page):
    """Another time, and none at all."""
    manage = page.url
    page.click("text=Choose another time")
    page.wait_for_selector(SLOT)
    page.locator(SLOT).first.click()
    page.wait_for_selector(".o_booking_confirm")
    stage.camera.shoot(page, "book-move-phone", PHONE)
    page.click(".o_booking_confirm button")
    page.wait_for_selector("text=has a new time")
    page.goto(manage)
    page.click("text=Cancel it")
    page.wait_for_selector(".btn-danger")
    stage.camera.shoot(page, "book-cancel-phone", PHONE)
    page.click(".btn-danger")
    page.wait_for_selector("text=is cancelled")
    stage.camera.shoot(page, "book-cancelled-phone", PHONE)


def refused(stage):
    """What is wrong with a form, and a time that somebody else got meanwhile."""
    page = stage.stranger(f"{stage.url}{PAGE}", PHONE)
    page.click(".o_booking_cards a >> text=AC repair")
    page.click(SLOT)
    page.wait_for_selector("#booking_form")
    fill(page)
    page.fill("#booking_phone", "12")
    page.wait_for_timeout(2000)
    page.click(GO)
    page.wait_for_selector(".o_booking_problem")
    stage.camera.shoot(page, "book-problem-phone", PHONE)
    other = stage.stranger(page.url, PHONE)
    page.context.close()
    other.goto(f"{stage.url}{PAGE}")
    other.click(".o_booking_cards a >> text=AC repair")
    other.click(SLOT)
    other.wait_for_selector("#booking_form")
    fill(other)
    faster = stage.stranger(other.url, PHONE)
    fill(faster)
    faster.wait_for_timeout(2000)
    faster.click(GO)
    faster.wait_for_selector("text=Your appointment is booked")
    faster.context.close()
    other.click(GO)
    other.wait_for_selector(".o_booking_alternatives")
    stage.camera.shoot(other, "book-taken-phone", PHONE)
    other.context.close()


def told(stage):
    """The SMS that Mia would have got."""
    stage.until(stage.world.sms, "an SMS")
    page = stage.stranger(f"{stage.world.facts['page']}/sms")
    stage.camera.shoot(page, "book-sms")
    page.context.close()


def fill(page):
    """Mia's details."""
    for name, text in MIA.items():
        page.fill(f"#booking_{name}", text)
    for choice in page.locator("#booking_form select").all():
        choice.select_option(index=1)
