"""What customers see of a booking calendar, and what happens when they book."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.urls import urljoin

REMINDERS = [
    ("15", "15 minutes before"),
    ("60", "1 hour before"),
    ("120", "2 hours before"),
    ("1440", "1 day before"),
    ("2880", "2 days before"),
    ("10080", "1 week before"),
]


class BookingCalendarPage(models.Model):
    _inherit = "booking.calendar"

    page_name = fields.Char(
        "Address of the page",
        copy=False,
        compute="_compute_page_name",
        store=True,
        readonly=False,
        precompute=True,
        help="The last part of the link, in small letters, digits and hyphens.",
    )
    page_url = fields.Char("Link", compute="_compute_page_url")
    is_published = fields.Boolean(
        "Published", copy=False, help="Customers can open the page and book."
    )
    introduction = fields.Text(translate=True, help="A few words at the top of the page.")
    is_person_chosen = fields.Boolean(
        "Customers choose the person",
        default=True,
        help="Otherwise the page offers the times of the whole team, and the rules decide who"
        " gets the booking.",
    )
    question_ids = fields.One2many("booking.question", "calendar_id", "Questions", copy=True)
    location_kind = fields.Selection(
        [
            ("phone", "By phone"),
            ("video", "Video call"),
            ("address", "At an address"),
            ("customer", "At the customer's place"),
        ],
        "Where",
        required=True,
        default="video",
    )
    address = fields.Char(help="Where customers come to.")
    video_kind = fields.Selection(
        [("provider", "Of the connected calendar (Meet, Teams)"), ("discuss", "Odoo Discuss")],
        "Video call by",
        required=True,
        default="provider",
        help="A calendar without video calls of its own gets a link of Odoo Discuss.",
    )
    is_customer_invited = fields.Boolean(
        "Customer in the calendar event",
        help="The customer becomes a guest of the event, and its calendar sends the invitation."
        " Otherwise Odoo confirms, with the appointment attached.",
    )
    is_customer_told = fields.Boolean(
        "Tell customers of changes",
        default=True,
        help="When an appointment is moved or cancelled, in Odoo or in the calendar.",
    )
    change_notice_min = fields.Integer(
        "Changes up to (minutes before)",
        required=True,
        default=120,
        help="Until then customers may move or cancel their appointment themselves.",
    )
    reminder_minutes = fields.Selection(REMINDERS, "Reminder", default="1440")
    reminder_2_minutes = fields.Selection(REMINDERS, "Second reminder", default="60")

    _unique_page_name = models.Constraint(
        "unique (page_name)", "Another booking page has this address already."
    )
    _change_notice = models.Constraint(
        "CHECK (change_notice_min >= 0)", "This time is not negative."
    )

    @api.depends("name")
    def _compute_page_name(self):
        """From the name, once; a link that was handed out stays."""
        for calendar in self.filtered(lambda one: not one.page_name and one.name):
            calendar.page_name = calendar._free_page_name()

    def _free_page_name(self):
        """A page name that nobody has, made of the name."""
        wanted = self.env["ir.http"]._slugify(self.name) or "booking"
        taken = set(
            self.sudo()
            .with_context(active_test=False)
            .search([("page_name", "=like", f"{wanted}%")])
            .mapped("page_name")
        )
        return next(
            name for number in range(1, len(taken) + 3)
            if (name := wanted if number == 1 else f"{wanted}-{number}") not in taken
        )  # fmt: skip

    @api.depends("page_name")
    def _compute_page_url(self):
        for calendar in self:
            path = f"/book/{calendar.page_name}" if calendar.page_name else "/book"
            calendar.page_url = urljoin(calendar.get_base_url(), path)

    @api.constrains("page_name", "is_published")
    def _check_page_name(self):
        """Nothing that would have to be escaped in an address."""
        for calendar in self:
            name = calendar.page_name or ""
            if calendar.is_published and not name:
                raise ValidationError(self.env._("A published page needs an address."))
            if name != self.env["ir.http"]._slugify(name):
                raise ValidationError(
                    self.env._("Use small letters, digits and hyphens only: %s", name)
                )

    @api.constrains("location_kind", "address")
    def _check_address(self):
        """Customers must know where to go."""
        for calendar in self:
            if calendar.location_kind == "address" and not (calendar.address or "").strip():
                raise ValidationError(self.env._("Enter the address that customers come to."))

    def _reminders(self):
        """When customers are reminded: minutes before the appointment, the earliest first."""
        self.ensure_one()
        chosen = {self.reminder_minutes, self.reminder_2_minutes} - {False}
        return sorted(map(int, chosen), reverse=True)
