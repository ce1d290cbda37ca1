from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.settings import MAX_DAYS
from ..core.timezones import resolve
from .calendar_sync_worker import CRONS

_PAGES = {
    "show": "calendar_sync_pro.calendar_sync_attention_action",
    "open_apps": "calendar_sync_pro.calendar_sync_settings_action",
    "settings": "calendar_sync_pro.calendar_sync_settings_action",
    "take_over": "calendar_sync_pro.calendar_sync_takeover_action",
    "open_crons": "base.ir_cron_act",
}
"""Buttons that lead to a page of their own."""


class CalendarSyncAccount(models.Model):
    """The buttons of the diagnosis. Each does one thing that a person may do anyway, and what
    changes a choice can be undone right there."""

    _inherit = "calendar.sync.account"

    def diagnose_fix(self, code, event_id=False, value=False):
        """Press the button `code`, about `event_id` where it is one of an appointment's.

        Returns {"said", "undo", "action"}: what was done in words, the button that takes it back
        ({code, label, value}) or False, and an action to open or False. No request is made.
        """
        self.ensure_one()
        self._mine()
        press = self._fixes().get(code)
        if press is None:
            raise UserError(self.env._("There is no such button."))
        event = self.env["calendar.event"].browse(event_id or ()).exists()
        found = press(event, value) or {}
        return {"said": "", "undo": False, "action": False, **found}

    def _fixes(self):
        """{code: what it does with (event, value)}, the way back of each among them."""
        return {
            "resume": self._fix_resume,
            "switch_on": self._fix_switch_on,
            "switch_off": self._fix_switch_off,
            "switch_here": self._fix_switch_here,
            "switch_back": self._fix_switch_back,
            "choose": self._fix_choose,
            "count_once": self._fix_count_once,
            "count_again": self._fix_count_again,
            "switch_cron_on": self._fix_cron,
            "sync_now": self._fix_sync_now,
            "set_zone": self._fix_zone,
            "send_everything": lambda event, _value: self._fix_export(event, "everything"),
            "set_export": self._fix_export_back,
            "bring_everything": lambda event, _value: self._fix_import(event, "everything"),
            "bring_meetings": lambda event, _value: self._fix_import(event, "external"),
            "set_import": self._fix_import_back,
            "more_days": self._fix_days,
            "set_days": self._fix_days_back,
            "retry": self._fix_retry,
            "take_theirs": self._fix_take_theirs,
            "send_now": self._fix_send_now,
            "add_me": self._fix_add_me,
            "leave": self._fix_leave,
            "plan_again": self._fix_plan_again,
            "cancel_again": self._fix_cancel_again,
        }

    def _done(self, said, undo="", value=False):
        """What a button answers; `undo` is the code of the way back."""
        label = self.env._("Undo")
        back = {"code": undo, "label": label, "value": value} if undo else False
        return {"said": said, "undo": back}

    # -- the connection ---------------------------------------------------------------------------
    def _fix_resume(self, _event, _value):
        self.resume()
        return self._done(self.env._("The connection goes on where it was paused."))

    def _fix_switch_on(self, _event, _value):
        shown = self.set_sync(True)
        if isinstance(shown, dict):  # the first time is shown before it is done
            return {"action": self.env["calendar.sync.fix"]._connections(self)}
        return self._done(self.env._("Calendar sync is on."), "switch_off")

    def _fix_switch_off(self, _event, _value):
        self.set_sync(False)
        return self._done(self.env._("Calendar sync is off again."))

    def _fix_switch_here(self, _event, _value):
        other = self._mine()._other_with_sync()
        shown = self.switch_here()
        if isinstance(shown, dict):
            return {"action": self.env["calendar.sync.fix"]._connections(self)}
        said = self.env._("Calendar sync is on here now, and off for %s.", other.email or "")
        return self._done(said, "switch_back", other.id)

    def _fix_switch_back(self, _event, value):
        other = self.browse(value)
        other.switch_here()
        return self._done(self.env._("Calendar sync is on for %s again.", other.email or ""))

    def _fix_choose(self, _event, value):
        account = self._mine()
        former = account.events_calendar_id
        self.choose_calendar(value)
        account.invalidate_recordset(["events_calendar_id"])
        name = account.events_calendar_id.name
        said = self.env._("New appointments go to “%s”. Those that are there stay.", name)
        way_back = former and not former._unusable_code()
        return self._done(said, "choose" if way_back else "", former.id)

    def _fix_count_once(self, _event, value):
        self.set_blocking(value, False)
        said = self.env._("It blocks you once, through the other account.")
        return self._done(said, "count_again", value)

    def _fix_count_again(self, _event, value):
        self.set_blocking(value, True)
        return self._done(self.env._("It blocks you through this account, too."))

    def _fix_cron(self, _event, _value):
        self._as_admin()
        for cron in (self.env.ref(xmlid, raise_if_not_found=False) for xmlid in CRONS):
            if cron:
                cron.sudo().active = True
        self._ask_sync()
        return self._done(self.env._("The scheduled actions are on."))

    def _fix_sync_now(self, _event, _value):
        self.sync_now()
        return self._done(self.env._("A sync was asked for."))

    def _fix_zone(self, _event, value):
        """Clock times only: every appointment stays at its moment."""
        user, zone = self._mine().user_id, resolve(value or "")
        former = user.tz or ""
        user.tz = zone or False
        said = self.env._(
            "Odoo shows times in %s. Pages that are open do so when they are loaded anew.",
            zone or "UTC",
        )
        return self._done(said, "set_zone", former)

    # -- choices ----------------------------------------------------------------------------------
    def _fix_export(self, event, value):
        former = self.export_policy
        self.set_preference("export_policy", value)
        if event and value == "everything":
            self._fix_send_now(event, False)
        return self._done(
            self.env._("What goes to the calendar was changed."), "set_export", former
        )

    def _fix_export_back(self, _event, value):
        self.set_preference("export_policy", value)
        return self._done(self.env._("What goes to the calendar is as it was before."))

    def _fix_import(self, _event, value):
        """What is there already is looked through once more by the new choice."""
        former = self.import_policy
        self.set_preference("import_policy", value)
        self._mine().events_calendar_id._relist()
        said = self.env._("What comes from the calendar was changed. It comes with the next sync.")
        return self._done(said, "set_import", former)

    def _fix_days(self, _event, value):
        """What comes into the synced days by that goes out now; reading them is noticed anyway."""
        self.check_access("write")
        self._check_may_override()
        if not (isinstance(value, int) and 1 <= value <= MAX_DAYS):
            raise UserError(self._days_text())
        account, now = self._mine(), fields.Datetime.now()
        former = [account.has_own_window, account.own_days_back, account.own_days_ahead]
        since = account._window(now).stop.replace(tzinfo=None)
        back, _ahead = account._days()
        account.write({"has_own_window": True, "own_days_back": back, "own_days_ahead": value})
        window = account._window(now)
        self.env["calendar.sync.mark"].sudo()._mark_window(account, window, since)
        account.exported_until = window.stop.replace(tzinfo=None)
        self.sync_now()
        return self._done(self.env._("%s days ahead are synced now.", value), "set_days", former)

    def _days_text(self):
        return self.env._("The days to sync lie between 0 and 3650.")

    def _fix_days_back(self, _event, value):
        self._check_may_override()
        match value:
            case [has_own, int(back), int(ahead)] if min(back, ahead) >= 0:
                days = {
                    "own_days_back": min(back, MAX_DAYS),
                    "own_days_ahead": min(ahead, MAX_DAYS),
                }
            case _:
                raise UserError(self._days_text())
        self._mine().write({"has_own_window": bool(has_own), **days})
        return self._done(self.env._("The synced days are as before. What was sent stays."))

    def _fix_import_back(self, _event, value):
        self.set_preference("import_policy", value)
        said = self.env._("What comes from the calendar is as it was. What has come in stays.")
        return self._done(said)

    # -- one appointment --------------------------------------------------------------------------
    def _fix_link(self, event, value):
        """The link that a button is about: of the appointment, else by its number."""
        account = self._mine()
        if event:
            event.check_access("read")
            return event.sudo()._link_of(account)
        link = self.env["calendar.sync.link"].sudo().browse(value or ()).exists()
        return link.filtered(lambda one: one.account_id == account)

    def _fix_retry(self, event, value):
        link = self._fix_link(event, value)
        link.write({"not_before": fields.Datetime.now(), "etag": False})
        if link.meeting_id._first_event().active:  # nothing to send of what never came in
            link._look_again()
        self.sync_now()
        return self._done(self.env._("It is tried again now."))

    def _fix_take_theirs(self, event, _value):
        """Odoo's change is given up; its value stays in the journal, from where it comes back."""
        event.check_access("write")
        link = self._fix_link(event, False)
        if link.base:
            self.env["calendar.sync.discard"].sudo()._discard(link, with_kept=True)
            link.exists().problem_code = False
        return self._done(
            self.env._(
                "The appointment says again what the calendar says. The sync journal keeps what you"
                " had, and can restore it."
            )
        )

    def _fix_send_now(self, event, _value):
        event.check_access("read")
        mark = {"account_id": self.id, "event_id": event.id, "user_id": self.env.uid,
                "meeting_id": event.sudo().sync_meeting_id.id}  # fmt: skip
        self.env["calendar.sync.mark"].sudo().create(mark)
        self.sync_now()
        return self._done(self.env._("It is sent now."))

    def _fix_add_me(self, event, _value):
        event.check_access("write")
        self._invited_quietly(event, Command.link)
        return self._done(self.env._("Added to the participants. Nobody was e-mailed."), "leave")

    def _fix_leave(self, event, _value):
        event.check_access("write")
        self._invited_quietly(event, Command.unlink)
        return self._done(self.env._("Taken off the participants again. Nobody was e-mailed."))

    def _invited_quietly(self, event, command):
        owner = self._mine().user_id.partner_id
        event.with_context(no_mail_to_attendees=True).write({"partner_ids": [command(owner.id)]})

    def _fix_plan_again(self, event, _value):
        reason = event.cancel_reason or ""
        event.action_restore_appointment()
        return self._done(self.env._("It is planned again."), "cancel_again", reason)

    def _fix_cancel_again(self, event, value):
        event.check_access("write")
        event._cancel_appointment(value or "")
        return self._done(self.env._("It is cancelled again."))


