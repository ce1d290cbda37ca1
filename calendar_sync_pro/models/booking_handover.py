"""Somebody is ill or leaves: appointments and booking pages go to colleagues, and back again."""

from collections import defaultdict
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..booking import handover as plans
from ..booking.assign import Mode
from ..booking.days import DAY
from ..booking.intervals import instant
from ..booking.layers import Taken, taken_layers

FARTHEST_DAYS = 400
"""Appointments further ahead are left alone: whoever plans that far ahead can do it again."""


class BookingHandover(models.Model):
    """A run that gives somebody's upcoming appointments to colleagues by the booking rules.

    First a plan to look at, in which each appointment names who would take it or what hinders
    everybody; then it is carried out, one appointment at a time; then it can be undone.
    """

    _name = "booking.handover"
    _description = "Handover of appointments"
    _order = "id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Who is away",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    start = fields.Datetime("From", required=True, default=lambda self: fields.Datetime.now())
    stop = fields.Datetime(
        "Until", help="Empty: for good. The person then leaves the booking pages."
    )
    calendar_id = fields.Many2one(
        "booking.calendar",
        "Colleagues for the rest",
        help="Whose people take over appointments that were not booked in a booking calendar.",
    )
    is_told = fields.Boolean(
        "Tell the customers", default=True, help="One message each: who comes instead."
    )
    state = fields.Selection(
        [("draft", "Plan"), ("done", "Handed over"), ("undone", "Taken back")],
        required=True,
        readonly=True,
        default="draft",
    )
    item_ids = fields.One2many("booking.handover.item", "handover_id", "Appointments")
    place_ids = fields.Json(
        readonly=True, groups=fields.NO_ACCESS, help="The places on booking pages, to give back."
    )
    blocked_id = fields.Many2one("booking.blocked.time", readonly=True, groups=fields.NO_ACCESS)
    summary = fields.Char(compute="_compute_summary")
    pages_text = fields.Char("Booking pages", compute="_compute_pages_text")

    _ordered = models.Constraint("CHECK (stop IS NULL OR start < stop)", "An absence has a length.")

    @api.depends("item_ids.state", "item_ids.taker_id")
    def _compute_summary(self):
        for run in self:
            counts = defaultdict(int)
            for item in run.item_ids:
                counts["none" if item.state == "planned" and not item.taker_id else item.state] += 1
            parts = {
                "planned": self.env._("%s find a colleague", counts["planned"]),
                "none": self.env._("%s find nobody and stay", counts["none"]),
                "moved": self.env._("%s handed over", counts["moved"]),
                "kept": self.env._("%s stayed", counts["kept"]),
                "undone": self.env._("%s taken back", counts["undone"]),
            }
            run.summary = ", ".join(text for state, text in parts.items() if counts[state])

    @api.depends("user_id", "stop")
    def _compute_pages_text(self):
        """What happens to the person's places on booking pages."""
        for run in self:
            names = ", ".join(run._places().calendar_id.mapped("name"))
            if not names:
                run.pages_text = self.env._("None")
            elif run.stop:
                run.pages_text = self.env._("Not offered meanwhile: %s", names)
            else:
                run.pages_text = self.env._("Taken off: %s", names)

    def _places(self):
        return self.env["booking.member"].sudo().search([("user_id", "in", self.user_id.ids)])

    # -- the plan --------------------------------------------------------------------------------
    def action_plan(self):
        """Button: who would take what. Nothing is changed yet."""
        self._check_draft()
        self.check_access("write")
        answers = self._ask_colleagues()
        self._check_draft()
        self.item_ids.sudo().unlink()
        values = [value for each in self._plans(answers) for value in each]
        values += self._series_values()
        events = self.env["calendar.event"].sudo().browse(value["event_id"] for value in values)
        starts = {event.id: event.start for event in events}
        self.item_ids.sudo().create(sorted(values, key=lambda value: starts[value["event_id"]]))

    def _check_draft(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("This was carried out already. Make a new handover."))

    def _plans(self, answers):
        """Values of the items, calendar by calendar. What one calendar gives counts in the next."""
        given = defaultdict(list)
        for calendar, upcoming in self._upcoming().items():
            live = answers.get(calendar, plans.NOBODY)
            moves = self._plan_of(calendar, upcoming, given, live) if calendar else ()
            yield self._item_values(calendar, upcoming, moves)

    def _meanwhile(self):
        """What is looked at: from the beginning of the absence on, and to come."""
        latest = fields.Datetime.add(fields.Datetime.now(), days=FARTHEST_DAYS)
        return [
            ("start", ">=", max(self.start, fields.Datetime.now())),
            ("start", "<", min(self.stop or latest, latest)),
        ]

    def _upcoming(self):
        """{booking calendar: {event id: (event, hold)}} of what the person has meanwhile."""
        domain = self._meanwhile()
        holds = (
            self.env["booking.hold"]
            .sudo()
            .search(
                [
                    ("user_id", "=", self.user_id.id),
                    ("state", "in", ("booked", "overlapping")),
                    ("event_id", "any", domain),
                ]
            )
        )
        found = defaultdict(dict)
        for hold in holds.filtered("event_id.active"):
            found[hold.calendar_id][hold.event_id.id] = (hold.event_id, hold)
        events = (
            self.env["calendar.event"]
            .sudo()
            .search(
                [
                    *domain,
                    ("user_id", "=", self.user_id.id),
                    ("opportunity_id", "!=", False),
                    ("recurrence_id", "=", False),
                    ("id", "not in", holds.event_id.ids),
                ]
            )
        )
        for event in events:
            found[self.calendar_id.sudo()][event.id] = (event, holds.browse())
        return found

    def _series_values(self):
        """Items of series with a lead, one each: they stay, and the plan says so."""
        events = self.env["calendar.event"].sudo()
        domain = [
            *self._meanwhile(),
            ("user_id", "=", self.user_id.id),
            ("opportunity_id", "!=", False),
            ("recurrence_id", "!=", False),
        ]
        series = events.search(domain, order="start, id").grouped("recurrence_id")
        return [
            {
                "handover_id": self.id,
                "event_id": dates[0].id,
                "reason": self.env._(
                    "A series with %s dates to come. Series are not handed over by themselves: open"
                    " it and choose another organizer there.",
                    len(dates),
                ),
            }
            for dates in series.values()
        ]

    def _plan_of(self, calendar, upcoming, given, live):
        """The moves of one calendar's appointments; those that it gives are added to `given`."""
        members = calendar.member_ids.filtered(lambda one: one.user_id != self.user_id)
        if not members:
            return ()
        wanted = [self._as_upcoming(*row) for row in upcoming.values()]
        search = self._around(calendar, members, wanted)
        people = [
            replace(each, layers=(*live.layers_of(each), *taken_layers(given[each.person_id])))
            for each in search.people
        ]
        loads = self.env["booking.search"]._loads(members)
        moves = plans.plan_handover(wanted, people, loads, Mode(calendar.mode), search.now)
        times = {each.appointment_id: each for each in wanted}
        for move in moves:
            if move.assignment:
                at = times[move.appointment_id]
                row = Taken(at.appointment_id, at.start, at.stop, at.before_s, at.after_s)
                given[move.assignment.person_id].append(row)
        return moves

    def _around(self, calendar, members, wanted):
        """What these people do around these appointments."""
        first = min(each.start for each in wanted) - DAY
        last = max(each.stop for each in wanted) + DAY
        return self.env["booking.search"]._search_of(calendar, None, first, last, members)

    def _as_upcoming(self, event, hold):
        """The appointment as the pure plan sees it."""
        skills = hold.service_id.skill_ids.ids
        keeper = event.opportunity_id.user_id if hold.calendar_id.is_salesperson_first else None
        return plans.Upcoming(
            event.id,
            instant(event.start),
            instant(event.stop),
            60 * hold.buffer_before_min,
            60 * hold.buffer_after_min,
            frozenset(map(str, skills)),
            keeper.id if keeper else 0,
        )

    def _item_values(self, calendar, upcoming, moves):
        by_event = {move.appointment_id: move for move in moves}
        names = {one.user_id.id: one.user_id.name for one in calendar.member_ids}
        return [
            {
                "handover_id": self.id,
                "event_id": event.id,
                "hold_id": hold.id,
                "calendar_id": calendar.id,
                "taker_id": move.assignment.person_id if move and move.assignment else False,
                "reason": self._hindrances_in_words(calendar, move, names, hold.service_id),
            }
            for event, hold in upcoming.values()
            for move in [by_event.get(event.id)]
        ]

    def _hindrances_in_words(self, calendar, move, names, service):
        """Why nobody takes it: per colleague; False where somebody does."""
        if move and move.assignment:
            return False
        if not move or not move.hindrances:
            return self.env._("There is no colleague who could take it.")
        tz = self.env.user.tz or calendar.tz
        return "\n".join(
            f"{names[person_id]}: {' '.join(calendar._reasons_in_words(reasons, tz, service))}"
            for person_id, reasons in move.hindrances.items()
        )

    # -- carried out, and taken back -------------------------------------------------------------
    def action_apply(self):
        """Button: hand over as planned. What finds nobody, or was taken meanwhile, stays."""
        self._check_draft()
        self.check_access("write")
        answers = self._ask_takers()
        self._check_draft()
        self.item_ids._hand_over(answers)
        self._leave_pages()
        self.state = "done"
        self.item_ids._notify_takers()

    def action_undo(self):
        """Button: everything that nobody changed since goes back where it was."""
        self._check_done()
        self.check_access("write")
        answers = self._ask_owner()
        self._check_done()
        self.item_ids._take_back(answers)
        self._return_to_pages()
        self.state = "undone"

    def _check_done(self):
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("There is nothing to take back."))

    def _leave_pages(self):
        """Off the pages for good, or not offered while away; also pages that colleagues own."""
        run = self.sudo()
        if run.stop:
            values = {"user_id": run.user_id.id, "start": run.start, "stop": run.stop}
            run.blocked_id = run.blocked_id.create({**values, "name": self.env._("Away")})
            return
        places = self._places()
        kept = ("sequence", "weight", "calendar_id", "skill_ids", "hours_id")
        rows = places.read(kept, load=None)
        run.place_ids = [{name: row[name] for name in kept} for row in rows]
        places.unlink()

    def _return_to_pages(self):
        run = self.sudo()
        run.blocked_id.unlink()
        for row in run.place_ids or ():
            calendar = self.env["booking.calendar"].sudo().browse(row["calendar_id"]).exists()
            if calendar and self.user_id not in calendar.member_ids.user_id:
                skills = [(6, 0, row["skill_ids"])]
                place = {**row, "user_id": self.user_id.id, "skill_ids": skills}
                self.env["booking.member"].sudo().create(place)
        run.place_ids = False
