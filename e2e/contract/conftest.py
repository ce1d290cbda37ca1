"""Fixtures of the adapters' tests: one sandbox, and new accounts in it for every test."""

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import SERVERS
from sandbox.client import SandboxProcess
from scripts.ground import places

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
    folder = places.state_dir() / "dav" / f"contract-{request.param}"
    with SERVERS[request.param](folder, fresh=True) as server, DavProxy(server) as proxy:
        yield proxy
