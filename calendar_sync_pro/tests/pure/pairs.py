"""Short ways to ask the decision table."""

from __future__ import annotations

from ...core.settings import Policy
from ...sync.decide import Pair, decide
from ...sync.normalise import canonical
from .events import ANN, at, event

POLICY = Policy(own_addresses=frozenset({ANN}))
AGREED = canonical(event("Demo", location="Berlin"))
EARLY, LATE = at(8), at(9)


def one(pair, policy=POLICY):
    """The only decision."""
    (decision,) = decide(pair, policy)
    return decision


def both(local=AGREED, remote=AGREED, base=AGREED, **more):
    """A pair that both sides have."""
    return Pair(base=base, local=local, remote=remote, **more)
