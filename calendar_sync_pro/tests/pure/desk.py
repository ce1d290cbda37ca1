"""A booking desk for scenarios: people, their days and what stands in them, in local words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ...booking import layers
from ...booking.hours import WeeklyHours
from ...booking.intervals import instant, moment
from ...booking.rules import BookingRules
from ...booking.slots import Person, Search, Slot, slots
from ...core import timezones

BERLIN = "Europe/Berlin"
NINE_TO_FIVE = ((540, 1020),)
PLAIN = BookingRules(
    notice_min=0, advance_days=365, buffer_before_min=0, buffer_after_min=0, tz=BERLIN
)


def at(text: str, tz: str = BERLIN) -> int:
    """The instant of `2027-03-01 09:00` on the wall clock of a zone."""
    return instant(timezones.to_utc(datetime.fromisoformat(text), tz))


def week(*ranges: tuple[int, int]) -> tuple:
    """The same ranges on every day of the week."""
    return (ranges,) * 7


class Desk:
    """One booking calendar with its people. Monday 1 March 2027 is the day, midnight the clock."""

    def __init__(self, rules: BookingRules = PLAIN, day: str = "2027-03-01") -> None:
        self.rules, self.day, self.is_collective = rules, day, False
        self.now = at(f"{day} 00:00", rules.tz)
        self.people: dict[int, Person] = {}

    def hires(self, person_id: int, *ranges: tuple[int, int], tz: str = "", skills=()) -> None:
        """Somebody who works in these ranges on every day, 9 to 17 by default."""
        hours = WeeklyHours(week(*(ranges or NINE_TO_FIVE)), tz or self.rules.tz)
        open_ = hours.within(self.now - 3 * 86400, self.now + 400 * 86400)
        self.people[person_id] = Person(person_id, open_, (), frozenset(skills))

    def adds(self, person_id: int, *added: layers.Layer) -> None:
        """Something that stands in a person's way."""
        person = self.people[person_id]
        self.people[person_id] = replace(person, layers=(*person.layers, *added))

    def span(self, start: str, stop: str, day: str = "") -> tuple[int, int]:
        """`9:00` to `10:00` on the day, in seconds."""
        return tuple(at(f"{day or self.day} {each:0>5}", self.rules.tz) for each in (start, stop))

    def busy(self, person_id: int, start: str, stop: str, calendar_id: int = 70) -> None:
        """A calendar of the person shows a busy time on the day."""
        self.adds(person_id, layers.busy(calendar_id, [self.span(start, stop)]))

    def taken(self, person_id: int, start: str, stop: str, **more) -> None:
        """A booking or hold of the person on the day."""
        row = layers.Taken(more.pop("booking_id", 1), *self.span(start, stop), **more)
        self.adds(person_id, *layers.taken_layers([row]))

    @property
    def search(self) -> Search:
        """What a customer asks now."""
        return Search(tuple(self.people.values()), self.rules, self.now, self.is_collective)

    def offered(self, day: str = "") -> list[Slot]:
        """The slots of the day."""
        start, stop = self.span("00:00", "23:59", day)
        return slots(self.search, start, stop + 60)

    def starts(self, day: str = "") -> list[str]:
        """Their wall-clock times."""
        return [clock(slot.start, self.rules.tz) for slot in self.offered(day)]


def clock(instant_: int, tz: str = BERLIN) -> str:
    """The wall-clock time of an instant."""
    return timezones.to_local(moment(instant_), tz).strftime("%H:%M")
