"""People at a real browser: Chromium driven by Playwright, against a running stack."""

import os
import re
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

PASSWORD = "demo"
PATIENCE_MS = 60000  # the first page of a fresh database builds its assets


@contextmanager
def chromium(*arguments):
    """A headless Chromium; extra command line arguments may be given."""
    with sync_playwright() as playwright:
        path = os.environ.get("CSP_CHROMIUM") or "/usr/bin/chromium"
        options = ["--no-sandbox", "--disable-dev-shm-usage", *arguments]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser, url, login, **context):
    """A page of Odoo in a session of its own, signed in as `login` (password = login)."""
    size = context.pop("viewport", {"width": 1280, "height": 850})
    page = browser.new_context(viewport=size, **context).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{url}/web/login")
    page.fill("#login", login)
    page.fill("#password", login)
    page.click("button[type=submit]")
    page.wait_for_url("**/odoo**")
    return page


def fill_consent(window, email, deny=False, untick=()):
    """Do on the provider's page what a person does there."""
    window.wait_for_url(re.compile(r"/oauth2/.*auth"))
    window.check(f"input[value='{email}']")
    window.fill("input[type=password]", PASSWORD)
    for scope in untick:
        window.uncheck(f"input[name=scope][value$='{scope}']")
    window.click("button[value=deny]" if deny else "button[value=allow]")
