"""Outlook drops the exceptions of a series that is edited; Odoo must not keep them."""

import pytest

from .people import in_days


@pytest.fixture
def provider():
    """All people here have Outlook."""
    return "microsoft"


def by_day(person):
    """(title, start) of what Odoo shows, by start."""
    return [(row["name"], row["start"]) for row in person.here()]


def test_exceptions_that_outlook_drops_are_dropped_in_odoo(product):
    """S4-30, S4-14: one renamed and one cancelled day are as their series again on both sides."""
    ada = product.person("ada")
    made = ada.add("Weekly", in_days(3), weeks=4)
    ada.sync()
    days = sorted(ada.there(is_expanded=True), key=lambda entry: entry.start)
    ada.phone.change(days[1].id, title="Weekly, here")
    ada.phone.remove(days[2].id)
    ada.sync()
    assert [name for name, _start in by_day(ada)] == ["Weekly", "Weekly, here", "Weekly"]
    number = ada.last_request()
    ada.phone.change(made, weeks=5)
    ada.sync()
    ada.sync()
    assert [name for name, _start in by_day(ada)] == ["Weekly"] * 5
    ada.is_same_on_both_sides()
    writes = [one for one in ada.requests(since=number) if one["method"] not in ("GET", "POST")]
    assert not writes, "nothing was sent back"
    assert not product.mails()


def test_moved_series_takes_its_exceptions_along(product):
    """S4-30, S4-14: Outlook moves all days, also the one that was on its own."""
    bea = product.person("bea")
    start = in_days(3)
    made = bea.add("Weekly", start, weeks=4)
    bea.sync()
    days = sorted(bea.there(is_expanded=True), key=lambda entry: entry.start)
    bea.phone.change(days[1].id, title="Weekly, here")
    bea.sync()
    bea.phone.change(made, start=start.replace(hour=start.hour + 2))
    bea.sync()
    bea.sync()
    assert len(bea.here()) == 4
    bea.is_same_on_both_sides()
    assert not product.mails()
