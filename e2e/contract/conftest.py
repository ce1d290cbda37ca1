"""Fixtures of the adapters' tests: one sandbox, and new accounts in it for every test."""

import pytest

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
