"""A person in front of Odoo, over HTTP only: signs in, connects a calendar, books, reads.

anna = Rep(stack.odoo.url, stack.db, "anna", "anna")
anna.connect("google", sandbox, "anna@northwind.example")
event_id = anna.book(lead_id)
anna.call("calendar.event", "read", [[event_id], ["sync_badge"]])
"""

import itertools

import requests

TIMEOUT_S = 60


class OdooError(Exception):
    """Odoo answered with an error; the text is what the user would read."""


class Rep:
    """A signed-in user. Every method is one or two requests a browser would make."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self._ids = itertools.count(1)
        credentials = {"db": database, "login": login, "password": password}
        self.uid = self.rpc("/web/session/authenticate", credentials)["uid"]
        if not self.uid:
            raise OdooError(f"{login} can't sign in")

    def rpc(self, path: str, params: dict):
        """One JSON-RPC request. Raises OdooError with the message a user would see."""
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": "call", "params": params}
        answer = self.http.post(f"{self.url}{path}", json=body, timeout=TIMEOUT_S).json()
        if "error" in answer:
            problem = answer["error"].get("data", {})
            raise OdooError(problem.get("message") or str(answer["error"]))
        return answer.get("result")

    def call(self, model: str, method: str, args: list, **kwargs):
        """Call a model's method as the web client does."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)

    def read(self, model: str, record_id: int, *fields: str) -> dict:
        """Fields of one record, archived or not."""
        return self.call(model, "read", [[record_id], list(fields)])[0]

    def search(self, model: str, domain: list, *fields: str) -> list[dict]:
        """Records that match, archived ones included when the domain says so."""
        return self.call(model, "search_read", [domain, list(fields)])

    # -- connecting -----------------------------------------------------------------------------
    def start_sign_in(self, provider: str, **params) -> str:
        """The address that the popup opens. Raises OdooError with the reason when there is none."""
        answer = self.rpc("/calendar_sync/oauth/start", {"provider": provider, **params})
        if not answer.get("url"):
            raise OdooError(str(answer))
        return answer["url"]

    def connect(self, provider: str, sandbox, email: str, **consent) -> requests.Response:
        """Go through the provider's consent form and come back, as the popup does."""
        back = sandbox.consent(self.start_sign_in(provider), email, **consent)
        answer = self.http.get(back, timeout=TIMEOUT_S, allow_redirects=False)
        answer.raise_for_status()
        return answer

    def connect_with_password(self, provider: str, address: str, username: str, password: str):
        """Fill in the form for a server's address, name and password; what it says."""
        login = {"address": address, "username": username, "password": password}
        return self.rpc("/calendar_sync/password/connect", {"provider": provider, **login})

    def page(self) -> dict:
        """What "Calendar Connections" shows."""
        return self.call("calendar.sync.account", "connections_page", [])

    def account(self) -> dict:
        """The card under "Current Connection"."""
        page = self.page()
        return next(card for card in page["accounts"] if card["id"] == page["current_id"])

    # -- appointments ---------------------------------------------------------------------------
    def book(self, lead_id: int, **values) -> int:
        """Press "Book appointment" on the lead's card and save the dialog; the appointment's id."""
        action = self.call("crm.lead", "action_book_appointment", [[lead_id]])
        context = action["context"]
        defaults = {
            name.removeprefix("default_"): value
            for name, value in context.items()
            if name.startswith("default_")
        }
        defaults["partner_ids"] = [[6, 0, defaults.get("partner_ids", [])]]
        return self.call("calendar.event", "create", [{**defaults, **values}], context=context)
