"""What all searches share: the sandbox, a real Radicale, and Odoo's settings for both."""

import json
import os

import pytest

from e2e.support.dav_proxy import DavProxy
from e2e.support.dav_servers import passing
from e2e.support.sandbox_process import Sandbox as SandboxProcess
from sandbox.client import Sandbox
from scripts.ground import places as ground

# The addon is known only once Odoo has read its settings, which is later than this file.


@pytest.fixture(scope="session")
def world():
    """The sandbox."""
    process = SandboxProcess(ground.state_dir() / "sandbox" / f"search-{os.getpid()}", fresh=True)
    yield Sandbox(process.info)
    process.stop()


@pytest.fixture(scope="session")
def server():
    """A real Radicale behind the proxy."""
    with passing("radicale", "search") as radicale, DavProxy(radicale) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def team_place(world, server):
    """{provider: the place where its calendars are}; Odoo knows them all."""
    from .places import AtSandbox, AtServer

    places = {name: AtSandbox(world, name) for name in ("google", "microsoft")}
    places["caldav"] = AtServer(server)
    _configure(
        CSP_ODOO_URL="http://127.0.0.1:8069", CSP_SANDBOX=json.dumps(world.facts),
        CSP_DAV=server.url,
    )  # fmt: skip
    return places


def _configure(**facts):
    """Fill in what an administrator would, as the demo does."""
    from odoo.tests.common import get_db_name

    from .worker import opened

    os.environ.update(facts)
    code = (ground.REPO / "scripts" / "demo_configure.py").read_text(encoding="utf-8")
    with opened(get_db_name()) as env:
        exec(compile(code, "demo_configure", "exec"), {"env": env})
        env["res.company"].search([]).sync_preview_first = False  # everybody begins at once


@pytest.fixture(params=["google", "microsoft", "caldav"])
def office(request, team_place):
    """An empty office whose people have their calendars at that provider."""
    from odoo.tests.common import get_db_name

    from .office import Office

    made = Office(get_db_name(), team_place[request.param])
    yield made
    made.is_left()


@pytest.fixture
def office_at_xandikos(team_place):
    """An empty office whose people have their calendars at a CalDAV server of another make."""
    from odoo.tests.common import get_db_name

    from .office import Office
    from .places import AtServer
    from .worker import opened

    with passing("xandikos", "search") as xandikos, DavProxy(xandikos) as proxy:
        place = AtServer(proxy)
        with opened(get_db_name()) as env:
            settings = env["ir.config_parameter"]
            hosts = settings.get_param("calendar_sync_pro.trusted_hosts")
            settings.set_param("calendar_sync_pro.trusted_hosts", f"{hosts},{place.host}")
        made = Office(get_db_name(), place)
        yield made
        made.is_left()
