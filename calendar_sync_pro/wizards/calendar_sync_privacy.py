"""Everything about one person: shown, taken along as a file, erased."""

import base64
import io
import json
import logging
import zipfile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..models.personal_data import CUSTOMER_KINDS, EVENT_FIELDS, USER_KINDS, rows

_logger = logging.getLogger(__name__)

ADMIN = "calendar_sync_pro.group_admin"


class CalendarSyncPrivacy(models.TransientModel):
    """People see and erase what is kept of themselves, administrators of anybody in their
    companies; of others they get no titles."""

    _name = "calendar.sync.privacy"
    _description = "Personal data of calendar sync"

    kind = fields.Selection(
        [("user", "A colleague"), ("customer", "A customer")], required=True, default="user"
    )
    user_id = fields.Many2one(
        "res.users", "Person", default=lambda self: self.env.user, ondelete="cascade",
        context={"active_test": False},
    )  # fmt: skip
    email = fields.Char("E-mail address", help="The address under which the customer booked.")
    is_admin = fields.Boolean(compute="_compute_is_admin")
    is_own = fields.Boolean(compute="_compute_is_own")
    erase_events = fields.Boolean(
        "Erase the appointments as well",
        help="Of a customer: those that were booked. Of a colleague: those that nobody else"
        " attends and that are about no lead. Otherwise they stay, since they belong to the"
        " company.",
    )
    line_ids = fields.One2many(
        "calendar.sync.privacy.line", "privacy_id", compute="_compute_line_ids", store=True
    )
    upcoming = fields.Integer(compute="_compute_upcoming")
    events_count = fields.Integer(compute="_compute_upcoming")
    is_named = fields.Boolean(compute="_compute_has_data")
    has_data = fields.Boolean(compute="_compute_has_data")
    state = fields.Selection([("choose", "Choose"), ("erased", "Erased")], default="choose")
    file = fields.Binary(attachment=False, readonly=True)
    file_name = fields.Char(readonly=True)

    @api.depends_context("uid")
    def _compute_is_admin(self):
        self.is_admin = self.env.user.has_group(ADMIN)

    @api.depends("kind", "user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for wizard in self:
            wizard.is_own = wizard.kind == "user" and wizard.user_id == self.env.user

    @api.depends("kind", "user_id", "email", "state")
    def _compute_line_ids(self):
        for wizard in self:
            found = wizard._found() if wizard._is_named() else {}
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(
                    {
                        "name": self.env._(kind.label),
                        "count": len(records),
                        "fate": self.env._(kind.fate),
                    }
                )
                for kind, records in found.items()
            ]

    @api.depends("kind", "user_id", "email", "line_ids.count")
    def _compute_has_data(self):
        for wizard in self:
            wizard.is_named = wizard._is_named()
            wizard.has_data = any(wizard.line_ids.mapped("count"))

    @api.depends("kind", "user_id", "email", "state")
    def _compute_upcoming(self):
        now = fields.Datetime.now()
        for wizard in self:
            events = self.env["calendar.event"]
            if wizard._is_named():
                wizard._check_may()  # a form that is not saved has met no constraint
                events = wizard._events()
            wizard.events_count = len(events)
            wizard.upcoming = len(events.filtered(lambda event: event.stop > now and event.active))

    # -- whose ----------------------------------------------------------------------------------
    def _is_named(self):
        return bool(self.user_id if self.kind == "user" else email_normalize(self.email or ""))

    @api.constrains("kind", "user_id", "email")
    def _check_whose(self):
        for wizard in self.filtered(lambda one: one._is_named()):
            wizard._check_may()

    def _check_may(self):
        """Oneself; an administrator colleagues and customers of the companies chosen."""
        self.ensure_one()
        if not self._is_named():
            raise UserError(self.env._("Say first whose data it is about."))
        if self.is_own:
            return
        theirs = self.sudo().user_id.company_ids
        is_reachable = self.kind == "customer" or theirs & self._companies()
        if not (self.is_admin and is_reachable):
            raise AccessError(self.env._("Only an administrator can do this for somebody else."))
        if self.kind == "user" and self._calendar_companies() - self._companies():
            raise AccessError(
                self.env._(
                    "This person has a calendar in another company, too. Choose all of their"
                    " companies at the top, or ask an administrator who may."
                )
            )

    def _calendar_companies(self):
        accounts = self.env["calendar.sync.account"].sudo().with_context(active_test=False)
        return accounts.search([("user_id", "=", self.user_id.id)]).company_id

    def _companies(self):
        return self.env.companies

    def _found(self):
        """{Kind: records}, as superuser; what the reader may do with them is checked before."""
        self._check_may()
        if self.kind == "customer":
            found = (self._bookings(), self._events())
            return dict(zip(CUSTOMER_KINDS, found, strict=True))
        return {
            kind: self.env[kind.model]
            .sudo()
            .with_context(active_test=False)
            .search([(kind.path, "=", self.user_id.id)])
            for kind in USER_KINDS
        }

    def _bookings(self):
        """The customer's bookings in the chosen companies."""
        address = email_normalize(self.email or "")
        domain = [
            ("calendar_id.company_id", "in", self._companies().ids),
            "|", ("email", "=", address), ("partner_id.email_normalized", "=", address),
        ]  # fmt: skip
        return self.env["booking.customer"].sudo().search(domain)

    def _events(self):
        """Of a customer the booked appointments; of a colleague what concerns nobody else."""
        if self.kind == "customer":
            return self._bookings().event_id
        events = self.env["calendar.event"].sudo().with_context(active_test=False)
        own = events.search(
            [
                ("user_id", "=", self.user_id.id),
                ("opportunity_id", "=", False),
                ("sync_meeting_id", "!=", False),
            ]
        )
        return own.filtered(
            lambda event: (
                event.attendee_ids.partner_id <= self.user_id.partner_id
                and all(event.attendee_ids.mapped("partner_id"))
                and event.partner_ids <= self.user_id.partner_id
            )
        )

    # -- clicks ---------------------------------------------------------------------------------
    def action_download(self):
        """Button: everything as a file; titles only for the person concerned."""
        found = self._found()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.json", _as_json(self._about()))
            for kind, records in found.items():
                values = rows(records, kind, is_own=self.is_own)
                archive.writestr(f"{kind.key}.json", _as_json(values))
        self.file = base64.b64encode(packed.getvalue())
        self.file_name = "calendar-data.zip"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def _about(self):
        return {
            "whose": self.sudo().user_id.login if self.kind == "user" else self.email,
            "made_at": fields.Datetime.now(),
            "made_by": self.env.user.login,
            "has_titles": self.is_own or self.kind == "customer",
            "not_in_it": "Appointments themselves are in Odoo's calendar, contacts and mails in"
            " Odoo's own lists. Passwords and tokens are in no export.",
        }

    def action_erase(self):
        """Button: erase what the list says; what stays is said there, too."""
        found = self._found()
        events = self._events() if self.erase_events else self.env["calendar.event"]
        counts = {kind.key: len(records) for kind, records in found.items() if records}
        if self.kind == "customer":
            self._erase_customer(found)
        else:
            self._erase_user(found)
        # Who was invited is not told: nothing about the appointment changed for them.
        events.exists().sudo()._told_of_removal(False).unlink()
        counts["events"] = len(events)
        _logger.info("personal data erased of=%s by=%s rows=%s", self.kind, self.env.uid, counts)
        self.write({"state": "erased", "file": False})
        return self._reopened()

    def _erase_user(self, found):
        """Connections first: their grants are taken back and everything that hangs on them goes."""
        by_key = {kind.key: records for kind, records in found.items()}
        by_key["connections"].unlink()
        for key in ("sign_ins", "blocked_times", "moves"):
            by_key[key].exists().unlink()
        self.sudo().user_id.sync_addresses = False

    def _erase_customer(self, found):
        """The rows stay without the person: an appointment goes on taking its time."""
        bookings, events = found.values()
        bookings._forget_customer()
        events.with_context(no_mail_to_attendees=True).write(dict.fromkeys(EVENT_FIELDS, False))

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class CalendarSyncPrivacyLine(models.TransientModel):
    """One kind of data: how much there is, and what erasing does with it."""

    _name = "calendar.sync.privacy.line"
    _description = "Kind of personal data"

    privacy_id = fields.Many2one("calendar.sync.privacy", required=True, ondelete="cascade")
    name = fields.Text("What", readonly=True)
    count = fields.Integer("How many", readonly=True)
    fate = fields.Text("When erased", readonly=True)


def _as_json(values):
    return json.dumps(values, default=str, ensure_ascii=False, indent=1)
