"""A customer at the public booking page, with a real browser of the size of a telephone."""

from datetime import UTC, datetime

PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 60000
SLOT = ".o_booking_slot"
FASTEST_MS = 2100
"""A form that is filled in faster was filled in by a program."""


class Visitor:
    """Somebody who opens `/book/<name>` and is signed in nowhere."""

    def __init__(self, browser, url, page_name, **options):
        size = {"viewport": PHONE, "timezone_id": "Europe/Berlin", "locale": "en-US"}
        self.context = browser.new_context(**{**size, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.start_url = f"{url}/book/{page_name}"
        self.page.goto(self.start_url)

    def close(self):
        """Close the browser's window."""
        self.context.close()

    def choose(self, person=""):
        """Take a person where one is named, then the first free time; when that is."""
        if person:
            self.page.click(f".o_booking_people a >> text={person}")
            chosen = self.page.locator(".o_booking_people a[aria-current]")
            chosen.filter(has_text=person).wait_for()
        slot = self.page.locator(SLOT).first
        start = datetime.fromtimestamp(int(slot.get_attribute("data-start")), UTC)
        slot.click()
        self.page.wait_for_selector("#booking_form")
        return start

    def fill(self, **typed):
        """Type into the fields of that name."""
        for name, text in typed.items():
            self.page.fill(f"#booking_{name}", text)

    def send(self):
        """Press "Book it", no faster than a person does."""
        self.page.wait_for_timeout(FASTEST_MS)
        self.page.click(".o_booking_go")

    def book(self, person="", **typed):
        """All of it; when the appointment is."""
        start = self.choose(person)
        self.fill(**typed)
        self.send()
        self.page.wait_for_selector("text=Your appointment is booked")
        return start

    def move(self):
        """Follow the link to another time and take the first that is offered; when that is."""
        self.page.click("text=Choose another time")
        slot = self.page.locator(SLOT).first
        start = datetime.fromtimestamp(int(slot.get_attribute("data-start")), UTC)
        slot.click()
        self.page.click(".o_booking_confirm button")
        self.page.wait_for_selector("text=has a new time")
        return start

    def cancel(self, reason):
        """Follow the link and say why."""
        self.page.click("text=Cancel it")
        self.page.fill("#booking_reason", reason)
        self.page.click(".btn-danger")
        self.page.wait_for_selector("text=is cancelled")


def set_up_page(admin, name, people, **values):
    """A published booking calendar of these people, open at all hours; its id."""
    hours = _made(admin, "resource.calendar", {
        "name": name, "tz": "UTC",
        "attendance_ids": [
            [0, 0, {"name": "Day", "dayofweek": str(day), "hour_from": 6, "hour_to": 20,
                    "day_period": "morning"}] for day in range(7)
        ],
    })  # fmt: skip
    service = _made(admin, "booking.service", {"name": "Consultation", "duration_min": 30})
    return _made(admin, "booking.calendar", {
        "name": name, "page_name": name, "is_published": True, "tz": "Europe/Berlin",
        "notice_min": 24 * 60, "buffer_before_min": 0, "buffer_after_min": 0,
        "location_kind": "address", "address": "Pier 7", "service_ids": [[6, 0, [service]]],
        "member_ids": [[0, 0, {"user_id": one.uid, "hours_id": hours}] for one in people],
        **values,
    })  # fmt: skip


def _made(admin, model, values):
    made = admin.call(model, "create", [values])
    return made[0] if isinstance(made, list) else made


def axe_script():
    """The source of axe-core, of an environment of its own."""
    from e2e.contract import own_venv

    home = own_venv.python_of("axe").parent.parent
    [path] = home.glob("lib/python*/site-packages/axe_playwright_python/axe.min.js")
    return path.read_text(encoding="utf-8")


def violations(page, script):
    """What axe finds on a page: ["rule: element", ...]."""
    page.evaluate(script)
    found = page.evaluate("() => axe.run(document)")["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
