"""What the workers counted is what the provider saw, and the log says no more than that."""

from .people import in_days, wait

KINDS = ("reads", "writes", "sign_ins")
CANARY = "Canary-5520"


def counted(person):
    """{figure: its sum over everything that the workers did for this person}."""
    names = (*KINDS, "changes_in", "changes_out", "failed_runs")
    rows = person.odoo.search("calendar.sync.hour", [["user_id", "=", person.odoo.uid]], *names)
    return {name: sum(row[name] for row in rows) for name in names}


def test_figures_are_what_the_provider_saw(product, stack):
    """B-09, D-12: each request is counted once, each change once; the servers' logs have one line
    for each sync and no title or address."""
    ann = product.person("team")
    ann.sync()
    since, before = product.world.requests()[-1]["n"], counted(ann)
    ann.book(f"{CANARY} here", in_days(3))
    ann.settle()
    ann.add(f"{CANARY} there", in_days(4))
    ann.sync()

    def grown():
        now = counted(ann)
        return {name: now[name] - before[name] for name in now}

    wait(
        lambda: sum(grown()[name] for name in KINDS) == len(ann.requests(since=since)),
        "every request to be counted",
    )
    told = grown()
    assert (told["changes_in"], told["changes_out"], told["failed_runs"]) == (1, 1, 0)
    assert min(told["reads"], told["writes"]) >= 1
    log = "".join(server.output() for server in stack.servers)
    assert f"sync account={ann.account_id} reason=ok" in log
    assert CANARY not in log
    assert ann.email not in log
