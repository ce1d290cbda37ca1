"""Google's sign-in over real HTTP: consent, partial consent, refresh, revocation, a wrong app."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from calendar_sync_pro.core.errors import AppMisconfigured, AuthExpired, NotFound, Unavailable
from calendar_sync_pro.providers.google.oauth import EVENTS, FREE_BUSY, GoogleSignIn
from calendar_sync_pro.providers.port import Grant, OAuthApp, Purpose
from calendar_sync_pro.tests.pure.contract.backend import WINDOW, at, draft, new_key

from .google_world import app_of
from .oauth_login import REDIRECT, VERIFIER, OAuthLogin, with_facts

sign_in = GoogleSignIn()
login = OAuthLogin(sign_in)
url_for, connect = login.url_for, login.connect


@pytest.fixture
def app(google_box):
    """An app whose redirect address is ours."""
    facts = google_box.register_client(name="Ours", redirect_uris=[REDIRECT])
    return with_facts(app_of(google_box), facts)


def test_consent_ends_in_a_grant_that_works(world, app):
    """S2-01, S4-05: one sign-in gives lasting access, and says who it was."""
    before = datetime.now(UTC)
    grant = connect(world, app)
    assert grant.refresh_token
    assert before + timedelta(minutes=50) < grant.expires_at < before + timedelta(minutes=61)
    assert sign_in.missing_permissions(grant, Purpose.SYNC) == ()
    person = sign_in.identity(app, grant)
    assert person.email == world.email("ann")
    assert person.remote_id
    assert world.provider("ann", grant=grant).calendars()[0].remote_id == person.email


def test_the_end_of_a_grant_is_known_where_it_is_told(world, app, google_box):
    """S1-14: an app in testing is let in for seven days; each refresh names the same end, and a
    lasting grant none."""
    facts = google_box.register_client(redirect_uris=[REDIRECT], testing=True)
    testing, in_a_week = with_facts(app, facts), datetime.now(UTC) + timedelta(days=7)
    grant = connect(world, testing)
    assert abs(grant.ends_at - in_a_week) < timedelta(minutes=1)
    fresh = sign_in.refresh(testing, grant)
    assert fresh.access_token != grant.access_token
    assert abs(fresh.ends_at - grant.ends_at) < timedelta(seconds=5)
    lasting = connect(world, app)
    assert lasting.ends_at is None
    assert sign_in.refresh(app, lasting).ends_at is None


def test_consent_page_is_asked_for_exactly_what_the_purpose_needs(world, app):
    """S2-09: busy-only asks for free/busy alone, and both ask for a lasting grant with PKCE."""
    for purpose, wanted in ((Purpose.SYNC, EVENTS), (Purpose.BUSY_ONLY, FREE_BUSY)):
        query = parse_qs(urlsplit(url_for(app, purpose, login_hint="a@b.c")).query)
        assert wanted in query["scope"][0].split()
        assert (EVENTS in query["scope"][0]) == (purpose is Purpose.SYNC)
        assert query["access_type"] == ["offline"]
        assert query["prompt"] == ["consent"]
        assert query["code_challenge_method"] == ["S256"]
        assert query["login_hint"] == ["a@b.c"]
        assert "include_granted_scopes" not in query


def test_permissions_table_has_five_rows_with_scopes_behind_them():
    """S2-08, S2-11, S2-12: each row says what it is for."""
    rows = sign_in.permissions(Purpose.SYNC)
    assert [row.name for row in rows] == [
        "Read busy/free status",
        "Read event times",
        "Create events",
        "Update events",
        "Delete events",
    ]
    assert all(row.what_it_does and row.scopes for row in rows)


def test_unticked_permission_is_named(world, app):
    """S1-13, S2-12: booking is refused for a reason that can be shown."""
    grant = connect(world, app, scopes=["openid", "email", FREE_BUSY])
    missing = [row.name for row in sign_in.missing_permissions(grant, Purpose.SYNC)]
    assert missing == ["Read event times", "Create events", "Update events", "Delete events"]
    with pytest.raises(AuthExpired) as refused:
        world.provider("ann", grant=grant).create(world.calendar("ann"), draft(), new_key())
    assert refused.value.reason == "insufficientPermissions"


def test_busy_only_connection_reads_times_and_nothing_else(world, app):
    """S2-09, S2-10: it works with the one scope; events cannot even be asked for."""
    world.provider("ann").create(world.calendar("ann"), draft("Hidden title"), new_key())
    grant = connect(world, app, Purpose.BUSY_ONLY)
    ann = world.provider("ann", grant=grant)
    (calendar,) = ann.calendars()
    assert calendar.remote_id == world.calendar("ann")
    assert not calendar.role.can_write
    times = ann.busy([calendar.remote_id], WINDOW)[calendar.remote_id]
    assert [(t.start, t.stop) for t in times] == [(at(10).start, at(10).stop)]
    with pytest.raises(AuthExpired):
        ann.changes(calendar.remote_id, "", WINDOW)


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


def test_refresh_gives_a_new_token_and_keeps_the_lasting_one(world, app):
    """S4-05: access goes on past the hour."""
    grant = connect(world, app)
    world.box.expire_access_tokens(world.email("ann"))
    with pytest.raises(AuthExpired) as expired:
        world.provider("ann", grant=grant).calendars()
    assert not expired.value.is_revoked
    fresh = sign_in.refresh(app, grant)
    assert fresh.access_token != grant.access_token
    assert (fresh.refresh_token, fresh.scopes) == (grant.refresh_token, grant.scopes)
    assert world.provider("ann", grant=fresh).calendars()


def test_grant_that_the_user_took_back_needs_a_new_sign_in(world, app):
    """S0-29, S1-13: revoked at Google means "Reconnect Required"."""
    grant = connect(world, app)
    world.box.revoke_grant(world.email("ann"))
    with pytest.raises(AuthExpired) as revoked:
        sign_in.refresh(app, grant)
    assert revoked.value.is_revoked


@pytest.mark.parametrize("member", ["client_secret", "client_id"])
def test_wrong_app_costs_nobody_the_grant(world, app, member):
    """S1-10: a mistyped secret is the app's state, not the user's."""
    grant = connect(world, app)
    with pytest.raises(AppMisconfigured):
        sign_in.refresh(replace(app, **{member: "wrong"}), grant)
    assert sign_in.refresh(app, grant).access_token


def test_hiccup_of_the_sign_in_server_costs_nobody_the_grant(world, app):
    """S1-10: later is not never."""
    grant = connect(world, app)
    for fault in ({"action": "error", "status": 503}, {"action": "garbage"}, {"action": "drop"}):
        world.box.faults.add(operation="oauth.token", **fault)
        with pytest.raises(Unavailable):
            sign_in.refresh(app, grant)
        world.box.faults.clear()
    assert sign_in.refresh(app, grant).access_token


def test_disconnecting_takes_the_grant_back_and_once_more_is_fine(world, app):
    """S0-30: nothing is left behind at the provider."""
    grant = connect(world, app)
    assert sign_in.revoke(app, grant)
    assert sign_in.revoke(app, grant)
    with pytest.raises(AuthExpired):
        sign_in.refresh(app, grant)


def test_app_check_tells_what_is_wrong_without_a_user(app):
    """S0-04: the administrator's Test button."""
    assert sign_in.check_app(app, REDIRECT) == ""
    assert sign_in.check_app(replace(app, client_secret="wrong"), REDIRECT) == "wrong_client"
    assert sign_in.check_app(replace(app, client_id="wrong"), REDIRECT) == "wrong_client"
    other = "https://elsewhere.example/back"
    assert sign_in.check_app(app, other) == "wrong_redirect_uri"
    nowhere = replace(app.endpoints, token_url="http://127.0.0.1:1/token")
    assert sign_in.check_app(replace(app, endpoints=nowhere), REDIRECT) == "unavailable"


def test_grant_without_a_refresh_token_says_so():
    """S1-14: nothing to renew with means signing in again, without a request."""
    with pytest.raises(AuthExpired, match="no_refresh_token"):
        sign_in.refresh(OAuthApp("id", "secret"), Grant("token"))


def test_calendar_list_has_every_page_with_roles_and_own_names(world):
    """S0-15, S0-34: primary, created and subscribed; read-only ones are told apart."""
    box, ann = world.box, world.email("ann")
    box.calendar(ann, "Projects")
    box.calendar(world.email("bob"), "Team", subscribers={ann: "reader"})
    found = {c.name: c for c in world.provider("ann").calendars()}
    assert found["Projects"].role.can_write
    assert found["Projects"].is_own
    assert not found["Team"].role.can_write
    assert not found["Team"].is_own
    assert [c.is_primary for c in found.values()].count(True) == 1
    with pytest.raises(NotFound):
        world.provider("bob").get(found["Projects"].remote_id, new_key())
