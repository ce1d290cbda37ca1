"""Connecting Outlook over HTTP: kinds of accounts, whose app it is, and what ends a connection."""

import itertools
import re

import pytest

from sandbox.client import http

from .people import wait

_NUMBERS = itertools.count(1)


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


@pytest.fixture
def apps(product):
    """Registers further apps in Odoo as an administrator; after the test nobody uses them."""
    made = []

    def register(**values):
        facts = product.world.microsoft
        addresses = {
            "auth_url": facts["auth_url"], "token_url": facts["token_url"],
            "userinfo_url": facts["userinfo_url"], "api_url": facts["api_base"],
        }  # fmt: skip
        body = {"provider": "microsoft", "sequence": 1, **addresses, **values}
        made.extend(product.admin.call("calendar.sync.oauth.app", "create", [[body]]))
        return made[-1]

    yield register
    product.admin.call("calendar.sync.oauth.app", "write", [made, {"active": False}])


def result(product, person):
    """What the sign-in window has said last."""
    query = "SELECT id FROM calendar_sync_consent WHERE user_id = %s ORDER BY id DESC LIMIT 1"
    [(consent,)] = product.sql(query, person.uid)
    return person.odoo.call("calendar.sync.consent", "result_of", [consent])


def test_personal_account_connects_books_and_reads(product):
    """S2-03: Outlook.com, beside the work accounts of all other tests."""
    pia = product.person("pia", is_connected=False)
    product.world.ms.change_user(pia.email, kind="personal")
    pia.connect()
    event_id = pia.book("Yoga")
    pia.add("From the telephone")
    pia.sync()
    assert {entry.title for entry in pia.there()} == {"Yoga", "From the telephone"}
    assert event_id in {row["id"] for row in pia.here()}
    pia.is_same_on_both_sides()


def test_organisations_own_app_with_its_tenant(product, apps):
    """S0-04, S2-03: registered for one organisation only; chosen by the address of the user."""
    domain = f"own{next(_NUMBERS)}.example"
    nele = product.person("nele", is_connected=False, domain=domain)
    callback = f"{product.stack.odoo.url}/calendar_sync/oauth/callback"
    own = product.world.ms.register_client(
        name="Own app", tenant=domain, audience="single", redirect_uris=[callback]
    )
    app_id = apps(
        name="Own", client_id=own["client_id"], client_secret=own["client_secret"],
        tenant=domain, email_domain=domain,
    )  # fmt: skip
    product.admin.call("calendar.sync.oauth.app", "action_test", [[app_id]])
    tested = product.admin.read("calendar.sync.oauth.app", app_id, "state", "state_text")
    assert tested["state"] == "ok", tested
    nele.connect()
    nele.book("With our own app")
    nele.settle()
    assert len(nele.named_there("With our own app")) == 1
    asked = [e["path"] for e in product.world.requests(user=nele.email) if "oauth2" in e["path"]]
    assert asked
    assert all(path.startswith(f"/{domain}/") for path in asked), asked
    fields = ["tenant", "has_tenants"]
    [google] = product.admin.search(
        "calendar.sync.oauth.app", [["provider", "=", "google"]], *fields
    )
    assert not google["has_tenants"], "the field is not shown where it means nothing"


def test_administrator_of_the_organisation_allows_the_app(product):
    """S2-06, S1-16: the link from the window, the administrator's page, and then it works."""
    domain = f"strict{next(_NUMBERS)}.example"
    olaf, boss = product.person("olaf", is_connected=False, domain=domain), f"boss@{domain}"
    product.world.ms.user(boss)
    product.world.ms.tenant(domain, admin_consent=True)
    page = olaf.odoo.connect("microsoft", product.world, olaf.email).text
    said = result(product, olaf)
    assert (said["code"], said["is_ok"]) == ("admin_approval", False)
    assert said["client_id"] in page
    assert not olaf.odoo.page()["accounts"], "no half connection"

    back = product.world.consent(said["approval_url"], boss)
    thanks = product.admin.http.get(back, timeout=30)
    assert thanks.status_code == 200
    assert re.search(r"data-code=.approved.|approved", thanks.text)
    olaf.connect()
    assert olaf.card()["status"] == "active"


def test_administrator_refuses(product):
    """S2-06: said so, and nothing is allowed."""
    domain = f"closed{next(_NUMBERS)}.example"
    paul, boss = product.person("paul", is_connected=False, domain=domain), f"boss@{domain}"
    product.world.ms.user(boss)
    product.world.ms.tenant(domain, admin_consent=True)
    paul.odoo.connect("microsoft", product.world, paul.email)
    link = result(product, paul)["approval_url"]
    status, _headers, _page = http("GET", link)
    assert status == 200, "the administrator sees what is asked for"
    product.admin.http.get(product.world.consent(link, boss, deny=True), timeout=30)
    paul.odoo.connect("microsoft", product.world, paul.email)
    assert result(product, paul)["code"] == "admin_approval"


def test_cancelled_sign_in_leaves_nothing_behind(product):
    """S1-16: said, and the second try works."""
    rosa = product.person("rosa", is_connected=False)
    rosa.odoo.connect("microsoft", product.world, rosa.email, deny=True)
    assert result(product, rosa)["code"] == "denied"
    assert not rosa.odoo.page()["accounts"]
    rosa.connect()
    assert rosa.card()["status"] == "active"


def test_ended_connection_says_why_and_what_to_do(product):
    """S0-29, S1-17: the number of the refusal is put into words; Reconnect mends it each time."""
    sven = product.person("sven")
    event_id = sven.book("Before")
    sven.settle()
    reasons = {50173: "password", 50076: "security rule", 700082: "not used for a long time"}
    for number, words in reasons.items():
        product.world.ms.expire_refresh_tokens(sven.email, number)
        sven.odoo.call("calendar.sync.account", "sync_now", [[sven.account_id]])
        wait(lambda: sven.card()["status"] == "reconnect_required", "Reconnect Required")
        trouble = sven.trouble()
        assert words in trouble["sentence"], trouble
        assert trouble["button"] == "reconnect"
        sven.edit(event_id, name=f"Meanwhile {number}")
        sven.connect()
        sven.sync()
        assert [entry.title for entry in sven.there()] == [f"Meanwhile {number}"]
