"""What Odoo's module `google_calendar` keeps."""

from __future__ import annotations

import re

from ..former import FormerSync, register

_OCCURRENCE = re.compile(r"_(\d{8})(?:T(\d{6})Z?)?$")


def slot_of(remote_id: str, _ical_uid: str) -> str:
    """The original start that an occurrence's id ends with, '' for any other id."""
    found = _OCCURRENCE.search(remote_id)
    if not found:
        return ""
    day, time = found.groups()
    return f"{day}T{time}Z" if time else day


FORMER = register(
    FormerSync(
        provider="google",
        label="Google Calendar",
        remote_id="google_id",
        ical_uid="",
        pending="need_sync",
        secrets=(
            "google_calendar_rtoken",
            "google_calendar_token",
            "google_calendar_token_validity",
            "google_calendar_sync_token",
        ),
        user_secrets=(),
        refresh_token="google_calendar_rtoken",
        stopped="google_synchronization_stopped",
        slot_of=slot_of,
    )
)
