"""The first sync as a person meets it: seen before it is done, and taken back as a whole."""

import pytest

from .browser import fill_consent, signed_in
from .people import in_days, wait, walked

PREVIEW = "calendar.sync.preview"
DIALOG = ".o_csp_preview_dialog"
WRITES = ("create", "update", "delete")


@pytest.fixture
def previewed(product):
    """The product whose company shows a preview before a first sync."""
    product.previews_first_syncs(True)
    yield product
    product.previews_first_syncs(False)


def full(product, name):
    """A rep with two meetings and a private entry in the calendar and two appointments in Odoo;
    nothing is connected yet."""
    person = product.person(name, is_connected=False)
    person.add("Theirs one", in_days(3))
    person.add("Theirs two", in_days(4))
    for n in (1, 2):
        person.book(f"Mine {n}", in_days(4 + n))
    return person


def sign_in(person):
    """Through the provider's consent form; returns when the preview can be read."""
    person.signs_in()
    return person.card()["preview"]["id"]


def page_of(person, preview):
    return person.odoo.call(PREVIEW, "page", [[preview]])


def ready(person, preview):
    return wait(lambda: (now := page_of(person, preview))["state"] == "ready" and now, "preview")


def titles(rows):
    return sorted(row["title"] for row in rows)


def there(person):
    return sorted(entry.title for entry in person.there())


@walked("google", "microsoft", deep=["caldav"])
def test_preview_is_what_happens_and_undo_is_as_before(previewed):
    """B-02, B-07, B-01: nothing is written before the start; item by item as shown; undone on both
    sides."""
    ann = full(previewed, "ann")
    before = there(ann), titles([{"title": row["name"]} for row in ann.here()])
    number = ann.last_request()
    preview = sign_in(ann)
    page = ready(ann, preview)
    assert titles(page["lists"]["into_odoo"]) == ["Theirs one", "Theirs two"]
    assert titles(page["lists"]["into_calendar"]) == ["Mine 1", "Mine 2"]
    assert not [one for name in WRITES for one in ann.requests(name, since=number)]
    assert not ann.named_here("Theirs one")
    assert not ann.card()["is_sync_on"]

    ann.odoo.call(PREVIEW, "start", [[preview]])
    page = wait(lambda: (now := page_of(ann, preview))["state"] == "done" and now, "the sync", 60)
    rows = page["lists"]["into_odoo"] + page["lists"]["into_calendar"]
    assert {row["result"] for row in rows} == {"done"}
    assert not page["late"]
    assert there(ann) == sorted([*before[0], "Mine 1", "Mine 2"])
    assert len(ann.requests("create", since=number)) == 2
    ann.is_same_on_both_sides()

    ann.odoo.call(PREVIEW, "undo", [[preview]])
    wait(lambda: page_of(ann, preview)["undo"] == "undone", "the undoing", 60)
    assert (there(ann), titles([{"title": row["name"]} for row in ann.here()])) == before
    assert not ann.card()["is_sync_on"]


def test_person_sees_starts_and_undoes_in_the_browser(stack, browser, previewed):
    """B-02, S3-08, D-09: the preview opens after signing in; its lists are reached by keyboard;
    progress, result, and undo from the sync journal's run."""
    eve = full(previewed, "eve")
    page = signed_in(browser, stack.odoo.url, eve.name)
    try:
        page.goto(f"{stack.odoo.url}/odoo/calendar-connections")
        with page.expect_popup() as opening:
            page.click(".o_csp_connect >> nth=0")
        fill_consent(opening.value, eve.email)
        page.wait_for_selector(f"{DIALOG} .o_csp_preview[data-state=ready]")
        assert "Nobody will be e-mailed" in page.inner_text(".o_csp_preview_summary")
        assert page.inner_text("[data-side=into_odoo] .h4") == "2"
        page.focus("[data-side=into_odoo]")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(".o_csp_preview_list >> text=Mine 1")
        assert not eve.requests("create")
        page.click(".o_csp_preview_start")
        page.wait_for_selector(f"{DIALOG} .o_csp_preview[data-state=done]")
        assert len(eve.requests("create")) == 2
        page.click(f"{DIALOG} .o_csp_close")
        page.wait_for_selector(".o_csp_toggle:checked")

        page.goto(f"{stack.odoo.url}/odoo/sync-journal")
        page.wait_for_selector("tr.o_data_row >> text=Theirs one")
        page.goto(f"{stack.odoo.url}/odoo/sync-runs")
        page.click("tr.o_data_row >> text=First sync")
        page.click(".o_statusbar_buttons button[name=action_undo]")
        page.click(".modal-footer .btn-primary")
        wait(lambda: there(eve) == ["Theirs one", "Theirs two"], "the calendar as before", 60)
        wait(lambda: not eve.named_here("Theirs one"), "Odoo as before", 60)
        wait(lambda: not eve.card()["is_sync_on"], "sync to be off", 60)
    finally:
        page.context.close()
