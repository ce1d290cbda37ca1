from odoo import fields, models


class CalendarSyncMark(models.Model):
    """"Something here may need a push." Append-only: users insert, the worker deletes what it read.

    A row never blocks a user's save, and deleting exactly the ids that were read loses no edit
    that came meanwhile. No foreign keys to the event: it may be gone when the mark is read.
    """

    _name = "calendar.sync.mark"
    _description = "Pending push"
    _order = "id"
    _log_access = False

    event_id = fields.Many2oneReference(model_field="res_model", index=True)
    res_model = fields.Char(default="calendar.event")
    meeting_id = fields.Integer(index=True, help="Known meeting of a deleted event.")
    slot = fields.Char(help="Slot of a deleted occurrence.")
    kind = fields.Selection(
        [("event", "Event"), ("series", "Series"), ("gone", "Deleted")],
        required=True,
        default="event",
    )
    is_notifying = fields.Boolean(help="A person chose to tell the attendees.")
    user_id = fields.Integer(help="Who made the change.")
    marked_at = fields.Datetime(required=True, default=fields.Datetime.now)
