"""Microsoft's own sign-in library, unmodified, against the sandbox (points 1 and 2)."""

import json
from urllib.parse import urlencode, urlsplit

import msal
import pytest
import requests

from sandbox.client import SandboxError, http

from .microsoft_people import CALLBACK, Person

pytest_plugins = ["e2e.contract.microsoft_people"]

SCOPES = ["User.Read", "Calendars.ReadWrite"]


@pytest.fixture(autouse=True)
def only_given_authorities(monkeypatch):
    """requests prefers these variables to the certificate file that msal is given."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def application(box, tenant="common", client=None, **more):
    """msal pointed at the sandbox's TLS address by its documented parameters."""
    client = client or box.microsoft
    more = {"instance_discovery": False, "verify": box.microsoft["ca_file"], **more}
    return msal.ConfidentialClientApplication(
        client["client_id"],
        client_credential=client["client_secret"],
        authority=f"{box.microsoft['login_base']}/{tenant}",
        **more,
    )


def sign_in(box, app, email, **more):
    """The whole flow with the page in between; msal's result."""
    flow = app.initiate_auth_code_flow(
        SCOPES, redirect_uri=CALLBACK, response_mode="query", prompt="select_account"
    )
    return app.acquire_token_by_auth_code_flow(
        flow, box.answer_of(box.consent(flow["auth_uri"], email, **more))
    )


class RealHosts:
    """An `http_client` for msal that finds Microsoft's hosts in the sandbox."""

    def __init__(self, box):
        self._session, self._box = requests.Session(), box
        self.asked = []

    def _at_home(self, url):
        self.asked.append(url)
        parts = urlsplit(url)
        return url.replace(f"https://{parts.netloc}", self._box.microsoft["login_base"], 1)

    def get(self, url, **kwargs):
        """GET."""
        return self._session.get(
            self._at_home(url), verify=self._box.microsoft["ca_file"], **kwargs
        )

    def post(self, url, **kwargs):
        """POST."""
        return self._session.post(
            self._at_home(url), verify=self._box.microsoft["ca_file"], **kwargs
        )

    def close(self):
        """Nothing is kept."""


def test_point_01_discovery_names_https_addresses_only(office, nora):
    """Asked over TLS or not; an unknown tenant is AADSTS90002."""
    path = "/common/v2.0/.well-known/openid-configuration"
    for base in (office.microsoft["login_base"], office.microsoft["auth_base"]):
        found = json.loads(http("GET", base + path)[2])
        assert found["token_endpoint"].startswith("https://127.0.0.1:")
        assert found["issuer"].endswith("/{tenantid}/v2.0")
    status, _headers, raw = http(
        "GET", office.microsoft["auth_base"] + path.replace("common", "no")
    )
    assert (status, json.loads(raw)["error_codes"]) == (400, [90002])


def test_point_01_instance_discovery_knows_the_clouds(office, nora, setting):
    """v1.0 has tenant_discovery_endpoint, 1.1 has metadata, and it can be told to refuse."""
    client = RealHosts(office)
    app = msal.ConfidentialClientApplication(
        office.microsoft["client_id"],
        client_credential=office.microsoft["client_secret"],
        authority=office.microsoft["login_base"] + "/organizations",
        http_client=client,
    )

    assert "access_token" in sign_in(office, app, nora.email)
    assert app.get_accounts()[0]["username"] == nora.email
    assert any("discovery/instance" in url for url in client.asked)
    setting(microsoft__invalid_instance=True)
    with pytest.raises(ValueError, match="invalid_instance"):
        application(office, instance_discovery=True, http_client=RealHosts(office))


def test_point_02_msal_signs_in_with_pkce_nonce_and_state(office, nora):
    """The result says who it is, for how long, and what was granted."""
    result = sign_in(office, application(office), nora.email)

    claims = result["id_token_claims"]
    user = next(u for u in office.ms.users() if u["email"] == nora.email)
    assert (claims["oid"], claims["tid"]) == (user["oid"], user["tid"])
    assert claims["preferred_username"] == nora.email
    assert set(SCOPES) <= set(result["scope"].split())
    assert Person(office, nora.email, result["access_token"]).get("/me")["mail"] == nora.email


def test_point_02_the_user_may_say_no(office, nora):
    """An error comes back in a dictionary; nothing is granted."""
    result = sign_in(office, application(office), nora.email, deny=True)

    assert result["error"] == "access_denied"
    assert "AADSTS65004" in result["error_description"]


