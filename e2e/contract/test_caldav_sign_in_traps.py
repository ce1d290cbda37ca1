"""Servers that send us elsewhere or answer with traps while a user's calendars are looked for."""

import pytest

from calendar_sync_pro.core import errors
from calendar_sync_pro.providers.caldav.reach import may_know_password
from calendar_sync_pro.providers.caldav.xml import parse

from .dav_login import refusal, sign_in, whole
from .dav_script import Script, found, home_is, moved, principal_is, running

# -- redirects and hosts ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_keep_the_question(status):
    """S2-04: a PROPFIND stays one, with its body, whatever the redirect's number is."""
    script = whole()
    script.answers["/.well-known/caldav"] = moved("/dav/", status)
    with running(script):
        grant, identity = sign_in(script)
        assert grant.home_url == f"{script.url}/dav/homes/ada/"
        assert identity.name == "Ada Lovelace"
        assert {method for method, *_rest in script.asked} == {"PROPFIND"}
        assert all(b"current-user-principal" in body or b"resourcetype" in body
                   for _m, _p, _h, body in script.asked)  # fmt: skip


def test_redirect_to_another_host_gets_no_password_and_is_said():
    """S2-07: the password belongs to the host that was typed in; its owner decides, not it."""
    with running(whole(host="localhost")) as other:
        named = Script(answers={"/.well-known/caldav": moved(f"{other.url}/dav/")})
        with running(named), pytest.raises(errors.Elsewhere, match="foreign_host") as refused:
            sign_in(named, hosts=[other.trusted])
        assert (refused.value.host, refused.value.named_by) == ("localhost", "127.0.0.1")
        assert refused.value.address == f"{other.url}/dav/"
        assert other.asked
        assert other.passwords == []


def test_home_on_another_host_gets_no_password():
    """S2-07: neither does a link inside an answer."""
    with running(whole(host="localhost")) as other:
        script = whole()
        script.answers["/dav/people/ada/"] = found("/", home_is(f"{other.url}/dav/homes/ada/"))
        with running(script):
            assert refusal(lambda: sign_in(script, hosts=[other.trusted])) == (
                errors.Elsewhere,
                "foreign_host",
            )
        assert other.passwords == []


@pytest.mark.parametrize("answer", ["redirect", "principal", "home"])
def test_server_cannot_send_us_into_the_private_network(answer):
    """S2-04: the administrator allowed one host; what it points to is checked again."""
    with running(whole(host="localhost")) as inner:
        script, target = whole(), f"{inner.url}/dav/"
        if answer == "redirect":
            script.answers["/.well-known/caldav"] = moved(target)
        elif answer == "principal":
            script.answers["/dav/"] = found("/dav/", principal_is(target))
        else:
            script.answers["/dav/people/ada/"] = found("/dav/people/ada/", home_is(target))
        with running(script):
            assert refusal(lambda: sign_in(script)) == (errors.Unavailable, "address_not_allowed")
        assert inner.asked == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [("file:///etc/passwd", "unsafe_redirect"), ("ftp://127.0.0.1/", "unsafe_redirect")],
)
def test_redirect_away_from_the_web_is_refused(target, reason):
    """S2-04: nothing but web addresses."""
    with running(Script(answers={"/.well-known/caldav": moved(target)})) as script:
        assert refusal(lambda: sign_in(script)) == (errors.Forbidden, reason)


def test_redirects_without_end_are_given_up():
    """S2-07: five are enough for everybody."""
    with running(Script(answers={"/.well-known/caldav": moved("/.well-known/caldav")})) as script:
        assert refusal(lambda: sign_in(script))[0] is errors.Unavailable
        assert len(script.asked) <= 8


@pytest.mark.parametrize(
    ("host", "start", "is_known"),
    [
        ("dav.example.org", "dav.example.org", True),
        ("dav.example.org", "example.org", True),
        ("example.org", "dav.example.org", False),
        ("evil-example.org", "example.org", False),
        ("mallory.dyndns.example", "alice.dyndns.example", False),
        ("p42-caldav.icloud.com", "caldav.icloud.com", True),
        ("caldav.icloud.com.evil.example", "caldav.icloud.com", False),
    ],
)
def test_who_may_know_the_password(host, start, is_known):
    """S2-07: the host, what is below it, and one service's own hosts."""
    assert may_know_password(host, start) is is_known


# -- hostile XML -----------------------------------------------------------------------------------

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>
<multistatus xmlns="DAV:"><response><href>&e;</href></response></multistatus>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a SYSTEM "%s/stolen.dtd" [
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<multistatus xmlns="DAV:"><response><href>&f;</href></response></multistatus>"""


@pytest.mark.parametrize("body", [LAUGHS, OUTSIDE, "\ufeff" + LAUGHS.decode()])
def test_xml_with_entities_is_not_read(body):
    """S2-04: neither the laughs nor a file of this machine nor anything over the network."""
    script = whole()
    with running(script):
        raw = body.encode("utf-16") if isinstance(body, str) else body
        raw = raw.replace(b"%s", script.url.encode())
        script.answers["/.well-known/caldav"] = (207, {}, raw)
        script.answers.pop("/dav/")
        assert refusal(lambda: sign_in(script)) == (errors.NotFound, "not_caldav")
        assert "/stolen.dtd" not in {path for _m, path, _h, _b in script.asked}


@pytest.mark.parametrize("body", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")])
def test_document_type_alone_is_reason_enough(body):
    """S2-04: whatever it would declare, and however it is encoded."""
    with pytest.raises(errors.Malformed, match="xml_with_entities"):
        parse(body)


def test_answer_of_endless_depth_is_not_read():
    """S2-04: a tree a million deep is no answer."""
    deep = b"<a>" * 300_000 + b"</a>" * 300_000
    with running(Script(answers={"/.well-known/caldav": (207, {}, deep)})) as script:
        assert refusal(lambda: sign_in(script))[1] in ("not_caldav", "answer_too_large")
