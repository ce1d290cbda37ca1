"""One running product for all journeys that may share it: every test brings its own people."""

from contextlib import ExitStack

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import SERVERS, passing
from e2e.support.stack import Stack

from .browser import chromium, signed_in
from .dav_phone import DavProduct
from .people import Product


@pytest.fixture(scope="session")
def stack():
    """PostgreSQL, the sandbox and one Odoo server with its own crons."""
    with Stack("journeys") as running:
        yield running


@pytest.fixture(scope="session")
def shared(stack):
    """The product, in use."""
    return Product(stack)


@pytest.fixture(scope="session")
def proxies():
    """The real CalDAV servers, each behind a fault proxy."""
    with ExitStack() as running:
        servers = {kind: running.enter_context(passing(kind, "journeys")) for kind in SERVERS}
        yield {kind: running.enter_context(DavProxy(one)) for kind, one in servers.items()}


@pytest.fixture(scope="module")
def browser():
    """Chromium, for the tests of one file."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def session(stack, browser, rep):
    """The browser of the file's `rep`, signed in once for all its tests."""
    context = signed_in(browser, stack.odoo.url, rep.name).context
    yield context
    context.close()


@pytest.fixture
def provider():
    """Where the people of a test have their calendars; see `people.BOTH`."""
    return "google"


@pytest.fixture
def product(shared, provider, request):
    """The product with people of that provider; "caldav" is a real Radicale."""
    if provider != "caldav":
        return shared.on(provider)
    proxies = request.getfixturevalue("proxies")
    proxies["radicale"].calm()
    return DavProduct(shared, proxies["radicale"])


@pytest.fixture(autouse=True)
def clear_faults(request):
    """What a test disturbs ends with it, and nobody was mailed meanwhile."""
    yield
    if "shared" in request.fixturenames:
        shared = request.getfixturevalue("shared")
        shared.world.faults.clear()
        assert not shared.mails(), "somebody was mailed"
