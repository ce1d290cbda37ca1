from odoo import fields, models
from odoo.tools import SQL


class CalendarAppointmentReport(models.Model):
    """One row per appointment about a lead, for the team's figures. No titles and no texts."""

    _name = "calendar.appointment.report"
    _description = "Appointment analysis"
    _auto = False
    _order = "start desc"
    _rec_name = "id"

    event_id = fields.Many2one("calendar.event", "Appointment", readonly=True)
    start = fields.Datetime("When", readonly=True)
    booked_on = fields.Datetime("Booked on", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    opportunity_id = fields.Many2one("crm.lead", "Lead / Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    type_id = fields.Many2one("calendar.event.type", "Appointment Type", readonly=True)
    source = fields.Selection(
        selection=lambda self: self._choices_of("appointment_source"),
        readonly=True,
    )
    state = fields.Selection(
        selection=lambda self: self._choices_of("appointment_state"),
        string="Outcome",
        readonly=True,
    )
    is_without_outcome = fields.Boolean("Without outcome", readonly=True)
    hours = fields.Float(readonly=True)
    held_rate = fields.Float(
        "Took place",
        readonly=True,
        aggregator="avg",
        help="Share of the appointments with an outcome that were completed.",
    )
    no_show_rate = fields.Float(
        "No-show rate",
        readonly=True,
        aggregator="avg",
        help="Share of the appointments with an outcome to which the customer did not come.",
    )
    days_to_first = fields.Float(
        "Days to first meeting",
        readonly=True,
        aggregator="avg",
        help="From the creation of the lead to its first appointment; only that one counts.",
    )

    def _choices_of(self, name):
        return self.env["calendar.event"]._fields[name]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT e.id, e.id AS event_id, e.start, e.create_date AS booked_on, e.user_id,
                   lead.team_id, lead.company_id, e.opportunity_id, lead.partner_id,
                   (SELECT min(t.type_id) FROM meeting_category_rel t WHERE t.event_id = e.id)
                       AS type_id,
                   coalesce(e.appointment_source, 'rep') AS source,
                   coalesce(e.appointment_state, 'planned') AS state,
                   coalesce(e.appointment_state, 'planned') = 'planned'
                       AND e.stop < (now() AT TIME ZONE 'UTC') AS is_without_outcome,
                   e.duration AS hours,
                   CASE WHEN e.appointment_state IN ('completed', 'not_completed', 'no_show')
                        THEN (e.appointment_state = 'completed')::int::float END AS held_rate,
                   CASE WHEN e.appointment_state IN ('completed', 'not_completed', 'no_show')
                        THEN (e.appointment_state = 'no_show')::int::float END AS no_show_rate,
                   CASE WHEN e.appointment_state IS DISTINCT FROM 'cancelled'
                         AND row_number() OVER (
                             PARTITION BY e.opportunity_id,
                                          e.appointment_state IS NOT DISTINCT FROM 'cancelled'
                             ORDER BY e.start, e.id) = 1
                        THEN extract(epoch FROM e.start - lead.create_date) / 86400.0
                   END AS days_to_first
              FROM calendar_event e
              JOIN crm_lead lead ON lead.id = e.opportunity_id
             WHERE e.active OR e.appointment_state = 'cancelled'
            """
        )

    def action_open(self):
        """Open the appointment behind the row; its own rights apply."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.event_id.id,
            "views": [(False, "form")],
        }
