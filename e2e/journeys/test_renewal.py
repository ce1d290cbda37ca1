"""An access token that ends before its time, met by a sync that has nothing to send."""

from .people import BOTH, in_days


@BOTH
def test_a_poll_renews_the_token_and_goes_on(product):
    """S4-05: the provider refuses the token once; it is renewed and the same poll reads on, with
    the new one. Nobody is asked to sign in again."""
    hedda = product.person("hedda")
    title = "Made while the token ended"
    hedda.add(title, in_days(3))
    number = hedda.last_request()
    hedda.phone.switches.expire_access_tokens(hedda.email)
    hedda.sync()
    assert len(hedda.named_here(title)) == 1
    statuses = [entry["status"] for entry in product.world.requests(since=number)]
    assert statuses.count(401) == 1, statuses
    assert hedda.card()["status"] == "active"
    assert not hedda.notices()