def test_point_02_redirect_scope_and_form_post_are_checked(office, nora):
    """An address that was not registered never gets an answer; an unknown scope does."""
    client = office.ms.register_client(redirect_uris=[CALLBACK])
    url = office.ms.authorise_url(CALLBACK + "/x", SCOPES, client_id=client["client_id"])
    with pytest.raises(SandboxError, match="AADSTS50011"):
        office.consent(url, nora.email)

    url = office.ms.authorise_url(CALLBACK, ["Calendars.Burn"], state="s")
    assert "AADSTS650053" in office.answer_of(office.consent(url, nora.email))["error_description"]
    url = office.ms.authorise_url(CALLBACK, SCOPES, state="s", response_mode="form_post")
    answer = office.answer_of(office.consent(url, nora.email))
    assert (answer["state"], bool(answer["code"])) == ("s", True)


def test_point_02_refresh_tokens_rotate_and_old_ones_stay_valid(office, nora):
    """Every use brings another one; the old one works until its 90 days are over."""
    first = sign_in(office, application(office), nora.email)["refresh_token"]
    second = application(office).acquire_token_by_refresh_token(first, SCOPES)
    again = application(office).acquire_token_by_refresh_token(first, SCOPES)

    assert len({first, second["refresh_token"], again["refresh_token"]}) == 3
    assert second["expires_in"] == 4199


def test_point_02_a_code_works_once(office, nora):
    """The second redemption is AADSTS54005; a wrong verifier does not use the code up."""
    answer = office.answer_of(office.consent(office.ms.authorise_url(CALLBACK, SCOPES), nora.email))
    form = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": CALLBACK}

    assert token_call(office, **form)[0] == 200
    status, body = token_call(office, **form)
    assert (status, body["error"], body["error_codes"]) == (400, "invalid_grant", [54005])
    assert {"timestamp", "trace_id", "correlation_id"} <= set(body)


def token_call(box, client=None, tenant="common", **form):
    """POST to the token endpoint; `(status, JSON)`."""
    client = client or box.microsoft
    known = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    url = f"{box.microsoft['auth_base']}/{tenant}/oauth2/v2.0/token"
    status, _headers, raw = http("POST", url, form={**known, **form})
    return status, json.loads(raw)


@pytest.mark.parametrize(
    ("trouble", "error", "number"),
    [
        (lambda ms, who: ms.expire_refresh_tokens(who), "invalid_grant", 700082),
        (lambda ms, who: ms.revoke_grant(who), "invalid_grant", 65001),
        (lambda ms, who: ms.revoke_grant(who, by="admin"), "invalid_grant", 50173),
        (lambda ms, who: ms.reset_password(who), "invalid_grant", 50173),
        (lambda ms, who: ms.change_user(who, mfa_required=True), "interaction_required", 50076),
        (lambda ms, who: ms.change_user(who, disabled=True), "invalid_grant", 50057),
        (lambda ms, who: ms.change_user(who, password_expired=True), "invalid_grant", 50055),
        (lambda ms, who: ms.change_user(who, conditional_access=True), "invalid_grant", 53003),
        (lambda ms, who: ms.change_user(who, token_error=70043), "invalid_grant", 70043),
    ],
)
def test_point_02_what_ends_a_grant(office, nora, trouble, error, number):
    """Each reason has its error and number."""
    token = office.ms.tokens(nora.email)["refresh_token"]

    trouble(office.ms, nora.email)
    result = application(office).acquire_token_by_refresh_token(token, SCOPES)

    assert (result["error"], result["error_codes"]) == (error, [number])


def test_point_02_ninety_days_and_a_users_own_password_change():
    """A refresh token ends by itself; the user's own change does not end it."""
    from sandbox.client import SandboxProcess

    with SandboxProcess(seed="empty") as own:
        email = own.ms.user("ann@west.example")["email"]
        token = own.ms.tokens(email)["refresh_token"]
        own.ms.reset_password(email, by="user")
        form = {"grant_type": "refresh_token", "refresh_token": token}
        assert token_call(own, **form)[0] == 200
        own.advance(90 * 86400 + 1)
        assert token_call(own, **form)[1]["error_codes"] == [700082]


