"""Finding a user's calendars: on real servers, and on scripts of what others say."""

import ssl

import pytest

from calendar_sync_pro.core import errors
from calendar_sync_pro.providers.caldav.presets import ICLOUD, SERVICES
from calendar_sync_pro.providers.caldav.reach import may_know_password
from calendar_sync_pro.providers.caldav.sign_in import CaldavSignIn, account_id
from calendar_sync_pro.providers.connecting import Endpoints, Login, OAuthApp, Purpose

from .dav_script import CALENDAR, FOLDER, HTML, Script, found, home_is, moved, principal_is, running
from .rough_server import self_signed, server, well

ANY = CaldavSignIn(SERVICES, needs_address=True)
APPLE = CaldavSignIn((ICLOUD,), needs_address=False)
SECRET = "correct horse"


def app(*hosts, **more):
    """Nothing registered; these hosts may be reached."""
    return OAuthApp("", "", trusted_hosts=frozenset(hosts), **more)


def sign_in(script, address="", hosts=(), password=SECRET, username="ada"):
    """Sign in at a script."""
    login = Login(address or script.url, username, password)
    return ANY.sign_in(app(script.trusted, *hosts), login)


def refusal(act):
    """Type and reason of a refusal."""
    with pytest.raises(errors.ProviderError) as refused:
        act()
    return type(refused.value), refused.value.reason


def whole(script=None, **more):
    """A server with everything in its place."""
    return Script(
        answers={
            "/.well-known/caldav": moved("/dav/"),
            "/dav/": found("/dav/", FOLDER + principal_is("/dav/people/ada/")),
            "/dav/people/ada/": found("/dav/people/ada/", home_is("/dav/homes/ada/")),
            "/dav/homes/ada/": found("/dav/homes/ada/", FOLDER + principal_is("/dav/people/ada/")),
            "/dav/homes/ada/work/": found(
                "/dav/homes/ada/work/", CALENDAR + principal_is("/dav/people/ada/")
            ),
        },
        password=SECRET,
        **more,
    )


# -- real servers ----------------------------------------------------------------------------------


@pytest.fixture
def person(dav):
    """Somebody with a calendar on a real server."""
    dav.calm()
    dav.server.add_user("grace@north.example", SECRET)
    return "grace@north.example"


@pytest.mark.parametrize("place", ["host", "host with slash", "home", "calendar", "nowhere"])
def test_calendars_are_found_from_any_address_that_people_know(dav, person, place):
    """S2-04: discovery by principal, whatever was copied from wherever."""
    paths = {
        "host": "",
        "host with slash": "/",
        "home": dav.server.home(person),
        "calendar": dav.server.calendar(person),
        "nowhere": "/some/page.html",
    }
    grant, identity = ANY.sign_in(
        app(f"127.0.0.1:{dav.port}"), Login(dav.url + paths[place], person, SECRET)
    )
    assert grant.home_url.rstrip("/").startswith(dav.url)
    assert (grant.username, grant.access_token, identity.email) == (person, SECRET, person)
    same = ANY.sign_in(app(f"127.0.0.1:{dav.port}"), Login(dav.url, person, SECRET))
    assert same == (grant, identity)


def test_wrong_password_is_said_after_one_try(dav, person):
    """S2-07: servers slow down or lock out who tries again and again."""
    before = dav.last
    login = Login(dav.url, person, "wrong")
    assert refusal(lambda: ANY.sign_in(app(f"127.0.0.1:{dav.port}"), login)) == (
        errors.AuthExpired,
        "wrong_password",
    )
    assert len(dav.requests(since=before)) <= 2  # the well-known place and where it leads


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
        with running(named), pytest.raises(errors.Forbidden, match="foreign_host") as refused:
            sign_in(named, hosts=[other.trusted])
        assert refused.value.host == "localhost"
        assert other.asked
        assert other.passwords == []


