from odoo import api, fields, models

from ..sync import base as stored_base
from . import bulk

_AGREED = (
    "remote_id", "master_remote_id", "etag", "sequence", "remote_updated", "web_url", "base",
    "show_as_kind", "is_organizer", "can_edit", "has_hidden_guests", "state", "problem_code",
    "attempts", "not_before", "has_unknown_outcome",
)  # fmt: skip
_CREATED = (
    "meeting_id", "calendar_id", "account_id", "ical_uid", "slot", "is_ours", "is_silent",
    "seen_run",
)  # fmt: skip


class SharedJson(fields.Json):
    """JSON whose readers get the cached value itself and never change it: a deep copy of each
    base costs more than deciding what to do with it."""

    def convert_to_record(self, value, record):
        """The value as it is."""
        return False if value is None else value


class CalendarSyncLink(models.Model):
    """A meeting on one remote calendar: remote identity, and the base both sides agreed on.

    One row per single event, per series master, and per changed or cancelled occurrence.
    """

    _name = "calendar.sync.link"
    _description = "Calendar link"
    _order = "id"

    meeting_id = fields.Many2one(
        "calendar.sync.meeting", required=True, index=True, ondelete="cascade"
    )
    calendar_id = fields.Many2one(
        "calendar.sync.calendar", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="calendar_id.account_id", store=True, index=True, precompute=True
    )
    ical_uid = fields.Char(required=True)
    slot = fields.Char(required=True, default="")
    remote_id = fields.Char(
        index="btree_not_null", help="Chosen and committed before the first create call."
    )
    master_remote_id = fields.Char(help="Remote id of the series, for an occurrence.")
    etag = fields.Char()
    sequence = fields.Integer()
    remote_updated = fields.Datetime()
    web_url = fields.Char(help="Opens the event at the provider.")
    base = SharedJson(
        groups=fields.NO_ACCESS,
        help="Normalised fields on which both sides last agreed. Titles are among them.",
    )
    show_as_kind = fields.Char(help="The provider's finer busy kind, which Odoo can't hold.")
    is_organizer = fields.Boolean(default=True)
    can_edit = fields.Boolean(default=True)
    has_hidden_guests = fields.Boolean()
    is_ours = fields.Boolean(help="We created this remote event.")
    is_copied = fields.Boolean(help="Somebody made it in the calendar as a copy of one of ours.")
    sent_block = fields.Char(
        copy=False, help="Digest of what was sent beside the merged fields: text block, source."
    )
    is_silent = fields.Boolean(
        help="Attendees stay off the remote event: nobody chose to invite them."
    )
    state = fields.Selection(
        [
            ("creating", "Being created"),
            ("synced", "Synced"),
            ("waiting_master", "Waiting for its series"),
            ("quarantined", "Needs attention"),
            ("read_only", "Not writable here"),
            ("frozen", "Former calendar"),
            ("cancelled", "Cancelled occurrence"),
            ("closed", "Closed"),
        ],
        required=True,
        default="synced",
        index=True,
    )
    problem_code = fields.Char()
    attempts = fields.Integer()
    not_before = fields.Datetime()
    has_unknown_outcome = fields.Boolean()
    seen_run = fields.Integer(help="Number of the last full listing that showed this event.")

    _unique_remote = models.UniqueIndex(
        "(calendar_id, remote_id) WHERE state != 'closed' AND remote_id IS NOT NULL",
        "This remote event is already linked.",
    )
    _unique_meeting = models.UniqueIndex(
        "(calendar_id, ical_uid, slot) WHERE state NOT IN ('closed', 'quarantined')",
        "This meeting is already linked on this calendar.",
    )

    @api.model
    def _record_agreed_many(self, agreements):
        """Remember that both sides now have the agreed fields, and what the provider said beside
        them, for each (link, remote, agreed fields). Ends quarantine and pending creation."""
        rows = [(link.id, *_agreed_values(remote, agreed)) for link, remote, agreed in agreements]
        bulk.update(self.env, self._name, _AGREED, rows)

    @api.model
    def _create_agreed_many(self, agreements):
        """New links from (meeting id, calendar, remote, agreed fields, values); returns them.

        `values` may say more, for instance another state or that the remote event is ours.
        """
        rows = []
        for meeting_id, calendar, remote, agreed, values in agreements:
            account_id = calendar.account_id.id
            created = (meeting_id, calendar.id, account_id, remote.ical_uid, remote.slot,
                       values.get("is_ours", bool(remote.guid)), _is_silent(remote),
                       calendar.listing_run)  # fmt: skip
            said = dict(zip(_AGREED, _agreed_values(remote, agreed), strict=True)) | values
            rows.append(created + tuple(said[name] for name in _AGREED))
        return self.browse(bulk.insert(self.env, self._name, _CREATED + _AGREED, rows))

    def _stamp(self, run):
        """Note that the full listing number `run` has shown these links. No write where it has."""
        stale = self.filtered(lambda link: link.seen_run != run)
        bulk.update(self.env, self._name, ("seen_run",), [(link.id, run) for link in stale])

    def _read_again(self, now):
        """Take these links out of being duplicates: each is read at the end of the next run."""
        self.write({
            "state": "quarantined", "problem_code": "already_exists", "attempts": 0,
            "not_before": now, "etag": False,
        })  # fmt: skip

    def _close(self, reason_code):
        """End these links. The remote event is left alone from now on."""
        rows = [(link.id, "closed", reason_code) for link in self]
        bulk.update(self.env, self._name, ("state", "problem_code"), rows)


def _is_silent(remote):
    """True for an event of ours whose calendar lists nobody: who takes part in Odoo was not
    invited, also where Odoo has forgotten it."""
    return bool(remote.guid) and remote.is_organizer and not remote.fields.attendees


def _agreed_values(remote, agreed):
    """Values of `_AGREED`."""
    return (
        remote.remote_id,
        remote.master_id or None,
        remote.etag,
        remote.sequence,
        remote.updated,
        remote.web_url or None,
        stored_base.dump(agreed) if agreed is not None else None,
        remote.fields.show_as.value,
        remote.is_organizer,
        remote.can_edit,
        remote.has_hidden_guests,
        "synced",
        None,
        0,
        None,
        False,
    )
