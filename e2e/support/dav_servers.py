"""Real CalDAV servers as processes of their own: Radicale, and Xandikos, which differs usefully.

    with Radicale(folder) as server:                  # a free loopback port, or `port=`
        server.add_user("ada@north.example", "secret")    # also while it runs
        server.url                                     # "http://127.0.0.1:23456"; no path
        server.restart()                               # same port, same calendars

Everybody who signs in gets a calendar named "Calendar". The state outlives the object: start one
again with the same folder, or pass `fresh=True` to begin with nothing. Both end with the process
that started them, see `processes.Child`. Start them from the main thread.

Radicale checks passwords by itself and is complete alone (the demo's third rep uses it). Xandikos
believes whoever stands in front of it (`asks_passwords` is False): use it through
`dav_proxy.DavProxy`, which checks the same passwords. Neither of them ever sends an e-mail.
"""

import json
import os
import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from scripts.ground import places

from .processes import Child, free_port

START_TIMEOUT_S = 60
READING_S = 900
PATIENCE_S = 3.0
OWN_CALENDAR = {
    "calendar": {
        "D:displayname": "Calendar",
        "C:supported-calendar-component-set": "VEVENT,VTODO,VJOURNAL",
        "tag": "VCALENDAR",
    }
}
RADICALE_SETTINGS = """
[server]
hosts = 127.0.0.1:{port}
max_connections = 30
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
predefined_collections = {calendars}
[logging]
level = warning
"""


class _Server:
    """What both have in common: a folder, a port, people with passwords, and a process."""

    name = ""
    asks_passwords = False

    def __init__(self, folder: Path, port: int = 0, *, fresh: bool = False):
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        (folder / "collections").mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port(port or None)
        self.log = places.log_dir() / f"{self.name}-{folder.name}.log"
        self._passwords = self._read_people()
        self._write_people()
        self.process = self._start()

    @property
    def url(self) -> str:
        """Where it answers: scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def passwords(self) -> dict[str, str]:
        """Who may sign in, with the passwords."""
        return dict(self._passwords)

    def add_user(self, name: str, password: str) -> None:
        """Let somebody in (or change the password); takes effect at once."""
        self._passwords[name] = password
        self._write_people()

    def home(self, name: str) -> str:
        """Path of the collection that holds a person's calendars, as it is listed."""
        raise NotImplementedError

    def calendar(self, name: str) -> str:
        """Path of the calendar that a person has from the beginning."""
        return f"{self.home(name)}calendar/"

    def stop(self) -> None:
        """End it; the state stays."""
        self.process.stop(PATIENCE_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()

    def restart(self) -> None:
        """End it and start it again on the same port and state."""
        self.stop()
        self.process = self._start()

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.stop()

    def _start(self) -> Child:
        child = Child(self._command(), self.log, env=self._environment(), cwd=self.folder)
        try:
            child.wait_until(self._answers, self.name, START_TIMEOUT_S)
        except BaseException:
            child.stop(0)
            raise
        return child

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/.well-known/caldav", timeout=5):
                return True
        except HTTPError:
            return True  # any answer is one
        except (URLError, OSError):
            return False

    def _read_people(self) -> dict[str, str]:
        path = self.folder / "users"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return dict(line.split(":", 1) for line in lines)

    def _write_people(self) -> None:
        lines = "".join(f"{name}:{password}\n" for name, password in self._passwords.items())
        part = self.folder / "users.part"
        part.write_text(lines, "utf-8")
        part.rename(self.folder / "users")  # in one step: the server reads it at every request

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)


class Radicale(_Server):
    """Radicale, from our own environment; users and passwords in a file."""

    name = "radicale"
    asks_passwords = True

    def home(self, name: str) -> str:
        """The principal itself holds the calendars."""
        return f"/{quote(name)}/"

    def plant(self, name: str, texts: Iterable[str]) -> None:
        """Put whole calendar files where it keeps a person's calendar, which was opened before, and
        let it read them once: what came by PUT it would know already."""
        folder = self.folder / "collections" / "collection-root" / name / "calendar"
        for number, text in enumerate(texts):
            (folder / f"planted{number}.ics").write_bytes(text.encode())
        login = b64encode(f"{name}:{self._passwords[name]}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Depth": "1"}
        body = b'<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        url = self.url + self.calendar(name)
        with urlopen(Request(url, body, headers, method="PROPFIND"), timeout=READING_S) as answer:
            answer.read()

    def _command(self) -> list[str]:
        config = self.folder / "config"
        calendars = json.dumps(OWN_CALENDAR).replace("%", "%%")
        text = RADICALE_SETTINGS.format(port=self.port, folder=self.folder, calendars=calendars)
        config.write_text(text, "utf-8")
        return [f"{os.environ['CSP_VENV']}/bin/python", "-m", "radicale", "--config", str(config)]


class Xandikos(_Server):
    """Xandikos, from an environment of its own; who asks is told by a header."""

    name = "xandikos"

    def home(self, name: str) -> str:
        """A folder below the principal; Xandikos writes an "@" as it is."""
        return f"/{name}/calendars/"

    def _command(self) -> list[str]:
        from e2e.contract import own_venv

        program = own_venv.python_of("xandikos").with_name("xandikos")
        where = ["-d", str(self.folder / "collections"), "--state-dir", str(self.folder / "own")]
        address = ["-l", "127.0.0.1", "-p", str(self.port), "--no-detect-systemd"]
        trust = ["--trust-x-remote-user-from", "127.0.0.1"]
        return [str(program), "multi-user", "--defaults", *where, *address, *trust]

    def _environment(self) -> dict[str, str]:
        from e2e.contract import own_venv

        return own_venv.without_python_settings()


SERVERS = {"radicale": Radicale, "xandikos": Xandikos}


@contextmanager
def passing(kind: str, name: str) -> Iterator[_Server]:
    """A server of that kind with a folder of its own that goes with it; for tests.

    What a killed process left behind goes too.
    """
    shelf = places.state_dir() / "dav-passing"
    shelf.mkdir(exist_ok=True)
    for left in shelf.iterdir():
        if not Path("/proc", left.name.rsplit("-", 1)[1]).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = shelf / f"{name}-{kind}-{os.getpid()}"
    try:
        with SERVERS[kind](folder, fresh=True) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
