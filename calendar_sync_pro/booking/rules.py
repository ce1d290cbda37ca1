"""The rules of a booking calendar, what a service changes about them, and who can do a service."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from . import days
from .intervals import FUTURE, PAST, Span

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Service:
    """What can be booked. None means: as the booking calendar says. Minutes.

    A person needs all of `skills` to do it.
    """

    duration_min: int | None = None
    buffer_before_min: int | None = None
    buffer_after_min: int | None = None
    notice_min: int | None = None
    advance_days: int | None = None
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BookingRules:
    """The effective rules of one search. Raises ValueError for values that make no sense.

    `notice_min`: an appointment starts that many minutes from now or later.
    `advance_days`: it starts on the local date that many days after today or before.
    `buffer_before_min`, `buffer_after_min`: the distance to appointments, bookings, holds and busy
    times. Between two bookings lie the *after* of the first and the *before* of the second.
    Working hours, days off and blocked times may be touched.
    `step_min`: starts are multiples of it after local midnight.
    `per_day`: so many bookings and holds a person takes on one local day; 0 is any number.
    `tz`: the booking calendar's zone, in which days and the step are counted.
    `tentative_blocks`, `all_day_blocks`: which busy times count.
    `required_skills`: of the service.
    """

    notice_min: int = 120
    advance_days: int = 30
    buffer_before_min: int = 15
    buffer_after_min: int = 15
    duration_min: int = 30
    step_min: int = 30
    per_day: int = 0
    tz: str = "UTC"
    tentative_blocks: bool = False
    all_day_blocks: bool = True
    required_skills: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if min(self.duration_min, self.step_min) < 1:
            raise ValueError("duration and step are at least a minute")
        if self.step_min > 1440:
            raise ValueError("the step is a day at most")
        never_negative = (
            self.notice_min,
            self.advance_days,
            self.buffer_before_min,
            self.buffer_after_min,
            self.per_day,
        )
        if min(never_negative) < 0:
            raise ValueError("rules are not negative")

    def of_service(self, service: Service) -> BookingRules:
        """These rules with what the service says otherwise."""
        own = {
            name: value
            for name in (
                "duration_min",
                "buffer_before_min",
                "buffer_after_min",
                "notice_min",
                "advance_days",
            )
            if (value := getattr(service, name)) is not None
        }
        return replace(self, **own, required_skills=service.skills)

    @property
    def duration_s(self) -> int:
        """Length of the appointment in seconds."""
        return self.duration_min * 60

    @property
    def before_s(self) -> int:
        """Buffer before in seconds."""
        return self.buffer_before_min * 60

    @property
    def after_s(self) -> int:
        """Buffer after in seconds."""
        return self.buffer_after_min * 60

    def blocks(self, kind: str, is_all_day: bool = False) -> bool:
        """Whether a busy time of this kind takes its slots.

        Busy and out of office do; free and working elsewhere don't; tentative and whole days as
        these rules say.
        """
        if is_all_day and not self.all_day_blocks:
            return False
        return kind in ("busy", "out_of_office") or (kind == "tentative" and self.tentative_blocks)

    def stored_range(self, start: int) -> Span:
        """What a booking that starts then occupies in the database: both buffers included.

        Two stored ranges that don't overlap keep exactly the distance that both sides ask for.
        """
        return start - self.before_s, start + self.duration_s + self.after_s

    def too_soon(self, now: int) -> tuple[Span, ...]:
        """Starts within the minimum notice, the past included."""
        return ((PAST, now + self.notice_min * 60),)

    def too_far(self, now: int) -> tuple[Span, ...]:
        """Starts after the last bookable day."""
        last = days.local_day(now, self.tz) + timedelta(days=self.advance_days)
        return ((days.day_span(last, self.tz)[1], FUTURE),)

    def full_days(self, starts: Iterable[int]) -> tuple[Span, ...]:
        """Local days on which these starts reach the limit per day."""
        counts: dict = {}
        for start in starts if self.per_day else ():
            day = days.local_day(start, self.tz)
            counts[day] = counts.get(day, 0) + 1
        full = sorted(day for day, count in counts.items() if count >= self.per_day)
        return tuple(days.day_span(day, self.tz) for day in full)


def able(
    people: Iterable[tuple[Each, Collection[str]]], required: Collection[str]
) -> tuple[Each, ...]:
    """Those of (person, skills) who can do a service that requires these skills."""
    return tuple(person for person, skills in people if set(required) <= set(skills))
