"""How much is asked of a provider, and what has to be done about its channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...core.errors import RateLimited
from ...providers.google import GoogleProvider
from ...providers.google import errors as google
from ...providers.http import Answer
from ...providers.microsoft import MicrosoftProvider
from ...providers.microsoft import errors as microsoft
from ...sync import channels, limits
from ...sync.channels import Known, Step

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_MOMENTS = st.integers(-20_000, 20_000).map(lambda minutes: NOW + timedelta(minutes=minutes))
_KNOWN = st.builds(
    Known,
    id=st.integers(1, 50),
    calendar_id=st.integers(1, 4),
    state=st.sampled_from(["asked", "working", "unreachable", "refused", "ended"]),
    asked_at=_MOMENTS.map(lambda at: min(at, NOW)),
    expires_at=st.none() | _MOMENTS,
    renew_at=st.none() | _MOMENTS,
    doubted_at=st.none() | _MOMENTS,
    is_here=st.booleans(),
)


@pytest.mark.parametrize("provider", [GoogleProvider, MicrosoftProvider])
def test_budgets_stay_below_what_providers_allow(provider):
    """D-08: a share is left to the person's other programs; an app has room for many accounts."""
    own, whole = provider.can.calls_per_minute, provider.can.app_calls_per_minute
    assert 0 < limits.budget(own) < own < limits.budget(whole) < whole


def test_where_no_limit_is_known_there_is_no_budget():
    """D-08: nothing is held back without a reason."""
    assert limits.budget(0) == limits.UNLIMITED


@given(st.none() | st.floats(0, 10_000))
def test_a_pause_never_undercuts_the_providers_wish(asked):
    """D-08: Retry-After is obeyed; without one there is a pause all the same."""
    waits = (limits.pause(NOW, asked) - NOW).total_seconds()
    assert waits >= max(asked or 0, 1) - 1e-5
    assert waits <= max(asked or 0, limits.FIRST_PAUSE_S) + 1e-5


def refused(status, reason, maker, **headers):
    body = f'{{"error": {{"code": "{reason}", "errors": [{{"reason": "{reason}"}}]}}}}'
    return maker(Answer(status, headers, body.encode()), "changes", False)


@pytest.mark.parametrize(
    ("maker", "status", "reason", "may_be_app"),
    [
        (google.refusal, 403, "userRateLimitExceeded", False),
        (google.refusal, 403, "rateLimitExceeded", True),
        (google.refusal, 429, "rateLimitExceeded", True),
        (microsoft.refusal, 429, "ApplicationThrottled", False),
        (microsoft.refusal, 429, "TooManyRequests", True),
    ],
)
def test_whose_limit_it_is_is_told_by_the_reason(maker, status, reason, may_be_app):
    """D-08: one mailbox's limit is no reason to stop the others."""
    error = refused(status, reason, maker, **{"retry-after": "7"})
    assert isinstance(error, RateLimited)
    assert (error.may_be_app, error.retry_after_s) == (may_be_app, 7.0)


@given(st.sets(st.integers(1, 4)), st.lists(_KNOWN, unique_by=lambda one: one.id))
def test_a_plan_touches_each_channel_once_and_opens_one_for_each_calendar(wanted, known):
    """S2-51: whatever the state, no calendar gets two new channels, no channel two orders, and
    nothing is left of a calendar that isn't watched any more."""
    steps = channels.plan(sorted(wanted), known, NOW)
    touched = [step.channel_id for step in steps if step.channel_id]
    opened = [step.calendar_id for step in steps if step.action == "open"]
    assert len(touched) == len(set(touched))
    assert len(opened) == len(set(opened))
    assert set(opened) <= wanted
    others = {one.id for one in known if one.calendar_id not in wanted}
    assert others <= {step.channel_id for step in steps if step.action == "stop"}


@given(st.lists(_KNOWN, unique_by=lambda one: one.id, min_size=1))
def test_the_last_one_that_may_be_heard_is_never_stopped_without_another(known):
    """S2-51: a living channel is ended only beside a newer one that works."""
    wanted = sorted({one.calendar_id for one in known})
    stopped = {step.channel_id for step in channels.plan(wanted, known, NOW) if step[0] == "stop"}
    for one in known:
        if one.id in stopped and not one.is_over(NOW):
            newer = [other for other in known if other.calendar_id == one.calendar_id]
            newest = max(newer, key=lambda other: other.id)
            assert newest.id > one.id
            assert newest.state == "working" or (one.doubted_at and newest.state == "unreachable")


@given(st.lists(_KNOWN))
def test_channels_are_looked_at_again_within_a_day(known):
    """S2-51: whatever is forgotten is found."""
    assert channels.due(known, NOW) <= NOW + channels.TRY_AGAIN


def test_each_state_has_its_step():
    """S2-51: what the workers do about the only channel of a calendar."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    old = NOW - day
    cases = {
        Known(1, 7, "working", old, NOW + day, NOW + hour): [],
        Known(1, 7, "working", old, NOW + day, NOW - hour): [Step("renew", 7, 1)],
        Known(1, 7, "working", old, None, None): [Step("renew", 7, 1)],
        Known(1, 7, "working", old, NOW - hour, NOW - day): [Step("open", 7), Step("stop", 7, 1)],
        Known(1, 7, "working", old, NOW + day, NOW + hour, is_here=False): [Step("open", 7)],
        Known(1, 7, "working", old, NOW + day, NOW + hour, NOW - hour): [Step("open", 7)],
        Known(1, 7, "working", old, NOW + day, NOW + hour, NOW): [],
        Known(1, 7, "asked", NOW - timedelta(minutes=9)): [],
        Known(1, 7, "asked", NOW - timedelta(minutes=10)): [Step("give_up", 7, 1)],
        Known(1, 7, "ended", old, NOW + day, NOW + hour): [Step("open", 7)],
        Known(1, 7, "refused", old, None, NOW + hour): [],
        Known(1, 7, "unreachable", old, None, NOW - hour): [Step("open", 7)],
    }
    for known, steps in cases.items():
        assert channels.plan([7], [known], NOW) == steps, known
    assert channels.plan([7], [], NOW) == [Step("open", 7)]
