"""A weekly meeting, edited on both sides."""

from datetime import timedelta

from .people import BOTH, in_days, odoo_time, wait

pytestmark = BOTH
WEEK = timedelta(weeks=1)


def weekly(person, title, count=4, event_tz="UTC"):
    """A weekly series made in Odoo; returns the base event's id and the first start."""
    start = in_days(2)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    rule = {
        "recurrency": True, "rrule_type": "weekly", "interval": 1, "end_type": "count",
        "count": count, "event_tz": event_tz, "rrule_type_ui": "weekly",
        **{day: start.weekday() == at_ for at_, day in enumerate(days)},
    }  # fmt: skip
    event_id = person.book(title, start, **rule)
    return event_id, start


def masters(person, title):
    """What stands in the calendar for that title: series and singles, not single occurrences."""
    return [entry for entry in person.named_there(title) if not entry.series]


def occurrences(person, title):
    """The occurrences as the calendar shows them, by start."""
    found = [entry for entry in person.there(is_expanded=True) if entry.title == title]
    return sorted(found, key=lambda entry: entry.start)


def test_a_weekly_meeting_is_one_series_in_the_calendar(product):
    """S4-13: a series made in Odoo arrives as a series with its rule, not as single events."""
    ann = product.person("ann")
    weekly(ann, "Weekly review")
    [series] = wait(lambda: masters(ann, "Weekly review"), "the series")
    ann.settle()
    assert series.weeks == 4
    assert len(occurrences(ann, "Weekly review")) == 4
    assert len(ann.requests("create")) == 1
    ann.sync()
    assert len(ann.named_here("Weekly review")) == 4
    ann.is_same_on_both_sides()


def test_one_occurrence_moved_in_odoo_moves_there_alone(product):
    """S4-25: the override lands on its own occurrence; the others and the series stay."""
    bea = product.person("bea")
    weekly(bea, "Jour fixe")
    bea.settle()
    [series] = masters(bea, "Jour fixe")
    second = bea.named_here("Jour fixe")[1]
    moved = in_days(2) + WEEK + timedelta(hours=3)
    bea.edit(
        second["id"], start=odoo_time(moved), stop=odoo_time(moved + timedelta(hours=1)),
        recurrence_update="self_only",
    )  # fmt: skip
    bea.settle()
    overrides = [entry for entry in bea.there() if entry.series == series.id]
    assert [entry.start for entry in overrides] == [odoo_time(moved)]
    assert [entry.id for entry in masters(bea, "Jour fixe")] == [series.id]
    bea.sync()
    bea.is_same_on_both_sides()


def test_an_occurrence_deleted_in_the_calendar_goes_in_odoo(product):
    """S1-27: one date of the series is called off on the telephone; the other dates stay."""
    cora = product.person("cora")
    weekly(cora, "Standup")
    cora.settle()
    third = occurrences(cora, "Standup")[2]
    cora.phone.remove(third.id)
    cora.sync()
    left = [row["start"] for row in cora.named_here("Standup")]
    assert third.start not in left
    assert len(left) == 3
    cora.is_same_on_both_sides()


def test_a_rule_changed_in_the_calendar_is_followed_and_known_rows_stay(product):
    """S1-22: two more weeks there are two more rows here; the known rows keep their ids."""
    dora = product.person("dora")
    weekly(dora, "Pipeline")
    dora.settle()
    before = {row["start"]: row["id"] for row in dora.named_here("Pipeline")}
    [series] = masters(dora, "Pipeline")
    dora.phone.change(series.id, weeks=6)
    dora.sync()
    after = {row["start"]: row["id"] for row in dora.named_here("Pipeline")}
    assert len(after) == 6
    assert before.items() <= after.items()
    dora.is_same_on_both_sides()


def test_all_events_moved_in_odoo_keep_the_remote_series(product):
    """S4-25: "all events" at another time is an update of the series, never a new one."""
    edda = product.person("edda")
    event_id, start = weekly(edda, "Forecast")
    edda.settle()
    [series] = masters(edda, "Forecast")
    later = start + timedelta(hours=2)
    edda.edit(
        event_id, start=odoo_time(later), stop=odoo_time(later + timedelta(hours=1)),
        recurrence_update="all_events",
    )  # fmt: skip
    edda.settle()
    edda.sync()
    assert [entry.id for entry in masters(edda, "Forecast")] == [series.id]
    starts = [entry.start for entry in occurrences(edda, "Forecast")]
    assert starts == [odoo_time(later + WEEK * n) for n in range(4)]
    assert len(edda.requests("create")) == 1
    edda.is_same_on_both_sides()


def test_a_series_made_in_the_calendar_comes_in_and_moves_as_one(product):
    """S1-24: a weekly meeting from the telephone, then moved there by an hour."""
    fee = product.person("fee")
    start = in_days(3)
    made = fee.add("Partner call", start, weeks=3)
    fee.sync()
    rows = fee.named_here("Partner call")
    assert [row["start"] for row in rows] == [odoo_time(start + WEEK * n) for n in range(3)]
    later = start + timedelta(hours=1)
    fee.phone.change(made, start=later, weeks=3)
    fee.sync()
    moved = fee.named_here("Partner call")
    assert [row["start"] for row in moved] == [odoo_time(later + WEEK * n) for n in range(3)]
    assert [row["id"] for row in moved] == [row["id"] for row in rows]
    fee.is_same_on_both_sides()
    assert not fee.requests("create"), "what came from there is not sent back"
