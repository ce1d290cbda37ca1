"""The main job, by a rep in a real browser: connect, choose, book from the lead, live with it."""

import re

import pytest

from .browser import PATIENCE_MS, chromium, fill_consent, signed_in
from .people import BOTH, in_days, odoo_time, wait

pytestmark = BOTH

BOOK = "button[name=action_book_appointment]"
STRIP = ".o_calendar_sync_strip"


@pytest.fixture(scope="module")
def maria(shared, provider):
    """A rep who has connected nothing, with two calendars at the provider."""
    rep = shared.on(provider).person("maria", is_connected=False)
    rep.visits = rep.phone.new_calendar("Customer visits")
    return rep


@pytest.fixture(scope="module")
def page(stack, maria):
    """Maria's browser."""
    with chromium() as browser:
        opened = signed_in(browser, stack.odoo.url, maria.name)
        opened.set_default_timeout(PATIENCE_MS)
        yield opened


@pytest.fixture(scope="module")
def lead(maria):
    """A lead of hers, not an opportunity yet, with its contact."""
    contact = {"name": "Ida Holm", "email": "ida@holm.example"}
    made = maria.odoo.call("res.partner", "create", [contact])
    values = {
        "name": "Crane rental", "type": "lead", "user_id": maria.uid,
        "partner_id": made[0] if isinstance(made, list) else made,
    }  # fmt: skip
    made = maria.odoo.call("crm.lead", "create", [values])
    return made[0] if isinstance(made, list) else made


def test_from_connecting_to_a_cancelled_appointment(stack, provider, page, maria, lead):
    """S0-03 S0-17 S4-08: the whole way, screens and provider side by side."""
    # Given a calendar connected in the sign-in window, and another than the main one chosen
    page.goto(f"{stack.odoo.url}/odoo/calendar-connections")
    with page.expect_popup() as window:
        page.click(f"[data-provider={provider}] .o_csp_connect")
    fill_consent(window.value, maria.email)
    page.wait_for_selector(".o_csp_account[data-status=active]")
    page.click(".o_csp_events")
    page.click(".dropdown-menu >> text=Customer visits")
    page.wait_for_selector(".o_csp_events >> text=Customer visits")
    wait(lambda: maria.state("first_sync_done"), "the first sync")

    # When she books from the lead's card
    page.goto(f"{stack.odoo.url}/odoo/crm/{lead}")
    page.click(BOOK)
    page.wait_for_selector(".modal >> text=Nobody is e-mailed")
    page.click(".modal button:has-text('Save without inviting')")
    page.wait_for_selector(f"{STRIP} [data-badge=synced]")

    # Then it is on that calendar, with Show Lead and our id, and without guests
    phone, visits = maria.phone, maria.visits
    [event] = phone.entries(visits)
    [here] = maria.odoo.search(
        "calendar.event", [["opportunity_id", "=", lead]], "sync_guid", "start"
    )
    assert phone.guid(event.id, visits) == here["sync_guid"]
    [address] = re.findall(r"http[^\s\"<>]+/calendar_sync/show_lead/[\w.-]+", event.text)
    assert phone.links(event.id, visits) == ([address] if provider == "google" else [])
    assert not event.guests
    page.goto(address)
    page.wait_for_selector(f"{STRIP} >> text=Ida Holm")

    # And when it is moved and renamed on the telephone, it comes back
    start = in_days(6, hour=11)
    phone.change(event.id, visits, title="Crane on site", start=start)
    maria.account_id = maria.card()["id"]
    maria.sync()
    moved = maria.odoo.read("calendar.event", here["id"], "name", "start")
    assert (moved["name"], moved["start"]) == ("Crane on site", odoo_time(start))

    # And edits on both sides in different fields both survive
    maria.edit(here["id"], name="Crane on site, with Ida")
    phone.change(event.id, visits, place="Pier 7")
    maria.sync()
    merged = maria.odoo.read("calendar.event", here["id"], "name", "location")
    [there] = phone.entries(visits)
    assert (merged["name"], merged["location"]) == ("Crane on site, with Ida", "Pier 7")
    assert (there.title, there.place) == ("Crane on site, with Ida", "Pier 7")
    assert there.id == event.id
    assert there.text.count("/calendar_sync/show_lead/") == 1

    # And deleted there, it is cancelled with the reason in the lead's chatter
    phone.remove(event.id, visits)
    maria.sync()
    page.goto(f"{stack.odoo.url}/odoo/crm/{lead}")
    page.wait_for_selector(".o-mail-Chatter >> text=Deleted in the calendar")
    state = maria.odoo.read("calendar.event", here["id"], "appointment_state", "active")
    assert (state["appointment_state"], state["active"]) == ("cancelled", False)
