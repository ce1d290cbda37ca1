"""When the owner of a grant that ends is warned."""

from datetime import datetime, timedelta

import pytest

from ...sync.grant_end import is_same, warn_from

NOW = datetime(2027, 3, 1, 12, 0)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("life", "before"),
    [(7 * DAY, 1.75 * DAY), (8 * DAY, 2 * DAY), (90 * DAY, 2 * DAY), (DAY, DAY / 4)],
)
def test_the_warning_comes_in_time_and_not_at_once(life, before):
    """S1-14: two days before, and for the last quarter of a short life; never from the start."""
    assert warn_from(NOW, NOW + life) == NOW + life - before


def test_an_end_that_is_told_in_seconds_left_stays_the_same():
    """S1-14: each answer rounds anew, and that begins no new life; a later end does."""
    end = NOW + DAY
    assert is_same(end, end + timedelta(seconds=3))
    assert not is_same(end, end + timedelta(hours=1))
    assert not is_same(None, end)
    assert is_same(None, None)
