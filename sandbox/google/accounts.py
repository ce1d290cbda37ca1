"""Google accounts: Workspace and personal ones, each with its primary calendar."""

import hashlib

from .calendars import new_calendar, subscribe

DEFAULTS = {
    "password": "demo",
    "kind": "personal",
    "timezone": "Europe/Berlin",
    "locale": "en",
    "week_start": "1",
    "format24": True,
    "admin_blocked": False,
    "mfa_required": False,
    "conference_fails": False,
    "adds_invitations": True,
    "working_hours": None,
}


def accounts(world):
    """The table of accounts by address."""
    return world.store.table("google.users")


def create_account(world, email, **facts):
    """Make an account with its primary calendar; raises ValueError when it exists or is odd."""
    email = email.strip().lower()
    if "@" not in email or email in accounts(world):
        raise ValueError(f"no new address: {email}")
    unknown = set(facts) - set(DEFAULTS) - {"name"}
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
    name = facts.pop("name", "") or email.partition("@")[0].replace(".", " ").title()
    sub = str(int(hashlib.sha256(email.encode()).hexdigest()[:16], 16)).rjust(21, "1")[:21]
    user = {**DEFAULTS, **facts, "email": email, "name": name, "sub": sub}
    accounts(world).save(email, user)
    new_calendar(world, email, email, primary=True, id=email, timeZone=user["timezone"])
    subscribe(world, email, email)
    return user


def change_account(world, email, **facts):
    """Change an account's facts; raises KeyError or ValueError."""
    user = accounts(world)[email.lower()]
    unknown = set(facts) - set(DEFAULTS) - {"name"}
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
    return accounts(world).save(user["email"], {**user, **facts})
