"""The appointment type that meetings from a calendar get: per account, else the company's."""

from odoo import api, fields, models

PREFERENCE = "import_type_id"
MOST_TYPES = 200
NO_TYPE = "none"
"""Of the options of an account: no type, although the company has one."""


class ResCompany(models.Model):
    _inherit = "res.company"

    sync_import_type_id = fields.Many2one(
        "calendar.event.type", "Type of imported meetings", ondelete="set null"
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sync_import_type_id = fields.Many2one(related="company_id.sync_import_type_id", readonly=False)


class CalendarSyncAccount(models.Model):
    _inherit = "calendar.sync.account"

    import_type_id = fields.Many2one(
        "calendar.event.type", "Type of imported meetings", ondelete="set null", copy=False
    )
    has_no_import_type = fields.Boolean(copy=False)

    def _import_type(self):
        """The type for new meetings from this account's calendar; empty for none."""
        account = self.sudo()
        if account.company_id.sync_allow_override:
            if account.has_no_import_type:
                return account.import_type_id.browse()
            if account.import_type_id:
                return account.import_type_id
        return account.company_id.sync_import_type_id

    def set_preference(self, name, value):
        """Also the type of imported meetings: an id as text, `NO_TYPE`, or '' for the company's."""
        if name != PREFERENCE:
            return super().set_preference(name, value)
        self.ensure_one()
        self.check_access("write")
        self._check_may_override()
        is_none = value == NO_TYPE
        number = int(value) if value and not is_none else False
        kind = self.env["calendar.event.type"].browse(number or ()).exists()
        self.sudo().write({"import_type_id": kind.id, "has_no_import_type": is_none})
        return True

    def _page_preferences(self):
        rows = super()._page_preferences()
        if not rows:
            return rows
        kinds = self.env["calendar.event.type"].sudo().search([], limit=MOST_TYPES)
        none = self.env._("No type")
        company = self.company_id.sync_import_type_id.name or none
        chosen = NO_TYPE if self.has_no_import_type else str(self.import_type_id.id or "")
        field = self._fields[PREFERENCE]
        return [
            *rows,
            {
                "name": PREFERENCE,
                "label": field._description_string(self.env),
                "value": chosen,
                "company": company,
                "options": [(NO_TYPE, none), *((str(kind.id), kind.name) for kind in kinds)],
            },
        ]


class CalendarSyncWrite(models.AbstractModel):
    _inherit = "calendar.sync.write"

    @api.model
    def _row_values(self, run, plan):
        """New meetings from the calendar get the account's type; later it is the users'."""
        values = super()._row_values(run, plan)
        kind = run.account._import_type() if not plan.guid else False
        return values | {"categ_ids": [(6, 0, kind.ids)]} if kind else values
