"""Who calls, and what that person may do with a calendar."""

from dataclasses import dataclass

from ..service import ApiError
from .errors import denied, not_found, unauthorized
from .grants import Grants, bearer

READ = {"Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite"}
READ |= {"Calendars.Read.Shared", "Calendars.ReadWrite.Shared"}
WRITE = {"Calendars.ReadWrite", "Calendars.ReadWrite.Shared"}
SHARED_READ = {"Calendars.Read.Shared", "Calendars.ReadWrite.Shared"}
SHARED_WRITE = {"Calendars.ReadWrite.Shared"}
SETTINGS_READ = {"MailboxSettings.Read", "MailboxSettings.ReadWrite"}
PROFILE = {"User.Read", "User.ReadWrite", "User.ReadBasic.All"}
PLACES = {"Place.Read.All", "Place.ReadWrite.All"}
EVERYTHING = sorted(READ | PLACES | {"User.Read", "MailboxSettings.ReadWrite"})
ALL_SCOPES = ["openid", "profile", "email", "offline_access", *EVERYTHING]
ROLES = ("none", "freeBusyRead", "read", "write", "owner")


@dataclass(frozen=True, slots=True)
class Caller:
    """The account behind the access token, and what was granted to the client."""

    user: str
    client_id: str
    scopes: frozenset


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar as the caller sees it: `entry` is what the list shows (a link when shared)."""

    calendar: dict
    role: str
    entry: dict

    @property
    def shared(self):
        """Whether it lives in another mailbox."""
        return self.role != "owner"


def caller_of(world, request, needed=READ):
    """Check token and scopes of a request; raises 401, 403, or 404 without a mailbox."""
    facts = Grants(world).living_access(bearer(request))
    user = world.store.table("ms.users").get(facts["user"]) if facts else None
    if facts is None or user is None:
        raise unauthorized()
    scopes = frozenset(facts["scopes"])
    if needed is not None and not scopes & needed:
        raise denied()
    if not user["mailbox"] and needed is not PROFILE:
        text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
        raise ApiError(404, "MailboxNotEnabledForRESTAPI", text)
    return Caller(facts["user"], facts["client_id"], scopes)


def mailbox_of(world, caller, request):
    """Address of the mailbox that the path names; `me` is the caller's."""
    named = request.args.get("user", "me")
    if named == "me":
        return caller.user
    for user in world.store.table("ms.users").values():
        if named.lower() in (user["email"], user["oid"]):
            return user["email"]
    raise ApiError(404, "ErrorInvalidUser", f"The requested user '{named}' is invalid.")


def place_of(world, caller, request, wanted="read"):
    """The calendar that the path names (default: the mailbox's own) when the role suffices."""
    box, cal_id = mailbox_of(world, caller, request), request.args.get("cal")
    place = find_place(world, caller, box, cal_id)
    if place is None:
        raise not_found() if box == caller.user else denied()
    require(caller, place, wanted)
    return place


def find_place(world, caller, box, cal_id):
    """The calendar by id, through the caller's own list or the owner's mailbox, or None."""
    calendars, links = world.store.table("ms.calendars"), world.store.table("ms.links")
    if cal_id is None:
        cal_id = default_calendar(world, box)["id"]
    calendar = calendars.get(cal_id)
    if calendar is not None and calendar["box"] == box == caller.user:
        return Place(calendar, "owner", calendar)
    if calendar is not None and calendar["box"] == box:
        link = next((k for k in links.values() if is_link(k, caller.user, cal_id)), None)
        return Place(calendar, link["role"], link) if link else None
    link = links.get(cal_id)
    if link is not None and link["box"] == caller.user == box:
        return Place(calendars[link["target"]], link["role"], link)
    return None


def is_link(link, user, target):
    """Whether a link shows this calendar to this user."""
    return link["box"] == user and link["target"] == target


def place_of_event(world, caller, rec):
    """The calendar of an event as the caller sees it; 404 when it is not for the caller."""
    place = find_place(world, caller, rec["box"], rec["cal"])
    if place is None:
        raise not_found()
    return place


def require(caller, place, wanted):
    """403 when role or scopes do not allow what is wanted (`read` or `write`)."""
    if ROLES.index(place.role) < ROLES.index(wanted):
        raise denied()
    if place.calendar.get("readonly") and wanted == "write":
        raise denied()
    if place.shared and not caller.scopes & (SHARED_WRITE if wanted == "write" else SHARED_READ):
        raise denied()


def default_calendar(world, box):
    """The mailbox's own calendar."""
    mine = (c for c in world.store.table("ms.calendars").values() if c["box"] == box)
    return next(c for c in mine if c["default"])
