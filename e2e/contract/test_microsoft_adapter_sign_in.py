"""Entra's sign-in over real HTTP through msal: consent, tenants, rotation, and how it ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from calendar_sync_pro.core.errors import AppMisconfigured, AuthExpired, Forbidden, Unavailable
from calendar_sync_pro.providers.microsoft.oauth import EVENTS, FREE_BUSY, MicrosoftSignIn
from calendar_sync_pro.providers.port import Grant, OAuthApp, Purpose
from calendar_sync_pro.tests.pure.contract.backend import WINDOW, at, draft, new_key
from sandbox.client import SandboxError

from .microsoft_world import MicrosoftWorld, app_of
from .oauth_login import REDIRECT, VERIFIER, OAuthLogin, with_facts

sign_in = MicrosoftSignIn()
login = OAuthLogin(sign_in)
url_for, connect = login.url_for, login.connect


@pytest.fixture
def world(google_box):
    """Ann and Bob at Microsoft."""
    made = MicrosoftWorld(google_box)
    yield made
    made.close()
    google_box.faults.clear()


@pytest.fixture
def app(google_box):
    """An app whose redirect address is ours."""
    return registered(google_box)


def registered(box, **facts):
    """A new app registration."""
    made = box.ms.register_client(name="Ours", redirect_uris=[REDIRECT], **facts)
    return with_facts(app_of(box), made)


def test_consent_ends_in_a_grant_that_works(world, app):
    """S2-01, S4-05: one sign-in gives lasting access, and says who it was."""
    before = datetime.now(UTC)
    grant = connect(world, app)
    assert grant.refresh_token
    assert before + timedelta(minutes=50) < grant.expires_at < before + timedelta(minutes=100)
    assert sign_in.missing_permissions(grant, Purpose.SYNC) == ()
    person = sign_in.identity(app, grant)
    assert person.email == world.email("ann")
    assert person.remote_id
    assert [c.is_primary for c in world.provider("ann", grant=grant).calendars()] == [True]


def test_further_addresses_of_the_mailbox_are_the_persons(world, app):
    """S3-48: invitations to them are this person's; what is no mail address isn't taken."""
    world.box.ms.change_user(world.email("ann"), aliases=["Ann.Lee@branch.example"])
    person = sign_in.identity(app, connect(world, app))
    assert (person.email, person.aliases) == (world.email("ann"), ("ann.lee@branch.example",))


def test_consent_page_is_asked_for_exactly_what_the_purpose_needs(app):
    """S2-09, S1-21: a lasting grant with PKCE, answered in the query."""
    for purpose, wanted in ((Purpose.SYNC, EVENTS), (Purpose.BUSY_ONLY, FREE_BUSY)):
        query = parse_qs(urlsplit(url_for(app, purpose, login_hint="a@b.c")).query)
        scopes = query["scope"][0].split()
        assert wanted in scopes
        assert "offline_access" in scopes
        assert (EVENTS in scopes) == (purpose is Purpose.SYNC)
        assert query["response_mode"] == ["query"]
        assert query["code_challenge_method"] == ["S256"]
        assert query["login_hint"] == ["a@b.c"]


def test_permissions_table_is_the_same_for_every_provider():
    """S2-08, S2-11, S2-12: five rows, each with what it is for and a scope behind it."""
    rows = sign_in.permissions(Purpose.SYNC)
    assert [row.name for row in rows] == [
        "Read busy/free status",
        "Read event times",
        "Create events",
        "Update events",
        "Delete events",
    ]
    assert all(row.what_it_does and row.scopes for row in rows)


def test_missing_scope_is_named(world):
    """S1-13, S2-12: booking is refused for a reason that can be shown."""
    grant = world.grant("ann", Purpose.BUSY_ONLY)
    missing = [row.name for row in sign_in.missing_permissions(grant, Purpose.SYNC)]
    assert "Create events" in missing
    assert sign_in.missing_permissions(grant, Purpose.BUSY_ONLY) == ()
    with pytest.raises(Forbidden):
        world.provider("ann", grant=grant).create(world.calendar("ann"), draft(), new_key())


def test_busy_only_connection_reads_times_by_address(world, app):
    """S2-09, S2-10: it works with the one scope."""
    world.provider("ann").create(world.calendar("ann"), draft("Hidden title"), new_key())
    ann = world.provider("ann", grant=connect(world, app, Purpose.BUSY_ONLY))
    email = world.email("ann")
    assert [(t.start, t.stop) for t in ann.busy([email], WINDOW)[email]] == [
        (at(10).start, at(10).stop)
    ]


@pytest.mark.parametrize(
    ("tenant", "kind", "is_let_in"),
    [
        ("common", "work", True),
        ("common", "personal", True),
        ("organizations", "work", True),
        ("organizations", "personal", False),
        ("consumers", "personal", True),
        ("consumers", "work", False),
        ("sales.example", "work", True),
        ("other.example", "work", False),
    ],
)
def test_tenant_in_the_address_decides_who_may_sign_in(world, app, tenant, kind, is_let_in):
    """S0-16: work, school and personal accounts, one organisation or all."""
    world.box.ms.user(f"{world.email('ann').split('@')[0]}@other.example")
    email = world.email("bob") if kind == "work" else f"p.{world.email('bob')}.home.example"
    if kind == "personal":
        world.box.ms.user(email, kind="personal")
    ours = replace(app, tenant=tenant)
    if is_let_in:
        assert connect(world, ours, email=email).refresh_token
        return
    with pytest.raises((SandboxError, KeyError, AuthExpired, AppMisconfigured)):
        connect(world, ours, email=email)


def test_single_tenant_app_is_refused_on_the_common_address(world):
    """S0-16, S0-04: and works with its own tenant."""
    single = registered(world.box, audience="single", tenant="sales.example")
    assert sign_in.check_app(single, REDIRECT) == "wrong_client"
    own = replace(single, tenant="sales.example")
    assert sign_in.check_app(own, REDIRECT) == ""
    assert connect(world, own).refresh_token


def test_national_cloud_is_a_matter_of_addresses():
    """S0-16: nothing in an address that names an organisation or another cloud is changed."""
    app = OAuthApp("id", "secret", tenant="contoso.onmicrosoft.us")
    assert url_for(app).startswith(
        "https://login.microsoftonline.com/contoso.onmicrosoft.us/oauth2/v2.0/authorize?"
    )
    gov = replace(
        app,
        endpoints=replace(
            app.endpoints,
            auth_url="https://login.microsoftonline.us/organizations/oauth2/v2.0/authorize",
        ),
    )
    assert url_for(gov).startswith("https://login.microsoftonline.us/contoso.onmicrosoft.us/")
    odd = replace(app, tenant="../evil?x=")
    assert "evil" not in url_for(odd).partition("?")[0]


def test_refusal_on_the_consent_page_comes_back_as_such(world, app):
    """S1-16: saying no is an answer."""
    way_back = world.box.consent(url_for(app), world.email("ann"), deny=True)
    assert world.box.answer_of(way_back)["error"] == "access_denied"


def test_code_is_good_once_and_only_with_its_verifier(world, app):
    """S1-21: a stolen or repeated code is worth nothing."""
    for verifier in ("x" * 64, VERIFIER):
        code = world.box.answer_of(world.box.consent(url_for(app), world.email("ann")))["code"]
        if verifier == VERIFIER:
            sign_in.exchange(app, redirect_uri=REDIRECT, code=code, code_verifier=verifier)
        with pytest.raises(AuthExpired):
            sign_in.exchange(app, redirect_uri=REDIRECT, code=code, code_verifier=verifier)


def test_refresh_gives_new_tokens_both(world, app):
    """S4-05: the refresh token is replaced at every use, or the access ends after 90 days."""
    grant = connect(world, app)
    world.box.ms.expire_access_tokens(world.email("ann"))
    fresh = sign_in.refresh(app, grant)
    assert fresh.access_token != grant.access_token
    assert fresh.refresh_token not in ("", grant.refresh_token)
    assert {s.rpartition("/")[2] for s in fresh.scopes} >= {EVENTS}
    again = sign_in.refresh(app, fresh)
    assert world.provider("ann", grant=again).calendars()


@pytest.mark.parametrize(
    ("switches", "reason"),
    [
        ({"token_error": 50076}, "policy_changed"),
        ({"conditional_access": True}, "policy_changed"),
        ({"password_expired": True}, "password_changed"),
        ({"disabled": True}, "access_revoked"),
        ({"token_error": 700082}, "access_revoked"),
        ({"token_error": 70043}, "policy_changed"),
    ],
)
def test_user_is_told_why_to_sign_in_again(world, app, switches, reason):
    """S0-29, S1-13: each AADSTS number in words."""
    grant = connect(world, app)
    world.box.ms.change_user(world.email("ann"), **switches)
    with pytest.raises(AuthExpired) as ended:
        sign_in.refresh(app, grant)
    assert (ended.value.reason, ended.value.is_revoked) == (reason, True)


def test_consent_taken_back_and_password_reset_are_told_apart(world, app):
    """S0-29, S1-13: by the user, or by an administrator's reset."""
    grant = connect(world, app)
    world.box.ms.revoke_grant(world.email("ann"))
    with pytest.raises(AuthExpired) as ended:
        sign_in.refresh(app, grant)
    assert ended.value.reason == "access_revoked"
    grant = connect(world, app)
    world.box.ms.reset_password(world.email("ann"), by="user")
    assert sign_in.refresh(app, grant).access_token  # a web app's grant outlives this
    world.box.ms.reset_password(world.email("ann"), by="admin")
    with pytest.raises(AuthExpired) as ended:
        sign_in.refresh(app, grant)
    assert ended.value.reason == "password_changed"


