"""One running product for all journeys that may share it: every test brings its own people."""

import pytest

from e2e.support.stack import Stack

from .people import Product


@pytest.fixture(scope="session")
def stack():
    """PostgreSQL, the sandbox and one Odoo server with its own crons."""
    with Stack("journeys") as running:
        yield running


@pytest.fixture(scope="session")
def product(stack):
    """The product, in use."""
    return Product(stack)


@pytest.fixture(autouse=True)
def clear_faults(request):
    """What a test disturbs ends with it, and nobody was mailed meanwhile."""
    yield
    if "product" in request.fixturenames:
        product = request.getfixturevalue("product")
        product.world.faults.clear()
        assert not product.mails(), "somebody was mailed"
