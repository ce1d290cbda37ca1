"""The sandbox's Google, points 1 to 4: sign-in, tokens, scopes, calendar list."""

import json
from urllib.parse import urlencode

import google.oauth2.credentials
import google.oauth2.id_token
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
    timed,
    token_call,
)

VERIFIER = "v" * 60


@pytest.fixture(scope="module")
def box():
    with SandboxProcess(seed="empty") as running:
        yield running


@pytest.fixture
def ann(box, request):
    """A fresh account for each test."""
    return box.user(f"ann.{abs(hash(request.node.name))}@north.example", kind="workspace")["email"]


def signed_in(box, email, **more):
    """Parameters with which the browser comes back."""
    return box.answer_of(box.consent(box.authorise_url(CALLBACK, SYNC_SCOPES, **more), email))


def test_point_01_the_browser_comes_back_with_code_and_state(box, ann):
    """Given the consent page, when Allow is pressed, then code, state and scope arrive."""
    answer = signed_in(box, ann, state="s-1")

    assert answer["state"] == "s-1"
    assert answer["code"]
    assert SCOPE + "calendar.events" in answer["scope"].split()


def test_point_01_an_unregistered_redirect_uri_is_refused_here(box, ann):
    """The browser is never sent to an address that the client did not register."""
    client = box.register_client(redirect_uris=[CALLBACK])
    url = box.authorise_url(CALLBACK + "/", SYNC_SCOPES, client_id=client["client_id"])

    with pytest.raises(SandboxError, match="redirect_uri_mismatch"):
        box.consent(url, ann)
    with pytest.raises(SandboxError, match="redirect_uri_mismatch"):
        box.consent(box.authorise_url("http://evil.example/", SYNC_SCOPES), ann)


def test_point_01_deny_wrong_password_and_fewer_scopes(box, ann):
    """Deny gives access_denied; a wrong password no code; an unticked scope is not granted."""
    url = box.authorise_url(CALLBACK, SYNC_SCOPES, state="x")

    assert box.answer_of(box.consent(url, ann, deny=True)) == {
        "error": "access_denied",
        "state": "x",
    }
    with pytest.raises(SandboxError, match="Wrong password"):
        box.consent(url, ann, password="guess")
    some = box.answer_of(box.consent(url, ann, scopes=[SCOPE + "calendar.calendarlist.readonly"]))
    assert SCOPE + "calendar.events" not in some["scope"].split()


def test_point_01_an_administrator_may_block_the_app(box, ann):
    """The page says so, and its button leads back with admin_policy_enforced."""
    box.change_user(ann, admin_blocked=True)

    answer = box.answer_of(box.consent(box.authorise_url(CALLBACK, SYNC_SCOPES, state="b"), ann))

    assert answer == {"error": "admin_policy_enforced", "state": "b"}


def test_point_02_a_code_works_once_with_its_verifier_and_redirect_uri(box, ann):
    """PKCE, redirect_uri and single use are checked."""
    asked = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
    code = signed_in(box, ann, **asked)["code"]

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


def test_point_02_a_refresh_token_comes_with_the_first_offline_consent_only(box, ann):
    """Later ones need prompt=consent."""
    first = redeem(box, signed_in(box, ann, prompt="")["code"])[1]
    second = redeem(box, signed_in(box, ann, prompt="")["code"])[1]
    forced = redeem(box, signed_in(box, ann, prompt="consent")["code"])[1]
    online = redeem(box, signed_in(box, ann, access_type="online")["code"])[1]

    has = ["refresh_token" in tokens for tokens in (first, second, forced, online)]
    assert has == [True, False, True, False]


def test_point_02_the_id_token_can_be_verified_with_the_published_key(box, ann):
    """openid was asked for: who signed in is stated and signed."""
    tokens = redeem(box, signed_in(box, ann, nonce="n-1")["code"])[1]
    discovery = json.loads(
        http("GET", box.google["auth_base"] + "/.well-known/openid-configuration")[2]
    )
    keys = jwt.PyJWKSet.from_dict(json.loads(http("GET", discovery["jwks_uri"])[2]))

    claims = jwt.decode(
        tokens["id_token"], keys.keys[0].key, algorithms=["RS256"], audience=box.google["client_id"]
    )

    assert (claims["email"], claims["nonce"], claims["hd"]) == (ann, "n-1", "north.example")
    about = http("GET", discovery["userinfo_endpoint"], token=tokens["access_token"])[2]
    assert json.loads(about)["sub"] == claims["sub"]


def test_point_02_refresh_and_revoke(box, ann):
    """A refresh gives no new refresh token; after a revoke every token is dead."""
    tokens = redeem(box, signed_in(box, ann)["code"])[1]
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


def test_point_02_google_auth_tells_a_dead_grant_from_a_bad_moment(box, ann):
    """invalid_grant is final, 503 is retried; a wrong secret is the administrator's mistake."""
    grant = box.tokens(ann)
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
        user=ann,
        status=503,
        reason="temporarily_unavailable",
        count=3,
    )
    with pytest.raises(RefreshError) as late:
        credentials.refresh(AuthRequest())
    wrong = token_call(box, client={**box.google, "client_secret": "typo"}, **form)
    box.revoke_grant(ann)
    with pytest.raises(RefreshError) as dead:
        credentials.refresh(AuthRequest())

    assert (late.value.retryable, dead.value.retryable) == (True, False)
    assert (wrong[0], wrong[1]["error"]) == (401, "invalid_client")