def test_organisation_that_wants_its_administrator_says_so(world, app):
    """S1-16, S2-03: the user cannot allow it; there is a link for who can."""
    grant = connect(world, app)
    world.box.ms.change_user(world.email("ann"), token_error=90094)
    with pytest.raises(Forbidden, match="admin_consent_required"):
        sign_in.refresh(app, grant)
    link = sign_in.admin_consent_url(app, redirect_uri=REDIRECT, state="s2")
    parts = urlsplit(link)
    assert parts.path == "/organizations/v2.0/adminconsent"
    assert parse_qs(parts.query)["client_id"] == [app.client_id]
    own = replace(app, tenant="sales.example")
    link = sign_in.admin_consent_url(own, redirect_uri=REDIRECT, state="s2")
    assert urlsplit(link).path.startswith("/sales.example/")


@pytest.mark.parametrize("member", ["client_secret", "client_id"])
def test_wrong_app_costs_nobody_the_grant(world, app, member):
    """S1-10: a mistyped secret is the app's state; put right, it works at once."""
    grant = connect(world, app)
    with pytest.raises(AppMisconfigured):
        sign_in.refresh(replace(app, **{member: "wrong"}), grant)
    assert sign_in.refresh(app, grant).access_token


def test_expired_secret_is_the_apps_state_and_ends_with_a_new_one(world, app):
    """S1-10: msal's memory of a refusal must not outlive the repair."""
    grant = connect(world, app)
    world.box.ms.change_client(app.client_id, secret_expired=True)
    with pytest.raises(AppMisconfigured):
        sign_in.refresh(app, grant)
    world.box.ms.change_client(app.client_id, secret_expired=False)
    assert sign_in.refresh(app, grant).access_token


