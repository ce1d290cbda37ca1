"""Connecting with a password as a person does it: a real browser, Odoo, and a real Radicale."""

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import Radicale

from .browser import signed_in

ADA, SECRET = "ada@dav.example", "correct-horse"
CARD = f".o_csp_account[data-email='{ADA}']"
CONNECT = "[data-provider=caldav] .o_csp_connect"
PROBLEM = ".o_csp_problem"
TRUSTED = "calendar_sync_pro.trusted_hosts"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Radicale behind the fault proxy."""
    with Radicale(tmp_path_factory.mktemp("radicale")) as radicale, DavProxy(radicale) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def rep(shared):
    return shared.person("dav", is_connected=False)


@pytest.fixture
def page(stack, shared, server, session):
    """The connections page of a rep who has connected nothing; the server is allowed."""
    server.calm()
    server.server.add_user(ADA, SECRET)
    allow(shared, f"127.0.0.1:{server.port}")
    opened = session.new_page()
    opened.set_default_timeout(20000)
    opened.goto(f"{stack.odoo.url}/odoo/calendar-connections")
    opened.wait_for_selector(CONNECT)
    yield opened
    opened.close()
    rows = shared.admin.search("calendar.sync.account", [["email", "=", ADA]], "id")
    shared.admin.call("calendar.sync.account", "unlink", [[row["id"] for row in rows]])


def allow(shared, hosts):
    """What the administrator enters in the settings."""
    shared.admin.call("ir.config_parameter", "set_param", [TRUSTED, hosts])


def fill(page, address, username=ADA, password=SECRET):
    """Fill in the form, the keyboard only from the first field on."""
    page.fill("#csp_login_address", address)
    page.fill("#csp_login_username", username)
    page.fill("#csp_login_password", password)
    page.keyboard.press("Enter")


def said(page, code):
    """What the form says, once it says `code`."""
    page.wait_for_selector(f"{PROBLEM}[data-code={code}]")
    return page.inner_text(PROBLEM)


def focused(page):
    """Name of the field that has the focus."""
    page.wait_for_function("() => document.activeElement && document.activeElement.name")
    return page.evaluate("document.activeElement.name")


def test_from_the_card_to_active(page, server):
    """S2-07 S2-04: card, form, Enter, Active; the first sync runs and ends."""
    page.click(CONNECT)
    assert focused(page) == "preset"
    fill(page, server.url)
    page.wait_for_selector(f"{CARD}[data-status=active]")
    assert page.inner_text(".o_csp_notice strong") == "Connected"
    assert page.query_selector(".modal") is None
    page.wait_for_function("() => !document.querySelector('.o_csp_first')")
    assert "just now" in page.inner_text(".o_csp_last")
    assert SECRET not in page.content()


def test_each_mistake_is_said_where_it_was_made(page, server, shared):
    """S2-07: a wrong password, a server that is not allowed, no server; then it works."""
    page.click(CONNECT)
    fill(page, server.url, password="wrong")
    assert "does not accept" in said(page, "wrong_password")
    page.wait_for_function("() => document.activeElement.name === 'password'")
    field = page.query_selector("#csp_login_password")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == "csp_login_problem"
    assert page.input_value("#csp_login_username") == ADA
    fill(page, "https://10.0.0.1/")
    assert "administrator" in said(page, "address_not_allowed")
    page.wait_for_function("() => document.activeElement.name === 'address'")
    fill(page, "https://nowhere.invalid/")
    said(page, "unknown_host")
    assert page.query_selector(CARD) is None
    fill(page, server.url)
    page.wait_for_selector(f"{CARD}[data-status=active]")


def test_another_server_gets_the_password_only_after_a_yes(page, server, shared):
    """S2-07: the question names both servers; Change goes back to the address, Use goes on."""
    place = f"http://localhost:{server.port}/"
    allow(shared, f"127.0.0.1:{server.port} localhost:{server.port}")
    server.fault("redirect", method="PROPFIND", status=302, location=place)
    page.click(CONNECT)
    fill(page, server.url)
    assert "127.0.0.1 sends us on to localhost" in said(page, "foreign_host")
    assert focused(page) == "change"
    assert page.query_selector(".o_csp_submit") is None
    page.keyboard.press("Enter")
    page.wait_for_selector(PROBLEM, state="detached")
    page.wait_for_function("() => document.activeElement.name === 'address'")
    assert page.input_value("#csp_login_password") == SECRET
    server.fault("redirect", method="PROPFIND", status=302, location=place)
    page.keyboard.press("Enter")
    said(page, "foreign_host")
    page.click(".o_csp_use >> text=Use localhost")
    page.wait_for_selector(f"{CARD}[data-status=active]")


def test_slow_server_shows_that_something_goes_on(page, server):
    """S2-07: the button says so, the form can't be sent twice, Cancel goes on working."""
    server.fault("slow", seconds=2)
    page.click(CONNECT)
    fill(page, server.url)
    page.wait_for_selector(".o_csp_submit >> text=Connecting…")
    assert page.is_disabled(".o_csp_submit")
    assert page.is_disabled("#csp_login_password")
    page.wait_for_selector(f"{CARD}[data-status=active]")


