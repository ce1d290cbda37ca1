"""When the dust has settled: what must hold whatever happened before."""

from collections import Counter

from .views import facts

ROUNDS = 8


class Unsettled(AssertionError):
    """The two sides never come to rest."""


def settle(life):
    """No more trouble, everybody is connected, time passes: the worker gets everything done."""
    office, place = life.office, life.place
    office.statistics["faults"] += life.faults_set - place.struck()
    for _round in range(ROUNDS):
        before = _state(life)
        for who in life.team.values():
            _one_round(life, who)
        is_at_rest = _state(life) == before
        if is_at_rest and not life.office.unfinished():  # trouble may strike in the last round
            return
    if not is_at_rest:
        raise Unsettled(f"something changes in each of {ROUNDS} rounds")


def _one_round(life, who):
    life.office.time_passes()
    who.reconnects()  # a grant that was taken back may show only now
    who.syncs()
    life.asked |= set(who.decides())


def _state(life):
    """What changes as long as something is going on."""
    here = {name: sorted(who.here(), key=repr) for name, who in life.team.items()}
    return life.place.writes(), facts(here), life.office.links()


def check(life):
    """Everything that must hold for each person and each thing."""
    for who in life.team.values():
        _both_sides_are_equal(life, who)
        _nothing_stands_twice(who)
        _nothing_is_lost(life, who)
        _nobody_was_mailed_by_surprise(life, who)
    _nothing_waits(life)
    _at_rest(life)


def _both_sides_are_equal(life, who):
    left = who.declined() | {
        thing.tag for thing in life.things.values() if thing.is_left or who.name in thing.own_ways
    }
    here = Counter(view.seen for view in who.here() if view.tag not in left)
    there = Counter(view.seen for view, _home in who.there() if view.tag not in left)
    assert here == there, (
        f"{who.name}: only in Odoo {sorted((here - there).elements())}, "
        f"only in the calendar {sorted((there - here).elements())}"
    )


def _nothing_stands_twice(who):
    for home in who.homes:
        seen = Counter(view.identity for view in who.hand.views(home))
        twice = [identity for identity, n in seen.items() if n > 1]
        assert not twice, f"{who.name}: twice in the calendar: {twice}"
    for side in (who.here(), [view for view, _home in who.there()]):
        singles = Counter(view.tag for view in side if not view.series)
        series = {view.tag for view in side if view.series}
        twice = [tag for tag, n in singles.items() if n > 1 and tag not in series]
        assert not twice, f"{who.name}: stands twice: {twice}"


def _nothing_is_lost(life, who):
    rows = {view.tag: view for view in who.here()}
    for thing in life.things.values():
        if thing.is_left or thing.owner != who.name:
            continue
        if thing.is_series:
            is_back = thing.is_deleted and thing.tag in rows
            assert not is_back or thing.is_split or thing.may_return, f"{thing.tag} is still there"
            continue
        row = rows.get(thing.tag)
        assert (row is None) == thing.is_deleted or thing.may_return, (
            f"{thing.tag} {'is still there' if row else 'is gone'} for {who.name}"
        )
        if row is not None:
            _value_is_possible(thing, row)


def _value_is_possible(thing, row):
    shown = {
        "title": row.title,
        "place": row.place,
        "when": (row.start, row.stop, row.is_all_day),
    }
    for name, possible in thing.possible.items():
        assert shown[name] in possible, f"{thing.tag}: {name} is {shown[name]}, not {possible}"


def _nobody_was_mailed_by_surprise(life, who):
    told = {mail["to"] for mail in life.place.mails(who.email)}
    told |= life.office.mailed() - life.told_by_odoo
    assert told <= life.asked, f"{who.name}: told {told - life.asked}"


def _nothing_waits(life):
    left = life.office.unfinished()
    assert not left, f"not finished: {left}"


def _at_rest(life):
    """Reading everything anew writes nothing on either side, not one byte."""
    before = _kept(life)
    for who in life.team.values():
        life.place.forgets(who.email)
        life.office.forgets_places()
        who.syncs()
    after = _kept(life)
    assert after == before, f"a full listing changed something: {before} -> {after}"


def _kept(life):
    return (
        life.place.writes(),
        facts({name: sorted(who.here(), key=repr) for name, who in life.team.items()}),
        facts({name: who.stored() for name, who in life.team.items()}),
    )
