"""What Odoo does not know of stays as it is: fields, zone and form of an event from elsewhere."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from e2e.contract.caldav_other_side import vevent

CYCLES = 10
ZONE = "Europe/Berlin"


@pytest.fixture
def ann(office):
    """Somebody with one odd event in the calendar."""
    return office.hires("ann")["ann"]


def today():
    """Nine o'clock, naive."""
    return datetime.now(UTC).replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)


def add_odd_event(who, title):
    """An event with much that Odoo has no field for; its id."""
    start = (datetime.now(UTC).replace(tzinfo=None) + timedelta(days=4)).replace(
        hour=9, minute=7, second=0, microsecond=0
    )
    return {"google": _at_google, "microsoft": _at_microsoft, "caldav": _at_server}[
        who.hand.provider
    ](who.hand, title, start)


def _at_google(hand, title, start):
    ends = (start, start + timedelta(minutes=50))
    times = [{"dateTime": f"{end:%Y-%m-%dT%H:%M:%S}", "timeZone": ZONE} for end in ends]
    body = {
        "summary": title, "start": times[0], "end": times[1], "colorId": "7",
        "description": "<b>Bold</b>, <i>slanted</i><br><ul><li>one</li></ul>",
        "guestsCanInviteOthers": False, "anyoneCanAddSelf": False,
        "extendedProperties": {"private": {"theirs": "1"}, "shared": {"ours": "2"}},
        "reminders": {"useDefault": False, "overrides": [{"method": "email", "minutes": 77}]},
        "transparency": "opaque", "visibility": "default",
    }  # fmt: skip
    return hand._events("POST", body=body)["id"]


def _at_microsoft(hand, title, start):
    ends = (start, start + timedelta(minutes=50))
    times = [{"dateTime": f"{end:%Y-%m-%dT%H:%M:%S}", "timeZone": ZONE} for end in ends]
    html = "<html><body><b>Bold</b><p style='color:red'>red</p></body></html>"
    body = {
        "subject": title, "start": times[0], "end": times[1], "importance": "high",
        "body": {"contentType": "html", "content": html}, "categories": ["Red category"],
        "reminderMinutesBeforeStart": 77, "isReminderOn": True, "responseRequested": False,
        "allowNewTimeProposals": False, "showAs": "oof",
    }  # fmt: skip
    return hand.graph("POST", "/events", body)["id"]


def _at_server(hand, title, start):
    ends = [f"{end:%Y%m%dT%H%M%S}" for end in (start, start + timedelta(minutes=50))]
    lines = [
        "CATEGORIES:Red,Blue", "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC", "PRIORITY:1",
        "X-THEIRS;X-PARAM=a:Something\\, with a comma", "COMMENT:theirs", "URL:https://else.example",
        "DESCRIPTION;LANGUAGE=de:Zeile eins\\nZeile zwei",
        "X-ALT-DESC;FMTTYPE=text/html:<b>Zeile eins</b><br>Zeile zwei",
        "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER;RELATED=END:-PT77M", "X-WR-ALARMUID:theirs",
        "END:VALARM",
    ]  # fmt: skip
    return unquote(hand.side.put(vevent(title, *ends, *lines, zone=ZONE)))


def test_event_that_nobody_edits_is_not_touched(office, ann):
    """B-13: not one byte, and no new version, after ten cycles with full readings among them."""
    add_odd_event(ann, "E1 odd")
    ann.books("E2 ours", today() + timedelta(days=5))
    ann.syncs()
    ann.syncs()
    before, writes = ann.stored(), office.place.writes()
    assert {view.title for view in ann.here()} == {"E1 odd", "E2 ours"}
    for cycle in range(CYCLES):
        if cycle % 4 == 3:
            office.place.forgets(ann.email)
        ann.syncs()
    assert ann.stored() == before
    assert office.place.writes() == writes


def test_an_edit_of_one_field_leaves_all_others(office, ann):
    """B-13: the title is changed in Odoo; zone, markup, alarms and unknown fields are as before."""
    id_ = add_odd_event(ann, "E1 odd")
    ann.syncs()
    before = ann.hand.stored()[id_]
    [row] = ann.here()
    ann.edits(row.handle, name="E1 plain")
    ann.syncs()
    after = ann.hand.stored()[id_]
    assert _without_version(after, "E1 plain") == _without_version(before, "E1 odd")
    assert after != before


VOLATILE = (
    "etag", "updated", "sequence", "@odata.etag", "changeKey", "lastModifiedDateTime",
)  # fmt: skip
STAMPS = ("DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:")


def _without_version(stored, title):
    """What is stored but for the title and what every version has anew."""
    if isinstance(stored, str):
        lines = [line for line in stored.splitlines() if not line.startswith(STAMPS)]
        assert f"SUMMARY:{title}" in lines
        return [line for line in lines if not line.startswith("SUMMARY:")]
    kept = {name: value for name, value in stored.items() if name not in VOLATILE}
    assert title in (kept.pop("summary", ""), kept.pop("subject", ""))
    return kept
