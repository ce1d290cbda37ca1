"""Finding a user's calendars: on real servers, and what is said when they are not found."""

import ssl

import pytest

from calendar_sync_pro.core import errors
from calendar_sync_pro.providers.caldav.sign_in import account_id
from calendar_sync_pro.providers.connecting import Endpoints, Login, Purpose

from .dav_login import ANY, APPLE, SECRET, app, refusal, sign_in, whole
from .dav_script import CALENDAR, HTML, Script, found, home_is, principal_is, running
from .rough_server import self_signed, server, well

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
