from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..sync.setup_guide import State
from . import clock
from .calendar_sync_health import ADMIN

ASK_AGAIN_H = 24
PAGE = "/odoo/calendar-connections"
GUIDE = "calendar_sync_pro.setup_guide_action"


class CalendarSyncAccount(models.Model):
    """What whoever looks after all accounts does with many of them at once."""

    _inherit = "calendar.sync.account"

    asked_at = fields.Datetime(
        "Asked to reconnect", readonly=True, copy=False, help="When the owner was written to last."
    )

    # -- buttons ----------------------------------------------------------------------------------
    def action_sync_now(self):
        """Button: the workers come to these accounts at once."""
        accounts = self._as_admin()
        active = accounts.filtered(lambda account: account.status == "active")
        active._ask_sync()
        return self._board_told(
            self.env._("%s synced as soon as a worker is free", self._accounts_text(len(active))),
            len(accounts - active),
            self.env._("paused or not connected"),
        )

    def action_pause(self):
        """Button: no requests for these accounts until they are resumed; undone by a click."""
        accounts = self._as_admin()
        active = accounts.filtered(lambda account: account.status == "active")
        active.pause()
        return self._board_told(
            self.env._("%s paused. Nothing is lost meanwhile", self._accounts_text(len(active))),
            len(accounts - active),
            self.env._("not running"),
            undo={"method": "action_resume", "ids": active.ids},
        )

    def action_resume(self):
        """Button: go on where pausing stopped."""
        accounts = self._as_admin()
        paused = accounts.filtered(lambda account: account.status == "paused")
        if paused:
            paused.resume()
        going = paused.filtered(lambda account: account.status == "active")
        return self._board_told(
            self.env._("%s resumed", self._accounts_text(len(going))),
            len(accounts - going),
            self.env._("not paused, or the person has left"),
        )

    def action_ask_reconnect(self):
        """Button: write to the owners who have to sign in again, with a link to the page where they
        do it. Nobody is written to twice within a day, and nobody who has left."""
        accounts = self._as_admin()
        limit = clock.now() - timedelta(hours=ASK_AGAIN_H)
        lost = accounts.filtered(
            lambda a: (
                a.status in ("reconnect_required", "not_connected") and a.user_id._with_calendars()
            )
        )
        fresh = lost.filtered(lambda a: not a.asked_at or a.asked_at <= limit)
        for account in fresh:
            account._write_to_owner()
        fresh.asked_at = clock.now()
        return self._board_told(
            self.env._("%s asked", self._people_text(len(fresh.user_id))),
            len(accounts - fresh),
            self.env._("connected, asked within a day, or the person has left"),
        )

    def action_open_troubles(self):
        """Button: the events of these accounts that need somebody, each with its reason."""
        accounts = self._as_admin()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar_sync_pro.calendar_sync_trouble_action"
        )
        domain = [("account_id", "in", accounts.ids), ("needs_attention", "=", True)]
        return action | {"domain": domain}

    def action_open_figures(self):
        """Button: what the workers did for these accounts, hour by hour."""
        accounts = self._as_admin()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "calendar_sync_pro.calendar_sync_hour_action"
        )
        return action | {"domain": [("account_id", "in", accounts.ids)]}

    def _write_to_owner(self):
        """One message to the owner, by mail or in the inbox as that person wants to be told."""
        account = self.with_context(lang=self.user_id.lang)
        subject, text, button = account._asking_words()
        body = Markup(
            '<p>%s</p><p><a href="%s" style="padding: 8px 16px; background-color: #714B67;'
            ' color: #FFFFFF; text-decoration: none; border-radius: 5px;">%s</a></p>'
        ) % (text, account.get_base_url() + PAGE, button)
        account.env["mail.thread"].message_notify(
            partner_ids=account.user_id.partner_id.ids,
            subject=subject,
            body=body,
            author_id=self.env.user.partner_id.id,
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _asking_words(self):
        """(subject, text, button) for the owner: of a connection that was lost, or never made."""
        label = self._provider_label()
        if not self.remote_id:
            text = self.env._(
                "Your calendar at %(provider)s is not connected to Odoo yet. Sign in there, and"
                " your appointments are kept alike on both sides.",
                provider=label,
            )
            return self.env._("Please connect your calendar"), text, self.env._("Connect")
        text = self.env._(
            "Your calendar %(email)s at %(provider)s is not connected any more, so appointments"
            " are not kept alike. Sign in again; nothing was lost.",
            email=self.email or "",
            provider=label,
        )
        return self.env._("Please reconnect your calendar"), text, self.env._("Reconnect")

    def _accounts_text(self, count):
        return self.env._("1 account") if count == 1 else self.env._("%s accounts", count)

    def _people_text(self, count):
        return self.env._("1 person") if count == 1 else self.env._("%s people", count)

    def _board_told(self, done, left, why, undo=None):
        """What a button did, what it left alone and why, and how to take it back."""
        text = f"{done}."
        if left:
            text += " " + self.env._(
                "%(accounts)s left alone: %(why)s.", accounts=self._accounts_text(left), why=why
            )
        params = {"message": text, "undo": undo if undo and undo["ids"] else False}
        return {
            "type": "ir.actions.client",
            "tag": "calendar_sync_pro.board_told",
            "params": params,
        }

    # -- the tiles above the list -----------------------------------------------------------------
    @api.model
    def health_tiles(self):
        """How many accounts of the chosen companies are in which state, and what concerns all of
        them: {"tiles": [...], "warnings": [...]}."""
        if not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._("Only an administrator sees everybody's calendars."))
        accounts = self.search([("company_id", "in", self.env.companies.ids)])
        return {"tiles": accounts._tiles(), "warnings": self._warnings()}

    def _tiles(self):
        counts = dict.fromkeys(("good", "attention", "broken", "paused", "off"), 0)
        for account in self:
            counts[account.health] += 1
        labels = dict(self._fields["health"]._description_selection(self.env))
        tiles = [
            {"name": name, "label": labels[name], "count": count, "filter": f"health_{name}"}
            for name, count in counts.items()
        ]
        asides = sum(self.mapped("trouble_count"))
        return [
            *tiles,
            {"name": "aside", "label": self.env._("Events set aside"), "count": asides,
             "filter": "has_trouble"},
        ]  # fmt: skip

    @api.model
    def _warnings(self):
        """What no single account can tell, the workers first: [{"text", "action"}]."""
        line = self.env["calendar.sync.setup"]._workers_line()
        is_failing = line["state"] == State.FAILING
        return [{"text": line["text"], "action": GUIDE}] if is_failing else []