class CalendarSyncFix(models.AbstractModel):
    """Where the other buttons of the diagnosis lead."""

    _name = "calendar.sync.fix"
    _description = "Where a diagnosis leads"

    @api.model
    def _connections(self, account):
        """The page with the account's card: one's own, or for an administrator that person's."""
        if not account or account.sudo().user_id == self.env.user:
            return self._known("calendar_sync_pro.calendar_connections_action")
        return self._form(account)

    @api.model
    def _known(self, xmlid):
        return self.env["ir.actions.actions"]._for_xml_id(xmlid)

    @api.model
    def _form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "context": {"active_test": False},
        }

    @api.model
    def open_of(self, code, account_id=False, event_id=False, value=False):
        """The action that the button `code` opens. Rights are those of what it opens."""
        if code in _PAGES:
            return self._known(_PAGES[code])
        account = self.env["calendar.sync.account"].browse(account_id or ())
        event = self.env["calendar.event"].browse(event_id or value or ())
        opens = {
            "connections": lambda: self._connections(account),
            "merge": self.env["calendar.sync.merge"].action_open,
            "open_booking": lambda: self._form(self.env["booking.calendar"].browse(value)),
            "open_hours": lambda: self._form(account._readable().user_id.with_env(self.env)),
            "open": lambda: self._form(event),
            "send": event.action_sync_send,
            "discard": event.action_sync_discard,
        }
        opens |= dict.fromkeys(("connect", "start", "decide"), opens["connections"])
        if code not in opens:
            raise UserError(self.env._("There is no such button."))
        return opens[code]()
