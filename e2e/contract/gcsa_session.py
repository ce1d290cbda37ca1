"""What a user of gcsa does in a day, run by gcsa's own Python; prints what came back as JSON.

Usage: gcsa_session.py '{"root": …, "token_uri": …, "refresh_token": …, "client_id": …, …}'
"""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

from gcsa.attendee import Attendee
from gcsa.calendar import Calendar
from gcsa.event import Event
from gcsa.google_calendar import GoogleCalendar
from gcsa.recurrence import WEEKLY, Recurrence
from gcsa.reminders import PopupReminder
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document

START = datetime(2026, 12, 1, 10, tzinfo=UTC)
ZONE = "Europe/Berlin"


def connect(facts):
    """gcsa with an expired access token; its service is built with another rootUrl."""
    expired = (datetime.now(UTC) - timedelta(hours=1)).replace(tzinfo=None)
    credentials = Credentials(
        "expired",
        refresh_token=facts["refresh_token"],
        token_uri=facts["token_uri"],
        client_id=facts["client_id"],
        client_secret=facts["client_secret"],
        expiry=expired,
    )
    calendar = GoogleCalendar(facts["email"], credentials=credentials)
    source = files("googleapiclient.discovery_cache.documents") / "calendar.v3.json"
    document = {**json.loads(source.read_text()), "rootUrl": facts["root"]}
    calendar.service = build_from_document(document, credentials=credentials)
    return calendar


def events_of_a_day(calendar, guest):
    """Make, read, change, repeat, and delete events."""
    call = calendar.add_event(
        Event(
            "Call",
            start=START,
            end=START + timedelta(hours=1),
            timezone=ZONE,
            attendees=[Attendee(guest)],
            reminders=[PopupReminder(minutes_before_start=15)],
        ),
        send_updates="all",
    )
    call.summary, call.location = "Call moved", "Bonn"
    call = calendar.update_event(call)
    fair = calendar.add_event(Event("Fair", start=date(2026, 12, 2), end=date(2026, 12, 3)))
    series = calendar.add_event(
        Event(
            "Weekly",
            start=START,
            end=START + timedelta(hours=1),
            timezone=ZONE,
            recurrence=[Recurrence.rule(freq=WEEKLY, count=3)],
        )
    )
    second = list(calendar.get_instances(series))[1]
    calendar.delete_event(second)
    listed = calendar.get_events(
        START - timedelta(days=1),
        START + timedelta(days=40),
        single_events=True,
        order_by="startTime",
    )
    result = {
        "read": calendar.get_event(call.event_id).location,
        "titles": [e.summary for e in listed],
    }
    calendar.delete_event(fair)
    left = list(calendar.get_events(START, START + timedelta(days=40)))
    result["left"] = sorted(event.summary for event in left if event.summary)
    result["holes"] = sum(event.summary is None for event in left)
    return result


def calendars_of_a_day(calendar):
    """Lists, a calendar of one's own, settings, colours, free and busy, moving an event."""
    other = calendar.add_calendar(Calendar("Other", description="second"))
    event = calendar.add_quick_event("Coffee")
    calendar.move_event(event, destination_calendar_id=other.calendar_id)
    moved = list(calendar.get_events(START - timedelta(days=60), calendar_id=other.calendar_id))
    busy = calendar.get_free_busy(time_min=START, time_max=START + timedelta(days=1))
    return {
        "lists": [entry.summary for entry in calendar.get_calendar_list()],
        "moved": [e.summary for e in moved],
        "busy": [str(r.start) for r in busy.calendars[calendar.default_calendar]],
        "zone": calendar.get_settings().timezone,
        "colours": len(calendar.list_event_colors()),
    }


def main():
    """Run both and print."""
    facts = json.loads(sys.argv[1])
    calendar = connect(facts)
    print(json.dumps({**events_of_a_day(calendar, facts["guest"]), **calendars_of_a_day(calendar)}))


if __name__ == "__main__":
    main()
