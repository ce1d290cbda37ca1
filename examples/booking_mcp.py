"""The booking tools as an MCP server, so that any assistant can book.

    BOOKING_URL=http://localhost:8069 BOOKING_API_KEY=... python booking_mcp.py

It speaks MCP over standard input and output, and asks Odoo through the booking API. A refused time
is an answer and no error: it brings the next free ones along, for the assistant to offer.
"""

from __future__ import annotations

from typing import Annotated, Any

from booking_client import BookingClient, Refused
from mcp.server import MCPServer
from pydantic import Field

INSTRUCTIONS = """Book appointments. First list_calendars and list_services, then find_slots; offer
two or three times. Hold the chosen one while you ask for name and phone or e-mail, then book it.
When an answer has "refused", tell its title politely and offer its next_slots."""

Calendar = Annotated[int, Field(description="id of a booking calendar")]
Service = Annotated[int, Field(description="id of a service of that calendar")]
Time = Annotated[str, Field(description="with offset, as 2027-03-01T09:00:00+01:00")]
Zone = Annotated[str, Field(description="IANA time zone of the customer, as Europe/Berlin")]
Reference = Annotated[str, Field(description="the reference that hold or book gave")]

server = MCPServer("booking", instructions=INSTRUCTIONS)


def asked(call: Any, *arguments: Any, **more: Any) -> dict[str, Any]:
    """The API's answer, or its refusal in a form that can be told on."""
    given = {name: value for name, value in more.items() if value not in (None, "", 0)}
    try:
        return {"answer": call(*arguments, **given)}
    except Refused as refused:
        return {"refused": refused.problem}


def client() -> BookingClient:
    """Of the Odoo that the environment names."""
    return BookingClient.from_environment()


@server.tool()
def list_calendars() -> dict[str, Any]:
    """The booking calendars, their people, and what to ask the customer."""
    return asked(client().calendars)


@server.tool()
def list_services(calendar: Calendar) -> dict[str, Any]:
    """What can be booked in a calendar, and how long it takes."""
    return asked(client().services, calendar)


@server.tool()
def find_slots(
    calendar: Calendar,
    service: Service,
    from_time: Time = "",
    days: int = 7,
    limit: int = 10,
    person: int = 0,
    time_zone: Zone = "",
) -> dict[str, Any]:
    """Free times, soonest first. Only these can be booked."""
    search = {"from": from_time, "days": days, "limit": limit, "person": person}
    return asked(client().slots, calendar, service, time_zone=time_zone, **search)


@server.tool()
def why_not(
    calendar: Calendar, service: Service, start: Time, time_zone: Zone = ""
) -> dict[str, Any]:
    """What stands against a time, per person."""
    return asked(client().explain, calendar, service, start, time_zone=time_zone)


@server.tool()
def hold(calendar: Calendar, service: Service, start: Time, person: int = 0) -> dict[str, Any]:
    """Keep a free time for ten minutes while you ask for the details."""
    return asked(client().hold, calendar, service, start, person=person)


@server.tool()
def release(held: Reference) -> dict[str, Any]:
    """Give a held time back."""
    return asked(client().release, held)


@server.tool()
def book(
    held: Reference,
    name: Annotated[str, Field(description="the customer's")],
    phone: str = "",
    email: str = "",
    notes: Annotated[str, Field(description="from the conversation, for the team")] = "",
    transcript_url: Annotated[str, Field(description="https only")] = "",
) -> dict[str, Any]:
    """Book a held time. Phone or e-mail is needed. Again with the same hold books nothing twice."""
    customer = {"name": name, "phone": phone, "email": email}
    customer = {each: value for each, value in customer.items() if value}
    more = {"notes": notes, "transcript_url": transcript_url}
    return asked(client().book, customer, request_id=f"hold-{held}", hold=held, **more)


@server.tool()
def get_booking(booking: Reference) -> dict[str, Any]:
    """A booking as it is now."""
    return asked(client().booking, booking)


@server.tool()
def reschedule(booking: Reference, start: Time) -> dict[str, Any]:
    """Move a booking to another free time."""
    return asked(client().reschedule, booking, start)


@server.tool()
def cancel(booking: Reference, reason: str = "") -> dict[str, Any]:
    """Cancel a booking."""
    return asked(client().cancel, booking, reason)


if __name__ == "__main__":
    server.run()
