"""A booking calendar as the people who look after it use it: buttons, figures, connections."""

from collections import defaultdict

from odoo import api, fields, models

from ..booking.intervals import moment


class BookingCalendarDesk(models.Model):
    _inherit = "booking.calendar"

    hours_id = fields.Many2one(
        "resource.calendar",
        "Business hours",
        check_company=True,
        help="For everybody here who has no hours of their own below. Empty: each person's own"
        " working hours.",
    )
    own_hours_id = fields.Many2one(
        "resource.calendar",
        copy=False,
        groups=fields.NO_ACCESS,
        help="Working times that were made for this booking calendar, and for nothing else.",
    )
    upcoming_count = fields.Integer("Upcoming appointments", compute="_compute_upcoming_count")
    next_free_text = fields.Char("Next free times", compute="_compute_next_free_text")
    unreachable_text = fields.Char(compute="_compute_unreachable_text")

    @api.depends_context("uid")
    def _compute_upcoming_count(self):
        found = self.env["calendar.event"]._read_group(
            self._upcoming_domain(), ["booking_calendar_id"], ["__count"]
        )
        counts = {calendar.id: count for calendar, count in found}
        for calendar in self:
            calendar.upcoming_count = counts.get(calendar.id, 0)

    def _upcoming_domain(self):
        return [
            ("booking_calendar_id", "in", self.ids),
            ("stop", ">=", fields.Datetime.now()),
        ]

    @api.depends("member_ids.user_id", "service_ids", "is_odoo_enough", "hours_id")
    @api.depends_context("uid", "tz")
    def _compute_next_free_text(self):
        """What a customer would be offered first, in the reader's zone."""
        for calendar in self:
            slots = calendar.ids and calendar._next_free(calendar.service_ids[:1], count=3)
            texts = [calendar._slot_in_words(slot) for slot in slots or ()]
            calendar.next_free_text = " · ".join(texts)

    def _slot_in_words(self, slot):
        start = moment(slot.start).replace(tzinfo=None)
        local = fields.Datetime.context_timestamp(self, start)
        day = self.env["ir.qweb.field.date"].value_to_html(local.date(), {"format": "EEE d MMM"})
        clock = self.env["ir.qweb.field.datetime"].value_to_html(
            start, {"time_only": True, "hide_seconds": True}
        )
        return f"{day}, {clock}"

    @api.depends("member_ids.connection", "is_odoo_enough")
    def _compute_unreachable_text(self):
        """Names of those who are never offered because their calendar can't be read."""
        for calendar in self:
            away = calendar.member_ids.filtered(lambda member: member._is_out())
            names = ", ".join(away.user_id.mapped("name"))
            calendar.unreachable_text = (
                self.env._(
                    "Not offered, because their calendars can't be read: %s. They connect under"
                    " My Preferences, Calendar Connections.",
                    names,
                )
                if names
                else False
            )

    # -- buttons ---------------------------------------------------------------------------------
    @api.model
    def action_create_mine(self):
        """Button of the empty list: a booking calendar of my own with my working hours."""
        user = self.env.user
        mine = self.create(
            {
                "name": self.env._("Meet %s", user.name),
                "user_id": user.id,
                "member_ids": [(0, 0, {"user_id": user.id})],
            }
        )
        return mine._open_form()

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_upcoming(self):
        """Button: the appointments to come, with the past ones a filter away."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "calendar_sync_pro.calendar_event_action_of_record"
        )
        action["domain"] = self._upcoming_domain()
        return action

    def action_publish(self):
        """Button: customers can book from now on."""
        self.write({"is_published": True})

    def action_unpublish(self):
        """Button: the page is taken offline; appointments stay."""
        self.write({"is_published": False})

    def action_hours(self):
        """Button: the weekly hours of this booking calendar."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hours"),
            "res_model": "booking.hours",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_calendar_id": self.id, "dialog_size": "medium"},
        }

    def action_why(self):
        """Button: why a time is offered or not."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why (not) this time?"),
            "res_model": "booking.why",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_calendar_id": self.id, "dialog_size": "large"},
        }

    def action_open_page(self):
        """Button: the page as customers see it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.page_url, "target": "new"}


class BookingMemberDesk(models.Model):
    _inherit = "booking.member"

    connection = fields.Selection(
        [
            ("connected", "Connected"),
            ("trouble", "Needs a new sign-in"),
            ("never", "Not connected"),
        ],
        "Calendar",
        compute="_compute_connection",
        help="Who has no readable calendar is never offered to customers.",
    )

    @api.depends("user_id")
    def _compute_connection(self):
        accounts = self.env["calendar.sync.account"].sudo()
        found = accounts.search_fetch([("user_id", "in", self.user_id.ids)], ["user_id", "status"])
        states = defaultdict(set)
        for account in found:
            states[account.user_id].add(account.status)
        for member in self:
            member.connection = _connection(states[member.user_id])

    def _is_out(self):
        """Whether this person is never offered, as things are."""
        return self.connection == "trouble" or (
            self.connection == "never" and not self.calendar_id.is_odoo_enough
        )

    def _hours(self):
        """Own hours here, else those of the booking calendar, else the person's."""
        return self.hours_id or self.calendar_id.hours_id or super()._hours()


def _connection(states):
    """The connection that account states come to, as `_readings` of the search sees it."""
    if not states:
        return "never"
    return "connected" if states - {"not_connected"} == {"active"} else "trouble"
