from collections import Counter, defaultdict
from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from ..core import recurrence
from ..core.changes import Window
from ..core.errors import Malformed
from ..core.event import Attendee, EventFields
from ..core.when import When, slot_start
from ..sync import base as stored_base
from ..sync import odoo_recurrence, odoo_values, text_block, view
from .series_span import whole

_EVENT_COLUMNS = (
    "name", "description", "location", "start", "stop", "allday", "start_date", "stop_date",
    "show_as", "privacy", "videocall_location",
)  # fmt: skip
_SERIES_FIELDS = (
    "title", "description", "location", "attendees", "show_as", "privacy", "conference_url",
)  # fmt: skip
RULE_FIELDS = (
    "rrule_type", "interval", "end_type", "count", "until", "month_by", "day", "weekday", "byday",
    *odoo_recurrence.DAY_FIELDS,
)  # fmt: skip


class CalendarSyncLocal(models.AbstractModel):
    """What Odoo says about events, as the fields that travel.

    Everything is read by SQL after a flush: the record cache of a transaction is shared by its
    users and may hold a private event's title as "Busy", which must never reach a calendar.
    """

    _name = "calendar.sync.local"
    _description = "Odoo's side of a sync"

    @api.model
    def _fields_of(self, events):
        """{event id: EventFields} without our text block; three queries for any number.

        What Odoo has no place for (reminders, the finer busy kind, optional guests) is at its
        default: `_for_links` fills it in from what was agreed.
        """
        if not events:
            return {}
        people = self._people(events)
        return {
            row.pop("id"): odoo_values.event_fields(
                odoo_values.EventRow(**row, attendees=tuple(people.get(event_id, ())))
            )
            for row in self._rows(events)
            for event_id in [row["id"]]
        }

    @api.model
    def _for_links(self, links, bases=None):
        """{link id: EventFields}: what Odoo says as each link may compare it with its base.

        `bases` are the links' bases where the caller has read them already.

        Personal values of somebody who does not organize the event live on the link, not on the
        shared event. Links whose event is gone are left out.
        """
        meetings = links.meeting_id
        series = meetings.filtered(lambda meeting: meeting._is_series())
        own = {account: account._own_addresses() for account in links.account_id}
        of_event = self._fields_of(meetings.event_id)
        of_series = self._series_fields(series)
        changed = self._only_changed(series.filtered(lambda one: one.id not in of_series))
        found = {}
        for link in links:
            meeting = link.meeting_id
            fields = of_series.get(meeting.id) or of_event.get(meeting.event_id.id)
            agreed = bases[link.id] if bases else stored_base.load(link.base)
            if meeting in changed and agreed is not None:
                found[link.id] = agreed
            elif fields is not None:
                mine = own[link.account_id]
                fields = with_memory(
                    fields, agreed, mine, is_organizer=link._is_organizers(),
                    has_outcome=meeting.event_id._has_outcome(),
                    keeps_calls=link.account_id._keeps_calls(),
                )  # fmt: skip
                found[link.id] = view.shown(fields, agreed, mine, is_silent=link.is_silent)
        return found

    @api.model
    def _series_fields(self, meetings):
        """{meeting id: EventFields} of series that still have rows, with their rule.

        A series says what most of its unchanged rows say, so that an edit of one occurrence is
        never taken for one of the series. The rule is the raw one as long as Odoo's rule fields
        still mean it.
        """
        if not meetings:
            return {}
        rows = self._series_rows(meetings)
        ids = [row["id"] for found in rows.values() for row in found]
        fields = self._fields_of(self.env["calendar.event"].browse(ids))
        found = {}
        for meeting in meetings:
            slots = {row["slot"]: fields[row["id"]] for row in rows.get(meeting.id, ())}
            if slots:
                found[meeting.id] = _as_series(meeting, slots)
        return found

    def _only_changed(self, series):
        """Those of `series`, which have no plain row, of which a changed occurrence takes place:
        they are not gone, Odoo only says nothing about them."""
        if not series:
            return series
        parts = series.search([("series_id", "in", series.ids)])
        return parts.filtered("event_id.active").series_id

    def _rows(self, events):
        self.env["calendar.event"].flush_model([*_EVENT_COLUMNS, "user_id"])
        columns = SQL(", ").join(SQL.identifier("e", name) for name in _EVENT_COLUMNS)
        self.env.cr.execute(
            SQL(
                """SELECT e.id, %s, p.tz AS event_tz
                     FROM calendar_event e
                     LEFT JOIN res_users u ON u.id = e.user_id
                     LEFT JOIN res_partner p ON p.id = u.partner_id
                    WHERE e.id = ANY(%s)""",
                columns,
                list(events._ids),
            )
        )
        return self.env.cr.dictfetchall()

    def _people(self, events, *, is_everybody=False):
        """{event id: [Attendee]}; a contact without an address can't be invited. Whom no calendar
        invites is left out unless `is_everybody`."""
        self.env["calendar.attendee"].flush_model()
        self.env["res.partner"].flush_model(["email_normalized", "name"])
        self.env.cr.execute(
            """SELECT a.event_id, coalesce(p.email_normalized, a.sync_email) AS email,
                      coalesce(p.name, a.sync_name, '') AS name, a.state, a.is_room,
                      coalesce(a.answer_comment, '') AS comment
                 FROM calendar_attendee a
                 LEFT JOIN res_partner p ON p.id = a.partner_id
                WHERE a.event_id = ANY(%s) AND a.is_host IS NOT TRUE
                  AND (a.invitation IS NULL OR %s)
                  AND coalesce(p.email_normalized, a.sync_email) IS NOT NULL
             ORDER BY a.id""",
            [list(events._ids), is_everybody],
        )
        people = defaultdict(list)
        for event_id, email, name, state, is_room, comment in self.env.cr.fetchall():
            response = odoo_values.response_from(state)
            guest = Attendee(
                email, name=name, response=response, is_resource=bool(is_room), comment=comment
            )
            people[event_id].append(guest)
        return people

    def _series_rows(self, meetings):
        """{series meeting id: [{id, slot}]} of active rows without a meeting of their own."""
        self.env["calendar.event"].flush_model(["sync_meeting_id", "sync_slot", "active"])
        self.env.cr.execute(
            """SELECT sync_meeting_id, id, sync_slot AS slot FROM calendar_event
                WHERE sync_meeting_id = ANY(%s) AND active AND sync_slot IS NOT NULL
             ORDER BY start, id""",
            [list(meetings._ids)],
        )
        rows = defaultdict(list)
        for row in self.env.cr.dictfetchall():
            rows[row["sync_meeting_id"]].append(row)
        return rows


