"""Who there is and what belongs to whom, for trying every right: a row of each of our models for
each person. A row is filled in from the model's own fields, so that a new model needs nothing here
as long as its required fields say what they are."""

from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

ROLES = {
    "visitor": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "rep": "base.group_user,sales_team.group_sale_salesman",
    "leader": "base.group_user,sales_team.group_sale_salesman",
    "all leads": "base.group_user,sales_team.group_sale_salesman_all_leads",
    "manager": "base.group_user,sales_team.group_sale_manager",
    "sync admin": "base.group_user,calendar_sync_pro.group_admin",
    "system admin": "base.group_user,base.group_system",
}
"""Who tries; the leader leads the team of the other rep, whose rows are "a colleague's"."""
OTHERS = {"the other rep": ROLES["rep"], "abroad": ROLES["rep"]}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
PARTS = ("own", "colleague's", "other company's")
MODULE = "calendar_sync_pro"
MAGIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}
_PLAIN = {
    "char": "x",
    "text": "x",
    "html": "<p>x</p>",
    "integer": 0,
    "float": 0.0,
    "json": {},
    "date": date(2030, 1, 1),
    "binary": b"",
    "boolean": False,
}
_SPECIAL = {
    # A time is blocked for a person or for a booking calendar: here the person's.
    "booking.blocked.time": {
        "calendar_id": False,
        "start": datetime(2030, 1, 1),
        "stop": datetime(2031, 1, 1),
    },
    "booking.hold": {"expires_at": datetime(2031, 1, 1)},
}


def our_models(env):
    """Names of the models with rows that this addon defines, wizards among them."""
    return sorted(
        name
        for name, cls in env.registry.items()
        if cls._original_module == MODULE and not cls._abstract
    )


class RightsWorld:
    """People of each role in one company, somebody abroad in another, and rows of everybody."""

    def __init__(self, env):
        self.env = env(su=True, context={**env.context, "no_mail_to_attendees": True})
        self.home = env.company
        self.other = self.env["res.company"].create({"name": "Abroad"})
        self.users = {}
        for number, (role, groups) in enumerate({**ROLES, **OTHERS}.items()):
            company = self.other if role == "abroad" else self.home
            self.users[role] = new_test_user(
                self.env, f"rights{number}", groups=groups, company_id=company.id,
                company_ids=[(6, 0, company.ids)], email=f"rights{number}@corp.example",
            )  # fmt: skip
        self.team = self.env["crm.team"].create(
            {
                "name": "Led",
                "user_id": self.users["leader"].id,
                "member_ids": [(6, 0, self.users["the other rep"].ids)],
            }
        )
        self._kept = {}
        self._number = 0

    def row(self, model, owner):
        """The row of `model` that belongs to the user `owner`; made at the first call."""
        key = (model, owner.id)
        if key not in self._kept:
            self._kept[key] = self._find(model, owner) or self._make(model, owner)
        return self._kept[key]

    def rows_for(self, model, role):
        """One row each of: their own, a colleague's, another company's."""
        owners = (role, "the other rep", "abroad")
        return [self.row(model, self.users[owner]) for owner in owners]

    def _find(self, model, owner):
        """A row that is there already: an event's line in a report, a user's own records."""
        if model == "res.users":
            return owner
        if model == "res.company":
            return owner.company_id
        if model == "res.partner":
            return owner.partner_id
        if not self.env[model]._auto:
            lead = self._lead(owner)
            event = self.row("calendar.event", owner)
            event.opportunity_id = lead
            self.env.flush_all()
            return self.env[model].search([("user_id", "=", owner.id)], limit=1)
        return None

    def _lead(self, owner):
        values = {"name": "Lead", "user_id": owner.id, "company_id": owner.company_id.id}
        if owner == self.users["the other rep"]:
            values["team_id"] = self.team.id
        return self.env["crm.lead"].create({**values, "type": "opportunity"})

    def _make(self, model, owner):
        records = self.env[model].with_user(owner).sudo().with_company(owner.company_id)
        self._prepare(model, owner)
        values = self._filled(records, owner) | _SPECIAL.get(model, {})
        return records.create(values).with_env(self.env)

    def _prepare(self, model, owner):
        """What the form of the product would have asked for before."""
        if model == "booking.hours":
            self.row("booking.member", owner)

    def _filled(self, records, owner):
        """Values for what is required, and for everything that says whose the row is."""
        values = {}
        for name, field in records._fields.items():
            if name in MAGIC or field.compute or field.related or not field.store:
                continue
            is_owner = field.type == "many2one" and self._says_whose(name, field)
            if is_owner or (field.required and not field.default):
                values[name] = self._value(field, owner)
        return values

    @staticmethod
    def _says_whose(name, field):
        ours = field.comodel_name.startswith(("calendar.sync.", "booking."))
        return name in ("user_id", "company_id", "event_id") or (
            ours and name.removesuffix("_id") in ("account", "calendar")
        )

    def _value(self, field, owner):
        self._number += 1
        if field.type == "many2one":
            return self.row(field.comodel_name, owner).id
        if field.type == "many2many":
            return [(6, 0, self.row(field.comodel_name, owner).ids)]
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type == "datetime":
            start = datetime(2030, 1, 1) + timedelta(days=self._number)
            return start + timedelta(hours=1) if "stop" in field.name else start
        if field.type == "char":
            return f"x{self._number}"
        return _PLAIN[field.type]


def tried(world, model):
    """{role: (rights on own, colleague's, other company's)}, each a text of "rwcd" and dots.

    Read is tried by searching and reading; write, create and delete by the check that the ORM makes
    before it does them, rules included.
    """
    found = {}
    for role in ROLES:
        rows = world.env[model].union(*world.rows_for(model, role))
        rows.env.flush_all()
        rows.env.invalidate_all()
        user = world.users[role]
        seen = rows.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        allowed = {letter: seen._filtered_access(name) for letter, name in OPERATIONS.items()}
        allowed["r"] = _read(seen, allowed["r"])
        found[role] = tuple(
            "".join(letter if row.id in may.ids else "." for letter, may in allowed.items())
            for row in rows
        )
    return found


def _read(seen, readable):
    """The rows that this user really finds and reads; what the check says has to be the same."""
    try:
        found = seen.search([("id", "in", seen.ids)])
        found.read(["id"])
    except AccessError:
        found = seen.browse()
    if set(found.ids) != set(readable.ids):
        raise AssertionError(f"{seen}: found {found.ids}, may read {readable.ids}")
    return found
