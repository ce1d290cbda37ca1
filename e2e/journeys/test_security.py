"""What somebody finds who gets hold of a copy: the database, the attachments, the logs; and what
hostile texts achieve on their way through a real calendar and back."""

import json
import os
import signal
import subprocess

import psycopg2
import pytest

from e2e.support.odoo_process import command_line, data_dir, environment, filestore
from scripts.ground import places

from .dav_phone import PASSWORD, DavProduct
from .people import in_days, wait

GRANTS = """
    import json
    accounts = env["calendar.sync.account"].search([("credentials_encrypted", "!=", False)])
    grants = [account._load_grant() for account in accounts]
    apps = env["calendar.sync.oauth.app"].search([("client_secret_encrypted", "!=", False)])
    said = [text for g in grants for text in (g.access_token, g.refresh_token) if text]
    said += [app._value().client_secret for app in apps]
    print("SECRETS", json.dumps(said))
"""
TITLES = ("Canary surgery", "Canary interview")
PLACE = "Canary clinic"
DETAILS = ("subject", "summary", "body", "description", "location", "attendees", "organizer")


@pytest.fixture(scope="module")
def team(shared, proxies):
    """A rep at each provider who syncs, and one each whose account only shows busy times."""
    dav = DavProduct(shared, proxies["radicale"])
    products = {"google": shared, "microsoft": shared.on("microsoft"), "caldav": dav}
    syncing = {name: one.person("key") for name, one in products.items()}
    shy = {name: one.person("shy", is_connected=False) for name, one in products.items()}
    for person in shy.values():
        for title, day in zip(TITLES, (3, 4), strict=True):
            person.add(title, in_days(day), place=PLACE, guests=("canary@else.example",))
        connect_for_busy_times(person)
    return syncing, shy


def connect_for_busy_times(person):
    """Only "when am I busy" is asked for; returns once it was read."""
    if person.phone.provider == "caldav":
        login = {"address": person.product.proxy.url, "username": person.email}
        login |= {"provider": "caldav", "password": PASSWORD, "purpose": "busy_only"}
        assert person.odoo.rpc("/calendar_sync/password/connect", login)["is_ok"]
    else:
        start = person.odoo.start_sign_in(person.phone.provider, purpose="busy_only")
        back = person.world.consent(start, person.email)
        person.odoo.http.get(back, allow_redirects=False).raise_for_status()
    busy = "SELECT start FROM calendar_sync_busy WHERE user_id = %s"
    wait(lambda: len(person.product.sql(busy, person.uid)) == len(TITLES), "busy times")


def dumped(stack):
    """The whole database as text."""
    address = ["-h", stack.cluster.host, "-p", str(stack.cluster.port), "-U", stack.cluster.user]
    command = [stack.cluster.program("pg_dump"), *address, "--inserts", stack.db]
    return subprocess.run(command, check=True, capture_output=True).stdout


def stored_files(stack):
    """Attachments and sessions; not the folder with the key."""
    for folder in (filestore(stack.db), data_dir() / "sessions"):
        for path in folder.rglob("*"):
            if path.is_file():
                yield path.read_bytes()


def test_a_copy_without_the_key_holds_no_secret(stack, team):
    """S0-33: tokens, passwords, client secrets and the key itself: neither in the database nor in
    attachments, sessions or logs."""
    said = stack.shell(GRANTS)
    secrets = json.loads(said.split("SECRETS", 1)[1])
    assert PASSWORD in secrets
    assert len(set(secrets)) >= 6, "two tokens and a client secret each, and the password"
    secrets.append(key_file(stack).read_text().split()[0])
    copy = [dumped(stack), *stored_files(stack)]
    copy += [server.log.read_bytes() for server in stack.servers]
    assert b"calendar_sync_account" in copy[0]
    for number, secret in enumerate(secrets):
        found = [part[:40] for part in copy if secret.encode() in part]
        assert not found, f"secret {number} of {len(secrets)}"


