"""Fixtures of the adapters' tests: one sandbox, and new accounts in it for every test."""

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import SERVERS, passing
from sandbox.client import SandboxProcess

from .google_world import GoogleWorld


@pytest.fixture(scope="session")
def google_box():
    """A running sandbox."""
    with SandboxProcess(seed="empty") as sandbox:
        yield sandbox


@pytest.fixture
def world(google_box):
    """Ann and Bob at Google; every fault is switched off again afterwards."""
    made = GoogleWorld(google_box)
    yield made
    made.close()
    google_box.faults.clear()


WALKED_AT_ONE = {
    f"test_caldav_adapter_{name}" for name in ("faults", "people", "poison", "scenes", "series")
}
"""What is the adapter's own more than a server's: each day at Radicale, at the other in the long
run. The contract itself, and where servers differ, is asked of both each day."""


def pytest_collection_modifyitems(items):
    """Mark the second server's share of these as deep."""
    for item in items:
        is_second = "xandikos" in item.name and item.path.stem in WALKED_AT_ONE
        if is_second:
            item.add_marker(pytest.mark.deep)


@pytest.fixture(scope="session", params=sorted(SERVERS))
def dav(request):
    """A real CalDAV server behind the fault proxy; every test that uses it runs on each."""
    with passing(request.param, "contract") as server, DavProxy(server) as proxy:
        yield proxy
