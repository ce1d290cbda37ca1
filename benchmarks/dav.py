"""CalDAV: a real Radicale with the workload's events, and vdirsyncer as the one to compare with.

No module of Odoo speaks CalDAV; vdirsyncer is a mature client that does nothing but mirror a
calendar into files. Requests are counted in the server's own log.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests

from e2e.contract import own_venv
from e2e.support.dav_servers import OWN_CALENDAR, Radicale

from .harness import environment
from .ours import Ours
from .workload import WEEKDAYS, Entry, entry, owner

PASSWORD = "bench"
SERVED = re.compile(r"\] (\w+) response status for ")
VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair bench]
a = "mine"
b = "theirs"
collections = null
conflict_resolution = "b wins"
[storage mine]
type = "filesystem"
path = "{folder}/mine"
fileext = ".ics"
[storage theirs]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


def text(account: str, item: Entry) -> str:
    """The event as a calendar app stores it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Workload//EN",
        "BEGIN:VEVENT",
        f"UID:{item.key}",
        "DTSTAMP:20200101T000000Z",
        f"DTSTART:{item.start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{item.stop:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{item.title}",
        f"DESCRIPTION:{_escaped(item.text)}",
        f"ORGANIZER:mailto:{owner(account)}",
        *(f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{guest}" for guest in item.guests),
    ]
    lines += [f"LOCATION:{_escaped(item.location)}"] if item.location else []
    if item.is_series:
        day = WEEKDAYS[item.start.weekday()]
        lines.append(f"RRULE:FREQ=WEEKLY;COUNT={item.weeks};BYDAY={day}")
    lines += ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT30M", "END:VALARM"]
    return "\r\n".join(_folded([*lines, "END:VEVENT", "END:VCALENDAR", ""]))


def _escaped(value: str) -> str:
    return value.replace(",", "\\,")


def _folded(lines: list[str]) -> list[str]:
    """Lines of at most 75 octets (RFC 5545 §3.1); the workload is ASCII."""
    folded = []
    for line in lines:
        folded.append(line[:74])
        folded += [f" {line[at : at + 73]}" for at in range(74, len(line), 73)]
    return folded


class _Radicale(Radicale):
    """Says which requests it served."""

    def _command(self) -> list[str]:
        command = super()._command()
        config = self.folder / "config"
        config.write_text(config.read_text("utf-8").replace("level = warning", "level = info"))
        return command


class DavServer:
    """The server with `count` events, in the form in which cases know the stub."""

    account = "0"

    def __init__(self, count: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bench-dav-")
        self.user = owner(self.account)
        self.entries = [entry(self.account, number) for number in range(count)]
        self.singles = [item for item in self.entries if not item.is_series]
        self._next = self._seen = self._revision = 0
        self._plant(Path(self._folder.name) / "collections" / "collection-root" / self.user)

    def __enter__(self) -> DavServer:
        self.server = _Radicale(Path(self._folder.name))
        self.server.add_user(self.user, PASSWORD)
        self.url = self.server.url
        self.calendar = f"{self.url}{self.server.calendar(self.user)}"
        self._log_start = self.server.log.stat().st_size
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.auth = (self.user, PASSWORD)
        self.http.request("PROPFIND", self.calendar, headers={"Depth": "1"}).raise_for_status()
        return self

    def __exit__(self, *_exc) -> None:
        self.server.stop()
        self._folder.cleanup()

    def _plant(self, home: Path) -> None:
        """Straight into its files: twenty times faster than PUT, and it can't tell."""
        folder = home / "calendar"
        folder.mkdir(parents=True)
        (folder / ".Radicale.props").write_text(json.dumps(OWN_CALENDAR["calendar"]))
        for item in self.entries:
            name = folder / f"{item.key}.ics"
            name.write_text(text(self.account, item), "utf-8", newline="")

    def control(self, *, reset: int = 0, touch: int = 0, **_unused) -> dict:
        """Forget what was counted, change events; what was served since."""
        if touch:
            self._touch(touch)
        served = self._served()
        if reset or touch:
            self._seen = len(served)
        by: dict[str, int] = {}
        for method in served[self._seen :]:
            by[method] = by.get(method, 0) + 1
        return {"stats": {"requests": sum(by.values()), "by": by}}

    def _served(self) -> list[str]:
        with open(self.server.log, encoding="utf-8", errors="replace") as log:
            log.seek(self._log_start)
            return SERVED.findall(log.read())

    def _touch(self, count: int) -> None:
        """As of any shelf: half in title and half in time."""
        self._revision += 1
        for position in range(count):
            item = self.singles[(self._next + position) % len(self.singles)]
            if position % 2:
                item.title += f" v{self._revision}"
            else:
                item.start += timedelta(minutes=30)
                item.stop += timedelta(minutes=30)
            address = f"{self.calendar}{quote(item.key)}.ics"
            headers = {"Content-Type": "text/calendar; charset=utf-8"}
            body = text(self.account, item).encode()
            self.http.put(address, data=body, headers=headers).raise_for_status()
        self._next += count


class OursAtServer(Ours):
    """Connected as a person does it: address, name and password."""

    def connect(self, registry, user_id: int, url: str, _token: str) -> None:
        """Allow the server, sign in, and take the one calendar."""
        with environment(registry) as env:
            hosts = "calendar_sync_pro.trusted_hosts"
            env["ir.config_parameter"].set_param(hosts, urlsplit(url).netloc)
            company = env["res.users"].browse(user_id).company_id
            company.write({"sync_days_back": 200, "sync_days_ahead": 200,
                           "sync_preview_first": False})  # fmt: skip
        with environment(registry, user_id) as env:
            login = (self.provider, url, env.user.login, PASSWORD)
            accounts = env["calendar.sync.account"]
            said = accounts._sign_in_with_password(*login, purpose="sync")
            if not said["is_ok"]:
                raise RuntimeError(f"not connected: {said['code']}")


class Vdirsyncer:
    """vdirsyncer in an environment of its own, mirroring the calendar into files."""

    module = ""

    def redirect(self, url: str) -> None:
        """Nothing to bend."""

    def connect(self, _registry, _user_id: int, url: str, _token: str) -> None:
        """Write its configuration and let it look around."""
        self._folder = tempfile.TemporaryDirectory(prefix="bench-vdirsyncer-")
        folder, user = Path(self._folder.name), owner(DavServer.account)
        (folder / "mine").mkdir()
        calendar = f"{url}/{quote(user)}/calendar/"
        facts = {"folder": folder, "url": calendar, "user": user, "password": PASSWORD}
        (folder / "config").write_text(VDIRSYNCER.format(**facts))
        self._run("discover")

    def _run(self, verb: str) -> None:
        script = own_venv.python_of("vdirsyncer").parent / "vdirsyncer"
        command = [script, "-c", f"{self._folder.name}/config", verb]
        clean = own_venv.without_python_settings()
        subprocess.run(command, check=True, env=clean, capture_output=True)

    def make_due(self, _registry) -> None:
        """It runs when it is called."""

    def work(self, _registry) -> None:
        """Mirror, with the start of its process: that is how it runs on a timer."""
        self._run("sync")

    def count(self) -> dict[str, int]:
        """What stands in its files."""
        texts = [path.read_text("utf-8") for path in Path(self._folder.name, "mine").glob("*.ics")]
        series = sum("RRULE:" in one for one in texts)
        return {"resources": len(texts), "recurrences": series}
