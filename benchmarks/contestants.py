"""Who runs against whom at which provider, and the user that both work for."""

from __future__ import annotations

from .dav import OursAtServer, Vdirsyncer
from .harness import QUIET, environment
from .ours import Ours
from .peers import GooglePeer, MicrosoftPeer
from .workload import KNOWN_GUESTS, guest, owner

CONTESTANTS = {
    ("google", "ours"): Ours("google", "/calendar/v3"),
    ("google", "peer"): GooglePeer,
    ("microsoft", "ours"): Ours("microsoft", "/v1.0"),
    ("microsoft", "peer"): MicrosoftPeer,
    ("caldav", "ours"): OursAtServer("caldav", ""),
    ("caldav", "peer"): Vdirsyncer(),
}


def make_user(registry, account: str) -> int:
    """One Odoo user who owns the calendar; half of the guests are known contacts."""
    with environment(registry, **QUIET) as env:
        env["res.partner"].create(
            [
                {"name": f"Guest {number:03d}", "email": guest(number)}
                for number in range(KNOWN_GUESTS)
            ]
        )
        address = owner(account)
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": f"Bench {account}",
                    "login": address,
                    "email": address,
                    "password": "bench",
                    "tz": "UTC",
                    "group_ids": [(4, env.ref("base.group_user").id)],
                }
            )
        )
        return user.id
