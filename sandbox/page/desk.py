"""Whose page it is: an account at one provider."""

from dataclasses import dataclass
from urllib.parse import quote

from ..google.side import GoogleSide
from ..microsoft.side import MicrosoftSide
from ..service import ApiError

SIDES = {side.name: side for side in (GoogleSide, MicrosoftSide)}


@dataclass(frozen=True, slots=True)
class Desk:
    """An account, the provider that keeps its calendars, and the world around."""

    world: object
    side: object
    user: dict

    @property
    def email(self):
        """The account's address."""
        return self.user["email"]

    @property
    def zone(self):
        """The account's time zone."""
        return self.side.zone(self.user)

    def url(self, rest=""):
        """Address of the account's pages."""
        return f"/page/{self.side.name}/{quote(self.email)}{rest}"


def sides(world):
    """Every provider that the page shows."""
    return [side(world) for side in SIDES.values()]


def desks(world):
    """Every account of every provider."""
    return [Desk(world, side, user) for side in sides(world) for user in side.accounts().values()]


def desk_of(world, request):
    """The desk that a path names; 404 when there is none."""
    side = SIDES.get(request.args["side"])
    user = side(world).accounts().get(request.args["email"].lower()) if side else None
    if user is None:
        raise ApiError(404, "notFound", "No such account")
    return Desk(world, side(world), user)
