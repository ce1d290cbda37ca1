"""Where Google differs from what one would expect: each with a date and its evidence.

`wire.py`, `errors.py` and `provider.py` follow these; a test names each by its key.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quirk:
    """One peculiarity: what happens, what we do, and how we know (`seen` is an ISO date)."""

    key: str
    seen: str
    what: str
    answer: str
    evidence: str


QUIRKS: tuple[Quirk, ...] = (
    Quirk(
        "patch_keeps_other_kind_of_time",
        "2026-11-21",
        "PATCH of `date` over a timed event leaves its `dateTime` beside it.",
        "The members of the other kind are sent as null.",
        "practice of Odoo 19's google_calendar; payloads/google/all_day.json",
    ),
    Quirk(
        "empty_page_with_more",
        "2026-11-21",
        "A page of a listing may hold no items and still have a next page.",
        "Only a missing nextPageToken ends a listing.",
        "discovery document revision 20261030, events.list maxResults",
    ),
    Quirk(
        "cancelled_has_no_fields",
        "2026-11-21",
        "A cancelled item guarantees only its id (an occurrence also its original start).",
        "`status` is looked at before anything else is read.",
        "discovery document, Event.status; payloads/google/cancelled_occurrence.json",
    ),
    Quirk(
        "get_returns_cancelled",
        "2026-11-21",
        "GET of a deleted event answers 200 with status cancelled.",
        "Reported as not found.",
        "discovery document, events.get",
    ),
    Quirk(
        "gone_means_three_things",
        "2026-11-21",
        "410 is an expired cursor on a listing, and already deleted on an event.",
        "Told apart by the operation and the reason.",
        "Google, Handle API errors, 2026-04-01",
    ),
    Quirk(
        "deleted_id_stays_taken",
        "2026-11-21",
        "Creating with the id of a deleted event answers 409.",
        "The event is read; a cancelled one is reported as not found, never brought back.",
        "unverified against Google; the safe reading of both possible answers",
    ),
    Quirk(
        "token_window",
        "2026-11-21",
        "Whether a sync token keeps the listing's timeMax is not documented.",
        "Listings name only timeMin; what rolls into the window is listed as a strip of its own.",
        "Google, Synchronize resources efficiently; the sample uses timeMin only",
    ),
    Quirk(
        "attendees_replaced_whole",
        "2026-11-21",
        "PATCH replaces the whole attendees array, answers included.",
        "Written from the list as it is now, under its etag; a cut list is never written.",
        "discovery document, Event.attendees and attendeesOmitted",
    ),
)
