"""Signing in at a script, and what a refusal says."""

import pytest

from calendar_sync_pro.core import errors
from calendar_sync_pro.providers.caldav.presets import ICLOUD, SERVICES
from calendar_sync_pro.providers.caldav.sign_in import CaldavSignIn
from calendar_sync_pro.providers.connecting import Login, OAuthApp

from .dav_script import CALENDAR, FOLDER, Script, found, home_is, moved, principal_is

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


def whole(**more):
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
