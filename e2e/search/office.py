"""The team in Odoo: who works there, what they do in Odoo, and what the worker does for them.

Everything is committed, in this process, on a database of its own.
"""

import itertools
from collections import Counter
from contextlib import contextmanager

from odoo.modules.registry import Registry

from .member import Member
from .worker import opened, take_turns, take_turns_and_die

GROUPS = ("base.group_user", "sales_team.group_sale_salesman")
_numbers = itertools.count(1)


class Office:
    """One database with its providers: a team of people, made anew for each life."""

    def __init__(self, database, place):
        self.database, self.place = database, place
        self.statistics = Counter()
        self._desks = {}
        self._unexplained = []

    def hires(self, *names):
        """New people with empty calendars, connected."""
        number = next(_numbers)
        return {name: Member(self, name, f"{name}{number}@north.example") for name in names}

    def desk(self, name, email):
        """The Odoo user of somebody new, and its partner: whoever came last leaves the desk."""
        with self.opened(no_reset_password=True) as env:
            if name not in self._desks:
                groups = [(6, 0, [env.ref(group).id for group in GROUPS])]
                values = {"name": name, "login": email, "tz": "Europe/Berlin", "group_ids": groups}
                self._desks[name] = env["res.users"].create({**values, "email": email}).id
            user = env["res.users"].browse(self._desks[name])
            user.partner_id.email = email
            return user.id, user.partner_id.id

    def is_left(self):
        """Everybody goes and takes everything along."""
        self._unexplained.clear()
        for statement in _EMPTY:
            self.sql(statement)

    def opened(self, uid=None, **context):
        """An environment of a user (else of the system), committed at the end."""
        return opened(self.database, *([uid] if uid else []), **context)

    def sql(self, statement, *arguments):
        """Rows of a statement; how time passes and how facts are read."""
        with Registry(self.database).cursor() as cr:
            cr.execute(statement, arguments)
            return cr.fetchall() if cr.description else []

    # -- for whoever judges ----------------------------------------------------------------------
    def time_passes(self):
        """Every pause that was asked for is over."""
        for statement in _TIME_PASSES:
            self.sql(statement)

    def forgets_places(self):
        """The next reading of each calendar begins anew."""
        self.sql("UPDATE calendar_sync_calendar SET cursor = NULL")

    def links(self):
        """What is known of each link and what waits to be sent, while something goes on."""
        return self.sql(_GOING_ON)

    def unfinished(self):
        """What should not be there when all is done: marks, links and accounts in trouble."""
        rows = [row for statement in _UNFINISHED for row in self.sql(statement)]
        return rows + self._unexplained

    @contextmanager
    def explained(self):
        """Whatever a turn changes in an event of Odoo has to stand in the journal."""
        before = dict(self.sql(_EVENTS))
        [(last,)] = self.sql("SELECT COALESCE(max(id), 0) FROM calendar_sync_journal")
        yield
        after = dict(self.sql(_EVENTS))
        told = {id_ for (id_,) in self.sql(_TOLD, last)}
        changed = {id_ for id_, said in after.items() if before.get(id_) != said}
        self._unexplained += [("not in the journal", id_, after[id_]) for id_ in changed - told]

    def mailed(self):
        """Addresses that Odoo itself wrote to."""
        return {address.lower() for row in self.sql(_MAILED) for address in row if address}

    def is_recorded(self, email, view):
        """Whether Odoo has written down that this event stands in that person's calendar."""
        return bool(self.sql(_RECORDED, email, view.series or view.handle))

    # -- the worker ------------------------------------------------------------------------------
    def works(self, at=0):
        """The worker's turn; with `at` it is killed at that point of it."""
        if not at:
            take_turns(self.database)
        elif take_turns_and_die(self.database, at):
            self.statistics["kills"] += 1


_EMPTY = (
    "DELETE FROM calendar_sync_mark",
    "DELETE FROM calendar_sync_journal",
    "DELETE FROM calendar_sync_account",
    "DELETE FROM calendar_sync_meeting",
    "DELETE FROM calendar_event",
    "DELETE FROM calendar_recurrence",
    "DELETE FROM mail_mail",
)
_TIME_PASSES = (
    "UPDATE calendar_sync_account SET failures = 0, wait_writes_until = NULL, slowed_until = NULL",
    "UPDATE calendar_sync_oauth_app SET paused_until = NULL WHERE paused_until IS NOT NULL",
    "UPDATE calendar_sync_mark SET not_before = NULL WHERE not_before IS NOT NULL",
    """UPDATE calendar_sync_link SET not_before = now() AT TIME ZONE 'UTC' - interval '1 second'
        WHERE not_before IS NOT NULL""",
)
_GOING_ON = """
    SELECT id, state FROM calendar_sync_link
     UNION ALL SELECT event_id, kind FROM calendar_sync_mark ORDER BY 1, 2
"""
_MAILED = """
    SELECT mail.email_to, partner.email FROM mail_mail mail
      LEFT JOIN mail_mail_res_partner_rel told ON told.mail_mail_id = mail.id
      LEFT JOIN res_partner partner ON partner.id = told.res_partner_id
"""
_RECORDED = """
    SELECT 1 FROM calendar_sync_link link JOIN calendar_sync_account a ON a.id = link.account_id
     WHERE a.email = %s AND link.remote_id = %s AND link.state NOT IN ('creating', 'closed')
"""
_UNFINISHED = (
    "SELECT 'mark', event_id, kind FROM calendar_sync_mark",
    """SELECT state, problem_code, remote_id FROM calendar_sync_link
        WHERE state NOT IN ('synced', 'closed', 'cancelled', 'frozen')""",
    """SELECT status, reason_code FROM calendar_sync_account
        WHERE status != 'active' OR reason_code IS NOT NULL""",
)
_EVENTS = """
    SELECT id, concat_ws('|', name, start, stop, allday, location, active) FROM calendar_event
     WHERE recurrence_id IS NULL AND COALESCE(sync_slot, '') = ''
"""
_TOLD = "SELECT event_id FROM calendar_sync_journal WHERE id > %s AND direction = 'in'"