def with_memory(
    fields: EventFields,
    agreed: EventFields | None,
    own: frozenset[str] = frozenset(),
    *,
    is_organizer: bool = True,
    has_outcome: bool = False,
    keeps_calls: bool = True,
) -> EventFields:
    """`fields` with what Odoo cannot hold taken from the agreed values.

    Odoo knows free and busy; a finer kind stays as long as it is a kind of what Odoo says. In Odoo
    the owner of a calendar stands on the guest list of everything in it; a calendar has no such
    entry for events without guests, so `own` addresses that it does not list are left out. With
    `is_organizer` False the personal choices are the link's own. With `has_outcome` it took place
    when Odoo says, and a calendar that says otherwise is left alone. Without `keeps_calls` the
    calendar takes no link of a video call from outside: ours stays in Odoo, and the calendar's own
    can only be taken off.
    """
    fields = fields.replace(
        description=text_block.strip(fields.description),
        attendees=_as_listed(fields.attendees, agreed, own),
    )
    if not keeps_calls and fields.conference_url:
        fields = fields.replace(conference_url=agreed.conference_url if agreed else "")
    if agreed is None:
        return fields
    coarse = odoo_values.show_as_value
    same_kind = coarse(agreed.show_as) == coarse(fields.show_as)
    known = {person.email: person for person in agreed.attendees}
    people = tuple(
        replace(
            person,
            is_optional=known[person.email].is_optional,
            is_resource=known[person.email].is_resource,
        )
        if person.email in known
        else person
        for person in fields.attendees
    )
    return fields.replace(
        when=agreed.when if has_outcome else fields.when,
        attendees=people,
        reminders=agreed.reminders,
        show_as=agreed.show_as if same_kind or not is_organizer else fields.show_as,
        privacy=fields.privacy if is_organizer else agreed.privacy,
    )


