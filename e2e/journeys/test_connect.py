"""Connecting as a person does it: a real browser, a real window, Odoo and the sandbox over HTTP."""

import time

import pytest

from .browser import PATIENCE_MS, fill_consent, signed_in

ANNA, BEN = "anna@northwind.example", "ben@northwind.example"
CARD = ".o_csp_account[data-email='%s']"
ACTIVE = f"{CARD % ANNA}[data-status=active]"


@pytest.fixture(scope="module")
def rep(shared):
    return shared.person("rep", is_connected=False)


@pytest.fixture
def world(product):
    return product.world


@pytest.fixture
def page(stack, product, session):
    """The connections page of a rep who has connected nothing."""
    opened = open_page(stack, session)
    yield opened
    opened.close()
    forget_connections(product)


def open_page(stack, session):
    """A tab with the connections page; what is asked of it is ready in seconds or never."""
    opened = session.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    opened.goto(f"{stack.odoo.url}/odoo/calendar-connections")
    opened.wait_for_selector(".o_csp_connections")
    return opened


def forget_connections(product):
    """An administrator deletes whatever stands for the two calendars: the next test begins anew."""
    found = product.admin.search("calendar.sync.account", [["email", "in", [ANNA, BEN]]], "id")
    product.admin.call("calendar.sync.account", "unlink", [[row["id"] for row in found]])


def accounts_of(rep, columns="id, remote_id"):
    query = f"SELECT {columns} FROM calendar_sync_account WHERE user_id = %s"
    return rep.product.sql(query, rep.uid)


def connect(page, email=ANNA, button=".o_csp_connect", **answers):
    """Press the button and go through the window."""
    with page.expect_popup() as opening:
        page.click(button)
    fill_consent(opening.value, email, **answers)
    return opening.value


def test_from_the_click_to_active_within_a_minute(page):
    """S2-01 S1-16: three clicks and a password; the page turns Active without a reload."""
    started = time.monotonic()
    window = connect(page)
    page.wait_for_selector(ACTIVE)
    assert time.monotonic() - started < 60
    assert page.inner_text(".o_csp_notice strong") == "Connected"
    assert page.is_checked(".o_csp_toggle")
    page.wait_for_function("() => !document.querySelector('.o_csp_first')")
    assert "just now" in page.inner_text(".o_csp_last")
    page.wait_for_timeout(1000)
    assert window.is_closed(), "the window closes by itself"


def test_what_blocks_and_what_does_not_is_said_where_calendars_are_ticked(page):
    """S0-32: busy times block; working hours come from elsewhere."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    said = page.inner_text(".o_csp_hours_hint")
    assert "Busy times" in said
    assert "never set your working hours" in said


def test_denying_is_said_and_nothing_is_connected(page):
    """S1-16: deny."""
    connect(page, deny=True)
    page.wait_for_selector(".o_csp_notice[data-code=denied]")
    assert page.query_selector(".o_csp_account") is None


def test_unticked_permissions_are_named(page):
    """S1-13: partial consent."""
    connect(page, untick=["calendar.events"])
    page.wait_for_selector(".o_csp_notice[data-code=partial]")
    assert "Create events" in page.inner_text(".o_csp_notice")


def test_closing_the_window_is_said_and_the_second_try_works(page):
    """S1-16 S1-21: close, try again."""
    with page.expect_popup() as opening:
        page.click(".o_csp_connect")
    opening.value.wait_for_url("**/o/oauth2/**")
    opening.value.close()
    page.wait_for_selector(".o_csp_waiting >> text=closed before it was finished")
    connect(page, button=".o_csp_waiting >> text=Try again")
    page.wait_for_selector(ACTIVE)


def test_a_blocked_window_leads_to_this_tab_and_back(page):
    """S1-18 S1-19: the dialog, then sign-in in the same tab, then back where it started."""
    page.add_init_script("window.open = () => null")
    page.reload()
    page.click(".o_csp_connect")
    page.click(".modal .o_csp_here")
    fill_consent(page, ANNA)
    page.wait_for_selector(ACTIVE)
    assert page.url.endswith("/odoo/calendar-connections")
    assert page.inner_text(".o_csp_notice strong") == "Connected"


def test_a_second_account_waits_and_can_take_over(page):
    """S0-10 S0-12: greyed out with the reason; one click switches."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    page.click(".o_csp_add")
    connect(page, BEN)
    page.wait_for_selector(CARD % BEN)
    assert page.is_disabled(f"{CARD % BEN} .o_csp_toggle")
    assert ANNA in page.inner_text(f"{CARD % BEN} .o_csp_reason")
    page.click(f"{CARD % BEN} .o_csp_switch")
    page.wait_for_selector(f"{CARD % ANNA} .o_csp_reason")
    assert page.is_checked(f"{CARD % BEN} .o_csp_toggle")


