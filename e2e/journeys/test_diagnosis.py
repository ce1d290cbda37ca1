"""Why isn't it synced? Troubles that only the calendar service knows of: caused there, found by
asking it, mended by the button."""

import pytest

from e2e.support.rep import OdooError

from .browser import PATIENCE_MS, fill_consent
from .people import in_days, wait

ACCOUNT = "calendar.sync.account"


@pytest.fixture(scope="module")
def rep(shared):
    """Whose browser is used."""
    return shared.person("dora", domain="northwind.example")


def main(page):
    """The row to begin with; None where all is well."""
    return page["rows"][page["main"]] if page["main"] >= 0 else None


def ask(person, event_id=False):
    """Press "Ask the calendar"."""
    return person.odoo.call(ACCOUNT, "diagnose_ask", [[person.account_id]], event_id=event_id)


def press(person, page, code, event_id=False, value=None):
    """Press a button that the page shows."""
    fix = next(fix for row in page["rows"] for fix in row["fixes"] if fix["code"] == code)
    value = fix["value"] if value is None else value
    return person.odoo.call(ACCOUNT, "diagnose_fix", [[person.account_id], code, event_id, value])


def row_of(page, check):
    """One row of the page."""
    return next(row for row in page["rows"] if row["check"] == check)


def test_a_revoked_grant_is_found_by_asking_and_mended_in_the_dialog(stack, session, rep):
    """S1-13, S2-56: all looks well until the calendar is asked; Reconnect opens the sign-in from
    the dialog, which then checks again by itself."""
    rep.world.revoke_grant(rep.email)
    page = session.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stack.odoo.url}/odoo/calendar-connections")
    page.click(".o_csp_check")
    page.wait_for_selector(".o_csp_main")
    page.click(".o_csp_ask")
    page.wait_for_selector(".o_csp_main[data-check=connection]")
    assert "access was taken back" in page.inner_text(".o_csp_main")
    with page.expect_popup() as opening:
        page.click(".o_csp_main [data-fix=reconnect]")
    fill_consent(opening.value, rep.email)
    page.wait_for_selector(".o_csp_main.alert-success >> text=Everything is as it should be")
    assert "Connected" in page.inner_text(".o_csp_diagnosis .o_csp_notice")
    assert rep.odoo.account()["id"] == rep.account_id
    page.close()


def test_a_calendar_that_is_gone_and_one_that_may_only_be_read(product):
    """S0-31, S2-57: asked, the service lists the chosen calendar no more; another is chosen and
    gets what is booked. Without write permission a calendar is named, and can't be chosen."""
    emil, boss = product.person("emil"), product.person("fritz", is_connected=False)
    fair = product.world.calendar(emil.email, "Trade fair")
    team = product.world.calendar(boss.email, "Team", subscribers={emil.email: "reader"})
    emil.odoo.call(ACCOUNT, "refresh_calendars", [[emil.account_id]])
    page = ask(emil)
    assert main(page) is None
    assert "no write permission for: Team" in row_of(page, "calendar")["text"]
    assert [one["name"] for one in page["calendars"]] == ["Trade fair"]
    with pytest.raises(OdooError, match="Read-only"):
        press(emil, page, "choose", value=calendar_id(product, team["id"]))
    press(emil, page, "choose", value=page["calendars"][0]["id"])
    emil.settle()
    product.world.admin("DELETE", f"/google/calendars/{fair['id']}")
    emil.odoo.call(ACCOUNT, "sync_now", [[emil.account_id]])
    wait(lambda: emil.state("reason_code") == "calendar_lost", "the reason")
    page = ask(emil)
    assert "gone" in main(page)["text"]
    assert main(page)["check"] == "calendar"
    own = next(one for one in page["calendars"] if one["name"] == emil.email)
    press(emil, page, "choose", value=own["id"])
    emil.book("After the fair")
    emil.settle()
    assert main(ask(emil)) is None
    assert len(emil.named_there("After the fair")) == 1


def calendar_id(product, remote_id):
    """The number of a calendar of that id, in Odoo."""
    query = "SELECT id FROM calendar_sync_calendar WHERE remote_id = %s"
    return product.sql(query, remote_id)[0][0]


def test_what_stands_in_the_calendar_is_told_without_its_title(product):
    """S1-35, B-04: an appointment that was deleted there, and an entry without participants that
    is brought in by a click; a service that asks to wait is told until when."""
    gerda = product.person("gerda")
    event_id = gerda.book("Deleted there")
    gerda.settle()
    assert "there" in row_of(ask(gerda, event_id), "asked")["text"]
    gerda.phone.remove(gerda.named_there("Deleted there")[0].id)
    page = ask(gerda, event_id)
    assert "was deleted" in main(page)["text"]
    start = in_days(3)
    gerda.phone.add("Dentist", start, 60, guests=())
    looked = gerda.odoo.call(
        ACCOUNT, "diagnose_day", [[gerda.account_id], start.date().isoformat()]
    )
    [row] = looked["rows"]
    assert "no participants" in row["text"]
    assert "Dentist" not in str(looked)
    press(gerda, looked, "bring_everything")
    wait(lambda: gerda.named_here("Dentist"), "the entry in Odoo")
    gerda.disturb("error", "list", count=0, status=429, retry_after=600)
    gerda.odoo.call(ACCOUNT, "sync_now", [[gerda.account_id]])
    wait(lambda: gerda.state("failures"), "the refusal")
    page = gerda.odoo.call(ACCOUNT, "diagnose", [[gerda.account_id]])
    assert main(page)["check"] == "service"
    assert "tried again at" in main(page)["text"]


@pytest.mark.parametrize("provider", ["microsoft"])
def test_an_administrator_has_to_allow_the_app(product):
    """S2-06, S2-56: status and cause, the client id and the link to hand on; once it is allowed
    and signed in, all is well."""
    domain = "guarded.example"
    hans = product.person("hans", domain=domain)
    product.world.ms.user(f"boss@{domain}")
    product.world.ms.tenant(domain, admin_consent=True)
    product.world.ms.expire_refresh_tokens(hans.email, 90094)
    page = ask(hans)
    assert main(page)["check"] == "connection"
    assert [fix["code"] for fix in main(page)["fixes"]] == ["approval", "reconnect"]
    assert "administrator" in main(page)["text"]
    link = page["approval"]["url"]
    assert "/adminconsent" in link
    assert page["approval"]["client_id"] in link
    back = product.world.consent(link, f"boss@{domain}")
    product.admin.http.get(back, timeout=30)
    hans.connect()
    assert main(ask(hans)) is None
