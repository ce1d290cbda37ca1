"""People who leave: archived, deleted, or no internal users any more."""

from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

LEFT = "owner_left"
ADMIN = "calendar_sync_pro.group_admin"
TO_DO = "mail.mail_activity_data_todo"


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Whoever leaves by this has their calendars paused; who comes back goes on."""
        if not {"active", "group_ids"} & vals.keys():
            return super().write(vals)
        with self._seen_leaving():
            return super().write(vals)

    @contextmanager
    def _seen_leaving(self):
        """What is written inside may make some of these users leave, or come back."""
        before = self._with_calendars()
        yield
        after = self._with_calendars()
        accounts = self.env["calendar.sync.account"].sudo()
        accounts._pause_for((before - after).ids)
        accounts._resume_for((after - before).ids)

    def _with_calendars(self):
        """Those of these users who may connect calendars: active and internal."""
        return self.filtered(lambda user: user.active and not user.share)

    @api.ondelete(at_uninstall=False)
    def _take_calendars_along(self):
        """The database would drop the accounts without a word to the provider."""
        accounts = self.env["calendar.sync.account"].sudo()
        accounts.search([("user_id", "in", self.ids)]).unlink()


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """People leave by a group's form, too: taken off it, or when it implies less."""
        if not {"user_ids", "implied_ids", "implied_by_ids"} & vals.keys():
            return super().write(vals)
        with self._owners()._seen_leaving():
            return super().write(vals)

    def unlink(self):
        """A group that makes people internal users is deleted."""
        with self._owners()._seen_leaving():
            return super().unlink()

    def _owners(self):
        """Everybody whose calendar is connected."""
        accounts = self.env["calendar.sync.account"].sudo()
        return accounts.search([("status", "!=", "not_connected")]).user_id


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    def resume(self):
        """Not for people who have left: nothing is read or written in their name."""
        left = self.sudo().filtered(lambda account: not account.user_id._with_calendars())
        if left and left == self.sudo():
            raise UserError(
                self.env._(
                    "%s has left. Restore the user first, or disconnect the calendar.",
                    left[0].user_id.name,
                )
            )
        return super(CalendarSyncAccount, self - left.with_env(self.env)).resume()

    @api.model
    def _pause_for(self, user_ids):
        """Stop every request for the accounts of these users, and tell an administrator once."""
        at_work = ("active", "reconnect_required")
        domain = [("user_id", "in", user_ids), ("status", "in", at_work)]
        for account in self.search(domain):
            account._close_notice()
            account._set_status("paused", LEFT)
            account._tell_admin_of_leaving()

    @api.model
    def _resume_for(self, user_ids):
        """Go on where leaving stopped it; what an administrator had paused before stays paused."""
        accounts = self.search([("user_id", "in", user_ids), ("reason_code", "=", LEFT)])
        accounts._leaving_notices().unlink()
        accounts._set_status("active", "")
        accounts._ask_sync()

    def _tell_admin_of_leaving(self):
        admin = self._admin_to_tell()
        if not admin or self._leaving_notices():
            return
        told = self.with_context(lang=admin.lang, mail_activity_quick_update=True)
        told.activity_schedule(
            TO_DO,
            summary=told.env._("The calendar of %s is paused", self.user_id.name),
            note=told.env._(
                "%s has left, so nothing is read or written in that calendar any more. Nothing was"
                " deleted, here or there. Hand over the appointments, remove our events from the"
                " calendar if they should not stay, then disconnect it.",
                self.user_id.name,
            ),
            user_id=admin.id,
        )

    def _admin_to_tell(self):
        """Whoever did it where that is an administrator, else the company's first one."""
        if self.env.user.has_group(ADMIN) and self.env.user.active:
            return self.env.user
        admins = self.env.ref(ADMIN).sudo().all_user_ids.filtered("active")
        return admins.filtered(lambda user: self.company_id in user.company_ids).sorted("id")[:1]

    def _leaving_notices(self):
        kind = self.env.ref(TO_DO)
        return self.activity_ids.filtered(
            lambda one: one.activity_type_id == kind and one.user_id not in self.user_id
        )
