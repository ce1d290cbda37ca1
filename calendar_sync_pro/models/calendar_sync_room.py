from odoo import api, fields, models

from ..providers import port


class CalendarSyncRoom(models.Model):
    """A meeting room: listed by a calendar's provider and booked by inviting it, or kept in Odoo.

    Rooms of a provider are refreshed by the sync and belong to the accounts that may invite them.
    """

    _name = "calendar.sync.room"
    _description = "Meeting room"
    _order = "name, id"

    name = fields.Char(required=True)
    capacity = fields.Integer("Seats", help="0: not known.")
    place = fields.Char("Where", help="Building and floor.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    provider = fields.Selection(
        selection="_provider_selection",
        readonly=True,
        copy=False,
        help="Empty: a room that only Odoo knows.",
    )
    address = fields.Char(
        "Invited as", readonly=True, copy=False, help="The room's own address at its provider."
    )
    account_ids = fields.Many2many(
        "calendar.sync.account",
        string="Listed by",
        readonly=True,
        copy=False,
        groups="calendar_sync_pro.group_admin",
    )
    last_booked = fields.Datetime(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _one_address = models.UniqueIndex(
        "(company_id, address) WHERE address IS NOT NULL", "This room is listed already."
    )
    _seats = models.Constraint("CHECK (capacity >= 0)", "A room can't have less than no seats.")

    @api.model
    def _provider_selection(self):
        return [(name, registration.label) for name, registration in port.providers().items()]

    @api.depends("name", "capacity")
    def _compute_display_name(self):
        for room in self:
            room.display_name = f"{room.name} ({room.capacity})" if room.capacity else room.name

    @api.model
    def _offered_to(self, account):
        """The rooms that an organizer with this account (or none) can book: those that the account
        may invite, and those of Odoo. Free to be read by every colleague."""
        companies = (account.company_id | self.env.company).ids
        return self.sudo().search(
            [
                ("company_id", "in", companies),
                "|", ("provider", "=", False), ("account_ids", "in", account.ids),
            ]
        )  # fmt: skip

    def _claim(self):
        """Let two people who book this room at the same time come one after the other: the second
        transaction starts again, and sees the first one's booking."""
        self.env.cr.execute(
            "UPDATE calendar_sync_room SET last_booked = %s WHERE id = ANY(%s)",
            [fields.Datetime.now(), self.ids],
        )

    def _taken(self, start, stop, event_id=0):
        """{room id: [(start, stop)]} of Odoo's own appointments in these rooms (naive UTC)."""
        self.env["calendar.attendee"].flush_model(["room_id", "sync_email", "is_room", "state"])
        self.env["calendar.event"].flush_model(["start", "stop", "active"])
        self.env.cr.execute(
            """SELECT room.id, e.start, e.stop
                 FROM calendar_sync_room room
                 JOIN calendar_attendee a ON a.is_room
                      AND (a.room_id = room.id OR a.sync_email = room.address)
                 JOIN calendar_event e ON e.id = a.event_id
                WHERE room.id = ANY(%s) AND e.active AND e.id != %s
                  AND a.state IS DISTINCT FROM 'declined'
                  AND e.start < %s AND e.stop > %s
             ORDER BY e.start, e.id""",
            [self.ids, event_id, stop, start],
        )
        taken = {}
        for room_id, begin, end in self.env.cr.fetchall():
            taken.setdefault(room_id, []).append((begin, end))
        return taken
