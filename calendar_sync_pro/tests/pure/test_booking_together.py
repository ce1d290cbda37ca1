"""When several people can meet."""

from ...booking.intervals import IntervalSet
from ...booking.together import starts, together

HOUR = 3600


def hours(*spans):
    """A set of whole hours of one day."""
    return IntervalSet.of((a * HOUR, b * HOUR) for a, b in spans)


def found(working, busy, *, within=(0, 24), length=1, step=1):
    """Starts in hours."""
    free = together(working, busy)
    span = (within[0] * HOUR, within[1] * HOUR)
    return [at / HOUR for at in starts(free, span, int(length * HOUR), int(step * HOUR))]


def test_everybody_works_and_nobody_is_busy():
    """S3-34: the common hours without anybody's busy times."""
    working = [hours((8, 16)), hours((10, 18))]
    assert found(working, [hours((11, 12)), hours((13, 15))]) == [10, 12, 15]


def test_a_meeting_has_to_fit_as_a_whole():
    """S3-34: two hours don't fit into one, nor over the end of the day."""
    assert found([hours((8, 12))], [hours((9, 10))], length=2) == [10]
    assert found([], [], within=(22, 24), length=2, step=0.5) == [22]


def test_without_working_hours_every_hour_is_one():
    """S3-34: of people outside nobody knows any."""
    assert found([], [hours((1, 23))]) == [0, 23]
    assert found([hours()], []) == []