def test_point_02_mfa_is_cured_by_signing_in_again(office, nora):
    """The new grant has it; no switch is turned back."""
    office.ms.change_user(nora.email, mfa_required=True)

    result = sign_in(office, application(office), nora.email)

    fresh = application(office).acquire_token_by_refresh_token(result["refresh_token"], SCOPES)
    assert "access_token" in fresh


def test_point_02_configuration_errors_and_bad_moments(office, nora):
    """Wrong and expired secrets are the administrator's; 429 and 503 pass."""
    token = office.ms.tokens(nora.email)["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token}
    wrong = token_call(office, {**office.microsoft, "client_secret": "x"}, **form)
    expired = office.ms.register_client(secret_expired=True)

    assert (wrong[0], wrong[1]["error"], wrong[1]["error_codes"]) == (
        401,
        "invalid_client",
        [7000215],
    )
    assert token_call(office, expired, **form)[1]["error_codes"] == [7000222]
    office.faults.add(
        "error", operation="oauth.token", status=503, reason="temporarily_unavailable"
    )
    assert token_call(office, **form)[0] == 503
    office.faults.add("error", operation="oauth.token", status=429, retry_after=7)
    assert token_call(office, **form)[0] == 429
    assert token_call(office, **form)[0] == 200


def test_point_02_tenants_and_kinds_of_accounts(office, nora, domain):
    """Single-tenant apps fail on common; personal accounts only sign in where they may."""
    lea = office.ms.user(f"lea@{domain}.outlook.example", kind="personal")["email"]
    single = office.ms.register_client(audience="single", tenant=domain)
    with pytest.raises(SandboxError, match="AADSTS50194"):
        office.consent(
            office.ms.authorise_url(CALLBACK, SCOPES, client_id=single["client_id"]), nora.email
        )

    own = application(office, domain, single)
    assert "access_token" in sign_in(office, own, nora.email)
    assert sign_in(office, application(office, "consumers"), lea)["id_token_claims"][
        "tid"
    ].startswith("9188040d")
    with pytest.raises(SandboxError, match="AADSTS50020"):
        office.consent(office.ms.authorise_url(CALLBACK, SCOPES, "organizations"), lea)


def test_point_02_admin_consent(office, nora, domain):
    """A strict tenant shows a page; its button leads back. An approval ends that."""
    office.ms.tenant(domain, admin_consent=True)
    url = office.ms.authorise_url(CALLBACK, SCOPES, state="a")

    answer = office.answer_of(office.consent(url, nora.email))
    assert answer["error"] == "access_denied"
    assert "AADSTS90094" in answer["error_description"]
    office.ms.tenant(domain, approved=SCOPES)
    assert "code" in office.answer_of(office.consent(url, nora.email))


def test_point_02_an_administrator_allows_an_app_for_everybody(office, nora, domain):
    """At the admin consent page; refused, and without a registered address, nothing changes."""
    office.ms.tenant(domain, admin_consent=True)
    query = {"client_id": office.microsoft["client_id"], "state": "x", "scope": " ".join(SCOPES)}
    base = f"{office.microsoft['auth_base']}/organizations/v2.0/adminconsent"
    url = f"{base}?{urlencode({**query, 'redirect_uri': CALLBACK})}"
    sign_in = office.ms.authorise_url(CALLBACK, SCOPES)

    refused = office.answer_of(office.consent(url, nora.email, deny=True))
    assert (refused["error"], refused["state"]) == ("access_denied", "x")
    assert "error" in office.answer_of(office.consent(sign_in, nora.email))
    elsewhere = {**query, "redirect_uri": "https://elsewhere.example/x"}
    with pytest.raises(SandboxError, match="AADSTS50011"):
        office.consent(f"{base}?{urlencode(elsewhere)}", nora.email)
    allowed = office.answer_of(office.consent(url, nora.email))
    assert (allowed["admin_consent"], allowed["state"]) == ("True", "x")
    assert "code" in office.answer_of(office.consent(sign_in, nora.email))


def test_point_02_consent_can_be_automatic_for_scripts(office, nora, setting):
    """One GET, one 302."""
    setting(microsoft__auto_consent="allow")
    query = {"client_id": office.microsoft["client_id"], "redirect_uri": CALLBACK}
    query |= {"scope": "User.Read", "response_type": "code", "login_hint": nora.email}

    status, headers, _raw = http("GET", f"{office.microsoft['auth_url']}?{urlencode(query)}")

    assert (status, "code=" in headers["Location"]) == (302, True)
