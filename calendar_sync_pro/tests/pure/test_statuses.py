"""One answer for one status, whichever provider says it; what each means by more is its own."""

from __future__ import annotations

import pytest

from ...core import errors
from ...providers.caldav.errors import refusal as caldav
from ...providers.google.errors import refusal as google
from ...providers.http import Answer
from ...providers.microsoft.errors import refusal as microsoft

EACH = pytest.mark.parametrize("refusal", [google, microsoft, caldav])


def of(refusal, status, operation="update", *, is_write=True, **headers):
    """What an adapter makes of a bare status."""
    return refusal(Answer(status, headers, b""), operation, is_write)


@EACH
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, errors.Unavailable),
        (400, errors.Malformed),
        (401, errors.AuthExpired),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (408, errors.Unavailable),
        (410, errors.NotFound),
        (412, errors.Conflict),
        (423, errors.Unavailable),
        (429, errors.RateLimited),
        (500, errors.Unavailable),
        (503, errors.Unavailable),
    ],
)
def test_bare_status_means_the_same_everywhere(refusal, status, kind):
    """S1-10, S1-05: without a reason the code alone decides, and names the operation."""
    said = of(refusal, status)
    assert type(said) is kind
    assert said.operation == "update"
    assert said.reason


@EACH
def test_write_that_a_server_in_trouble_swallowed_is_not_taken_for_refused(refusal):
    """S4-25: it is looked up before it is repeated; a reading has nothing to look up."""
    assert of(refusal, 502).has_unknown_outcome
    assert not of(refusal, 502, is_write=False).has_unknown_outcome


@EACH
@pytest.mark.parametrize("status", [429, 503])
def test_pause_that_the_server_asks_for_is_kept(refusal, status):
    """S1-05: in seconds."""
    assert of(refusal, status, **{"retry-after": "7"}).retry_after_s == 7


@pytest.mark.parametrize("refusal", [google, microsoft])
def test_gone_means_the_place_in_the_listing_while_listing(refusal):
    """S4-14: and the event anywhere else; a CalDAV server names a lost token in the body."""
    assert type(of(refusal, 410, "changes")) is errors.SyncTokenExpired
    assert type(of(caldav, 410, "changes")) is errors.NotFound


def test_conflict_of_names_is_each_ones_own():
    """S4-25: an id that is taken, or at a CalDAV server a parent that is not there."""
    assert type(of(google, 409, "create")) is errors.AlreadyExists
    assert type(of(microsoft, 409, "create")) is errors.AlreadyExists
    assert type(of(caldav, 409, "create")) is errors.NotFound
    assert type(of(caldav, 409)) is errors.Conflict
