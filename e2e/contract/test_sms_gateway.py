"""The sandbox's SMS gateway answers as Odoo's does, and shows what it was sent."""

import pytest

from sandbox.client import SandboxProcess, ask, http

TEXT = "Booked: <b>Consultation</b>"


@pytest.fixture(scope="module")
def box():
    """A world of its own."""
    with SandboxProcess(seed="empty") as running:
        yield running


def send(box, *numbers, text=TEXT):
    """One request as Odoo 19 makes it; the whole answer."""
    to = [{"uuid": f"u{at}", "number": number} for at, number in enumerate(numbers)]
    params = {"messages": [{"content": text, "numbers": to}], "account_token": "t"}
    body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": "1"}
    return ask("POST", f"{box.facts['sms']['endpoint']}/api/sms/3/send", body)


def test_what_is_sent_is_kept_and_shown_and_refused_numbers_are_not(box):
    """S2-38: a state per number, and the text as text on the page."""
    answer = send(box, "+4930123456", "030 123456")
    assert [(one["uuid"], one["state"]) for one in answer["result"]] == [
        ("u0", "success"),
        ("u1", "wrong_number_format"),
    ]
    assert [(one["to"], one["text"]) for one in box.sms()] == [("+4930123456", TEXT)]
    assert box.sms(to="+1") == []
    _status, _headers, page = http("GET", f"{box.facts['page']}/sms")
    assert b"+4930123456" in page
    assert b"&lt;b&gt;Consultation" in page


def test_without_credit_nothing_is_sent(box):
    """S2-38: Odoo then shows the reason on the SMS."""
    ask("POST", f"{box.facts['admin']}/settings", {"sms.credit": 0})
    before = len(box.sms())
    assert send(box, "+4930123456")["result"][0]["state"] == "insufficient_credit"
    assert len(box.sms()) == before
    ask("POST", f"{box.facts['admin']}/settings", {"sms.credit": 1000})


def test_what_odoo_would_not_send_is_an_error_in_its_words(box):
    """S2-38: JSON-RPC errors come with status 200."""
    answer = ask("POST", f"{box.facts['sms']['endpoint']}/api/sms/3/send", {"params": {}})
    assert answer["error"]["data"]["name"].endswith("IAPServerError")