def test_of_an_account_that_only_shows_busy_times_no_title_is_asked_or_kept(stack, team):
    """S2-62, B-12, S2-11: neither in what was requested nor in the database nor in the logs."""
    _syncing, shy = team
    for name in ("google", "microsoft"):
        asked = shy[name].requests()
        assert asked
        for entry in asked:
            words = f"{entry['path']} {entry['query']} {entry['body']}".lower()
            assert not [word for word in DETAILS if word in words], entry["operation"]
    for request in shy["caldav"].asked():
        text = request.body.decode(errors="replace").lower()
        assert "summary" not in text
        assert "free-busy-query" in text or request.method != "REPORT"
    copy = [dumped(stack), *(server.log.read_bytes() for server in stack.servers)]
    assert b"INSERT INTO public.calendar_sync_busy " in copy[0]
    for part in copy:
        for title in (*TITLES, PLACE, "canary@else.example"):
            assert title.encode() not in part


HOSTILE = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script>',
    "{{ object.env.user.login }} ${7*7}",
    '=HYPERLINK("https://evil.example";"pay")',
    "Demo ATTENDEE:mailto:evil@else.example",
)
LINES = "Two\r\nATTENDEE:mailto:evil@else.example\r\nX-EVIL:yes"


def test_hostile_texts_stay_text_on_both_sides(team):
    """S1-26: markup, templates, formulas and lines of another format, in at each provider and out
    again; they add no guest, no event and no mail."""
    for person in team[0].values():
        for day, text in enumerate(HOSTILE, 5):
            person.add(text, in_days(day), place=text)
        person.book(LINES, in_days(10), location=LINES)
    for person in team[0].values():
        person.sync()
        wait(lambda p=person: len(p.there()) == len(p.here()) == 5, f"{person.name}'s five")
        here = {row["name"]: row["location"] for row in person.here()}
        for text in HOSTILE:
            assert here.get(text) == text, (person.email, here)
        [ours] = [entry for entry in person.there() if entry.title not in HOSTILE]
        assert " ".join(ours.title.split()) == " ".join(LINES.split())
        assert not ours.guests
        assert len(person.there()) == 5


def key_file(stack):
    """Where the database's key is kept; no copy of the database has it."""
    return data_dir() / "calendar_sync_pro" / f"{stack.db}.key"


def rotate(stack, *options):
    """The command, as an administrator types it."""
    command = command_line(stack.cluster, stack.db, "calendar_sync_key")
    command[3:3] = [f"--addons-path={places.REPO}"]
    return subprocess.Popen(
        [*command, *options], env=environment(), cwd=places.state_dir(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip


@pytest.mark.deep
def test_a_rotation_killed_half_way_loses_nothing_and_goes_on(stack, team):
    """S0-33: kill -9 between two batches; everybody syncs on meanwhile and afterwards."""
    ann = team[0]["google"]
    before = key_file(stack).read_text().split()
    with psycopg2.connect(**stack.cluster.address(stack.db)) as holding:
        holding.cursor().execute("SELECT id FROM calendar_sync_oauth_app FOR UPDATE")
        running = rotate(stack)
        wait(lambda: is_waiting_for_apps(stack), "the rotation to reach the apps")
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
    assert len(key_file(stack).read_text().split()) == 2
    ann.book("With two keys")
    wait(lambda: ann.named_there("With two keys"), "the booking with two keys")

    said, _ = rotate(stack).communicate(timeout=60)
    assert " 0 under an older one, 0 that" in said, said
    now = key_file(stack).read_text().split()
    assert len(now) == 1
    assert now != before
    ann.book("With the new key")
    wait(lambda: ann.named_there("With the new key"), "the booking with the new key")


def is_waiting_for_apps(stack):
    """Whether the rotation waits for the row that the test holds."""
    query = """SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                  AND query LIKE '%%calendar_sync_oauth_app%%FOR UPDATE%%'"""
    return stack.sql(query)
