"""The demo's third rep has her calendar on a real CalDAV server: Radicale, with a week that looks
real. Standard library only; the server is asked as any calendar app asks it."""

import base64
from datetime import date, datetime, timedelta
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener
from zoneinfo import ZoneInfo

EMAIL, PASSWORD = "carla@northwind.example", "demo"
PORT = 8071
ZONE = ZoneInfo("Europe/Berlin")
PRISM = "giulia.conti@prisma.example"
# day from this Monday, start, minutes, title, place, guests, how long it goes on
WEEK = (
    (0, "08:45", 15, "Sales stand-up", "Elbe", ("ida@northwind.example",), "FREQ=DAILY;COUNT=60"),
    (0, "11:00", 45, "Prisma: first numbers", "Video call", (PRISM,), ""),
    (1, "09:30", 90, "Demo preparation", "", (), ""),
    (1, "18:00", 60, "Choir", "St. Petri", (), "FREQ=WEEKLY;COUNT=20"),
    (2, "10:00", 120, "Visit at Solvia", "Rostock, Hafenallee 12", ("uwe@solvia.example",), ""),
    (2, "15:30", 30, "Call back: billing", "", (), ""),
    (3, "09:00", 60, "Pipeline review", "Elbe", ("ida@northwind.example",), "FREQ=WEEKLY;COUNT=8"),
    (3, "13:30", 45, "Dentist", "", (), ""),
    (4, "10:30", 60, "Prisma: contract questions", "Video call", (PRISM,), ""),
    (4, "14:00", 90, "Quotes and follow-ups", "", (), ""),
    (7, "14:00", 60, "Lunch and learn: CRM tricks", "Alster", ("ida@northwind.example",), ""),
    (9, "09:30", 150, "Workshop at Prisma", "Lübeck, Am Wall 3", (PRISM,), ""),
    (11, "11:00", 30, "Reference call", "", ("uwe@solvia.example",), ""),
)
_DIRECT = build_opener(ProxyHandler({}))


def move_in(server) -> None:
    """Let Carla in; fill her calendar unless she has been here before."""
    known = EMAIL in server.passwords
    server.add_user(EMAIL, PASSWORD)
    if known:
        return
    today = datetime.now(ZONE).date()
    monday = today - timedelta(days=today.weekday())
    _send(server, "PROPFIND", f"/{quote(EMAIL)}/", b"")
    for number, row in enumerate(WEEK):
        path = f"{server.calendar(EMAIL)}week-{number:02d}.ics"
        _send(server, "PUT", path, resource(number, monday, *row).encode())


def resource(
    number: int, monday: date, day: int, start: str, minutes: int, title: str, place: str,
    guests: tuple[str, ...], rule: str,
) -> str:  # fmt: skip
    """One event as iCalendar text; times in UTC as of its first day."""
    hour, minute = map(int, start.split(":"))
    first = monday + timedelta(days=day)
    begin = datetime(first.year, first.month, first.day, hour, minute, tzinfo=ZONE)
    times = (begin, begin + timedelta(minutes=minutes))
    begin_text, end_text = (
        at.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ") for at in times
    )
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Northwind//Carla's phone//EN", "BEGIN:VEVENT",
        f"UID:carla-{number:02d}-{monday:%Y%m%d}", f"DTSTAMP:{begin_text}",
        f"DTSTART:{begin_text}", f"DTEND:{end_text}", f"SUMMARY:{title}",
    ]  # fmt: skip
    lines += [f"LOCATION:{_escaped(place)}"] if place else []
    lines += [f"ORGANIZER:mailto:{EMAIL}"] if guests else []
    lines += [f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{guest}" for guest in guests]
    lines += [f"RRULE:{rule}"] if rule else []
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])


def _escaped(text: str) -> str:
    return text.replace(",", "\\,")


def _send(server, method: str, path: str, body: bytes) -> None:
    credentials = base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode()
    headers = {
        "Authorization": f"Basic {credentials}",
        "Content-Type": "text/calendar; charset=utf-8",
    }
    headers |= {"Depth": "0", "Content-Type": "text/xml"} if method == "PROPFIND" else {}
    request = Request(f"{server.url}{path}", body, headers, method=method)
    with _DIRECT.open(request, timeout=30):
        pass
