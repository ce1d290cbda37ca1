"""Where Microsoft differs from what one would expect: each with a date and its evidence.

The other files of this package follow these; a test names each by its key.
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
        "always_mails",
        "2026-11-21",
        "The organizer's PATCH or DELETE of a meeting mails its guests; there is no silent form.",
        "A silent write that would mail is refused as `would_notify`, after reading who is told.",
        "Graph, Update event and Delete event",
    ),
    Quirk(
        "sparse_occurrences",
        "2026-11-21",
        "Delta tells plain occurrences with id, series, start and end only, sometimes no series.",
        "They only show which occurrences exist; the series is read when it is missing.",
        "microsoftgraph/microsoft-graph-docs, issues 7632, 34, 2182",
    ),
    Quirk(
        "no_removed_occurrence",
        "2026-11-21",
        "An occurrence that is taken out gets no @removed; the series comes again without it.",
        "Where the list differs from the rule, the series is asked for cancelledOccurrences.",
        "microsoftgraph/microsoft-graph-docs, pull request 4501; Graph v1.0 event",
    ),
    Quirk(
        "reset_occurrence",
        "2026-11-21",
        "A changed or cancelled occurrence that becomes as its series again gets no row for that.",
        "The page names a whole series' occurrences that differ; others known to us are read.",
        "Graph v1.0 event: exceptionOccurrences, cancelledOccurrences",
    ),
    Quirk(
        "removed_or_outside",
        "2026-11-21",
        "@removed is said of deleted events and of those that left the window.",
        "Every one is read by its id; only 404 counts as gone.",
        "Graph, event: delta",
    ),
    Quirk(
        "frozen_window",
        "2026-11-21",
        "The window of a delta round is part of its links and never moves.",
        "35 days more are asked for; a window beyond them counts as an expired cursor.",
        "Graph, Get incremental changes to events in a calendar view",
    ),
    Quirk(
        "no_extensions_in_delta",
        "2026-11-21",
        "Delta can neither select nor expand; transactionId comes, extensions do not.",
        "Our id is part of the transactionId; strangers' changed events are read once more.",
        "Graph, event: delta; sample answer of that page",
    ),
    Quirk(
        "uid_per_occurrence",
        "2026-11-21",
        "Each occurrence has an iCalUId of its own, with its day in four bytes.",
        "The series' uid is used for all of it.",
        "MS-OXOCAL 2.2.1.27; Graph v1.0 event",
    ),
    Quirk(
        "ids_move",
        "2026-11-21",
        "Ordinary ids change when an event moves to another calendar of the mailbox.",
        "Immutable ids are asked for on every request, events addressed through their calendar.",
        "Graph, Obtain immutable identifiers for Outlook resources",
    ),
    Quirk(
        "join_text_in_body",
        "2026-11-21",
        "A body written without its Teams join text ends the online meeting.",
        "Taken off when reading, put back when writing; never written when it is not found.",
        "Graph, Update event",
    ),
    Quirk(
        "last_day_of_short_months",
        "2026-11-21",
        "The 31st of every month is the last day of a short one; RFC 5545 skips it.",
        "Read as BYMONTHDAY=28,…,31;BYSETPOS=-1; a plain BYMONTHDAY=31 is refused.",
        "unverified against Outlook; the rule and the instances are compared in a test",
    ),
    Quirk(
        "first_day_sunday",
        "2026-11-21",
        "Weeks begin on Sunday unless firstDayOfWeek says otherwise; RFC 5545 says Monday.",
        "Always sent, always read where weeks are skipped.",
        "Graph v1.0 recurrencePattern",
    ),
    Quirk(
        "transaction_forgets",
        "2026-11-21",
        "How long a transactionId is remembered, and what a repeat is answered, is not documented.",
        "Same event and both errors are understood; the key is also a property to search for.",
        "practice of other clients: 409 and 400 ErrorDuplicateTransactionId both seen",
    ),
    Quirk(
        "own_answer_beside_list",
        "2026-11-21",
        "In a guest's copy no answer stands in the guest list, one's own is in responseStatus.",
        "Filled in for the calendar's owner; answers are given by their actions.",
        "Graph v1.0 event",
    ),
    Quirk(
        "msal_wants_discovery",
        "2026-11-21",
        "msal asks for discovery over https and replays refusals from memory.",
        "Answered from the configured addresses; each call has an app object of its own.",
        "measured with msal 1.39",
    ),
)
