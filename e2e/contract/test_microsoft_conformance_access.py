"""Tokens, scopes and accounts as Graph checks them (point 3)."""

import pytest

from .microsoft_people import Person, Refused, event, refusal

pytest_plugins = ["e2e.contract.microsoft_people"]


def test_point_03_no_valid_token_is_401(office, nora):
    """Graph says InvalidAuthenticationToken; so it does when tokens end."""
    token = office.ms.tokens(nora.email)["access_token"]
    assert refusal(Person(office, nora.email, "nonsense").get, "/me")[0] == 401
    office.ms.expire_access_tokens(nora.email)
    person = Person(office, nora.email, token)
    assert refusal(person.get, "/me/events") == (401, "InvalidAuthenticationToken")


def test_point_03_scopes_are_checked(office, nora):
    """Reading does not include writing; shared calendars need their own scope."""
    token = office.ms.tokens(nora.email, scopes=["Calendars.Read"])["access_token"]
    reader = Person(office, nora.email, token)

    assert reader.get("/me/calendars")["value"]
    assert refusal(reader.post, "/me/events", event()) == (403, "ErrorAccessDenied")
    assert refusal(reader.get, "/me/mailboxSettings") == (403, "ErrorAccessDenied")


def test_point_03_an_account_without_mailbox(office, domain):
    """Permanent, with its own code."""
    email = office.ms.user(f"kim@{domain}", mailbox=False)["email"]

    assert refusal(Person(office, email).get, "/me/calendars") == (
        404,
        "MailboxNotEnabledForRESTAPI",
    )


def test_point_03_errors_carry_ids_for_support(office, nora):
    """innerError has our client-request-id again."""
    with pytest.raises(Refused) as caught:
        nora.get("/me/events/AAMkgone=", {"client-request-id": "mine-1"})
    inner = caught.value.body["error"]["innerError"]
    assert inner["request-id"]
    assert inner["date"]
