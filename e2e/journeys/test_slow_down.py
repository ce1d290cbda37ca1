"""The provider asks to slow down: its wish is obeyed, for an account and for the app."""

import time

from .people import THEIR_AGENT, wait

WAIT_S = 8


def sync_now(person):
    """Press the button, and don't wait."""
    person.odoo.call("calendar.sync.account", "sync_now", [[person.account_id]])


def asked(product, since):
    """What the product asked of the provider's calendars for anybody, oldest first."""
    return [
        entry
        for entry in product.world.requests(since=since)
        if THEIR_AGENT not in (entry["user_agent"] or "")
        and entry["operation"].startswith("google.")
    ]


def test_the_app_waits_for_all_its_people_and_comes_back_without_a_storm(product):
    """D-08: given four people of one app, when the provider tells the app to slow down, then no
    more than the requests under way are refused; nobody is tried before the time is over, not for
    a save nor a click; afterwards everything arrives once, and nobody was mailed."""
    people = [product.person(name) for name in ("sam", "sue", "stan", "sid")]
    number = people[0].last_request()
    fault = product.world.faults.add(
        "error", operation="google.*", count=0,
        status=429, reason="rateLimitExceeded", retry_after=WAIT_S,
    )  # fmt: skip
    for person in people:
        sync_now(person)
    wait(lambda: product.sql(PAUSED), "the app to pause")
    for person in people:
        person.book(f"Meanwhile {person.name}")
        sync_now(person)
    time.sleep(WAIT_S / 2)
    refused = asked(product, number)
    assert 1 <= len(refused) <= 3, [entry["operation"] for entry in refused]
    product.world.faults.remove(fault["id"])
    number = people[0].last_request()
    wait(lambda: all_there(people), "what was saved meanwhile", 90, pause_s=1)
    first = asked(product, number)[0]
    # The second refusal pauses the app; the first one where somebody else was slowed just before.
    pausing = refused[:2][-1]
    assert first["at"] >= pausing["at"] + WAIT_S - 1, "one second is lost in rounding"
    for person in people:
        person.sync()
        assert len(person.named_there(f"Meanwhile {person.name}")) == 1
        person.is_same_on_both_sides()


def all_there(people):
    """Whether each one's appointment arrived; impatient people press the button again."""
    missing = [person for person in people if not person.named_there(f"Meanwhile {person.name}")]
    for person in missing:
        sync_now(person)
    return not missing


PAUSED = "SELECT 1 FROM calendar_sync_oauth_app WHERE paused_until > now() AT TIME ZONE 'UTC'"
