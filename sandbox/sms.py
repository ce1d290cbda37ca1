"""The SMS gateway: takes what Odoo's own would be sent, keeps it, and sends nothing.

Odoo's protocol as of version 19 (`addons/sms/tools/sms_api.py`): JSON-RPC to
`{endpoint}/api/sms/3/send` with messages of `{content, numbers: [{uuid, number}]}`, answered with
one `{uuid, state, credit}` per number.
"""

import re

from .clock import rfc3339
from .html import Html, each, render
from .http.message import json_response
from .page.frame import page
from .service import ApiError, Service

PATH = "/sms"
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
NEWEST = 100


class SmsService(Service):
    """The gateway below `/sms`, its page, and what was sent under `/admin/sms`."""

    name = "sms"
    settings = {"sms.credit": 1000}

    def __init__(self, world):
        super().__init__(world)
        add = self.router.add
        add("POST", f"{PATH}/api/sms/3/send", "send", send, writes=True)
        add("GET", "/page/sms", "page", show)
        add("GET", "/admin/sms", "list", list_sms)
        add("DELETE", "/admin/sms", "clear", clear_sms)

    def error_response(self, error, operation=""):
        """Odoo's words for what went wrong: JSON-RPC errors come with status 200."""
        name = {402: "InsufficientCreditError"}.get(error.status, "IAPServerError")
        problem = {"code": 200, "message": error.message, "data": {"name": f"iap.{name}"}}
        return json_response({"jsonrpc": "2.0", "id": None, "error": problem})


def send(world, request):
    """Keep each message; a number that is not international is refused, as the gateway does."""
    try:
        asked = request.json()
        messages = asked["params"]["messages"]
        pairs = [(each["content"], to) for each in messages for to in each["numbers"]]
    except (ValueError, KeyError, TypeError):
        raise ApiError(400, "invalid", "not what Odoo sends") from None
    results = [_kept(world, text, to) for text, to in pairs]
    return json_response({"jsonrpc": "2.0", "id": asked.get("id"), "result": results})


def _kept(world, text, to):
    if not _NUMBER.fullmatch(str(to["number"] or "")):
        return {"uuid": to["uuid"], "state": "wrong_number_format", "credit": 0}
    if len(_table(world).values()) >= world.setting("sms.credit"):
        return {"uuid": to["uuid"], "state": "insufficient_credit", "credit": 0}
    number = world.next_number("sms")
    sms = {"n": number, "at": rfc3339(world.clock.now()), "to": to["number"], "text": text}
    _table(world).save(str(number), sms)
    return {"uuid": to["uuid"], "state": "success", "credit": 1}


def sent(world, to=""):
    """Messages, oldest first."""
    kept = sorted(_table(world).values(), key=lambda sms: sms["n"])
    return [sms for sms in kept if to in ("", sms["to"])]


def _table(world):
    return world.store.table("sms")


def list_sms(world, request):
    """What was sent, also to one number only."""
    return json_response({"sms": sent(world, request.param("to", ""))})


def clear_sms(world, request):
    """Forget it."""
    _table(world).clear_all()
    return json_response({})


def show(world, request):
    """The telephones of all customers on one page, the newest message first."""
    rows = [
        {"to": sms["to"], "text": sms["text"], "time": sms["at"][:16].replace("T", " ")}
        for sms in reversed(sent(world)[-NEWEST:])
    ]
    none = Html("<li class=quiet>No SMS yet.</li>")
    return page("SMS", render("sms_list", rows=each("sms", rows, none)))
