"""Where the pictures are taken: the running product, its people at their browsers, the world."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from e2e.journeys.browser import fill_consent, signed_in
from e2e.support.rep import Rep
from sandbox.client import Sandbox
from scripts.ground import places

from .camera import DESK

ANNA, BEN, CARLA = (f"{name}@northwind.example" for name in ("anna", "ben", "carla"))
PROVIDERS = {BEN: "microsoft"}
"""Whose calendar isn't at Google."""
CARD = ".o_csp_account[data-email='%s']"
ZONE = {"timezone_id": "Europe/Berlin", "locale": "en-US"}


class Set:
    """`page(login)` is that person's browser tab, `rep(login)` the same person by requests."""

    def __init__(self, stack, browser, camera):
        self.stack, self.browser, self.camera = stack, browser, camera
        self.world = Sandbox(stack.sandbox.info)
        self.url = stack.odoo.url
        self._pages, self._reps = {}, {}
        self.previews_first_syncs(False)

    # -- people ---------------------------------------------------------------------------------
    def page(self, login, path=""):
        """The person's tab, gone to `path` when one is given."""
        if login not in self._pages:
            size = {"width": DESK[0], "height": DESK[1]}
            self._pages[login] = signed_in(self.browser, self.url, login, viewport=size, **ZONE)
        if path:
            self._pages[login].goto(f"{self.url}/odoo/{path}")
        return self._pages[login]

    @contextmanager
    def tab(self, login, size=DESK, **options):
        """One more tab of that person, in a browser of its own: a telephone, another make."""
        size = {"width": size[0], "height": size[1]}
        page = signed_in(self.browser, self.url, login, viewport=size, **ZONE, **options)
        yield page
        page.context.close()

    def stranger(self, url, size=DESK, **options):
        """A browser that is signed in nowhere, at any address. The caller closes its context."""
        size = {"width": size[0], "height": size[1]}
        page = self.browser.new_context(viewport=size, **ZONE, **options).new_page()
        page.goto(url)
        return page

    def rep(self, login):
        """The person by requests."""
        if login not in self._reps:
            self._reps[login] = Rep(self.url, self.stack.db, login, login)
        return self._reps[login]

    def previews_first_syncs(self, is_shown):
        """The company's setting, as the administrator makes it."""
        admin = self.rep("admin")
        companies = admin.call("res.company", "search", [[]])
        admin.call("res.company", "write", [companies, {"sync_preview_first": is_shown}])

    def lets_calendars_tell(self, is_on):
        """The company's setting: whether providers are asked to tell Odoo of changes."""
        admin = self.rep("admin")
        companies = admin.call("res.company", "search", [[]])
        admin.call("res.company", "write", [companies, {"sync_use_push": is_on}])

    # -- acts -----------------------------------------------------------------------------------
    def connections(self, login):
        """The person's page of connections."""
        page = self.page(login, "calendar-connections")
        page.wait_for_selector(".o_csp_connections")
        return page

    def sign_in(self, page, email, button=".o_csp_connect", **answers):
        """Press the button and answer in the window; the window."""
        with page.expect_popup() as opening:
            page.click(button)
        fill_consent(opening.value, email, **answers)
        return opening.value

    def connect(self, login, email):
        """The person has connected that calendar and its first sync is over."""
        self.rep(login).connect(PROVIDERS.get(email, "google"), self.world, email)
        self.settle(login)

    def ensure_connected(self, login, email):
        """The same, unless an earlier part has connected it."""
        if not self.rep(login).page()["accounts"]:
            self.connect(login, email)
        elif self.rep(login).account()["status"] != "active":
            answer = self.rep(login).start_sign_in(
                PROVIDERS.get(email, "google"), account_id=self.rep(login).account()["id"]
            )
            self.rep(login).http.get(self.world.consent(answer, email), allow_redirects=False)
            self.settle(login)

    def sync(self, login):
        """Press "Sync now" and wait until it is done."""
        rep = self.rep(login)
        rep.call("calendar.sync.account", "sync_now", [[rep.account()["id"]]])
        self.settle(login)

    def settle(self, login):
        """Wait until no worker has the person's account and nothing is due."""
        uid = self.rep(login).uid
        self.stack.wait_for(
            lambda: (
                not self.stack.sql(
                    """SELECT 1 FROM calendar_sync_account a
                    WHERE user_id = %s AND is_sync_on AND status = 'active'
                      AND (lease_token IS NOT NULL OR next_run <= now() AT TIME ZONE 'UTC')""",
                    uid,
                )
            ),
            f"{login}'s calendar to be done",
            60,
        )

    def until(self, condition, what, timeout_s=60):
        """Wait for something to be true."""
        return self.stack.wait_for(condition, what, timeout_s)

    def api(self, email, method, path, body=None, **query):
        """The provider's public API, as that person's telephone uses it."""
        if method != "GET":
            query.setdefault("sendUpdates", "none")
        return self.world.google_api(method, f"/calendars/{path}", body, user=email, **query)

    # -- Anna's appointments --------------------------------------------------------------------
    def badge(self, number):
        """The sync state of an appointment as Anna sees it."""
        return self.rep("anna").read("calendar.event", number, "sync_badge")["sync_badge"]

    def synced(self, number):
        """Wait until it stands in Anna's calendar."""
        self.until(lambda: self.badge(number) == "synced", f"appointment {number} to arrive")

    def here(self, name):
        """The number of an appointment of that name in Odoo, or None."""
        found = self.rep("anna").search("calendar.event", [["name", "=", name]], "id")
        return found[0]["id"] if found else None

    def there(self, email, number):
        """The provider's event of an appointment."""
        guid = self.rep("anna").read("calendar.event", number, "sync_guid")["sync_guid"]
        found = self.api(email, "GET", "primary/events", privateExtendedProperty=f"cspGuid={guid}")
        return found["items"][0]

    # -- the end --------------------------------------------------------------------------------
    def explain(self, name):
        """Keep what the open tabs show, beside the servers' logs, for who looks for the reason."""
        for login, page in self._pages.items():
            path = places.log_dir() / f"shots-{name}-{login}.png"
            page.screenshot(path=path)
            print(f"  {login}'s tab: {path}", flush=True)

    def close(self):
        """Close the tabs."""
        for page in self._pages.values():
            page.context.close()
        self._pages.clear()


def in_days(days, hour):
    """A full hour (UTC) on the first working day from `days` days on."""
    day = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=days)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day.replace(hour=hour)


def odoo_time(moment, minutes=0):
    """Naive UTC text, as Odoo reads and writes; `minutes` later."""
    return (moment + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")


def at(moment, minutes=0):
    """A time in the provider's words, `minutes` later."""
    return {"dateTime": (moment + timedelta(minutes=minutes)).isoformat(), "timeZone": "UTC"}
