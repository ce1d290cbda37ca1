"""Seeds: an empty world, or a rep on Microsoft 365 with a week that looks real."""

from .access import ALL_SCOPES
from .accounts import create_account
from .calendars import new_calendar, share
from .grants import Grants
from .weeks import fill_weeks

CLIENT_ID = "5a4d1c7e-8a55-4c53-9c65-ca1e4da25c01"
CLIENT_SECRET = "sandbox~secret.of-the~offline-app"
TEN_YEARS_S = 10 * 365 * 86400
BEN = "ben@northwind.example"
IDA = "ida@northwind.example"
ROOMS = (("room.elbe@northwind.example", "Elbe", 8), ("room.alster@northwind.example", "Alster", 4))


def plant(world, name):
    """Fill an empty world; raises ValueError for an unknown seed."""
    if name not in ("demo", "empty"):
        raise ValueError("seed must be demo or empty")
    Grants(world).register(CLIENT_ID, CLIENT_SECRET)
    if name == "demo":
        _demo(world)
    world.store.flush()


def _demo(world):
    create_account(world, BEN, name="Ben Okafor")
    create_account(world, IDA, name="Ida Novak")
    create_account(world, "nina.falk@fjordline.example", name="Nina Falk")
    create_account(world, "lea.brandt@outlook.example", name="Lea Brandt", kind="personal")
    for email, name, seats in ROOMS:
        facts = {"is_room": True, "room_list": "rooms@northwind.example", "auto_accept": True}
        create_account(world, email, name=name, capacity=seats, **facts)
    visits = new_calendar(world, BEN, "Customer visits", color="lightGreen")
    team = new_calendar(world, IDA, "Northwind sales team", color="lightTeal")
    holidays = new_calendar(world, BEN, "Germany holidays", color="lightYellow", readonly=True)
    share(world, team["id"], BEN, "write")
    campaigns = new_calendar(world, IDA, "Campaigns", color="lightOrange")
    share(world, campaigns["id"], BEN, "read")
    fill_weeks(world, visits["id"], team["id"], holidays["id"], campaigns["id"])


def ready_token(world, email):
    """A long-lived access token with every scope, for scripts and tests."""
    grants = Grants(world)
    for token, facts in grants.access.items():
        if facts["user"] == email and facts.get("ready"):
            return token
    token = grants.issue_access(email, CLIENT_ID, ALL_SCOPES, TEN_YEARS_S)
    grants.access.save(token, {**grants.access[token], "ready": True})
    return token
