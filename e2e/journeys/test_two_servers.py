"""Two Odoo servers on one database: each account is one worker's at a time, and nothing doubles."""

import itertools

import pytest

from .people import in_days, wait

PEOPLE = 3
ROUNDS = 3


@pytest.fixture(scope="module")
def second_server(stack):
    """Another server process with crons of its own on the same database."""
    server = stack.start_odoo()
    yield server
    server.stop()


def overlapping(entries):
    """Pairs of requests of which the second began before the first had its answer."""
    ordered = sorted(entries, key=lambda entry: entry["at"])
    return [
        (first["operation"], second["operation"])
        for first, second in itertools.pairwise(ordered)
        if second["at"] < first["at"] + first["ms"] / 1000 - 0.005
    ]


def sync_runs(server, since):
    """How many turns of accounts a server has logged after its log had `since` characters."""
    return server.output()[since:].count("sync account=")


def test_an_account_is_never_worked_on_twice_at_once(product, stack, second_server):
    """S4-14: three people book and edit while the provider is slow; two servers share the work."""
    people = [product.person("team") for _ in range(PEOPLE)]
    servers = [server for server in stack.servers if server.is_running()]
    assert len(servers) >= 2
    logged = {server: len(server.output()) for server in servers}
    start = product.world.requests()[-1]["n"]
    for person in people:
        product.world.faults.add(
            "delay", user=person.email, operation="events.*", seconds=0.3, count=0
        )
    for round_ in range(ROUNDS):
        for person in people:
            person.book(f"Round {round_}", in_days(2 + round_))
            person.add(f"There {round_}", in_days(8 + round_))
            person.odoo.call("calendar.sync.account", "sync_now", [[person.account_id]])
    for person in people:
        person.settle(60)
    for person in people:
        person.sync(60)
        own = person.requests(since=start)
        assert len(own) >= 6
        assert not overlapping(own), f"two workers at once for {person.name}"
        assert len(person.there()) == len(person.here()) == 2 * ROUNDS
        person.is_same_on_both_sides()
    turns = [sync_runs(server, logged[server]) for server in servers]
    assert all(turns), f"both servers took part: {turns}"


def test_one_server_is_switched_off_and_the_other_goes_on(product, stack):
    """S4-06: a server that is killed takes nothing with it that another one can't finish."""
    other = stack.start_odoo()
    nina = product.person("nina")
    other.kill()
    nina.book("After the crash")
    wait(lambda: nina.named_there("After the crash"), "the event", 150)
    nina.settle(150)
    nina.is_same_on_both_sides()


def test_the_provider_is_gone_and_comes_back(product, stack):
    """S1-05, S4-06: nobody answers at all; saved meanwhile, sent once when it is back."""
    olga = product.person("olga")
    port = int(stack.sandbox.url.rsplit(":", 1)[1])
    stack.sandbox.stop()
    event_id = olga.book("In the dark")
    olga.edit(event_id, location="Pier 7")
    wait(lambda: olga.state("failures"), "a try in vain")
    assert olga.card()["status"] == "active"
    stack.start_sandbox(port)
    olga.sync(90)
    assert [entry.place for entry in olga.named_there("In the dark")] == ["Pier 7"]
    olga.is_same_on_both_sides()
    assert not olga.notices()
