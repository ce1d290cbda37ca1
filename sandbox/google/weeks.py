"""The weeks of the demo team: customer calls, visits, routines, holidays, private things."""

import uuid
from datetime import datetime, timedelta

from ..service import ApiError
from .access import Caller
from .clean import clean
from .invites import Mailer
from .when import text_of, zone
from .writes import create

ANNA, BEN, CARLA = "anna@northwind.example", "ben@northwind.example", "carla@northwind.example"
MIA, TOM, DANA = (
    "mia.lindqvist@fjordline.example",
    "tom.hale@haleandsons.example",
    "dana.kim.private@gmail.example",
)
TZ = "Europe/Berlin"
# calendar, day from this Monday, start, minutes, title, guests (address: answer), more
SINGLE = (
    (ANNA, 0, "10:00", 45, "Discovery call Fjord Line", {MIA: "accepted"}, {"location": "Phone"}),
    (
        ANNA,
        1,
        "14:00",
        60,
        "Proposal walk-through Hale & Sons",
        {TOM: "tentative", BEN: "accepted"},
        {},
    ),
    (ANNA, 2, "12:00", 60, "Lunch with Ben", {BEN: "accepted"}, {"location": "Canteen"}),
    (ANNA, 3, "16:00", 30, "Dentist", {}, {"visibility": "private"}),
    (
        ANNA,
        4,
        "09:00",
        90,
        "Quarter forecast",
        {CARLA: "accepted"},
        {"description": "Bring the <b>open deals</b> list."},
    ),
    (ANNA, 7, "11:00", 60, "Fjord Line: contract details", {MIA: "needsAction"}, {}),
    (ANNA, 8, "15:30", 45, "Demo for Dana Kim", {DANA: "needsAction"}, {}),
    (ANNA, 10, "09:30", 60, "Pipeline review", {BEN: "needsAction", CARLA: "accepted"}, {}),
    (
        ANNA,
        15,
        "13:00",
        120,
        "Hale & Sons: workshop",
        {TOM: "needsAction"},
        {"location": "Hamburg"},
    ),
    (BEN, 0, "13:30", 60, "Cold calls", {}, {}),
    (BEN, 1, "09:00", 60, "Onboarding new CRM users", {CARLA: "accepted"}, {}),
    (BEN, 2, "15:00", 45, "Intro call Dana Kim", {DANA: "accepted"}, {}),
    (BEN, 4, "14:00", 60, "Hale & Sons follow-up", {TOM: "declined"}, {}),
    (BEN, 9, "10:00", 90, "Trade fair preparation", {ANNA: "accepted"}, {}),
    (CARLA, 1, "11:00", 60, "One to one with Anna", {ANNA: "accepted"}, {}),
    (CARLA, 3, "11:00", 60, "One to one with Ben", {BEN: "accepted"}, {}),
    (CARLA, 2, "09:00", 60, "Board call", {}, {"visibility": "private"}),
    (MIA, 2, "10:00", 60, "Fjord Line steering committee", {}, {}),
    (TOM, 3, "08:30", 120, "Site inspection", {}, {}),
)
SERIES = (
    (
        CARLA,
        "08:45",
        15,
        "Sales stand-up",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        {ANNA: "accepted", BEN: "accepted"},
    ),
    (ANNA, "17:00", 45, "Running", "RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=40", {}),
    (BEN, "12:30", 45, "Spanish lesson", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=20", {}),
)


def fill_weeks(world, own_calendar, team_calendar, holidays):
    """Put the events of the demo into this and the coming weeks; nobody is mailed."""
    now = world.clock.now().astimezone(zone(TZ))
    monday = (now - timedelta(days=now.weekday())).date()
    for cal, day, start, minutes, title, guests, more in SINGLE:
        _add(world, cal, monday + timedelta(days=day), start, minutes, title, guests, more)
    for cal, start, minutes, title, rule, guests in SERIES:
        first = (
            monday
            - timedelta(days=14)
            + timedelta(days={"BYDAY=TU": 1, "BYDAY=WE": 2}.get(rule[rule.find("BYDAY") :][:8], 0))
        )
        _add(world, cal, first, start, minutes, title, guests, {"recurrence": [rule]})
    for week in range(3):
        day = monday + timedelta(days=7 * week + 2)
        _add(world, own_calendar, day, "13:00", 180, "Customer visits north", {}, {}, actor=ANNA)
    _all_day(world, team_calendar, CARLA, monday + timedelta(days=16), 2, "Trade fair Hannover")
    _all_day(world, BEN, BEN, monday + timedelta(days=21), 3, "Ben on leave")
    for month, day, title in (
        (12, 25, "Christmas Day"),
        (12, 26, "Boxing Day"),
        (1, 1, "New Year's Day"),
        (5, 1, "Labour Day"),
    ):
        for year in (monday.year, monday.year + 1):
            _all_day(world, holidays, "", datetime(year, month, day).date(), 1, title)


def _add(world, calendar_id, day, start, minutes, title, guests, more, actor=None):
    hour, minute = map(int, start.split(":"))
    begin = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone(TZ))
    event = {"summary": title, **more}
    event["start"] = {"dateTime": text_of(begin), "timeZone": TZ}
    event["end"] = {"dateTime": text_of(begin + timedelta(minutes=minutes)), "timeZone": TZ}
    if guests:
        event["attendees"] = [{"email": calendar_id, "responseStatus": "accepted"}]
        event["attendees"] += [
            {"email": e, "responseStatus": answer} for e, answer in guests.items()
        ]
    _store(world, calendar_id, actor or calendar_id, event)


def _all_day(world, calendar_id, actor, day, days, title):
    event = {
        "summary": title,
        "transparency": "transparent" if "on leave" not in title else "opaque",
    }
    event["start"] = {"date": day.isoformat()}
    event["end"] = {"date": (day + timedelta(days=days)).isoformat()}
    _store(world, calendar_id, actor or CARLA, event)


def _store(world, calendar_id, actor, event):
    calendar = world.store.table("google.calendars")[calendar_id]
    event["id"] = uuid.uuid4().hex[:26]
    event["iCalUID"] = f"{event['id']}@google.com"
    try:
        clean(event, calendar["timeZone"])
    except ApiError as error:
        raise ValueError(f"seed event {event['summary']}: {error}") from error
    create(
        world, calendar, Caller(actor, "", frozenset()), event, Mailer(world, actor, "none", "seed")
    )
