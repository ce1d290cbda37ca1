"""A client for tests and scripts: starts a sandbox, turns its switches, plays the browser.

    with SandboxProcess(seed="empty") as box:
        ann = box.user("ann@north.example")
        box.faults.add("error", status=429, reason="rateLimitExceeded", retry_after=2)
        url = box.consent(authorise_url, "ann@north.example")

Standard library only.
"""

import json
import re
import ssl
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from .consenting import fill_in
from .microsoft.client import MicrosoftSide
from .second_factor import CODE

ROOT = Path(__file__).resolve().parent.parent


class SandboxError(Exception):
    """The sandbox said no; `status` and `text` tell why."""

    def __init__(self, status, text):
        super().__init__(f"{status}: {text[:300]}")
        self.status = status
        self.text = text


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


_TLS = ssl.create_default_context()  # each sandbox that is met adds its own authority
_OPENER = build_opener(_NoRedirect, HTTPSHandler(context=_TLS))


def http(method, url, body=None, token="", form=None, headers=None, timeout=30):
    """One HTTP request; returns `(status, headers, bytes)` and never follows redirects."""
    sent = dict(headers or {})
    payload = None
    if form is not None:
        payload, sent["Content-Type"] = (
            urlencode(form).encode(),
            "application/x-www-form-urlencoded",
        )
    elif body is not None:
        payload, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
    if token:
        sent["Authorization"] = f"Bearer {token}"
    try:
        with _OPENER.open(Request(url, payload, sent, method=method), timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def ask(method, url, body=None, token="", **more):
    """A request whose answer is JSON; raises SandboxError from status 400 on."""
    status, _headers, raw = http(method, url, body, token, **more)
    if status >= 400:
        raise SandboxError(status, raw.decode("utf-8", "replace"))
    return json.loads(raw) if raw.strip() else {}


class Sandbox:
    """A running sandbox, known by the line that it printed."""

    def __init__(self, facts):
        self.facts = facts
        self.google = facts["google"]
        self.microsoft = facts["microsoft"]
        self.ms = MicrosoftSide(self, ask)
        _TLS.load_verify_locations(self.microsoft["ca_file"])
        self.admin_url = facts["admin"]
        self.faults = Faults(self)

    def admin(self, method, path, body=None):
        """Call the admin API; `path` begins with a slash."""
        return ask(method, self.admin_url + path, body)

    # -- accounts and tokens ------------------------------------------------------------------
    def user(self, email, **facts):
        """Make a Google account (kind, password, timezone, name …) with a ready access token."""
        return self.admin("POST", "/google/users", {"email": email, **facts})

    def change_user(self, email, **facts):
        """Turn switches of an account: `admin_blocked`, `conference_fails`, `kind` …"""
        return self.admin("PATCH", f"/google/users/{quote(email)}", facts)

    def users(self):
        """All accounts."""
        return self.admin("GET", "/google/users")["users"]

    def register_client(self, **facts):
        """Register an OAuth client: name, redirect_uris, testing, api_disabled."""
        return self.admin("POST", "/google/clients", facts)

    def tokens(self, email, **facts):
        """Access and refresh token without the consent page (scopes, client_id, expires_in)."""
        return self.admin("POST", "/google/tokens", {"user": email, **facts})

    def revoke_grant(self, email, client_id=""):
        """The user withdraws the consent on the provider's account page."""
        return self.admin("POST", f"/google/users/{quote(email)}/revoke", {"client_id": client_id})

    def expire_access_tokens(self, email):
        """Access tokens end now (not the ready one); refresh tokens live on."""
        return self.admin("POST", f"/google/users/{quote(email)}/expire_tokens", {})

    def expire_sync_tokens(self, email):
        """The next incremental listing answers 410."""
        return self.admin("POST", f"/google/users/{quote(email)}/expire_sync", {})

    # -- calendars and events -----------------------------------------------------------------
    def calendar(self, owner, summary, **facts):
        """Make a secondary calendar; `subscribers={email: role}` shares it."""
        return self.admin(
            "POST", "/google/calendars", {"owner": owner, "summary": summary, **facts}
        )

    def add_events(self, calendar_id, events, actor=""):
        """Put many events into a calendar at once; returns their ids."""
        body = {"events": events, "actor": actor}
        return self.admin("POST", f"/google/calendars/{quote(calendar_id)}/events", body)["ids"]

    def stored_events(self, calendar_id):
        """Everything that is stored in a calendar, cancelled events too."""
        return self.admin("GET", f"/google/calendars/{quote(calendar_id)}/events")["events"]

    def corrupt_event(self, calendar_id, event_id, **members):
        """Show an event with odd members (a bad rule …) until it is edited, or `name=None`."""
        return self.admin(
            "PATCH", f"/google/calendars/{quote(calendar_id)}/events/{quote(event_id)}", members
        )

    def google_api(self, method, path, body=None, user="", token="", **query):
        """Call the public API as a user: `google_api("GET", "/calendars/primary/events")`."""
        token = token or self.token_of(user)
        url = self.google["api_base"] + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        return ask(method, url, body, token)

    def token_of(self, email):
        """The ready access token of an account."""
        return next(u["access_token"] for u in self.users() if u["email"] == email.lower())

    # -- what happened ------------------------------------------------------------------------
    def mails(self, **filters):
        """The outbox (to, kind, since)."""
        return self.admin("GET", f"/mails?{urlencode(filters)}")["mails"]

    def sms(self, to=""):
        """SMS that Odoo's gateway would have been sent, oldest first: `{n, at, to, text}`."""
        return self.admin("GET", f"/sms?{urlencode({'to': to})}")["sms"]

    def clear_mails(self):
        """Empty the outbox."""
        self.admin("DELETE", "/mails")

    def requests(self, **filters):
        """The request log (operation, user, since)."""
        return self.admin("GET", f"/requests?{urlencode(filters)}")["requests"]

    def counters(self, user=""):
        """`{"requests": {operation: n}, "writes": {operation: n}}`."""
        return self.admin("GET", f"/counters?{urlencode({'user': user})}")

    def clear_requests(self):
        """Forget request log and counters."""
        self.admin("DELETE", "/requests")

    # -- world --------------------------------------------------------------------------------
    def reset(self, seed="demo"):
        """Start afresh; note that ready tokens change, `refresh_facts()` is done."""
        self.admin("POST", "/reset", {"seed": seed})
        self.google["users"] = self.users()
        self.microsoft["users"] = [u for u in self.ms.users() if not u["is_room"]]

    def now(self):
        """The simulated time as text."""
        return self.admin("GET", "/clock")["now"]

    def advance(self, seconds):
        """Move the simulated clock."""
        return self.admin("POST", "/clock", {"advance_s": seconds})["now"]

    def settings(self, **values):
        """Change settings; names with `__` for the dot: `google__quota_per_user_per_min=600`."""
        return self.admin("POST", "/settings", {k.replace("__", "."): v for k, v in values.items()})

    # -- the browser --------------------------------------------------------------------------
    def consent(self, url, email, password="demo", deny=False, scopes=None, factor=CODE):
        """Fill in the consent page behind `url` and press the button, then the second factor.

        `scopes` (names) are those left ticked, None leaves all. Returns the address to which
        the browser is sent; nothing is fetched from there. Raises SandboxError on an error page.
        """
        status, headers, raw = http("GET", url)
        if status == 200:
            how = {"email": email, "password": password, "deny": deny, "scopes": scopes}
            status, headers, raw = fill_in(http, url, raw.decode(), **how, factor=factor)
        if status not in (302, 303):
            return self._way_back(status, raw.decode())
        return headers["Location"]

    @staticmethod
    def _way_back(status, text):
        if "name=hiddenform" in text:  # response_mode=form_post: shown as an address all the same
            target, values = MicrosoftSide.posted_form(text)
            return f"{target}?{urlencode(values)}"
        link = re.search(r"<a class=button href='([^']*)'", text)
        if link is None:
            raise SandboxError(status, re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.S))
        return unescape(link[1])

    def authorise_url(self, redirect_uri, scopes, **more):
        """An authorise URL as a client would build it."""
        query = {
            "client_id": self.google["client_id"],
            "redirect_uri": redirect_uri,
            "response_type": "code",
        }
        query |= {"scope": " ".join(scopes), "access_type": "offline", "prompt": "consent", **more}
        return f"{self.google['auth_url']}?{urlencode(query)}"

    @staticmethod
    def answer_of(url):
        """The parameters of a redirect as a dictionary."""
        return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


class Faults:
    """The switchboard."""

    def __init__(self, box):
        self._box = box

    def add(self, action, **values):
        """Set a fault; see the README for actions and matchers. Returns it with its id."""
        return self._box.admin("POST", "/faults", {"action": action, **values})

    def list(self):
        """Faults that are set."""
        return self._box.admin("GET", "/faults")["faults"]

    def remove(self, fault_id):
        """Remove one; requests that hang on it go on."""
        return self._box.admin("DELETE", f"/faults/{fault_id}")

    def clear(self):
        """Remove all."""
        return self._box.admin("DELETE", "/faults")


class SandboxProcess(Sandbox):
    """A sandbox in a process of its own; a context manager."""

    def __init__(self, seed="empty", state=None, port=0, python=sys.executable):
        command = [python, "-m", "sandbox", "--json", "--port", str(port), "--seed", seed]
        command += ["--state", str(state)] if state else []
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the sandbox did not start (exit {self.process.wait()})")
        super().__init__(json.loads(line))

    def stop(self):
        """Ask it to end, and wait."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stdout.close()

    def kill(self):
        """End it without warning (kill -9)."""
        self.process.kill()
        self.process.wait(20)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.stop()
