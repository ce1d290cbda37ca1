"""Google's own client against the sandbox: sign-in and tokens (points 1 and 2)."""

import json
from urllib.parse import urlencode

import google.oauth2.credentials
import jwt
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request as AuthRequest

from sandbox.client import SandboxError, SandboxProcess, http

from .google_client import (
    CALLBACK,
    SCOPE,
    SYNC_SCOPES,
    challenge,
    redeem,
    refusal,
    service,
    token_call,
)

pytest_plugins = ["e2e.contract.google_people"]

VERIFIER = "v" * 60


def signed_in(box, email, **more):
    """Parameters with which the browser comes back."""
    return box.answer_of(box.consent(box.authorise_url(CALLBACK, SYNC_SCOPES, **more), email))


def test_point_01_the_browser_comes_back_with_code_and_state(box, email):
    """Given the consent page, when Allow is pressed, then code, state and scope arrive."""
    answer = signed_in(box, email, state="s-1")

    assert answer["state"] == "s-1"
    assert answer["code"]
    assert SCOPE + "calendar.events" in answer["scope"].split()


def test_point_01_an_unregistered_redirect_uri_is_refused_here(box, email):
    """The browser is never sent to an address that the client did not register."""
    client = box.register_client(redirect_uris=[CALLBACK])
    url = box.authorise_url(CALLBACK + "/", SYNC_SCOPES, client_id=client["client_id"])

    with pytest.raises(SandboxError, match="redirect_uri_mismatch"):
        box.consent(url, email)
    with pytest.raises(SandboxError, match="redirect_uri_mismatch"):
        box.consent(box.authorise_url("http://evil.example/", SYNC_SCOPES), email)


def test_point_01_deny_wrong_password_and_fewer_scopes(box, email):
    """Deny gives access_denied; a wrong password no code; an unticked scope is not granted."""
    url = box.authorise_url(CALLBACK, SYNC_SCOPES, state="x")

    assert box.answer_of(box.consent(url, email, deny=True)) == {
        "error": "access_denied",
        "state": "x",
    }
    with pytest.raises(SandboxError, match="Wrong password"):
        box.consent(url, email, password="guess")
    some = box.answer_of(box.consent(url, email, scopes=[SCOPE + "calendar.calendarlist.readonly"]))
    assert SCOPE + "calendar.events" not in some["scope"].split()


def test_point_01_an_administrator_may_block_the_app(box, email):
    """The page says so, and its button leads back with admin_policy_enforced."""
    box.change_user(email, admin_blocked=True)

    answer = box.answer_of(box.consent(box.authorise_url(CALLBACK, SYNC_SCOPES, state="b"), email))

    assert answer == {"error": "admin_policy_enforced", "state": "b"}


def test_point_01_consent_can_be_automatic_for_scripts(box, email):
    """One GET, one 302: for tests that do not care about the page."""
    box.settings(google__auto_consent="allow")
    query = urlencode(
        {
            "client_id": box.google["client_id"],
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "response_type": "code",
            "login_hint": email,
        }
    )
    status, headers, _raw = http("GET", f"{box.google['auth_url']}?{query}")
    box.settings(google__auto_consent="")
    assert status == 302
    assert redeem(box, box.answer_of(headers["Location"])["code"])[0] == 200


def test_point_02_a_code_works_once_with_its_verifier_and_redirect_uri(box, email):
    """PKCE, redirect_uri and single use are checked."""
    asked = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
    code = signed_in(box, email, **asked)["code"]

    assert redeem(box, code)[1]["error"] == "invalid_grant"
    assert redeem(box, code, code_verifier="w" * 60)[1]["error"] == "invalid_grant"
    elsewhere = redeem(box, code, code_verifier=VERIFIER, redirect_uri=CALLBACK + "x")
    assert elsewhere[1]["error"] == "redirect_uri_mismatch"
    status, tokens = redeem(box, code, code_verifier=VERIFIER)
    assert status == 200
    assert tokens["expires_in"] == 3599
    assert tokens["refresh_token"]
    assert redeem(box, code, code_verifier=VERIFIER) == (
        400,
        {"error": "invalid_grant", "error_description": "Bad Request"},
    )


