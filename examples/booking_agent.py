"""An agent that books for a customer, as a voice or chat assistant would.

    BOOKING_URL=http://localhost:8069 BOOKING_API_KEY=... python booking_agent.py \\
        --service Consultation --name "Dana Fox" --phone +4915112345678 --wish 2027-03-01T09:00

It looks for the wished time or the next free one, holds it while it "talks", books it, and when
somebody else was faster says sorry and takes the next. Standard output is the conversation.
"""

from __future__ import annotations

import argparse
import sys
import uuid
from datetime import datetime
from typing import Any

from booking_client import BookingClient, Refused

TRIES = 5


class Agent:
    """One conversation with one customer."""

    def __init__(self, client: BookingClient, time_zone: str = ""):
        self.client = client
        self.zone = {"time_zone": time_zone} if time_zone else {}

    def find(self, service_name: str) -> tuple[int, int]:
        """(calendar, service) of the first calendar that offers it. Raises LookupError."""
        for calendar in self.client.calendars():
            for service in self.client.services(calendar["id"]):
                if service["name"].casefold() == service_name.casefold():
                    return calendar["id"], service["id"]
        raise LookupError(f"Nobody offers {service_name!r}.")

    def choose(self, calendar: int, service: int, wish: str) -> dict[str, Any] | None:
        """The first free time from the wish on; None when there is none in two months."""
        search = {"from": wish, "days": 62, "limit": 1, **self.zone}
        found = self.client.slots(calendar, service, **search)
        return found[0] if found else None

    def book(self, service_name: str, wish: str, customer: dict[str, str], **more: str) -> Any:
        """The booking. Raises LookupError when nothing is free, Refused for anything else."""
        calendar, service = self.find(service_name)
        slot = self.choose(calendar, service, wish)
        request_id = uuid.uuid4().hex
        for _try in range(TRIES):
            if not slot:
                break
            say(f"{spoken(slot['start'])} is free. One moment, I book it for you.")
            choice = {"calendar": calendar, "service": service, "start": slot["start"]}
            try:
                held = self.client.hold(**choice)
                return self.client.book(customer, request_id=request_id, hold=held["hold"], **more)
            except Refused as refused:
                if not refused.is_taken:
                    raise
                say(str(refused))
                slot = next(iter(refused.next_slots), None)
        raise LookupError("No time is free.")


def spoken(time: str) -> str:
    """A time as one says it."""
    return f"{datetime.fromisoformat(time):%A, %d %B at %H:%M}"


def say(words: str) -> None:
    """What the customer hears."""
    sys.stdout.write(f"Agent: {words}\n")
    sys.stdout.flush()


def main() -> int:
    """One booking from the command line; 1 when nothing could be booked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("service", "name", "wish"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("phone", "email", "notes", "transcript-url", "time-zone"):
        parser.add_argument(f"--{name}", default="")
    given = parser.parse_args()
    customer = {name: getattr(given, name) for name in ("name", "phone", "email")}
    more = {name: getattr(given, name) for name in ("notes", "transcript_url")}
    agent = Agent(BookingClient.from_environment(), given.time_zone)
    wish = datetime.fromisoformat(given.wish).astimezone().isoformat()
    try:
        booking = agent.book(given.service, wish, filled(customer), **filled(more))
    except (LookupError, Refused) as error:
        say(f"I'm sorry. {error}")
        return 1
    who = " and ".join(person["name"] for person in booking["people"])
    say(f"Done: {booking['service']} on {spoken(booking['start'])} with {who}.")
    say(f"Your reference is {booking['booking']}.")
    return 0


def filled(values: dict[str, str]) -> dict[str, str]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value}


if __name__ == "__main__":
    raise SystemExit(main())