def _as_listed(people, agreed, own):
    """The guest list as the calendar's owner would write it: the owner under the address that the
    calendar lists, or not at all."""
    if agreed is None:
        alone = all(person.email in own for person in people)
        return () if alone else people
    listed = next((person.email for person in agreed.attendees if person.email in own), "")
    shown = {}
    for person in people:
        if person.email not in own:
            shown[person.email] = person
        elif listed:
            shown.setdefault(listed, replace(person, email=listed))
    return tuple(shown[email] for email in sorted(shown))


def _as_series(meeting, slots: dict[str, EventFields]) -> EventFields:
    """The fields of a series from those of its rows by slot."""
    first = next(iter(slots.values()))
    common = {}
    for name in _SERIES_FIELDS:
        counted = Counter(getattr(fields, name) for fields in slots.values())
        common[name] = counted.most_common(1)[0][0]
    when = _series_when(meeting, slots)
    lines = _series_lines(meeting, when, slots)
    if not _fits(when, lines, slots):  # Odoo counts from the first row of a rule that it made anew
        when = _first_when(meeting, slots)
        lines = _series_lines(meeting, when, slots)
    return first.replace(when=when, recurrence=lines, **common)


def _series_when(meeting, slots: dict[str, EventFields]) -> When:
    """When the first occurrence is: as agreed while all rows fit the agreed rule, else as the
    rows say (a person moved the series in Odoo)."""
    if not meeting.starts:
        return _first_when(meeting, slots)
    agreed = _when_from(meeting.starts, meeting, slots)
    is_as_agreed = _fits(agreed, meeting.rules or (), slots)
    return agreed if is_as_agreed else _first_when(meeting, slots)


def _first_when(meeting, slots: dict[str, EventFields]) -> When:
    """When the first row is; its own time where nothing was agreed on yet."""
    slot = min(slots)
    if meeting.starts:
        return _when_from(slot, meeting, slots)
    when = slots[slot].when
    return replace(when, tz="" if when.is_all_day else _zone(meeting, slots))


def _when_from(slot: str, meeting, slots: dict[str, EventFields]) -> When:
    """From that original start on, as long as most rows are."""
    start = slot_start(slot)
    lengths = Counter(fields.when.stop - fields.when.start for fields in slots.values())
    tz = _zone(meeting, slots) if "T" in slot else ""
    return When(start, start + lengths.most_common(1)[0][0], tz)


def _zone(meeting, slots: dict[str, EventFields]) -> str:
    return meeting.tz or meeting.recurrence_id.event_tz or slots[min(slots)].when.tz


def _fits(when: When, lines, slots) -> bool:
    try:
        span: Window = whole(when)
        expected = {each.slot for each in recurrence.expand(when, lines, span, limit=4000)}
    except Malformed:
        return True
    return expected.issuperset(slots)


def _series_lines(meeting, when: When, slots) -> tuple[str, ...]:
    """The rule: raw while Odoo's fields still mean it, else as Odoo's fields say."""
    raw = tuple(meeting.rules or ())
    rule = meeting.recurrence_id
    if meeting.form != "native" or not rule:
        return raw
    held = {name: rule[name] for name in RULE_FIELDS}
    usual = rule._get_lang_week_start().weekday
    wkst = odoo_recurrence.week_start(held, when, slots, usual)
    agreed = odoo_recurrence.native_values(when, rule_lines(raw), wkst=wkst) if raw else None
    if agreed is not None and all(rule[name] == value for name, value in agreed.items()):
        return raw
    return odoo_recurrence.lines_from_odoo(held, when, wkst=wkst)


def rule_lines(lines) -> tuple[str, ...]:
    """The lines without excluded dates: those are rows that Odoo simply does not have."""
    return tuple(line for line in lines if not line.upper().startswith("EXDATE"))
