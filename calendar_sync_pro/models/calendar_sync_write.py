import uuid
from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..core.event import Attendee, RemoteEvent
from ..sync import odoo_values
from . import bulk
from .pull_types import RowPlan, Run
from .silent import SILENT

_GUEST = ("partner_id", "sync_email", "sync_name", "common_name", "state", "is_host", "is_room")


class CalendarSyncWrite(models.AbstractModel):
    """Writes events as a calendar has them: as their organizer, in bulk, without any noise."""

    _name = "calendar.sync.write"
    _description = "Inbound writes"

    @api.model
    def _as_organizer(self, user):
        """`calendar.event` in the name of the organizer: run as anybody else, Odoo would reset
        the organizer's own answer when the event moves."""
        return self.env["calendar.event"].with_user(user).sudo().with_context(**SILENT)

    @api.model
    def _organizers(self, run: Run, remotes):
        """{remote id: user id or None} of who organizes each event: the calendar's owner, an
        internal user, or nobody in this database."""
        addresses = {r.organizer_email.strip().lower() for r in remotes if not r.is_organizer}
        users = self._users(addresses - {""})
        return {
            remote.remote_id: run.owner.id
            if remote.is_organizer
            else users.get(remote.organizer_email.strip().lower())
            for remote in remotes
        }

    def _users(self, addresses):
        if not addresses:
            return {}
        self.env.cr.execute(
            """SELECT p.email_normalized, min(u.id) FROM res_users u
                 JOIN res_partner p ON p.id = u.partner_id
                WHERE p.email_normalized = ANY(%s) AND u.active AND NOT u.share
             GROUP BY p.email_normalized""",
            [list(addresses)],
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _contacts(self, run: Run, addresses):
        """{address: (partner id, name)} of known people, users first. One query.

        Every address of the calendar's owner is the owner. Contacts of another company stay
        unknown: whoever may not read them could not open the event. Colleagues without a user
        stay addresses, which are not shown unless the company wants it (C21).
        """
        if not addresses:
            return {}
        company = run.account.company_id
        hidden = () if company.sync_show_colleagues else run.policy.internal_domains
        self.env["res.partner"].flush_model(["email_normalized", "active", "name", "company_id"])
        self.env.cr.execute(
            """SELECT DISTINCT ON (p.email_normalized) p.email_normalized, p.id, p.name
                 FROM res_partner p LEFT JOIN res_users u ON u.partner_id = p.id AND u.active
                WHERE p.email_normalized = ANY(%s) AND p.active
                  AND (u.id IS NOT NULL OR p.company_id IS NULL OR p.company_id = %s)
                  AND (u.id IS NOT NULL OR split_part(p.email_normalized, '@', 2) != ALL(%s))
             ORDER BY p.email_normalized, u.id NULLS LAST, p.id""",
            [list(addresses), company.id, list(hidden)],
        )
        known = {email: (id_, name) for email, id_, name in self.env.cr.fetchall()}
        owner = run.owner.partner_id
        own = addresses & run.policy.own_addresses
        return known | dict.fromkeys(own, (owner.id, owner.name))

    @api.model
    def _create_rows(self, run: Run, plans: list[RowPlan]):
        """The events of `plans`, in that order. Notes no push: they are equal to their base."""
        hosts = {plan.host.email for plan in plans if plan.host}
        people = self._contacts(
            run, hosts | {p.email for plan in plans for p in plan.fields.attendees}
        )
        groups = defaultdict(list)
        for index, plan in enumerate(plans):
            groups[plan.organizer_id].append(index)
        found = {}
        texts, guests = [], []
        for organizer_id, indexes in groups.items():
            user = self.env["res.users"].browse(organizer_id or run.owner.id)
            events = self._as_organizer(user)
            values = [self._row_values(run, plans[index]) for index in indexes]
            created = events.create(values)
            found.update(zip(indexes, created._ids, strict=True))
            for index, event_id in zip(indexes, created._ids, strict=True):
                plan = plans[index]
                texts.append((event_id, plan.shared["text"]))
                guests += [(event_id, person) for person in self._guests(run, plan, people)]
        events = self.env["calendar.event"].browse(found[index] for index in range(len(plans)))
        self.env.flush_all()
        self._write_descriptions(texts)
        self._insert_guests(guests)
        self._mark_recurrent(events, plans)
        self.env["calendar.sync.mark"]._settle(events.ids)
        return events

    def _row_values(self, run: Run, plan: RowPlan):
        """Values of one row. Occurrences of a series share everything but their time."""
        if plan.shared is None:
            plan.shared = {}
        if not plan.shared:
            plan.shared |= {
                "values": self._shared_values(plan), "text": _description(plan),
            }  # fmt: skip
        values = plan.shared["values"] | odoo_values.event_values(plan.fields, ("when",))
        values.pop("event_tz", None)
        if plan.slot:
            values["sync_slot"] = plan.slot
        if plan.recurrence_id:
            values |= {"recurrence_id": plan.recurrence_id, "follow_recurrence": True}
        return values

    def _shared_values(self, plan: RowPlan):
        """Guests and text follow in one statement each: Odoo would clean every text again, and
        make each guest a record with hooks that have nothing to do here."""
        names = ("title", "location", "show_as", "privacy", "conference_url")
        return odoo_values.event_values(plan.fields, names) | {
            "description": False,
            "user_id": plan.organizer_id or False,
            "partner_ids": [],
            "sync_meeting_id": plan.meeting_id,
            "sync_guid": plan.guid or False,
            "appointment_source": "import",
        }

    def _guests(self, run: Run, plan: RowPlan, people):
        """Values of the guests of one row, its calendar's owner among them."""
        if "guests" not in plan.shared:
            guests = self._attendee_rows(plan.fields.attendees, people)
            hosts = self._attendee_rows((plan.host,) if plan.host else (), people)
            taken = {person.get("partner_id") for person in guests} - {None}
            guests += [
                host | {"is_host": True} for host in hosts if host.get("partner_id") not in taken
            ]
            owner = run.owner.partner_id
            if owner.id not in {person.get("partner_id") for person in guests}:
                state = plan.own_response
                guests.append({"partner_id": owner.id, "common_name": owner.name, "state": state})
            plan.shared["guests"] = guests
        return plan.shared["guests"]

    def _insert_guests(self, guests):
        """Guest lists of new events: (event id, values of one guest)."""
        rows = [
            (event_id, uuid.uuid4().hex, *(person.get(name) for name in _GUEST))
            for event_id, person in guests
        ]
        bulk.insert(self.env, "calendar.attendee", ("event_id", "access_token", *_GUEST), rows)
        pairs = [(id_, person["partner_id"]) for id_, person in guests if "partner_id" in person]
        self._relate(pairs)

    @api.model
    def _attendee_rows(self, attendees, people):
        """Values of `calendar.attendee`: each contact once, others by address."""
        rows, taken = [], set()
        for person in attendees:
            known = None if person.is_resource else people.get(person.email)
            state = odoo_values.state_from(person.response)
            if known and known[0] in taken:
                continue
            if known:
                taken.add(known[0])
                rows.append({"partner_id": known[0], "common_name": known[1], "state": state})
            else:
                rows.append(
                    {
                        "sync_email": person.email,
                        "sync_name": person.name or False,
                        "common_name": person.name or person.email,
                        "state": state,
                        "is_room": person.is_resource,
                    }
                )
        return rows

    def _write_descriptions(self, texts):
        """The texts of new events, cleaned once each: most have no markup, or an equal twin."""
        field = self.env["calendar.event"]._fields["description"]
        clean = {}
        rows = []
        for event_id, text in texts:
            if not text:
                continue
            if text not in clean:
                clean[text] = clean_html(self.env, field, text)
            rows.append((event_id, clean[text]))
        if rows:
            self.env.cr.execute_values(
                "UPDATE calendar_event e SET description = v.text"
                " FROM (VALUES %s) v(id, text) WHERE e.id = v.id",
                rows,
                page_size=1000,
            )
            self.env["calendar.event"].invalidate_model(["description"], flush=False)

    def _mark_recurrent(self, events, plans):
        """Rows of a native series: Odoo's own create would apply the rule again to each row."""
        ids = [
            event_id
            for event_id, plan in zip(events._ids, plans, strict=True)
            if plan.recurrence_id
        ]
        if not ids:
            return
        self.env.cr.execute("UPDATE calendar_event SET recurrency = TRUE WHERE id = ANY(%s)", [ids])
        self.env.cr.execute(
            SQL(
                """UPDATE calendar_recurrence r SET base_event_id = b.id
                     FROM (SELECT DISTINCT ON (recurrence_id) recurrence_id, id
                             FROM calendar_event WHERE recurrence_id = ANY(%s) AND active
                         ORDER BY recurrence_id, start, id) b
                    WHERE r.id = b.recurrence_id AND r.base_event_id IS NULL""",
                list({plan.recurrence_id for plan in plans if plan.recurrence_id}),
            )
        )
        self.env["calendar.event"].invalidate_model(["recurrency"], flush=False)
        self.env["calendar.recurrence"].invalidate_model(["base_event_id"], flush=False)

    @api.model
    def _update_rows(self, run: Run, updates):
        """Write changed fields: (event, {field name: value}, addresses that leave the guest list)
        each. Equal values go together."""
        groups, guests = defaultdict(list), []
        for event, values, removed in updates:
            if "attendees" in values:
                guests.append((event, values["attendees"], removed))
            changed = odoo_values.event_values(values)
            changed.pop("event_tz", None)
            if changed:
                user = event.user_id or run.owner
                groups[user, tuple(sorted(changed.items()))].append(event.id)
        self._replace_guests(run, guests)
        prefetch = [event.id for event, _values, _removed in updates]
        rows_of = {user: self._as_organizer(user) for user in {user for user, _ in groups}}
        for (user, changed), ids in groups.items():
            rows_of[user].browse(ids).with_prefetch(prefetch).write(dict(changed))
        self.env["calendar.sync.mark"]._settle_for(run.account, prefetch)

    def _replace_guests(self, run: Run, guests):
        """Add, take off and answer for guests. Whoever owns a calendar that shows the event stays
        on it in Odoo."""
        if not guests:
            return
        people = self._contacts(
            run, {p.email for _event, wanted, _removed in guests for p in wanted}
        )
        events = self.env["calendar.event"].union(*(event for event, _wanted, _removed in guests))
        rows = self.env["calendar.attendee"].sudo().with_context(**SILENT)
        rows = rows.search([("event_id", "in", events.ids)])
        by_event = defaultdict(rows.browse)
        for row in rows:
            by_event[row.event_id.id] |= row
        new, gone, states = [], rows.browse(), defaultdict(rows.browse)
        for event, wanted, removed in guests:
            self._compare_guests(run, event, by_event[event.id], wanted, people, new, states)
            gone |= self._no_longer_invited(run, event, by_event[event.id], removed)
        self._drop_guests(gone)
        for state, changed in states.items():
            changed.write({"state": state})
        rows.create(new)
        self._relate_partners(new)

    def _compare_guests(self, run, event, rows, wanted, people, new, states):
        held = {row._email_key(): row for row in rows}
        owner = rows.filtered(lambda row: row.partner_id == run.owner.partner_id)[:1]
        held |= dict.fromkeys(run.policy.own_addresses, owner) if owner else {}
        for person in wanted:
            row = held.get(person.email)
            state = odoo_values.state_from(person.response)
            if row is None:
                new += [dict(v, event_id=event.id) for v in self._attendee_rows((person,), people)]
                continue
            if row.is_host:
                row.is_host = False
            if row.invitation:
                row.invitation = False  # somebody has put this guest on the calendar's list
            if row.state != state:
                states[state] |= row

    def _no_longer_invited(self, run, event, rows, removed):
        stays = run.owner.partner_id | event.user_id.partner_id
        return rows.filtered(
            lambda row: row._email_key() in removed and row.partner_id not in stays
        )

    def _drop_guests(self, rows):
        if not rows:
            return
        pairs = [(row.event_id.id, row.partner_id.id) for row in rows if row.partner_id]
        rows.unlink()
        self.env.flush_all()
        if pairs:
            self.env.cr.execute_values(
                "DELETE FROM calendar_event_res_partner_rel r"
                " USING (VALUES %s) v(event_id, partner_id)"
                " WHERE r.calendar_event_id = v.event_id AND r.res_partner_id = v.partner_id",
                pairs,
            )
        self.env["calendar.event"].invalidate_model(["partner_ids", "attendee_ids"])

    def _relate_partners(self, rows):
        self.env.flush_all()
        self._relate([(r["event_id"], r["partner_id"]) for r in rows if r.get("partner_id")])

    def _relate(self, pairs):
        if not pairs:
            return
        self.env.cr.execute_values(
            "INSERT INTO calendar_event_res_partner_rel (calendar_event_id, res_partner_id)"
            " VALUES %s ON CONFLICT DO NOTHING",
            pairs,
            page_size=1000,
        )
        self.env["calendar.event"].invalidate_model(["partner_ids", "attendee_ids"])


def own_response(run: Run, remote: RemoteEvent) -> str:
    """The state of the calendar's owner on an event that does not list the owner."""
    own: list[Attendee] = [
        p for p in remote.fields.attendees if p.email in run.policy.own_addresses
    ]
    if own:
        return odoo_values.state_from(own[0].response)
    return "accepted" if remote.is_organizer else "needsAction"


def _description(plan: RowPlan) -> str:
    return odoo_values.event_values(plan.fields, ("description",))["description"] or ""


def clean_html(env, field, text: str) -> str:
    """Remote HTML as Odoo keeps it. Plain text has nothing to clean and takes the fast path."""
    if "<" not in text and "&" not in text:
        return f"<p>{text}</p>"
    return field.convert_to_column_insert(text, env["calendar.event"]) or ""
