"""Somebody of the team: what that person does in Odoo and at the provider."""

from datetime import UTC, datetime, timedelta

from odoo.addons.calendar_sync_pro.models.calendar_sync_connect import Wish
from odoo.addons.calendar_sync_pro.providers import port
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError

from .views import DAY, View

REFUSED = (AccessError, MissingError, UserError, ValidationError)
"""What a person is told who can't do it. Nothing else may come out of a click."""


class Member:
    """Somebody of the team: `hand` holds the telephone, the rest happens in Odoo."""

    def __init__(self, office, name, email):
        self.office, self.name, self.email = office, name, email
        self.uid, self.partner = office.desk(name, email)
        self.hand = office.place.hand(email)
        self.account = 0
        self.homes = ["primary"]
        self.connects()

    # -- the connection --------------------------------------------------------------------------
    def connects(self):
        """Sign in at the provider, again or for the first time."""
        with self.office.opened() as env:
            accounts = env["calendar.sync.account"].with_user(self.uid).sudo()
            user = env["res.users"].browse(self.uid)
            provider = self.hand.provider
            app = env["calendar.sync.oauth.app"].search([("provider", "=", provider)], limit=1)
            account = accounts.browse(self.account)
            registration = port.provider(provider)
            plain = accounts.new({"provider": provider, "app_id": app.id})._oauth_app()
            grant, identity = self.office.place.sign_in(self.email, registration, plain)
            listed = registration.open(plain, grant).calendars()
            wish = Wish(user, user.company_id, provider, "sync", account, app)
            code, facts = accounts._settle_sign_in(wish, grant, identity, listed)
            assert code == "ok", code
            self.account = facts["account_id"]
            accounts.browse(self.account).import_policy = "everything"

    def disconnects(self):
        """Press "Disconnect"."""
        with self.office.opened(self.uid) as env:
            env["calendar.sync.account"].browse(self.account).disconnect()

    def is_connected(self):
        """Whether the account works and is switched on."""
        query = "SELECT status, is_sync_on FROM calendar_sync_account WHERE id = %s"
        return self.office.sql(query, self.account) == [("active", True)]

    def reconnects(self):
        """Sign in again, if that is what the page asks for."""
        if not self.is_connected():
            self.connects()

    def switches(self):
        """Make another calendar there and choose it for new appointments."""
        self.homes.append(self.hand.new_calendar(f"More {len(self.homes)}"))
        with self.office.opened(self.uid) as env:
            account = env["calendar.sync.account"].browse(self.account)
            account.refresh_calendars()
            more = account.calendar_ids.filtered(lambda c: c.name == f"More {len(self.homes) - 1}")
            if more:
                account.choose_calendar(more.id)

    # -- the worker ------------------------------------------------------------------------------
    def syncs(self, at=0, *, is_asked=True):
        """A turn for this person's account alone, others are held up; `at`: it is killed there."""
        office = self.office
        office.sql(_PASS_TURN, self.account, self.account)
        if is_asked:
            office.sql(_ASK, self.account)
        with office.explained():
            office.works(at)
        office.sql(_FREE)

    # -- in Odoo ---------------------------------------------------------------------------------
    def does(self, work, **context):
        """Do something in Odoo as this person; what is refused stays undone. Returns its result."""
        try:
            with self.office.opened(self.uid, **context) as env:
                return work(env)
        except REFUSED:
            self.office.statistics["refused"] += 1
            return None

    def books(self, title, start, *, guests=(), invites=False, **values):
        """A meeting of an hour in Odoo."""
        event = {
            "name": title, "start": start, "stop": start + timedelta(hours=1),
            "partner_ids": [(6, 0, [self.partner, *guests])], **values,
        }  # fmt: skip
        context = {"calendar_sync_notify": True} if invites else {}
        return self.does(lambda env: env["calendar.event"].create(event).id, **context)

    def edits(self, event_id, **values):
        """Change a meeting in Odoo."""
        return self.does(lambda env: env["calendar.event"].browse(int(event_id)).write(values))

    def deletes(self, event_id):
        """Delete a meeting in Odoo."""
        return self.does(lambda env: env["calendar.event"].browse(int(event_id)).unlink())

    def deletes_all(self, event_id):
        """Delete the whole series that a meeting belongs to, in Odoo."""

        def work(env):
            asked = {"event_ids": [int(event_id)], "kind": "delete", "scope": "all_events"}
            env["calendar.sync.remove"].create(asked).action_quiet()

        return self.does(work)

    def answers(self, event_id, answer):
        """Answer in Odoo."""

        def work(env):
            people = env["calendar.event"].browse(int(event_id)).attendee_ids
            mine = people.filtered(lambda person: person.partner_id.id == self.partner)
            getattr(mine, {"accepted": "do_accept", "declined": "do_decline"}[answer])()

        return self.does(work)

    def decides(self):
        """Send what waits for a decision, and say who is told of it."""

        def work(links):
            told = links._told_addresses()
            links.with_user(self.uid).sudo(False)._send_waiting()
            return told

        return self.does(lambda env: work(self._waiting(env))) or []

    def discards(self):
        """Take back what waits for a decision; what the calendar calls these events."""

        def work(links):
            names = {*links.mapped("remote_id"), *links.mapped("master_remote_id")} - {False, ""}
            links.with_user(self.uid).sudo(False)._discard_waiting()
            return names

        return self.does(lambda env: work(self._waiting(env))) or set()

    def _waiting(self, env):
        domain = [("account_id", "=", self.account), ("state", "=", "needs_you")]
        return env["calendar.sync.link"].sudo().search(domain)

    # -- what stands where -----------------------------------------------------------------------
    def here(self):
        """This person's meetings in Odoo."""
        rows = self.office.sql(_MINE, self.partner)
        return [_view(*row) for row, state in _with_state(rows) if state != "declined"]

    def there(self):
        """Everything in this person's calendars, with the calendar that each stands in."""
        return [(view, home) for home in self.homes for view in self.hand.views(home)]

    def declined(self):
        """Tags of meetings that this person does not come to."""
        rows = self.office.sql(_MINE, self.partner)
        return {_view(*row).tag for row, state in _with_state(rows) if state == "declined"}

    def stored(self):
        """Everything that the provider keeps, as it keeps it."""
        return {home: self.hand.stored(home) for home in self.homes}


