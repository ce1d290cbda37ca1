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


@pytest.fixture(scope="session", params=sorted(SERVERS))
def dav(request):
    """A real CalDAV server behind the fault proxy; every test that uses it runs on each."""
    with passing(request.param, "contract") as server, DavProxy(server) as proxy:
        yield proxy
