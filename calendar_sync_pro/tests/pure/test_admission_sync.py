"""What becomes an Odoo event, what only blocks time (C3)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ...core.changes import Window
from ...core.event import EventKind, Privacy, Response
from ...core.settings import ImportPolicy, Policy
from ...core.when import When
from ...sync.admission import admit
from .events import ANN, BOB, event, hour, person, remote

WINDOW = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
POLICY = Policy(internal_domains=frozenset({"acme.example"}), own_addresses=frozenset({ANN}))


def kind(seen, policy=POLICY):
    """The answer as a word."""
    return admit(seen, policy, WINDOW).kind.value


def meeting(*emails, **more):
    """A meeting with these guests."""
    return remote(event(attendees=tuple(person(each) for each in emails)), **more)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (meeting(ANN, BOB), "full"),
        (meeting(ANN, "dora@acme.example"), "busy"),
        (meeting(ANN, "dora@ACME.example"), "busy"),
        (meeting(), "busy"),
        (meeting(ANN, "someone@gmail.com"), "full"),
        (meeting(ANN, organizer_email=BOB), "full"),
        (meeting(ANN, "room@resource.calendar.google.com"), "busy"),
    ],
)
def test_meetings_with_somebody_outside_come_in_full_by_default(seen, expected):
    """S4-04: everything else only blocks the time."""
    assert kind(seen) == expected


def test_public_mail_domain_is_never_the_companys():
    """S4-04: two strangers at gmail.com are no colleagues; the user is."""
    policy = Policy(
        internal_domains=frozenset({"gmail.com"}), own_addresses=frozenset({"me@gmail.com"})
    )
    assert kind(meeting("me@gmail.com", "you@gmail.com"), policy) == "full"
    assert kind(meeting("me@gmail.com"), policy) == "busy"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (ImportPolicy.EVERYTHING, "full"),
        (ImportPolicy.BUSY_ONLY, "busy"),
        (ImportPolicy.NOTHING, "none"),
    ],
)
def test_setting_decides(policy, expected):
    """S1-28: with 'busy only' a foreign event blocks time and is no appointment."""
    assert kind(meeting(ANN, BOB), Policy(import_policy=policy)) == expected


@pytest.mark.parametrize("policy", [ImportPolicy.EVERYTHING, ImportPolicy.EXTERNAL])
def test_private_events_only_block_time(policy):
    """S2-10: nobody's private title is imported."""
    seen = remote(event(privacy=Privacy.PRIVATE, attendees=(person(BOB),)))
    assert kind(seen, Policy(import_policy=policy)) == "busy"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (EventKind.OUT_OF_OFFICE, "busy"),
        (EventKind.FOCUS, "busy"),
        (EventKind.FROM_MAIL, "busy"),
        (EventKind.WORKING_LOCATION, "none"),
        (EventKind.BIRTHDAY, "none"),
    ],
)
def test_entries_that_are_no_meetings_are_never_imported(entry, expected):
    """S4-04: also with 'everything'."""
    assert kind(meeting(BOB, kind=entry), Policy(import_policy=ImportPolicy.EVERYTHING)) == expected


def test_own_booking_comes_in_whatever_the_setting():
    """S4-24: what carries our id is ours."""
    assert kind(meeting(guid="g"), Policy(import_policy=ImportPolicy.NOTHING)) == "full"


def test_invitation_that_the_user_declined_is_not_imported():
    """S4-04: it does not block time either."""
    seen = remote(event(attendees=(person(ANN, Response.DECLINED), person(BOB))))
    assert kind(seen) == "none"


@pytest.mark.parametrize(
    ("fields", "is_in"),
    [
        (event(when=hour(9, day=4)), True),
        (event(when=When(datetime(2026, 12, 31, tzinfo=UTC), WINDOW.start)), False),
        (event(when=When(WINDOW.stop, WINDOW.stop)), False),
        (
            event(when=When(datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC))),
            True,
        ),
        (event(when=When(date(2026, 12, 30), date(2027, 1, 2))), True),
        (event(when=When(date(2026, 12, 1), date(2026, 12, 2))), False),
        (event(when=When(WINDOW.start, WINDOW.start)), True),
    ],
)
def test_only_events_of_the_window_come_in(fields, is_in):
    """S4-04: 30 days back to three months ahead."""
    assert (kind(remote(fields, guid="g")) == "full") is is_in


@pytest.mark.parametrize(
    ("rule", "is_in"),
    [
        ("FREQ=YEARLY;COUNT=2", False),
        ("FREQ=WEEKLY", True),
        ("FREQ=WEEKLY;UNTIL=20260901T000000Z", False),
        ("nonsense", True),
    ],
)
def test_series_comes_in_when_an_occurrence_is_in_the_window(rule, is_in):
    """S4-22: old series still run; a rule that cannot be read comes in to be seen."""
    start = datetime(2025, 7, 7, 9, tzinfo=UTC)
    fields = event(when=When(start, start, "UTC"), recurrence=(f"RRULE:{rule}",))
    assert (kind(remote(fields, guid="g")) == "full") is is_in
