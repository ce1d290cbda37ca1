"""Where CalDAV servers differ from what one would expect: each with a date and its evidence.

The other files of this package follow these; a test names each by its key. "Measured" means on
Radicale 3.9.0, Xandikos 0.4.10, Cyrus 3.6.1 and DAViCal 1.1.12.
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
        "token_refused_with_any_code",
        "2026-11-21",
        "A refused sync token comes as 403, 412, 409 or 507.",
        "The condition in the body decides, never the code.",
        "measured: 403 on Radicale and Cyrus, 412 on Xandikos",
    ),
    Quirk(
        "stale_token_answered",
        "2026-11-21",
        "A stale token is answered with everything, or with nothing, as if all were well.",
        "Everything is listed anew every day.",
        "measured on DAViCal, also after a calendar was deleted and made again",
    ),
    Quirk(
        "limit_cuts_in_silence",
        "2026-11-21",
        "A limit cuts the answer without saying so and hands out the final token.",
        "No limit is ever sent; pages are made by us.",
        "measured on Xandikos",
    ),
    Quirk(
        "weak_or_bare_versions",
        "2026-11-21",
        "Versions come weak; weak, unquoted or listed ones are refused in If-Match.",
        "Sent strong, quoted, one.",
        "measured: 412 on Radicale, Xandikos and DAViCal",
    ),
    Quirk(
        "no_version_after_put",
        "2026-11-21",
        "No ETag in the answer to a PUT: the server stored something else.",
        "Read again before anything else is done.",
        "measured on Cyrus and DAViCal for meetings",
    ),
    Quirk(
        "names_escaped_at_will",
        "2026-11-21",
        "The same resource is named in different escapings.",
        "Compared and sent in one form; new names are letters, digits and `-` only.",
        "measured: `at%40x` and `at@x`, `%2B` and `+`",
    ),
    Quirk(
        "multiget_leaves_out",
        "2026-11-21",
        "A resource that is gone is missing from a multiget, and a broken one spoils it.",
        "What is missing is asked for one by one.",
        "measured on DAViCal and Cyrus",
    ),
    Quirk(
        "endless_rule_hangs",
        "2026-11-21",
        "One event every second makes a query for a time range fail or hang.",
        "Calendars of up to 1,000 entries are read whole; larger ones where the query fails.",
        "measured on Radicale, Xandikos, DAViCal",
    ),
    Quirk(
        "added_dates_ignored",
        "2026-11-21",
        "A query for a time range does not see dates that were added to an event.",
        "Calendars of up to 1,000 entries are read whole and looked through here.",
        "measured on Xandikos",
    ),
    Quirk(
        "server_expands_wrong",
        "2026-11-21",
        "Series are expanded wrongly by servers: 1 to 11 of 58 test series.",
        "Texts are read and expanded here; only free/busy is taken as the server says it.",
        "measured on all four",
    ),
    Quirk(
        "uid_belongs_to_one",
        "2026-11-21",
        "A UID that is elsewhere already is refused with 409, 412 or 403.",
        "It is looked for and adopted when it is ours; never made again under another UID.",
        "measured: no-uid-conflict, unique-scheduling-object-resource",
    ),
    Quirk(
        "extra_values_cut",
        "2026-11-21",
        "Values of X- properties are cut at a comma, names in lower case are lost.",
        "Our id is letters, digits, `-` and `:`, its name in capitals.",
        "measured on Radicale and Cyrus",
    ),
    Quirk(
        "text_without_charset",
        "2026-11-21",
        "text/calendar comes without a charset, which HTTP once read as Latin-1.",
        "Bodies are decoded as UTF-8 by us.",
        "measured on Xandikos",
    ),
    Quirk(
        "silence_calls_off",
        "2026-11-21",
        "Taking a guest out of the server's hands is told to that guest as a cancellation.",
        "A silent change of a meeting to which the server invited is refused as `would_notify`.",
        "RFC 6638 §3.2.1",
    ),
    Quirk(
        "strangers_answered",
        "2026-11-21",
        "Requests without a password are answered 207 instead of 401.",
        "The password goes along from the first request on.",
        "measured on Cyrus",
    ),
)
