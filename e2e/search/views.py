"""What stands in a calendar or in Odoo, in one form that both can be compared in."""

import json
from dataclasses import dataclass

DAY = "%Y-%m-%d"
WORDS = ("alpha", "beta", "gamma", "delta")


@dataclass(frozen=True, slots=True)
class View:
    """One event or one occurrence, as a person sees it.

    `start` and `stop` are naive UTC text, of whole days the first and the last day. `handle` is
    what its side calls it, `slot` the original start of an occurrence, `series` what the series is
    called. `uid` tells which meeting it is, the same on every calendar.
    """

    title: str
    start: str
    stop: str
    place: str = ""
    is_all_day: bool = False
    handle: str = ""
    series: str = ""
    slot: str = ""
    uid: str = ""

    @property
    def seen(self) -> tuple:
        """What has to be equal on both sides."""
        return (self.title, self.start, self.stop, self.place, self.is_all_day)

    @property
    def tag(self) -> str:
        """The first word of the title, which no edit changes: which of the team's events it is."""
        return self.title.partition(" ")[0]

    @property
    def identity(self) -> tuple:
        """No calendar may show two of these."""
        return (self.uid, self.slot)


def facts(value):
    """Something in a form that can be compared and printed."""
    return json.dumps(value, sort_keys=True, default=str)
