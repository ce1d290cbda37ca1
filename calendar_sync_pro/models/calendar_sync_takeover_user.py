import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..providers import port
from ..providers.former import former_syncs
from . import vault
from .calendar_sync_one_sync import GOES_BACK

NOTICE = "mail.mail_activity_data_todo"


class CalendarSyncTakeoverUser(models.Model):
    """One person whom a former sync served, and what it takes to put that back."""

    _name = "calendar.sync.takeover.user"
    _description = "Person who moves to this calendar sync"
    _order = "user_id, id"

    takeover_id = fields.Many2one("calendar.sync.takeover", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", readonly=True)
    provider = fields.Selection(selection="_provider_selection", required=True, readonly=True)
    event_count = fields.Integer("Appointments", readonly=True)
    series_count = fields.Integer("Series", readonly=True)
    unsent_count = fields.Integer("Edits not sent yet", readonly=True)
    account_id = fields.Many2one("calendar.sync.account", readonly=True, ondelete="set null")
    was_stopped = fields.Boolean(readonly=True)
    secrets_encrypted = fields.Char(groups=fields.NO_ACCESS, copy=False)
    step = fields.Selection(
        [
            ("served", "Syncs with Odoo's own sync"),
            ("to_connect", "Has to connect"),
            ("first_sync", "First sync under way"),
            ("done", "Moved"),
        ],
        compute="_compute_step",
    )

    @api.model
    def _provider_selection(self):
        return [(name, reg.label) for name, reg in port.providers().items()]

    @api.depends("takeover_id.state", "account_id.status", "account_id.first_sync_done")
    def _compute_step(self):
        for line in self:
            account = line.account_id.sudo()
            if line.takeover_id.state in ("draft", "undone"):
                line.step = "served"
            elif account.status in (False, "not_connected"):
                line.step = "to_connect"
            else:
                line.step = "done" if account.first_sync_done else "first_sync"

    def _provider_label(self):
        return dict(self._provider_selection())[self.provider]

    @api.model
    def _former(self, provider):
        return next(former for former in former_syncs() if former.provider == provider)

    # -- who and how much -------------------------------------------------------------------------
    @api.model
    def _create_for(self, takeover, former):
        """Lines for everybody who is connected with `former`; none where it isn't installed."""
        users = self._served(former)
        if not users:
            return self
        counted = self._counted(former, users)
        return self.create(
            [
                {
                    "takeover_id": takeover.id,
                    "user_id": user.id,
                    "provider": former.provider,
                    **counted.get(user.partner_id.id, {}),
                }
                for user in users
            ]
        )

    def _served(self, former):
        """Active users with a permission of the former sync, its switch not off."""
        users, settings = self.env["res.users"].sudo(), self.env["res.users.settings"].sudo()
        if former.stopped not in settings._fields:
            return users
        holder = settings if former.refresh_token in former.secrets else users
        found = holder.search([(former.refresh_token, "!=", False)])
        found = found.user_id if holder == settings else found
        return found.filtered(
            lambda user: user.active and not user.res_users_settings_id[former.stopped]
        ).sorted("name")

    def _counted(self, former, users):
        """{partner id: counts} of what stands in their calendars under the former sync's ids."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT guest.partner_id,
                          count(DISTINCT event.id) FILTER (WHERE event.recurrence_id IS NULL),
                          count(DISTINCT event.recurrence_id),
                          count(DISTINCT event.id) FILTER (
                              WHERE %s AND event.recurrence_id IS NULL)
                     FROM calendar_event event
                     JOIN calendar_attendee guest ON guest.event_id = event.id
                    WHERE event.active AND %s IS NOT NULL AND guest.partner_id = ANY(%s)
                 GROUP BY guest.partner_id""",
                SQL.identifier("event", former.pending),
                SQL.identifier("event", former.remote_id),
                users.partner_id.ids,
            )
        )
        names = ("event_count", "series_count", "unsent_count")
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}

    # -- there and back ---------------------------------------------------------------------------
    def _switch_off(self):
        """Take the former sync's permissions away, so that not even a deletion reaches a calendar
        through it; they are kept encrypted."""
        for line in self:
            former = self._former(line.provider)
            user, settings = line._holders()
            kept = {
                "user": _values(user, former.user_secrets),
                "settings": _values(settings, former.secrets),
            }
            line.write(
                {
                    "was_stopped": settings[former.stopped],
                    "secrets_encrypted": vault.encrypt(self.env.cr.dbname, json.dumps(kept)),
                }
            )
            user.write(dict.fromkeys(former.user_secrets, False))
            settings.write({**dict.fromkeys(former.secrets, False), former.stopped: True})

    def _holders(self):
        user = self.user_id.sudo()
        return user, self.env["res.users.settings"].sudo()._find_or_create_for_user(user)

    def _switch_back(self):
        """The former sync gets back what it had; this one stops for these people. Accounts that
        were only waiting to be connected go."""
        for line in self:
            account = line.account_id
            account._close_notice()
            if account.remote_id:
                account.is_sync_on = False
                account.flush_recordset(["is_sync_on"])
            elif account:
                account.unlink()
            line._restore_permissions()

    def _restore_permissions(self):
        former = self._former(self.provider)
        try:
            kept = json.loads(vault.decrypt(self.env.cr.dbname, self.secrets_encrypted or ""))
        except vault.KeyLost:
            raise UserError(
                self.env._(
                    "The encryption key of the kept permissions is gone: people have to connect"
                    " Odoo's own sync again themselves."
                )
            ) from None
        user, settings = (one.with_context(**{GOES_BACK: True}) for one in self._holders())
        user.write(kept["user"])
        settings.write({**kept["settings"], former.stopped: self.was_stopped})
        self.secrets_encrypted = False

    def _ask_to_connect(self):
        """An account to authorise and a notice in Odoo for each person; no mail."""
        accounts = self.env["calendar.sync.account"].sudo()
        for line in self:
            domain = [("user_id", "=", line.user_id.id), ("provider", "=", line.provider)]
            line.account_id = (
                line.account_id
                or accounts.search(domain, limit=1)
                or accounts.create(
                    {
                        "user_id": line.user_id.id,
                        "company_id": line.user_id.company_id.id,
                        "provider": line.provider,
                    }
                )
            )
            line.account_id._notify_moved()


def _values(record, names):
    """{name: value} in a form that JSON holds and `write` takes."""
    return {
        name: fields.Datetime.to_string(value) if hasattr(value, "year") else value
        for name in names
        if name in record._fields
        for value in [record[name]]
    }