def test_a_calendar_made_meanwhile_can_be_chosen_after_a_refresh(page, world):
    """S0-18 S0-31: made at the provider, refreshed, chosen."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    world.calendar(ANNA, "Trade fair")
    page.click(".o_csp_refresh")
    page.wait_for_selector(".o_csp_said >> text=1 new calendar")
    page.click(".o_csp_events")
    page.click(".o_csp_calendars >> text=Trade fair")
    page.wait_for_selector(".o_csp_events >> text=Trade fair")


def test_a_revoked_grant_shows_by_itself_and_reconnecting_mends_it(
    stack, product, page, world, rep
):
    """S0-29 S0-30 S1-29: Reconnect Required, the banner, Reconnect: everything as before."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    before = accounts_of(rep)
    world.revoke_grant(ANNA)
    page.click(".o_csp_sync_now")
    page.wait_for_selector(f"{CARD % ANNA}[data-status=reconnect_required]")
    page.goto(f"{stack.odoo.url}/odoo/calendar")
    page.click(".o_csp_banner button")
    connect(page, button=".o_csp_reconnect")
    page.wait_for_selector(ACTIVE)
    assert accounts_of(rep) == before


def test_reconnecting_as_somebody_else_is_refused_with_the_reason(page, world):
    connect(page)
    page.wait_for_selector(ACTIVE)
    world.revoke_grant(ANNA)
    page.click(".o_csp_sync_now")
    connect(page, BEN, button=".o_csp_reconnect")
    page.wait_for_selector(".o_csp_notice[data-code=other_identity]")
    assert ANNA in page.inner_text(".o_csp_notice")


def test_a_colleague_cannot_connect_the_same_calendar(stack, product, browser, page):
    """S1-08: refused with the explanation; the first connection goes on."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    colleague = product.person("colleague", is_connected=False)
    other = open_page(stack, signed_in(browser, stack.odoo.url, colleague.name).context)
    connect(other)
    other.wait_for_selector(".o_csp_notice[data-code=taken]")
    assert other.query_selector(".o_csp_account") is None
    other.context.close()
    page.click(".o_csp_sync_now")
    page.wait_for_selector(".o_csp_sync_now:not([disabled])")
    assert page.is_visible(ACTIVE)


def test_disconnecting_takes_the_access_back(page, world, rep):
    """S2-63: the provider no longer knows the grant; the card stays with Authorize."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    asked = rep.last_request()
    page.click(".o_csp_disconnect")
    page.click(".modal .btn-danger")
    page.wait_for_selector(".o_csp_authorize")
    revoked = [one for one in world.requests(since=asked) if "revoke" in one["operation"]]
    assert len(revoked) == 1
    assert accounts_of(rep, "credentials_encrypted") == [(None,)]


def test_preferences_show_the_same_page(stack, page):
    """S0-06 S1-01: My Preferences, tab Calendar Connections; connecting works there too."""
    page.goto(f"{stack.odoo.url}/odoo/calendar")
    page.click(".o_user_menu button")
    page.click("text=My Preferences")
    page.click("a[name=calendar_connections]")
    connect(page)
    page.wait_for_selector(ACTIVE)


def test_admin_manages_a_user_but_cannot_sign_in(stack, browser, page, rep):
    """S0-07 S0-08 S0-33: tab Integrations of the user's form."""
    connect(page)
    page.wait_for_selector(ACTIVE)
    admin = signed_in(browser, stack.odoo.url, "admin")
    admin.goto(f"{stack.odoo.url}/odoo/users/{rep.uid}")
    admin.click("a[name=integrations]")
    admin.wait_for_selector(ACTIVE)
    assert admin.query_selector(".o_csp_connect") is None
    admin.click(".o_csp_toggle")
    admin.click(".o_csp_turn_off_only")
    page.wait_for_function("() => !document.querySelector('.o_csp_toggle').checked")
    admin.context.close()
