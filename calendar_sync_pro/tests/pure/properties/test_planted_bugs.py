"""Would the search notice? Mistakes that a sync engine could have, each planted on purpose."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from e2e.search import outcome
from e2e.search.grammar import lives
from e2e.search.life import Life
from e2e.search.statistics import tell

from ....sync.decide import Pair
from ..team.clerk import Clerk
from ..team.office import Office
from ..team.shelves import SHELVES

MOST = 1000
"""A mistake that so many lives don't show counts as not noticed."""


class LosesDeletions(Clerk):
    """What is deleted in the calendar stays in Odoo."""

    def _gone(self, number):
        self.desk.links.pop(number)
        self.desk.marks.pop(number, None)


class CreatesUnderANewIdEachTime(Clerk):
    """A creation that is tried again is another event."""

    def _create(self, number, link, record, told):
        link.key = self.office.new_key()
        super()._create(number, link, record, told)


class TellsAlways(Clerk):
    """Everything that is sent tells the guests."""

    def _plan(self, number, told):
        super()._plan(number, "notify")


class CalendarAlwaysWins(Clerk):
    """What Odoo has counts as agreed when the calendar has something else."""

    def _decided(self, number, link, pair, slot=""):
        return super()._decided(number, link, _without_an_edit(pair), slot)


class ForgetsTheBase(Clerk):
    """What was agreed is not kept after a change came in."""

    def _decided(self, number, link, pair, slot=""):
        before = link.base
        said = super()._decided(number, link, pair, slot)
        link.base = before or link.base
        return said


class SendsNoOccurrences(Clerk):
    """What one date of a series says differently stays in Odoo."""

    def _send_parts(self, number, link, record, told):
        """Nothing."""


class KnowsNobodyElsesMeetings(Clerk):
    """A colleague's invitation is a meeting of its own."""

    def _index(self):
        return self.mine_alone(super()._index())

    @staticmethod
    def mine_alone(index):
        """An index in which no iCalUID is known."""
        index.by_uid.clear()
        return index


class NotesThePlaceTooEarly(Clerk):
    """The cursor is kept before what it stands for is."""

    def _take(self, home, remote_id, item):
        self.desk.cursor = len(self.office.place.calendars[self.email, home].log)
        self.office.commit()
        super()._take(home, remote_id, item)


class WritesWhatItReads(Clerk):
    """Its own echo is taken for a change."""

    def _settle(self, number, item):
        super()._settle(number, item)
        known = self.desk.links.get(number)
        if known and known.is_organizer and not known.is_pending:
            fields = self._read(item.payload)
            sent = self.office.place.update(
                self.email, known.home, (item.id, item.etag), fields, {"title"}, False
            )
            known.etag = sent.etag


class EditsLoseToDeletions(Clerk):
    """An event that vanished from the calendar is never declined nor cancelled for the others."""

    def responds(self, record, response):
        """Nothing."""


PLANTED = (
    LosesDeletions, CreatesUnderANewIdEachTime, TellsAlways, CalendarAlwaysWins, ForgetsTheBase,
    SendsNoOccurrences, KnowsNobodyElsesMeetings, NotesThePlaceTooEarly, WritesWhatItReads,
    EditsLoseToDeletions,
)  # fmt: skip


def _without_an_edit(pair: Pair) -> Pair:
    return Pair(
        pair.local, pair.local, pair.remote, is_organizer=pair.is_organizer,
        is_elected=pair.is_elected, can_edit=pair.can_edit,
    )  # fmt: skip


@pytest.mark.deep
@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.__name__)
def test_search_notices(bug):
    """S4-14, B-06: a life shows it, and the number that it took is told at the end of the run."""
    taken = []
    for shelf in SHELVES:
        number, error = lives_until_found(bug, shelf)
        if error:
            taken.append(f"{shelf.name} {number}")
    tell(f"the small world, planted {bug.__name__}", {"after " + ", ".join(taken): "found"})
    assert taken, f"{MOST} lives at each provider did not show {bug.__name__}"


def lives_until_found(bug, shelf):
    """(how many lives were lived, the error that the last one ended with or none)."""
    lived = [0]

    @settings(
        max_examples=MOST, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate], report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(lives())
    def live(steps):
        lived[0] += 1
        life = Life(Office(shelf(), clerk=bug))
        life.lives(steps)
        outcome.settle(life)
        outcome.check(life)

    try:
        live()
    except Exception as error:  # whatever shows that something is wrong: the judge, or a crash
        return lived[0], error
    return lived[0], None