def moment_of(view):
    """When an event starts: an aware instant, of whole days a date."""
    start = datetime.fromisoformat(view.start)
    return start.date() if view.is_all_day else start.replace(tzinfo=UTC)


def _with_state(rows):
    return [(row, state) for state, *row in rows]


def _view(id_, title, start, stop, first, last, is_day, place, series):
    return View(
        title,
        f"{first:{DAY}}" if is_day else f"{start}",
        f"{last:{DAY}}" if is_day else f"{stop}",
        place or "",
        is_day,
        str(id_),
        str(series or ""),
    )


_MINE = """
    SELECT guest.state, event.id, event.name, event.start, event.stop, event.start_date,
           event.stop_date, COALESCE(event.allday, FALSE), event.location, event.recurrence_id
      FROM calendar_event event JOIN calendar_attendee guest ON guest.event_id = event.id
     WHERE guest.partner_id = %s AND event.active
     ORDER BY event.start, event.id
"""


_PASS_TURN = """
    UPDATE calendar_sync_account
       SET lease_token = CASE WHEN id = %s THEN NULL ELSE 'busy elsewhere' END,
           lease_until = CASE WHEN id = %s THEN NULL
                              ELSE (now() AT TIME ZONE 'UTC') + interval '1 hour' END
     WHERE status = 'active'
"""
_ASK = """
    UPDATE calendar_sync_account SET next_run = (now() AT TIME ZONE 'UTC') - interval '2 seconds'
     WHERE id = %s
"""
_FREE = """
    UPDATE calendar_sync_account SET lease_token = NULL, lease_until = NULL
     WHERE lease_token = 'busy elsewhere'
"""