def test_point_02_a_client_in_testing_loses_its_tokens_after_seven_days():
    """The classic surprise; basic scopes alone are spared."""
    with SandboxProcess(seed="empty") as own:
        ann = own.user("ann@north.example")["email"]
        client = own.register_client(testing=True)
        grant = own.tokens(ann, client_id=client["client_id"])
        form = {"grant_type": "refresh_token", "refresh_token": grant["refresh_token"]}
        assert token_call(own, client, **form)[0] == 200
        own.advance(7 * 86400 + 1)
        assert token_call(own, client, **form)[1]["error"] == "invalid_grant"


def test_point_03_without_a_valid_token_there_is_401_authError(box, ann):
    """No token, a made-up one and an expired one are all the same; bodies are Google's."""
    url = box.google["api_base"] + "/calendars/primary/events"
    short = box.tokens(ann, expires_in=-1)["access_token"]

    for token in ("", "made-up", short):
        status, _headers, raw = http("GET", url, token=token)
        assert (status, json.loads(raw)["error"]["errors"][0]["reason"]) == (401, "authError")


def test_point_03_a_missing_scope_gives_403(box, ann):
    """Free/busy scopes neither write events nor list calendars."""
    token = box.tokens(ann, scopes=[SCOPE + "calendar.freebusy"])["access_token"]
    api = service(box, token=token)

    assert refusal(api.events().insert(calendarId="primary", body=timed())) == (
        403,
        "insufficientPermissions",
    )
    assert refusal(api.calendarList().list()) == (403, "insufficientPermissions")
    body = {
        "timeMin": "2026-12-01T00:00:00Z",
        "timeMax": "2026-12-02T00:00:00Z",
        "items": [{"id": ann}],
    }
    assert api.freebusy().query(body=body).execute()["calendars"][ann] == {"busy": []}


def test_point_03_authorized_http_refreshes_once_and_replays(box, ann):
    """Google's client heals an expired access token by itself."""
    grant = box.tokens(ann)
    credentials = google.oauth2.credentials.Credentials(
        "expired",
        refresh_token=grant["refresh_token"],
        token_uri=box.google["token_url"],
        client_id=box.google["client_id"],
        client_secret=box.google["client_secret"],
    )
    api = service(box, credentials=credentials)

    assert api.calendarList().list().execute()["items"][0]["id"] == ann


def test_point_04_the_list_has_roles_and_hides_what_is_hidden(box, ann):
    """Primary once; hidden entries on request; minAccessRole filters; unknown id is 404."""
    ben = box.user(f"ben.{ann}")["email"]
    for summary, role in (
        ("Reads", "reader"),
        ("Writes", "writer"),
        ("Private", "writerWithoutPrivateAccess"),
    ):
        box.calendar(ben, summary, subscribers={ann: role})
    hidden = box.calendar(ann, "Hidden")["id"]
    api = service(box, ann)
    api.calendarList().patch(calendarId=hidden, body={"hidden": True}).execute()

    entries = {e["summary"]: e for e in api.calendarList().list().execute()["items"]}
    roles = {name: entry["accessRole"] for name, entry in entries.items()}
    assert roles == {
        ann: "owner",
        "Reads": "reader",
        "Writes": "writer",
        "Private": "writerWithoutPrivateAccess",
    }
    assert [e["id"] for e in entries.values() if e.get("primary")] == [ann]
    assert len(api.calendarList().list(showHidden=True).execute()["items"]) == 5
    writable = api.calendarList().list(minAccessRole="writer").execute()["items"]
    assert {e["summary"] for e in writable} == {ann, "Writes"}
    assert api.calendarList().get(calendarId="primary").execute()["id"] == ann
    assert refusal(api.calendarList().get(calendarId="nobody@north.example")) == (404, "notFound")


def test_point_04_pages_and_changes_of_the_list(box, ann):
    """The token comes with the last page; deleted and hidden entries come with changes."""
    gone, hidden = (box.calendar(ann, name)["id"] for name in ("Gone", "Hidden"))
    api = service(box, ann)
    first = api.calendarList().list(maxResults=2).execute()
    assert "nextSyncToken" not in first
    last = api.calendarList().list(maxResults=2, pageToken=first["nextPageToken"]).execute()
    token = last["nextSyncToken"]
    assert len(first["items"]) + len(last["items"]) == 3

    api.calendarList().delete(calendarId=gone).execute()
    api.calendarList().patch(calendarId=hidden, body={"hidden": True}).execute()
    changes = api.calendarList().list(syncToken=token).execute()["items"]

    assert {e["id"]: e.get("deleted", False) for e in changes} == {gone: True, hidden: False}
    with_role = api.calendarList().list(syncToken=token, minAccessRole="owner")
    assert refusal(with_role) == (400, "syncTokenWithRequestRestrictions")
    assert refusal(api.calendarList().list(syncToken="forged")) == (410, "fullSyncRequired")


def test_point_04_calendars_can_be_made_and_deleted(box, ann):
    """Secondary calendars come and go; the primary one stays."""
    api = service(box, ann)
    made = api.calendars().insert(body={"summary": "Odoo", "timeZone": "Asia/Tokyo"}).execute()
    assert api.calendars().get(calendarId=made["id"]).execute()["timeZone"] == "Asia/Tokyo"
    api.calendars().delete(calendarId=made["id"]).execute()
    assert refusal(api.calendars().get(calendarId=made["id"]))[0] == 404
    assert refusal(api.calendars().delete(calendarId="primary"))[0] == 400


def test_point_01_consent_can_be_automatic_for_scripts(box, ann):
    """One GET, one 302: for tests that do not care about the page."""
    box.settings(google__auto_consent="allow")
    query = urlencode(
        {
            "client_id": box.google["client_id"],
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "response_type": "code",
            "login_hint": ann,
        }
    )
    status, headers, _raw = http("GET", f"{box.google['auth_url']}?{query}")
    box.settings(google__auto_consent="")
    assert status == 302
    assert redeem(box, box.answer_of(headers["Location"])["code"])[0] == 200
