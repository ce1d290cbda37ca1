"""What every telephone of the journeys shows: entries of a calendar."""

from dataclasses import dataclass
from datetime import UTC

CUSTOMER = "customer@else.example"
HOUR_MIN = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a calendar. `weeks` is the number of occurrences of a weekly series, 0 for
    singles; `series` is the id of the series of a changed occurrence."""

    id: str
    title: str
    start: str
    stop: str
    place: str = ""
    guests: tuple[str, ...] = ()
    text: str = ""
    weeks: int = 0
    series: str = ""


def odoo_time(moment):
    """Naive UTC text, as Odoo reads and writes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
