"""The Microsoft half of the sandbox's client: `box.ms`. Standard library only."""

import re
from html import unescape
from urllib.parse import quote, urlencode

ROOT = "/microsoft"


class MicrosoftSide:
    """Turns the switches of the simulated Microsoft and calls Graph as a user."""

    def __init__(self, box, ask):
        self._box = box
        self._ask = ask

    def _admin(self, method, path, body=None):
        return self._box.admin(method, ROOT + path, body)

    # -- accounts and tokens ------------------------------------------------------------------
    def user(self, email, **facts):
        """Make an account (kind="work"|"personal", timezone, teams …) with a ready access token."""
        return self._admin("POST", "/users", {"email": email, **facts})

    def room(self, email, name, **facts):
        """Make a room (capacity, room_list, auto_accept)."""
        return self.user(email, name=name, is_room=True, **facts)

    def change_user(self, email, **facts):
        """Turn switches: mfa_required, disabled, conditional_access, token_error …"""
        return self._admin("PATCH", f"/users/{quote(email)}", facts)

    def users(self):
        """All accounts, rooms too."""
        return self._admin("GET", "/users")["users"]

    def token_of(self, email):
        """The ready access token of an account."""
        return next(u["access_token"] for u in self.users() if u["email"] == email.lower())

    def tokens(self, email, **facts):
        """Tokens without the consent page (scopes, client_id, expires_in, mfa)."""
        return self._admin("POST", "/tokens", {"user": email, **facts})

    def register_client(self, **facts):
        """Register an app: name, redirect_uris, tenant, audience (all, organizations, single …)."""
        return self._admin("POST", "/clients", facts)

    def change_client(self, client_id, **facts):
        """Change an app: secret_expired, redirect_uris …"""
        return self._admin("PATCH", f"/clients/{client_id}", facts)

    def tenant(self, domain, **facts):
        """Policy of an organisation: `admin_consent=True`, `approved=[scopes]`."""
        return self._admin("PATCH", f"/tenants/{domain}", facts)

    def revoke_grant(self, email, by="user", client_id="", keep_access=False):
        """Consent taken back by the user (65001), or sessions revoked by an admin (50173)."""
        body = {"by": by, "client_id": client_id, "keep_access": keep_access}
        return self._admin("POST", f"/users/{quote(email)}/revoke", body)

    def reset_password(self, email, by="admin", password="changed"):
        """A new password; only an admin's reset ends refresh tokens of web apps (50173)."""
        body = {"by": by, "password": password}
        return self._admin("POST", f"/users/{quote(email)}/reset_password", body)

    def expire_access_tokens(self, email):
        """Access tokens end now (not the ready one); refresh tokens live on."""
        return self._admin("POST", f"/users/{quote(email)}/expire_tokens", {})

    def expire_refresh_tokens(self, email, number=700082):
        """Refresh tokens answer with that AADSTS number from now on; access tokens end too."""
        return self._admin("POST", f"/users/{quote(email)}/expire_tokens", {"refresh": number})

    def expire_sync_tokens(self, email):
        """Delta links given so far answer 410."""
        return self._admin("POST", f"/users/{quote(email)}/expire_sync", {})

    # -- calendars and events -----------------------------------------------------------------
    def calendar(self, owner, name, **facts):
        """Make a calendar; `subscribers={email: "write"}` shares, `readonly=True` locks it."""
        return self._admin("POST", "/calendars", {"owner": owner, "name": name, **facts})

    def share(self, calendar, user, role="read"):
        """Share a calendar (id, or the owner's address for the default one); `none` ends it."""
        body = {"user": user, "role": role}
        return self._admin("POST", f"/calendars/{quote(calendar)}/share", body)

    def add_events(self, calendar, events):
        """Put many events (Graph bodies) into a calendar, mailing nobody; immutable ids."""
        path = f"/calendars/{quote(calendar)}/events"
        return self._admin("POST", path, {"events": events})["ids"]

    def stored_events(self, calendar):
        """Every stored record of a calendar (id or owner's address)."""
        return self._admin("GET", f"/calendars/{quote(calendar)}/events")["events"]

    def move_event(self, event_id, calendar):
        """A person drags an event into another calendar of the mailbox."""
        return self._admin("POST", f"/events/{quote(event_id)}/move", {"calendar": calendar})

    def raw_event(self, event_id, **members):
        """Overwrite stored members without any check (`isDraft=True`, odd zones)."""
        return self._admin("PATCH", f"/events/{quote(event_id)}", members)

    def api(self, method, path, body=None, user="", token="", headers=None, **query):
        """Call Graph: `box.ms.api("GET", "/me/events", user=email)`; `path` may be a whole link."""
        token = token or self.token_of(user)
        url = path if path.startswith("http") else self._box.microsoft["api_base"] + path
        if query:
            url += f"?{urlencode(query, doseq=True)}"
        return self._ask(method, url, body, token, headers=headers)

    def every(self, path, user="", token="", headers=None, **query):
        """All values over all pages, and the last answer (with its deltaLink)."""
        token, found = token or self.token_of(user), []
        answer = self.api("GET", path, token=token, headers=headers, **query)
        while True:
            found += answer["value"]
            if "@odata.nextLink" not in answer:
                return found, answer
            answer = self.api("GET", answer["@odata.nextLink"], token=token, headers=headers)

    # -- subscriptions ------------------------------------------------------------------------
    def subscriptions(self):
        """All subscriptions, as they are kept."""
        return self._admin("GET", "/subscriptions")["subscriptions"]

    def lifecycle(self, subscription_id, event):
        """Send a lifecycle event: reauthorizationRequired, subscriptionRemoved, missed."""
        path = f"/subscriptions/{subscription_id}/lifecycle"
        return self._admin("POST", path, {"event": event})

    # -- sign-in ------------------------------------------------------------------------------
    def authorise_url(self, redirect_uri, scopes, tenant="common", **more):
        """An authorise URL as a client would build it."""
        query = {"client_id": self._box.microsoft["client_id"], "redirect_uri": redirect_uri}
        query |= {"response_type": "code", "scope": " ".join(scopes), **more}
        base = self._box.microsoft["auth_base"]
        return f"{base}/{tenant}/oauth2/v2.0/authorize?{urlencode(query)}"

    @staticmethod
    def posted_form(html):
        """Target and values of a `form_post` answer."""
        target = unescape(re.search(r"action='([^']*)'", html)[1])
        pairs = re.findall(r"name='([^']*)' value='([^']*)'", html)
        return target, {unescape(name): unescape(value) for name, value in pairs}