def test_home_on_another_host_gets_no_password():
    """S2-07: neither does a link inside an answer."""
    with running(whole(host="localhost")) as other:
        script = whole()
        script.answers["/dav/people/ada/"] = found("/", home_is(f"{other.url}/dav/homes/ada/"))
        with running(script):
            assert refusal(lambda: sign_in(script, hosts=[other.trusted])) == (
                errors.Forbidden,
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


# -- what the form has to say ----------------------------------------------------------------------


def test_normal_password_at_apple_is_said_to_need_an_app_password():
    """S2-07: the server says no more than "wrong"."""
    with running(whole()) as script:
        endpoints = Endpoints(api_url=script.url)
        login = Login("", "ada", "my apple password")
        apple = app(script.trusted, endpoints=endpoints)
        assert refusal(lambda: APPLE.sign_in(apple, login)) == (
            errors.AuthExpired,
            "app_password_needed",
        )
        grant, _who = APPLE.sign_in(apple, Login("", "ada", SECRET))
        assert grant.home_url == f"{script.url}/dav/homes/ada/"


def test_web_page_is_no_calendar_server():
    """S2-07: also one that answers everything with a sign-in page."""
    page = (200, {"Content-Type": "text/html"}, HTML)
    with running(Script(answers={"/": page, "/.well-known/caldav": page})) as script:
        assert refusal(lambda: sign_in(script)) == (errors.NotFound, "not_caldav")
    odd = (207, {}, HTML)
    with running(Script(answers={"/": odd, "/.well-known/caldav": odd})) as script:
        assert refusal(lambda: sign_in(script)) == (errors.NotFound, "not_caldav")


def test_account_without_calendars_is_told_from_a_wrong_password():
    """S2-07: 403, or a principal that has no home."""
    with running(
        Script(answers={"/": (403, {}, b""), "/.well-known/caldav": (403, {}, b"")})
    ) as one:
        assert refusal(lambda: sign_in(one)) == (errors.Forbidden, "no_calendar_access")
    script = whole()
    script.answers["/dav/people/ada/"] = found("/dav/people/ada/", "<displayname>A</displayname>")
    with running(script):
        assert refusal(lambda: sign_in(script)) == (errors.Forbidden, "no_calendar_access")
    script = whole()
    script.answers["/dav/homes/ada/"] = (403, {}, b"")
    with running(script):
        assert refusal(lambda: sign_in(script)) == (errors.Forbidden, "no_calendar_access")


def test_server_in_trouble_is_not_blamed_on_the_password():
    """S2-07: later it may work."""
    with running(
        Script(answers={"/.well-known/caldav": (503, {"Retry-After": "7"}, b"")})
    ) as script:
        assert refusal(lambda: sign_in(script)) == (errors.Unavailable, "server_trouble")
    with running(Script(answers={"/.well-known/caldav": (429, {}, b"")})) as script:
        assert refusal(lambda: sign_in(script))[0] is errors.RateLimited


def test_unknown_certificate_is_a_problem_of_its_own(tmp_path):
    """S2-07: TLS, not the password; and the password did not go out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "127.0.0.1"))
    heard = []

    def talk(connection, request):
        heard.append(request)
        well(connection, request)

    with server(talk, context) as (url, _accepted):
        host = url.split("//")[1].split("/")[0]
        login = Login(url, "ada", SECRET)
        assert refusal(lambda: ANY.sign_in(app(host), login)) == (errors.Unavailable, "tls")
    assert heard == []


@pytest.mark.parametrize(
    ("address", "kind", "reason"),
    [
        ("", errors.Malformed, "bad_address"),
        ("https://", errors.Malformed, "bad_address"),
        ("ftp://dav.example.org", errors.Malformed, "bad_address"),
        ("https://ada:pw@dav.example.org/", errors.Malformed, "bad_address"),
        ("https://dav.example.org:99999/", errors.Malformed, "bad_address"),
        ("my calendar", errors.Malformed, "bad_address"),
        ("https://apidata.googleusercontent.com/caldav/v2/", errors.Forbidden, "no_passwords"),
        ("ada@gmail.com", errors.Forbidden, "no_passwords"),
        ("https://p42-caldav.icloud.com/", errors.Forbidden, "own_card"),
        ("http://127.0.0.1:8069/", errors.Unavailable, "address_not_allowed"),
        ("localhost:5432", errors.Unavailable, "address_not_allowed"),
        ("https://169.254.169.254/latest/", errors.Unavailable, "address_not_allowed"),
        ("nowhere.invalid", errors.Unavailable, "unknown_host"),
    ],
)
def test_address_that_leads_nowhere_says_why(address, kind, reason):
    """S2-07 S2-04: before anything is sent."""
    login = Login(address, "ada", SECRET)
    assert refusal(lambda: ANY.sign_in(app(), login)) == (kind, reason)


def test_missing_name_or_password_asks_nobody():
    """S2-07: the form says it at once."""
    with running(whole()) as script:
        for username, password in (("", SECRET), ("  ", SECRET), ("ada", "")):
            outcome = refusal(lambda u=username, p=password: sign_in(script, "", (), p, u))
            assert outcome == (errors.Malformed, "no_password")
        assert script.asked == []


# -- what is granted -------------------------------------------------------------------------------


def test_calendar_of_somebody_else_that_was_named_is_the_one_that_counts():
    """S2-04: a shared calendar lies outside the own home."""
    script = whole()
    script.answers["/dav/homes/bob/team/"] = found(
        "/dav/homes/bob/team/", CALENDAR + principal_is("/dav/people/ada/")
    )
    with running(script):
        grant, _who = sign_in(script, f"{script.url}/dav/homes/bob/team/")
        assert grant.home_url == f"{script.url}/dav/homes/bob/team/"
        own, _who = sign_in(script, f"{script.url}/dav/homes/ada/work/")
        assert own.home_url == f"{script.url}/dav/homes/ada/"


def test_server_that_greets_strangers_politely_is_asked_with_the_password():
    """S2-04: Cyrus answers 207 to a stranger; whoever sends the password at once isn't one."""
    script = whole(open_paths={"/dav/"})
    with running(script):
        sign_in(script)
        assert all("Authorization" in headers for _m, _p, headers, _b in script.asked)


def test_addresses_of_the_person_come_from_the_server():
    """S4-11: invitations to any of them are the person's own."""
    script = whole()
    script.answers["/dav/people/ada/"] = found(
        "/dav/people/ada/",
        home_is("/dav/homes/ada/", "mailto:Ada@north.example", "/dav/people/ada/",
                "mailto:countess@north.example"),
    )  # fmt: skip
    with running(script):
        _grant, identity = sign_in(script)
        assert identity.email == "ada@north.example"
        assert identity.aliases == ("countess@north.example",)


def test_identity_stays_when_icloud_moves_the_account():
    """S2-04: the number in the host's name is no part of it."""
    one = account_id("https://p42-caldav.icloud.com:443/1234/principal/")
    assert one == account_id("https://caldav.icloud.com/1234/principal")
    assert one != account_id("https://caldav.icloud.com/1235/principal/")


def test_password_is_in_no_text_about_the_grant():
    """S0-33: what is logged by mistake gives nothing away."""
    with running(whole()) as script:
        grant, identity = sign_in(script)
        assert SECRET not in f"{grant!r} {identity!r} {Login('', 'ada', SECRET)!r}"


def test_permissions_are_the_five_rows():
    """S2-08 S2-09: the table is the same as for everybody; busy only is one row."""
    assert len(ANY.permissions(Purpose.SYNC)) == 5
    assert len(ANY.permissions(Purpose.BUSY_ONLY)) == 1


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


def test_answer_of_endless_depth_is_not_read():
    """S2-04: a tree a million deep is no answer."""
    deep = b"<a>" * 300_000 + b"</a>" * 300_000
    with running(Script(answers={"/.well-known/caldav": (207, {}, deep)})) as script:
        assert refusal(lambda: sign_in(script))[1] in ("not_caldav", "answer_too_large")
