"""The badge's rules, without Odoo."""

import pytest

from ...sync.badge import AccountFacts, Badge, LinkFacts, badge, web_url

OWN = AccountFacts("active", "Cal", is_own=True)
BENS = AccountFacts("active", "Cal")
ILL = AccountFacts("reconnect_required", "Cal", "access_revoked", is_own=True)
PAUSED = AccountFacts("paused", "Cal", is_own=True)


@pytest.mark.parametrize(
    ("links", "waiting", "expected"),
    [
        ((), (), Badge("none")),
        ((), (OWN,), Badge("waiting", "", "Cal")),
        ((), (ILL,), Badge("problem", "access_revoked", "Cal")),
        ((), (PAUSED,), Badge("problem", "paused", "Cal")),
        ((LinkFacts("synced", OWN),), (), Badge("synced", "", "Cal")),
        ((LinkFacts("synced", ILL),), (), Badge("synced", "", "Cal")),
        (
            (LinkFacts("synced", ILL, is_marked=True),),
            (),
            Badge("problem", "access_revoked", "Cal"),
        ),
        ((LinkFacts("creating", OWN),), (), Badge("waiting", "", "Cal")),
        (
            (LinkFacts("creating", OWN, "unknown_outcome"),),
            (),
            Badge("waiting", "unknown_outcome", "Cal"),
        ),
        ((LinkFacts("frozen", OWN),), (), Badge("former", "", "Cal")),
        ((LinkFacts("read_only", OWN),), (), Badge("synced", "", "Cal")),
        ((LinkFacts("read_only", OWN, is_marked=True),), (), Badge("problem", "read_only", "Cal")),
        ((LinkFacts("synced", BENS),), (OWN,), Badge("waiting", "", "Cal")),
        (
            (LinkFacts("quarantined", BENS, "malformed"), LinkFacts("synced", OWN)),
            (),
            Badge("synced", "", "Cal"),
        ),
        (
            (LinkFacts("synced", OWN), LinkFacts("quarantined", OWN, "malformed")),
            (),
            Badge("problem", "malformed", "Cal"),
        ),
    ],
)
def test_what_a_reader_sees(links, waiting, expected):
    """S1-06: the worst of the reader's own calendars, else of anybody's."""
    assert badge(links, waiting) == expected


def test_only_the_owner_gets_the_address():
    """S1-06: another person's calendar can't be opened."""
    own, bens = (LinkFacts("synced", account, web_url="u") for account in (OWN, BENS))
    assert web_url((bens, own)) == ("u", "Cal")
    assert web_url((bens,)) == ("", "")
