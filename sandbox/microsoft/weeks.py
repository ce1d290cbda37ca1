"""The weeks of the demo's Microsoft mailboxes: calls, visits, routines, private things."""

from datetime import date, datetime, timedelta

from .access import Place, default_calendar
from .answers import respond
from .mailer import Mailer
from .writes import create

BEN, IDA = "ben@northwind.example", "ida@northwind.example"
NINA, LEA = "nina.falk@fjordline.example", "lea.brandt@outlook.example"
ELBE = "room.elbe@northwind.example"
TZ = "W. Europe Standard Time"
# mailbox, day from this Monday, start, minutes, title, guests (address: answer), more
SINGLE = (
    (BEN, 0, "13:30", 60, "Cold calls", {}, {}),
    (BEN, 0, "16:00", 30, "Fjord Line: prices", {NINA: "accepted"}, {}),
    (BEN, 1, "09:00", 60, "Onboarding new CRM users", {IDA: "accepted"}, {"isOnlineMeeting": True}),
    (BEN, 2, "10:00", 90, "Workshop with Nina Falk", {NINA: "tentativelyAccepted", ELBE: ""}, {}),
    (BEN, 2, "15:00", 45, "Intro call Lea Brandt", {LEA: "accepted"}, {}),
    (BEN, 3, "12:00", 60, "Physiotherapy", {}, {"sensitivity": "private"}),
    (BEN, 4, "14:00", 60, "Quotes and follow-ups", {}, {"showAs": "tentative"}),
    (BEN, 8, "11:00", 60, "Contract review Fjord Line", {NINA: "", IDA: ""}, {}),
    (IDA, 1, "14:00", 45, "One to one with Ben", {BEN: "accepted"}, {}),
    (IDA, 3, "09:30", 60, "Pipeline review", {BEN: ""}, {"isOnlineMeeting": True}),
    (NINA, 3, "13:00", 60, "Fjord Line steering committee", {}, {}),
    (LEA, 4, "10:00", 30, "Call with the bank", {}, {}),
)
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
SERIES = (
    (IDA, 0, "08:45", 15, "Sales stand-up", WORKDAYS, 1, {BEN: "accepted"}),
    (BEN, 2, "12:30", 45, "Spanish lesson", ["wednesday"], 2, {}),
    (BEN, 1, "17:15", 45, "Swimming", ["tuesday", "thursday"], 1, {}),
)
HOLIDAYS = ((12, 25, "Christmas Day"), (12, 26, "Boxing Day"), (1, 1, "New Year's Day"))


def fill_weeks(world, visits, team, holidays, campaigns):
    """Put the demo's events into this and the coming weeks; nobody is mailed."""
    today = world.clock.now().date()
    monday = today - timedelta(days=today.weekday())
    for box, day, start, minutes, title, guests, more in SINGLE:
        body = timed(monday + timedelta(days=day), start, minutes, title) | more
        _add(world, default_calendar(world, box), body, guests)
    for box, day, start, minutes, title, days, weeks, guests in SERIES:
        first = monday + timedelta(days=day - 14)
        body = timed(first, start, minutes, title)
        pattern = {"type": "weekly", "interval": weeks, "daysOfWeek": days}
        pattern["firstDayOfWeek"] = "monday"
        span = {"type": "noEnd", "startDate": first.isoformat(), "recurrenceTimeZone": TZ}
        body["recurrence"] = {"pattern": pattern, "range": span}
        _add(world, default_calendar(world, box), body, guests)
    calendars = world.store.table("ms.calendars")
    for week in range(3):
        body = timed(monday + timedelta(days=7 * week + 3), "14:00", 150, "Customer visits south")
        _add(world, calendars[visits], body, {})
    _add(world, calendars[team], whole(monday + timedelta(days=16), 2, "Trade fair Hannover"), {})
    mailing = timed(monday + timedelta(days=4), "10:00", 60, "Winter mailing goes out")
    _add(world, calendars[campaigns], mailing, {})
    leave = whole(monday + timedelta(days=28), 3, "Ben on leave") | {"showAs": "oof"}
    _add(world, default_calendar(world, BEN), leave, {})
    for month, day, title in HOLIDAYS:
        for year in (monday.year, monday.year + 1):
            _add(world, calendars[holidays], whole(date(year, month, day), 1, title), {})


def timed(day, start, minutes, title):
    """An event body on one day in Berlin's zone."""
    begin = datetime.fromisoformat(f"{day}T{start}:00")
    end = begin + timedelta(minutes=minutes)
    times = {
        n: {"dateTime": m.isoformat(), "timeZone": TZ} for n, m in (("start", begin), ("end", end))
    }
    return {"subject": title, **times}


def whole(day, days, title):
    """An all-day event body."""
    bounds = (("start", day), ("end", day + timedelta(days=days)))
    times = {n: {"dateTime": f"{d}T00:00:00", "timeZone": TZ} for n, d in bounds}
    return {"subject": title, "isAllDay": True, "showAs": "free", "isReminderOn": False, **times}


def _add(world, calendar, body, guests):
    users = world.store.table("ms.users")
    body["attendees"] = [
        {
            "emailAddress": {"address": email, "name": users[email]["name"]},
            "type": "resource" if users[email]["is_room"] else "required",
        }
        for email in guests
    ]
    item = create(
        world, Place(calendar, "owner", calendar), body, Mailer(world, "seed", quiet=True)
    )
    shelf = world.services["microsoft"].shelf
    for email, answer in guests.items():
        copy = shelf.in_box(email, item.uid)
        if answer and copy is not None:
            respond_quietly(world, copy, answer)


def respond_quietly(world, rec, answer):
    """An answer that was given long ago."""
    from .shelf import Item

    last = max((mail["n"] for mail in world.mails.list()), default=0)
    respond(world, Item(rec), answer, "", True, "seed")
    for mail in world.mails.list(since=last):
        world.store.table("mails").drop(str(mail["n"]))
