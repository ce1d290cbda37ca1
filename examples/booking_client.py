"""A small client of the booking API (`<your Odoo>/booking/api/v1/openapi.json`).

It needs nothing but `requests`; the agent and the MCP server beside it use it.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

import requests

TIMEOUT_S = 20


class Refused(Exception):
    """The API said no. `problem` is its answer: why, in words, and what is free instead."""

    def __init__(self, problem: dict[str, Any]):
        super().__init__(problem.get("title", "Refused"))
        self.problem = problem

    @property
    def is_taken(self) -> bool:
        """Whether another time would do."""
        return self.problem.get("type") == "taken"

    @property
    def next_slots(self) -> list[dict[str, Any]]:
        """The next free times, soonest first."""
        return self.problem.get("next_slots", [])


class BookingClient:
    """Find free times, hold, book, move, cancel."""

    def __init__(self, url: str, key: str):
        self._base = url.rstrip("/") + "/booking/api/v1"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {key}"

    @classmethod
    def from_environment(cls) -> BookingClient:
        """By `BOOKING_URL` (of Odoo) and `BOOKING_API_KEY`. Raises KeyError without them."""
        return cls(os.environ["BOOKING_URL"], os.environ["BOOKING_API_KEY"])

    def calendars(self) -> list[dict[str, Any]]:
        """The booking calendars, with their people and questions."""
        return self._get("/calendars")["calendars"]

    def services(self, calendar: int) -> list[dict[str, Any]]:
        """What can be booked in a calendar."""
        return self._get(f"/calendars/{calendar}/services")["services"]

    def slots(self, calendar: int, service: int, **search: Any) -> list[dict[str, Any]]:
        """Free times, soonest first. `search`: from, days, person, limit, time_zone."""
        return self._get(f"/calendars/{calendar}/slots", service=service, **search)["slots"]

    def explain(self, calendar: int, service: int, start: str, **more: Any) -> dict[str, Any]:
        """Who is free at a time, and what stands against the others."""
        return self._get(f"/calendars/{calendar}/explanation", service=service, start=start, **more)

    def hold(self, calendar: int, service: int, start: str, **more: Any) -> dict[str, Any]:
        """Keep a time for some minutes. Raises Refused with the next free ones."""
        choice = {"calendar": calendar, "service": service, "start": start, **more}
        return self._call("POST", "/holds", json=choice)

    def release(self, hold: str) -> None:
        """Give a held time back."""
        self._call("DELETE", f"/holds/{hold}")

    def book(
        self, customer: dict[str, str], *, request_id: str | None = None, **booking: Any
    ) -> dict[str, Any]:
        """Book a `hold` or a `slot`. `request_id`: the same again makes no second booking."""
        headers = {"Idempotency-Key": request_id or uuid.uuid4().hex}
        return self._call(
            "POST", "/bookings", headers=headers, json={"customer": customer, **booking}
        )

    def booking(self, booking: str) -> dict[str, Any]:
        """A booking as it is now."""
        return self._get(f"/bookings/{booking}")

    def reschedule(self, booking: str, start: str) -> dict[str, Any]:
        """Move a booking. Raises Refused with the next free times; it then stays as it is."""
        return self._call("POST", f"/bookings/{booking}/reschedule", json={"start": start})

    def cancel(self, booking: str, reason: str = "") -> dict[str, Any]:
        """Cancel a booking; again is no error."""
        return self._call("POST", f"/bookings/{booking}/cancel", json={"reason": reason})

    def _get(self, path: str, **parameters: Any) -> Any:
        return self._call("GET", path, params=parameters)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        answer = self._session.request(method, self._base + path, timeout=TIMEOUT_S, **more)
        if answer.ok:
            return answer.json() if answer.content else None
        if "json" not in answer.headers.get("Content-Type", ""):
            raise Refused({"title": f"HTTP {answer.status_code}", "status": answer.status_code})
        raise Refused(answer.json())
