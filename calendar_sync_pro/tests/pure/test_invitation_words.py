"""Words that go with an answer, and the calendar file of an invitation that is mailed."""

from datetime import UTC, date, datetime

import icalendar

from ...core.event import Attendee, EventFields, Response
from ...core.settings import Policy
from ...core.when import When
from ...providers.google import guests as google
from ...providers.microsoft import guests as graph
from ...sync.decide import Pair, PushUpdate, decide
from ...sync.invitation import Invitation, invitation_file

WHEN = When(datetime(2027, 3, 22, 9, tzinfo=UTC), datetime(2027, 3, 22, 10, tzinfo=UTC))
ANN, MIA = "ann@corp.example", "mia@fjord.example"
STAMP = datetime(2027, 3, 1, 8, tzinfo=UTC)


def read(**said):
    """The one event of the file, and its method."""
    fields = said.pop("fields", EventFields(WHEN, title="Talk", attendees=(Attendee(MIA, "Mia"),)))
    file = icalendar.Calendar.from_ical(
        invitation_file(Invitation("uid-1", 2, STAMP, fields, ANN, 'Ann "A"', **said))
    )
    [event] = file.walk("VEVENT")
    return str(file["METHOD"]), event, file


def test_own_words_go_with_an_own_answer_and_never_with_anothers():
    """S3-40: the rep's comment reaches the organizer; nobody's words are put into a mouth."""
    there = EventFields(WHEN, attendees=(Attendee(ANN), Attendee(MIA)))
    said = Attendee(ANN, response=Response.DECLINED, comment="Ill")
    here = there.replace(attendees=(said, Attendee(MIA, comment="Not hers")))
    pair = Pair(base=there, local=here, remote=there, is_organizer=False, can_edit=False)
    [pushed] = [d for d in decide(pair, _policy()) if isinstance(d, PushUpdate)]
    assert {p.email: p.comment for p in pushed.values["attendees"]} == {ANN: "Ill", MIA: ""}


def _policy():
    return Policy(own_addresses=frozenset({ANN}))


def test_each_provider_takes_the_words_where_it_keeps_them():
    """S3-26, S3-40: Google beside the answer, Outlook with the action; none is sent empty."""
    mine = {"email": ANN, "self": True, "responseStatus": "needsAction"}
    hers = {"email": MIA, "comment": "Late", "responseStatus": "accepted"}
    item = {"attendees": [mine, hers]}
    assert [one.comment for one in google.attendees_from(item)] == ["", "Late"]
    wanted = (Attendee(ANN, response=Response.ACCEPTED, comment="Gladly"), Attendee(MIA))
    sent = google.changed_guests(item, wanted, is_hidden=False, can_edit=False)
    assert [one.get("comment") for one in sent["attendees"]] == ["Gladly"]
    assert graph.comment_of(wanted, ANN) == {"comment": "Gladly"}
    assert graph.comment_of(wanted, MIA) == {}


def test_invitation_names_who_invites_whom_and_asks_for_an_answer():
    """S3-24: quotes in a name break nothing."""
    method, event, _file = read()
    assert (method, event["STATUS"], int(event["SEQUENCE"])) == ("REQUEST", "CONFIRMED", 2)
    assert event["ORGANIZER"].params["CN"] == "Ann 'A'"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["DTSTART"].dt == WHEN.start


def test_cancellation_has_the_same_name():
    """S3-24: the guest's calendar takes the entry off."""
    method, event, _file = read(is_cancelled=True)
    assert (method, event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", "uid-1")


def test_series_repeats_on_the_clock_of_its_zone():
    """S3-37: at nine in Berlin before and after the clocks change."""
    start, stop = (datetime(2027, 3, 22, hour, tzinfo=UTC) for hour in (8, 9))
    fields = EventFields(
        When(start, stop, "Europe/Berlin"), recurrence=("RRULE:FREQ=WEEKLY;COUNT=3",)
    )
    _method, event, file = read(fields=fields)
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2027, 3, 22, 9)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert event["RRULE"]["COUNT"] == [3]
    assert [str(zone["TZID"]) for zone in file.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_whole_days_and_one_occurrence_are_days():
    """S3-37: no hours where there are none."""
    days = EventFields(When(date(2027, 3, 22), date(2027, 3, 23)))
    _method, event, _file = read(fields=days, slot_of=date(2027, 3, 22))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 3, 22), date(2027, 3, 23))
    assert event["RECURRENCE-ID"].dt == date(2027, 3, 22)