def test_hiccup_of_the_sign_in_server_costs_nobody_the_grant(world, app):
    """S1-10: later is not never."""
    grant = connect(world, app)
    for fault in (
        {"action": "error", "status": 503, "reason": "temporarily_unavailable"},
        {"action": "garbage"},
        {"action": "drop"},
    ):
        world.box.faults.add(operation="oauth.token", **fault)
        with pytest.raises(Unavailable):
            sign_in.refresh(app, grant)
        world.box.faults.clear()
    assert sign_in.refresh(app, grant).access_token


def test_one_sign_in_step_is_one_request(world, app):
    """S1-22: quirk msal_wants_discovery: msal's discovery is answered from the configuration."""
    grant = connect(world, app)
    world.box.clear_requests()
    sign_in.refresh(app, grant)
    assert [one["operation"] for one in world.box.requests()] == ["microsoft.oauth.token"]


def test_app_check_tells_what_is_wrong_without_a_user(app):
    """S0-04: the administrator's Test button."""
    assert sign_in.check_app(app, REDIRECT) == ""
    assert sign_in.check_app(replace(app, client_secret="wrong"), REDIRECT) == "wrong_client"
    assert sign_in.check_app(replace(app, client_id="wrong"), REDIRECT) == "wrong_client"
    assert sign_in.check_app(replace(app, tenant="nowhere.example"), REDIRECT) == "wrong_client"
    other = "https://elsewhere.example/back"
    assert sign_in.check_app(app, other) == "wrong_redirect_uri"
    nowhere = replace(app.endpoints, token_url="http://127.0.0.1:1/token")
    assert sign_in.check_app(replace(app, endpoints=nowhere), REDIRECT) == "unavailable"


def test_grant_without_a_refresh_token_says_so():
    """S1-14: nothing to renew with means signing in again, without a request."""
    with pytest.raises(AuthExpired, match="no_refresh_token"):
        sign_in.refresh(OAuthApp("id", "secret"), Grant("token"))
