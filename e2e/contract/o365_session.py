"""What a user of O365 does in a day, run by O365's own Python; prints what came back as JSON.

Usage: o365_session.py '{"facts": …, "me": …, "guest": …}'
"""

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msal import ConfidentialClientApplication
from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend

sys.path.insert(0, str(Path(__file__).parents[2]))
from sandbox.client import Sandbox

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 12, 1, 10, tzinfo=ZONE)
HOUR = timedelta(hours=1)
SCOPES = ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "User.Read"]
CALLBACK = "http://127.0.0.1:9/callback"


def connect(box, email):
    """O365 for a cloud of its own (its protocol's address, its msal's authority), signed in."""
    facts = box.microsoft

    class Protocol(MSGraphProtocol):
        _protocol_url = facts["auth_base"] + "/"

    credentials = (facts["client_id"], facts["client_secret"])
    backend = MemoryTokenBackend()
    account = Account(credentials, protocol=Protocol(timezone=ZONE), token_backend=backend)
    account.con._msal_client = ConfidentialClientApplication(
        facts["client_id"],
        client_credential=facts["client_secret"],
        authority=f"{facts['login_base']}/organizations",
        instance_discovery=False,
        verify=facts["ca_file"],
        token_cache=backend,
    )
    url, flow = account.con.get_authorization_url(SCOPES, redirect_uri=CALLBACK)
    assert account.con.request_token(box.consent(url, email), flow=flow)
    return account


def events_of_a_day(schedule, guest):
    """Make, read, change, repeat, and delete events."""
    calendar = schedule.get_default_calendar()
    call = calendar.new_event("Call")
    call.start, call.end, call.location = START, START + HOUR, "Bonn"
    call.body = "Bring cake"
    call.attendees.add(guest)
    call.save()
    call.subject = "Call moved"
    call.save()
    series = calendar.new_event("Weekly")
    series.start, series.end = START + 3 * HOUR, START + 4 * HOUR
    series.recurrence.set_weekly(
        1,
        days_of_week=["tuesday"],
        first_day_of_week="monday",
        start=START.date(),
        occurrences=4,
    )
    series.save()
    listed = list(view(calendar))
    listed[-1].delete()
    again = calendar.get_event(call.object_id)
    return {
        "titles": [event.subject for event in listed],
        "place": again.location["displayName"],
        "body": again.get_body_soup().body.text.strip(),
        "start": str(again.start),
        "left": len(list(view(calendar))),
    }


def view(calendar):
    """Two months, occurrences included."""
    span = {
        "start_recurring": START - timedelta(days=10),
        "end_recurring": START + timedelta(days=50),
    }
    return calendar.get_events(include_recurring=True, limit=50, order_by="start/dateTime", **span)


def answer_as_guest(account):
    """Accept what came."""
    calendar = account.schedule().get_default_calendar()
    invitation = next(iter(view(calendar)))
    assert invitation.accept_event("Fine")
    return {"organizer": invitation.organizer.address, "copy": invitation.subject}


def calendars_of_a_day(schedule, guest):
    """Lists, a calendar of one's own, free and busy."""
    schedule.new_calendar("Visits")
    busy = schedule.get_availability([guest], START - HOUR, START + 3 * HOUR, 60)
    return {
        "lists": [calendar.name for calendar in schedule.list_calendars()],
        "busy": busy[0]["availabilityView"],
    }


def main():
    """Run all and print."""
    given = json.loads(sys.argv[1])
    box = Sandbox(given["facts"])
    mine = connect(box, given["me"]).schedule()
    found = events_of_a_day(mine, given["guest"])
    found |= answer_as_guest(connect(box, given["guest"]))
    found |= calendars_of_a_day(mine, given["guest"])
    print(json.dumps(found))


if __name__ == "__main__":
    main()
