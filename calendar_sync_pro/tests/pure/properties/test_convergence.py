"""Any interleaving of edits and faults ends, once quiet, with both sides equal and nothing lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ....core.event import Response
from ....core.settings import ConflictWinner, Policy
from ..events import ANN, BOB, CARL, event, hour, person
from ..world import World

PEOPLE = st.lists(
    st.builds(person, st.sampled_from([ANN, BOB, CARL]), st.sampled_from(list(Response))),
    max_size=3,
    unique_by=lambda each: each.email,
).map(lambda people: tuple(sorted(people)))
EDITS = st.one_of(
    st.builds(lambda title: {"title": title}, st.sampled_from(["A", "B", "C"])),
    st.builds(lambda text: {"description": text}, st.sampled_from(["", "<p>x</p>", "y & z"])),
    st.builds(lambda start: {"when": hour(start)}, st.integers(8, 11)),
    st.builds(lambda people: {"attendees": people}, PEOPLE),
    st.builds(lambda place: {"location": place}, st.sampled_from(["", "Berlin"])),
)
STEPS = st.one_of(
    st.tuples(st.just("books"), st.integers(0, 3)),
    st.tuples(st.just("edits"), st.integers(0, 3), EDITS),
    st.tuples(st.just("deletes"), st.integers(0, 3)),
    st.tuples(st.just("they_book"), st.integers(0, 3)),
    st.tuples(st.just("they_edit"), st.integers(0, 3), EDITS),
    st.tuples(st.just("they_delete"), st.integers(0, 3)),
    st.tuples(st.just("loses_answers"), st.integers(1, 3)),
    st.tuples(st.just("forgets_cursors")),
    st.tuples(st.just("pull"), st.integers(0, 2)),
    st.tuples(st.just("push")),
    st.tuples(st.just("sync")),
)
POLICIES = st.builds(Policy, conflict_winner=st.sampled_from(list(ConflictWinner)))


def play(world: World, step: tuple) -> None:
    """Let somebody or something act; numbers pick one of what is there."""
    name, *arguments = step
    match name:
        case "books" | "they_book":
            fields = event(f"Event {arguments[0]}", 9 + arguments[0])
            if name == "books":
                world.books(fields)
            else:
                world.they_book(f"theirs{len(world.calendar.etags)}", fields)
        case "edits" | "deletes":
            if names := sorted(world.records):
                chosen = names[arguments[0] % len(names)]
                getattr(world, name)(chosen, **(arguments[1] if name == "edits" else {}))
        case "they_edit" | "they_delete":
            if ids := sorted(world.calendar.events):
                chosen = ids[arguments[0] % len(ids)]
                getattr(world, name)(chosen, **(arguments[1] if name == "they_edit" else {}))
        case "pull":
            world.pull(most=arguments[0])
        case _:
            getattr(world, name)(*arguments)


@given(st.lists(STEPS, max_size=25), POLICIES)
def test_both_sides_end_equal_whatever_happens(steps, policy):
    """S4-14: edits, deletions, lost answers, expired cursors and dying workers, in any order."""
    world = World(policy)
    for step in steps:
        play(world, step)
    world.settle()
    assert world.shown_in_odoo() == world.shown_in_calendar()
    assert len(world.calendar.events) == len({link.remote_id for link in world.links.values()})


@given(st.lists(STEPS, max_size=15))
def test_syncing_twice_is_syncing_once(steps):
    """S4-14: at rest, nothing is written; a full listing is the same as none."""
    world = World()
    for step in steps:
        play(world, step)
    world.settle()
    writes, shown = list(world.calendar.writes), world.shown_in_odoo()
    world.cursor = None
    world.settle()
    assert (world.calendar.writes, world.shown_in_odoo()) == (writes, shown)


@given(EDITS, EDITS, st.booleans(), st.integers(0, 2), POLICIES)
def test_edits_of_different_fields_are_never_lost(ours, theirs, is_expired, lost, policy):
    """B-06: one-sided changes survive under faults; a lost value is in the journal."""
    world = World(policy)
    name = world.books(event("Demo"))
    world.settle()
    remote_id = world.links[name].remote_id
    world.they_edit(remote_id, **theirs)
    world.edits(name, **ours)
    world.loses_answers(lost)
    if is_expired:
        world.forgets_cursors()
    world.sync()
    world.settle()
    (shown,) = world.shown_in_odoo()
    if ours.keys() != theirs.keys():
        expected = World(policy)
        expected.books(event("Demo").replace(**theirs, **ours))
        assert [shown] == expected.shown_in_odoo()
        assert world.lost_values() == []


@settings(max_examples=20)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_our_own_writes_come_back_without_a_write(edits):
    """S4-14: no loops: the calendar rewrites what we send, the words stay."""
    world = World()
    name = world.books(event("Demo"))
    for edit in edits:
        world.edits(name, **edit)
        world.settle()
    updates = [each for each in world.calendar.writes if each[0] == "update"]
    assert len(updates) <= len(edits)
