"""Somebody is ill: a booked appointment goes to a colleague's calendar at another provider."""

from datetime import UTC, datetime, timedelta

import pytest

from .people import wait


@pytest.fixture
def team(shared):
    """Makes a booking calendar of two people; it is gone afterwards, other journeys have none."""
    made = []

    def of(*people):
        for rep in people:
            domain = [["user_id", "=", rep.uid]]
            calendars = rep.odoo.search("calendar.sync.calendar", domain, "id")
            ids = [row["id"] for row in calendars]
            rep.odoo.call("calendar.sync.calendar", "write", [ids, {"blocks_availability": True}])
            rep.odoo.call("res.users", "write", [[rep.uid], {"booking_channel": "inbox"}])
            rep.sync()
        values = {
            "name": "Team", "notice_min": 0, "location_kind": "phone",
            "member_ids": [[0, 0, {"user_id": rep.uid}] for rep in people],
        }  # fmt: skip
        answer = shared.admin.call("booking.calendar", "create", [values])
        made.append(answer[0] if isinstance(answer, list) else answer)
        return made[-1]

    yield of
    shared.admin.call("booking.calendar", "write", [made, {"active": False}])


@pytest.mark.parametrize(
    ("one", "other"),
    [("google", "microsoft"), pytest.param("microsoft", "google", marks=pytest.mark.deep)],
)
def test_not_told_the_customer_hears_nothing_and_both_calendars_are_right(shared, team, one, other):
    """B-14: planned, handed over, and back; the mail boxes of all sides stay empty."""
    # Given a booking of a customer with the one who is going to be ill
    ill, well = shared.on(one).person("ill"), shared.on(other).person("well")
    calendar = team(ill, well)
    contact = {"name": "Ida Holm", "email": "ida@holm.example"}
    made = ill.odoo.call("res.partner", "create", [contact])
    lead = {"name": "Cranes", "type": "opportunity", "user_id": ill.uid,
            "partner_id": made[0] if isinstance(made, list) else made}  # fmt: skip
    made = ill.odoo.call("crm.lead", "create", [lead])
    number = made[0] if isinstance(made, list) else made
    choice = (calendar, 0, ill.uid)
    day = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    week = ill.odoo.call("crm.lead", "slot_picker_week", [[number], *choice, day])
    wishes = {"notes": "Wants two cranes"}
    booked = ill.odoo.call(
        "crm.lead", "slot_picker_book", [[number], *choice, week["next_start"], wishes]
    )
    [there] = wait(ill.phone.entries, "the booking in the calendar")
    assert "Wants two cranes" in there.text

    # When the office plans a handover, nothing has changed yet
    values = {"user_id": ill.uid, "is_told": False}
    made = shared.admin.call("booking.handover", "create", [values])
    run = made[0] if isinstance(made, list) else made
    shared.admin.call("booking.handover", "action_plan", [[run]])
    domain = [["handover_id", "=", run]]
    [item] = shared.admin.search("booking.handover.item", domain, "taker_id", "reason")
    assert item["taker_id"][0] == well.uid, item["reason"]
    assert len(ill.phone.entries()) == 1

    # Then, carried out, it stands in the colleague's calendar only
    shared.admin.call("booking.handover", "action_apply", [[run]])
    [taken] = wait(well.phone.entries, "the appointment at the colleague's")
    wait(lambda: not ill.phone.entries(), "its removal from the other's")
    assert (taken.title, taken.start) == (there.title, there.start)
    assert "Wants two cranes" in taken.text
    assert not taken.guests
    event = well.odoo.read("calendar.event", booked["event_id"], "user_id")
    assert event["user_id"][0] == well.uid

    # And taken back, it is where it was
    shared.admin.call("booking.handover", "action_undo", [[run]])
    [back] = wait(ill.phone.entries, "the appointment back")
    wait(lambda: not well.phone.entries(), "its removal from the colleague's")
    assert back.start == there.start
