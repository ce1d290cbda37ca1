"""The running product with demo data: Odoo, the sandbox (Google, Microsoft) and a real CalDAV
server: `./dev demo [--check]`. Anna is on Google, Ben on Microsoft, Carla on CalDAV."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import time

from e2e.support import templates
from e2e.support.odoo_process import OdooFailed, install
from e2e.support.processes import free_port
from e2e.support.stack import Stack
from scripts import demo_carla
from scripts.ground import places
from scripts.ground.progress import say

DATABASE = "demo"
ODOO_PORT = 8069
SANDBOX_PORT = 8070
REPS = {"google": "anna", "microsoft": "ben"}
CHECK = places.REPO / "e2e" / "check.py"


class DemoStack(Stack):
    """The demo's database and world stay: what a person did is there again at the next start."""

    def __init__(self):
        super().__init__(DATABASE, kind="demo", servers=0, configure=False, push=True)
        self.db = DATABASE
        self._mark = places.state_dir() / "demo.files"

    def _prepare_database(self) -> None:
        """Reuse the database; update it when the addon changed; make it anew when that fails."""
        files = templates.addon_hash()
        known = self._mark.read_text(encoding="utf-8") if self._mark.exists() else ""
        if self.db not in self.cluster.databases() or not known:
            self._start_over()
        elif known != files:
            self._update()
        self._mark.write_text(files, encoding="utf-8")

    def _update(self) -> None:
        try:
            install(self.cluster, self.db, [places.NAME], demo=True, update=True)
        except OdooFailed as error:
            say(f"The update failed, the demo starts over.\n{error}")
            self._start_over()

    def _start_over(self) -> None:
        super()._forget()
        super()._prepare_database()

    def _forget(self) -> None:
        """Nothing: `./dev reset` deletes it."""

    def start_sandbox(self, port: int = 0):
        """On its usual port when that is free, so that links of an earlier run still work."""
        return super().start_sandbox(port or free_port(SANDBOX_PORT))

    def start_dav(self, port: int = 0):
        """The same for the CalDAV server."""
        return super().start_dav(port or free_port(demo_carla.PORT))


def demo() -> int:
    """Start everything, say how to use it, wait for Ctrl-C."""
    with open(places.state_dir() / "demo.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            say(f"The demo of this checkout runs already: {lock.read().strip()}")
            return 1
        with DemoStack() as stack:
            server = stack.start_odoo(port=ODOO_PORT, wait=False)
            demo_carla.move_in(stack.start_dav())
            told = stack.configure()
            server.wait_ready()
            lock.truncate(0)
            print(server.url, file=lock, flush=True)
            print_guide(stack, told)
            return wait(stack)


def print_guide(stack: Stack, told: str) -> None:
    """The addresses, the users and their passwords."""
    print(f"\nOdoo      {stack.odoo.url}/odoo\n{told.rstrip()}")
    print("\nCalendars to connect, under Calendar > Configuration > Calendar Connections")
    for provider, login in REPS.items():
        user = next(
            u for u in stack.sandbox.info[provider]["users"] if u["email"] == mail_of(login)
        )
        print(f"  {login:<6} {provider.title():<10} {user['email']}  password {user['password']}")
    print(f"  carla  CalDAV     {demo_carla.EMAIL}  password {demo_carla.PASSWORD}")
    print(f"         server     {stack.dav.url}")
    print(f"\nCustomers book here                       {stack.odoo.url}/book/northwind")
    print(f"The other side (the sandbox's calendars)  {stack.sandbox.info['page']}")
    print(f"Carla's own (Radicale's page)             {stack.dav.url}/.web")
    print(f"\nLogs      {places.log_dir()}\nCtrl-C ends all of it.", flush=True)


def mail_of(login: str) -> str:
    """The address of a rep of the demo."""
    return f"{login}@northwind.example"


def wait(stack: Stack) -> int:
    """Until somebody ends it (0) or one of the servers dies (1)."""
    try:
        while True:
            for child in (stack.sandbox, stack.dav.process, *stack.servers):
                if not child.is_running():
                    say(f"A server ended by itself; see {child.log}")
                    return 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("\nstopping ...")
        return 0


def check() -> int:
    """The main job, headless, on a database and a world of its own; the check's exit code."""
    with Stack("check", kind="demo", configure=False) as stack:
        demo_carla.move_in(stack.start_dav())
        stack.configure()
        command = [sys.executable, str(CHECK)]
        return subprocess.run(command, env={**os.environ, **stack.facts()}, check=False).returncode


def main() -> int:
    """Parse and run. SIGTERM and a closed terminal end it like Ctrl-C, also in the background."""
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__)
    parser.add_argument("--check", action="store_true", help="run the main job and exit")
    asked = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return check() if asked.check else demo()
    except KeyboardInterrupt:
        return 130 if asked.check else 0
    except (OdooFailed, RuntimeError) as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