def test_apple_is_asked_for_no_address_and_told_about_app_passwords(page):
    """S2-04 S2-07: two fields, three steps and two links."""
    page.click("[data-provider=icloud] .o_csp_connect")
    assert focused(page) == "username"
    assert page.query_selector("#csp_login_address") is None
    assert page.locator(".o_csp_app_password li").count() == 3
    links = page.eval_on_selector_all(".o_csp_app_password a", "all => all.map(a => a.href)")
    assert all("apple.com/" in link for link in links)
    assert len(links) == 2
    page.keyboard.press("Escape")
    page.wait_for_selector(".modal", state="detached")


def test_known_services_fill_in_their_address(page):
    """S2-04: and say when they want a password made for the app."""
    page.click(CONNECT)
    page.select_option("#csp_login_preset", "fastmail")
    page.wait_for_selector(".o_csp_app_password")
    assert page.input_value("#csp_login_address") == "https://caldav.fastmail.com/"
    page.select_option("#csp_login_preset", "nextcloud")
    page.wait_for_selector(".o_csp_app_password", state="detached")
    assert page.input_value("#csp_login_address") == ""
    assert "cloud.example.com" in page.get_attribute("#csp_login_address", "placeholder")


def test_changed_password_is_mended_with_one_field(page, server):
    """S0-22: everything but the password is there already; nothing is lost."""
    page.click(CONNECT)
    fill(page, server.url)
    page.wait_for_selector(f"{CARD}[data-status=active]")
    server.server.add_user(ADA, "another-horse")
    page.click(f"{CARD} .o_csp_refresh")
    page.wait_for_selector(f"{CARD}[data-status=reconnect_required]")
    page.click(f"{CARD} .o_csp_reconnect")
    assert focused(page) == "password"
    assert page.input_value("#csp_login_username") == ADA
    page.keyboard.type("another-horse")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{CARD}[data-status=active]")
    assert page.is_checked(f"{CARD} .o_csp_toggle")


def test_disconnecting_says_what_is_left_to_do(page, server):
    """S0-21: Odoo forgets the password; the service still knows it."""
    page.click(CONNECT)
    fill(page, server.url)
    page.click(f"{CARD} .o_csp_disconnect")
    assert "forgets the password" in page.inner_text(".modal-body")
    page.click(".modal .btn-danger")
    page.wait_for_selector(".o_csp_notice[data-code=forgotten]")
    assert "delete it" in page.inner_text(".o_csp_notice")
    page.wait_for_selector(f"{CARD}[data-status=not_connected]")


def test_form_fits_a_telephone(stack, browser, rep, server, shared):
    """S2-07: nothing is cut off, and every field can be reached."""
    size = {"width": 390, "height": 780}
    phone = signed_in(browser, stack.odoo.url, rep.name, viewport=size)
    phone.goto(f"{stack.odoo.url}/odoo/calendar-connections")
    for provider in ("icloud", "caldav"):
        phone.click(f"[data-provider={provider}] .o_csp_connect")
        phone.wait_for_selector("#csp_login_password")
        assert phone.evaluate("document.documentElement.scrollWidth") <= size["width"]
        phone.locator("#csp_login_password").scroll_into_view_if_needed()
        assert phone.is_visible(".o_csp_submit")
        phone.click(".modal-footer .btn-secondary")
        phone.wait_for_selector(".modal", state="detached")
    phone.context.close()