def test_point_02_a_refresh_token_comes_with_the_first_offline_consent_only(box, email):
    """Later ones need prompt=consent."""
    first = redeem(box, signed_in(box, email, prompt="")["code"])[1]
    second = redeem(box, signed_in(box, email, prompt="")["code"])[1]
    forced = redeem(box, signed_in(box, email, prompt="consent")["code"])[1]
    online = redeem(box, signed_in(box, email, access_type="online")["code"])[1]

    has = ["refresh_token" in tokens for tokens in (first, second, forced, online)]
    assert has == [True, False, True, False]


def test_point_02_the_id_token_can_be_verified_with_the_published_key(box, email):
    """openid was asked for: who signed in is stated and signed."""
    tokens = redeem(box, signed_in(box, email, nonce="n-1")["code"])[1]
    discovery = json.loads(
        http("GET", box.google["auth_base"] + "/.well-known/openid-configuration")[2]
    )
    keys = jwt.PyJWKSet.from_dict(json.loads(http("GET", discovery["jwks_uri"])[2]))

    claims = jwt.decode(
        tokens["id_token"], keys.keys[0].key, algorithms=["RS256"], audience=box.google["client_id"]
    )

    assert (claims["email"], claims["nonce"], claims["hd"]) == (email, "n-1", "north.example")
    about = http("GET", discovery["userinfo_endpoint"], token=tokens["access_token"])[2]
    assert json.loads(about)["sub"] == claims["sub"]


def test_point_02_refresh_and_revoke(box, email):
    """A refresh gives no new refresh token; after a revoke every token is dead."""
    tokens = redeem(box, signed_in(box, email)["code"])[1]
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}

    status, fresh = token_call(box, **refresh)
    assert status == 200
    assert "refresh_token" not in fresh
    assert http("POST", box.google["revoke_url"], form={"token": tokens["refresh_token"]})[0] == 200
    assert token_call(box, **refresh)[1]["error"] == "invalid_grant"
    assert (
        refusal(service(box, token=fresh["access_token"]).events().list(calendarId="primary"))[0]
        == 401
    )
    assert http("POST", box.google["revoke_url"], form={"token": tokens["refresh_token"]})[0] == 400


def test_point_02_google_auth_tells_a_dead_grant_from_a_bad_moment(box, email):
    """invalid_grant is final, 503 is retried; a wrong secret is the administrator's mistake."""
    grant = box.tokens(email)
    form = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
    credentials = google.oauth2.credentials.Credentials(
        None,
        refresh_token=grant["refresh_token"],
        token_uri=box.google["token_url"],
        client_id=box.google["client_id"],
        client_secret=box.google["client_secret"],
    )

    box.faults.add(
        "error",
        operation="oauth.token",
        user=email,
        status=503,
        reason="temporarily_unavailable",
        count=3,
    )
    with pytest.raises(RefreshError) as late:
        credentials.refresh(AuthRequest())
    wrong = token_call(box, client={**box.google, "client_secret": "typo"}, **form)
    box.revoke_grant(email)
    with pytest.raises(RefreshError) as dead:
        credentials.refresh(AuthRequest())

    assert (late.value.retryable, dead.value.retryable) == (True, False)
    assert (wrong[0], wrong[1]["error"]) == (401, "invalid_client")


def test_point_02_a_client_in_testing_loses_its_tokens_after_seven_days():
    """The classic surprise; basic scopes alone are spared. Until then each answer says how long it
    still lasts; that of an app in production says nothing."""
    with SandboxProcess(seed="empty") as own:
        email = own.user("ann@north.example")["email"]
        client = own.register_client(testing=True)
        grant = own.tokens(email, client_id=client["client_id"])
        form = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
        assert token_call(own, client, **form)[1]["refresh_token_expires_in"] > 7 * 86400 - 60
        own.advance(6 * 86400)
        assert 86400 - 60 < token_call(own, client, **form)[1]["refresh_token_expires_in"] <= 86400
        lasting = own.tokens(email)["refresh_token"]
        answer = token_call(own, own.google, grant_type="refresh_token", refresh_token=lasting)[1]
        assert "refresh_token_expires_in" not in answer
        own.advance(86400 + 1)
        assert token_call(own, client, **form)[1]["error"] == "invalid_grant"
