"""Seeds: an empty world, or a sales team of three with weeks that look real."""

from .accounts import create_account
from .calendars import new_calendar, share, subscribe
from .grants import Grants
from .rooms import create_room
from .scopes import NEEDED
from .weeks import fill_weeks

CLIENT_ID = "calendar-sync-pro.apps.sandbox.example"
CLIENT_SECRET = "GOCSPX-sandbox-secret"
TEN_YEARS_S = 10 * 365 * 86400
HOLIDAYS = "en.german#holiday@group.v.calendar.google.com"
ALL_SCOPES = sorted({"openid", *(s for scopes in NEEDED.values() for s in scopes)})
HOURS = {
    "workingHoursEnabled": True,
    "availableTimes": [
        {"dayOfWeek": day, "periodStart": 540, "periodEnd": 1020}
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    ],
}
TEAM = (
    ("anna@northwind.example", "Anna Berg", "workspace"),
    ("ben@northwind.example", "Ben Okafor", "workspace"),
    ("carla@northwind.example", "Carla Rossi", "workspace"),
)
ROOMS = (("Elbe", 8), ("Alster", 4))
CUSTOMERS = (
    ("mia.lindqvist@fjordline.example", "Mia Lindqvist", "workspace"),
    ("tom.hale@haleandsons.example", "Tom Hale", "personal"),
    ("dana.kim.private@gmail.example", "Dana Kim", "personal"),
)


def plant(world, name):
    """Fill an empty world; raises ValueError for an unknown seed."""
    if name not in ("demo", "empty"):
        raise ValueError("seed must be demo or empty")
    Grants(world).register(CLIENT_ID, CLIENT_SECRET)
    if name == "demo":
        _demo(world)
    world.store.flush()


def _demo(world):
    for email, label, kind in TEAM + CUSTOMERS:
        hours = HOURS if kind == "workspace" else None
        create_account(world, email, name=label, kind=kind, working_hours=hours)
    anna, ben, carla = (email for email, _label, _kind in TEAM)
    own = new_calendar(world, anna, "Anna: customer visits")
    subscribe(world, anna, own["id"], colorId="16")
    team = new_calendar(world, carla, "Northwind sales team")
    for who, role in ((anna, "writer"), (ben, "writer")):
        share(world, team["id"], who, role)
        subscribe(world, who, team["id"], colorId="8")
    subscribe(world, carla, team["id"], colorId="8")
    holidays = new_calendar(world, "", "Holidays in Germany", id=HOLIDAYS)
    share(world, HOLIDAYS, "*", "reader")
    subscribe(world, anna, holidays["id"], colorId="11")
    for who, other in ((anna, ben), (ben, anna), (anna, carla), (ben, carla)):
        share(world, who, other, "freeBusyReader")
    for name, seats in ROOMS:
        create_room(world, name, seats, anna.partition("@")[2])
    fill_weeks(world, own["id"], team["id"], HOLIDAYS)


def ready_token(world, email):
    """A long-lived access token with every scope, for scripts and tests."""
    grants = Grants(world)
    for token, facts in grants.access.items():
        if facts["user"] == email and facts.get("ready"):
            return token
    token = grants.issue_access(email, CLIENT_ID, ALL_SCOPES, TEN_YEARS_S)
    grants.access.save(token, {**grants.access[token], "ready": True})
    return token
