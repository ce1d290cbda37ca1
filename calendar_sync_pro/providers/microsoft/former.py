"""What Odoo's module `microsoft_calendar` keeps."""

from __future__ import annotations

import re

from ..former import FormerSync, register

_DAY = re.compile(r"040000008200E00074C5B7101A82E008([0-9A-F]{4})([0-9A-F]{2})([0-9A-F]{2})", re.I)


def slot_of(_remote_id: str, ical_uid: str) -> str:
    """The day of an occurrence, which Exchange writes into four bytes of its iCalUID (MS-OXOCAL
    §2.2.1.27); '' for a series, whose bytes are zero, and for a uid that others made."""
    found = _DAY.match(ical_uid)
    year, month, day = (int(part, 16) for part in found.groups()) if found else (0, 0, 0)
    return f"{year:04}{month:02}{day:02}" if year else ""


FORMER = register(
    FormerSync(
        provider="microsoft",
        label="Outlook Calendar",
        remote_id="microsoft_id",
        ical_uid="ms_universal_event_id",
        pending="need_sync_m",
        secrets=("microsoft_calendar_sync_token",),
        user_secrets=(
            "microsoft_calendar_rtoken",
            "microsoft_calendar_token",
            "microsoft_calendar_token_validity",
        ),
        refresh_token="microsoft_calendar_rtoken",
        stopped="microsoft_synchronization_stopped",
        slot_of=slot_of,
    )
)
"""Its ids are those that Graph gives without `IdType="ImmutableId"`, which we never ask for: its
events are found by their iCalUID."""
