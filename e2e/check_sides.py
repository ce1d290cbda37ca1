"""Who does the main job at which provider, and how each connects (see `check.py`)."""

import os
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from e2e.journeys.dav_phone import DavPhone
from e2e.journeys.phones import PHONES
from e2e.support.dav_proxy import DavProxy
from e2e.support.rep import Rep
from sandbox.client import Sandbox
from scripts import demo_carla


@dataclass(frozen=True, slots=True)
class Side:
    """Who works with which provider. `has_source`: the link also stands in a field of its own.
    `takes_back`: the provider can be told that a grant is over."""

    provider: str
    login: str
    has_source: bool
    takes_back: bool

    @property
    def email(self) -> str:
        """The address of the rep and of the account there."""
        return f"{self.login}@northwind.example"

    def phone(self, world: Sandbox):
        """What the rep has beside Odoo."""
        return PHONES[self.provider](world, self.email)

    def connect(self, rep: Rep, world: Sandbox) -> None:
        """Go through the provider's consent form."""
        rep.connect(self.provider, world, self.email)


class ServerSide(Side):
    """A CalDAV server, to which one connects with a password."""

    def phone(self, world: Sandbox):
        """The server is spoken to straight, by requests of a calendar app."""
        server = Standing(os.environ["CSP_DAV"], {self.email: demo_carla.PASSWORD})
        return DavPhone(DavProxy(server), self.email)

    def connect(self, rep: Rep, world: Sandbox) -> None:
        """Fill in address, name and password."""
        login = (os.environ["CSP_DAV"], self.email, demo_carla.PASSWORD)
        said = rep.connect_with_password(self.provider, *login)
        assert said["is_ok"], said


@dataclass(frozen=True, slots=True)
class Standing:
    """A Radicale that somebody else has started, as `dav_proxy` knows servers."""

    url: str
    passwords: dict[str, str]
    asks_passwords: bool = True

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port

    def add_user(self, name: str, _password: str) -> None:
        """Everybody who is needed is there."""
        assert name in self.passwords

    @staticmethod
    def calendar(name: str) -> str:
        """Path of a person's first calendar."""
        return f"/{quote(name)}/calendar/"


SIDES = (
    Side("google", "anna", has_source=True, takes_back=True),
    Side("microsoft", "ben", has_source=False, takes_back=False),
    ServerSide("caldav", "carla", has_source=True, takes_back=False),
)
