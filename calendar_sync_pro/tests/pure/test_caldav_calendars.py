"""Calendars and busy times as CalDAV servers describe them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from ...core.changes import BusyTime, Window
from ...providers.caldav import busy, calendars
from ...providers.caldav.lines import parse
from ...providers.caldav.multistatus import Row
from ...providers.caldav.namespaces import NAMESPACES, tag
from ...providers.port import AccessRole, BusyTimes
from .caldav_texts import calendar, event
from .test_caldav_series import WEEKLY

MARCH = Window(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))


def row(**properties: str) -> Row:
    """A calendar with these properties (`D_owner` is D:owner), given as XML."""
    found = Row("/ann/work/")
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    for name, inner in properties.items():
        prefixed = name.replace("_", ":", 1).replace("_", "-")
        element = etree.fromstring(f"<{prefixed}{names}>{inner}</{prefixed}>")
        found.found[tag(prefixed)] = element
    return found


def at(day: int, hour: int) -> datetime:
    """An instant in March 2027."""
    return datetime(2027, 3, day, hour, tzinfo=UTC)


KIND = "<D:collection/><C:calendar/>"


@pytest.mark.parametrize(
    ("kinds", "components", "is_listed"),
    [
        (KIND, None, True),
        (KIND, '<C:comp name="VEVENT"/><C:comp name="VTODO"/>', True),
        (KIND, '<C:comp name="VTODO"/>', False),
        ("<D:collection/><C:schedule-inbox/>", None, False),
        ("<D:collection/>", None, False),
    ],
)
def test_only_calendars_that_hold_events_are_offered(kinds, components, is_listed):
    """S0-14: no task lists, no inboxes, no folders."""
    more = {} if components is None else {"C_supported_calendar_component_set": components}
    assert calendars.is_for_events(row(D_resourcetype=kinds, **more)) is is_listed


@pytest.mark.parametrize(
    ("privileges", "role"),
    [
        ("<D:privilege><D:all/></D:privilege>", AccessRole.OWNER),
        ("<D:privilege><D:read/></D:privilege><D:privilege><D:write-content/></D:privilege>",
         AccessRole.WRITER),
        ("<D:privilege><D:read/></D:privilege><D:privilege><D:write-properties/></D:privilege>",
         AccessRole.READER),
        ("<D:privilege><D:read/></D:privilege>", AccessRole.READER),
        ("<D:privilege><C:read-free-busy/></D:privilege>", AccessRole.FREE_BUSY),
        (None, AccessRole.OWNER),
    ],
)  # fmt: skip
def test_rights_decide_what_a_calendar_is_good_for(privileges, role):
    """S0-17: read-only calendars are never written to; a subscription is one whatever it says."""
    more = {} if privileges is None else {"D_current_user_privilege_set": privileges}
    assert calendars.role_of(row(D_resourcetype=KIND, **more)) is role
    subscribed = row(D_resourcetype=KIND + "<CS:subscribed/>", **more)
    assert calendars.role_of(subscribed) is AccessRole.READER


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#FF2968FF", "#ff2968"),
        ("#0a0B0c", "#0a0b0c"),
        ("#abc", "#aabbcc"),
        ("red", ""),
        ("", ""),
    ],
)
def test_colours_have_one_form(text, color):
    """S0-14: with or without transparency, short or long."""
    assert calendars.color_of(text) == color


def test_calendars_zone_is_read_and_an_unknown_one_is_none():
    """S4-22: floating times mean this zone."""
    zone = "BEGIN:VTIMEZONE\nTZID:{}\nEND:VTIMEZONE"
    assert calendars.zone_of(calendar(zone.format("Europe/Berlin"))) == "Europe/Berlin"
    assert calendars.zone_of(calendar(zone.format("Foo/Bar"))) == ""
    assert calendars.zone_of("") == ""


# -- busy times ------------------------------------------------------------------------------------


def test_server_says_when_and_how():
    """S0-23, S2-10: periods with an end or a length, tentative and away; free ones are not busy."""
    answer = parse(
        calendar(
            """BEGIN:VFREEBUSY
            FREEBUSY:20270302T100000Z/20270302T110000Z,20270302T130000Z/PT30M
            FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270303T100000Z/PT1H
            FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20270304T100000Z/PT1H
            FREEBUSY;FBTYPE=FREE:20270305T100000Z/PT1H
            END:VFREEBUSY"""
        )
    )
    (part,) = answer.inner("VFREEBUSY")
    assert list(busy._periods(part)) == [
        BusyTime(at(2, 10), at(2, 11)),
        BusyTime(at(2, 13), datetime(2027, 3, 2, 13, 30, tzinfo=UTC)),
        BusyTime(at(3, 10), at(3, 11), "tentative"),
        BusyTime(at(4, 10), at(4, 11), "out_of_office"),
    ]


def test_everything_but_times_is_dropped_and_noticed():
    """S0-24: what a server sends although nobody asked is not kept for a moment."""
    content = calendar(event("SUMMARY:Canary", "LOCATION:Here", "ATTENDEE:mailto:a@x.example"))
    bare, is_more = busy.only_times(content)
    assert is_more
    assert "Canary" not in bare
    assert not [word for word in ("LOCATION", "ATTENDEE", "PRODID") if word in bare]
    assert not busy.only_times(bare)[1]


@pytest.mark.parametrize(
    ("lines", "starts"),
    [
        (["DTSTART:20270302T100000Z", "DTEND:20270302T110000Z"], [at(2, 10)]),
        (["TRANSP:TRANSPARENT"], []),
        (["STATUS:CANCELLED"], []),
        (["DTSTART:20260302T100000Z", "DTEND:20260302T110000Z"], []),
        ([WEEKLY, "EXDATE:20270329T080000Z"], [at(22, 9)]),
        (["DTSTART;VALUE=DATE:20270310"], [at(9, 23)]),
        (["DTSTART:20270302T100000", "DTEND:20270302T110000"], [at(2, 9)]),
        (["DTSTART:20270302T100000Z", "DTEND:20270302T110000Z", "RRULE:FREQ=SECONDLY"],
         [at(2, 10)]),
        (["DTSTART:rubbish"], []),
    ],
)  # fmt: skip
def test_times_are_computed_here_when_the_server_cannot(lines, starts):
    """S2-10: series, whole days in the owner's zone, poison; free and cancelled take no time."""
    found = busy._times_of(calendar(event(*lines)), MARCH, "Europe/Berlin")
    assert [one.start for one in found] == starts


def test_changed_occurrence_blocks_where_it_went():
    """S2-10: and no longer where it was."""
    part = "RECURRENCE-ID:20270329T080000Z\nDTSTART:20270330T120000Z\nDTEND:20270330T130000Z"
    found = busy._times_of(calendar(event(WEEKLY), event(part)), MARCH, "Europe/Berlin")
    assert [one.start for one in found] == [at(22, 9), at(30, 12)]


def test_times_that_touch_are_one_and_know_how_they_came():
    """S2-10: joined by kind; the screen can say that the server sends more than times."""
    times = busy.joined([BusyTime(at(2, 11), at(2, 12)), BusyTime(at(2, 10), at(2, 11))])
    found = BusyTimes(times, is_more_sent=True)
    assert found == (BusyTime(at(2, 10), at(2, 12)),)
    assert found.is_more_sent
    assert not BusyTimes().is_more_sent
