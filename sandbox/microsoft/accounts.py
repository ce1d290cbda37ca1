"""Accounts: of an organisation (work) or personal; each with a mailbox and a default calendar."""

import uuid

from .calendars import new_calendar

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"
NAMESPACE = uuid.UUID("5b6d4c4f-3c1e-4b06-9c5a-6a2f0a1f7e10")
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
DEFAULTS = {
    "password": "demo",
    "kind": "work",
    "timezone": "W. Europe Standard Time",
    "locale": "en-GB",
    "working_hours": None,
    "aliases": [],  # further addresses of the mailbox
    "mailbox": True,  # False: no Exchange Online mailbox
    "teams": True,  # False: no licence, onlineMeeting stays null
    "teams_late_s": 0,  # the join link appears so many seconds after creation
    "mfa_required": False,
    "disabled": False,
    "password_expired": False,
    "conditional_access": False,
    "token_error": 0,  # an AADSTS number that the token endpoint answers until the next sign-in
    "schedule_error": "",  # a responseCode that getSchedule answers for this address
    "is_room": False,
    "room_list": "",
    "capacity": 0,
    "auto_accept": False,
}


def accounts(world):
    """The table of accounts by address; rooms are accounts too."""
    return world.store.table("ms.users")


def people(world):
    """Accounts that somebody can sign in to."""
    return [user for user in accounts(world).values() if not user["is_room"]]


def tenant_of(domain):
    """The tenant id of an organisation's domain."""
    return str(uuid.uuid5(NAMESPACE, domain.lower()))


def create_account(world, email, **facts):
    """Make an account with its default calendar; raises ValueError when it exists or is odd."""
    email = email.strip().lower()
    if "@" not in email or email in accounts(world):
        raise ValueError(f"no new address: {email}")
    check_names(facts)
    name = facts.pop("name", "") or email.partition("@")[0].replace(".", " ").title()
    user = {**DEFAULTS, **facts, "email": email, "name": name}
    domain = email.partition("@")[2]
    user["tid"] = CONSUMERS if user["kind"] == "personal" else tenant_of(domain)
    user["oid"] = str(uuid.uuid5(NAMESPACE, email))
    accounts(world).save(email, user)
    new_calendar(world, email, "Calendar", default=True)
    return user


def change_account(world, email, **facts):
    """Change an account's facts; raises KeyError or ValueError."""
    user = accounts(world)[email.lower()]
    check_names(facts)
    return accounts(world).save(user["email"], {**user, **facts})


def check_names(facts):
    """Raise ValueError for a fact that accounts do not have."""
    unknown = set(facts) - set(DEFAULTS) - {"name"}
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")


def is_personal(user):
    """Whether it is an outlook.com-like account."""
    return user["kind"] == "personal"
