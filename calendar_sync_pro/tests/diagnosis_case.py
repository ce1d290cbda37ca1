"""Why isn't it synced? What its tests share: the reader, the first finding, its buttons."""

from odoo import fields
from odoo.tests import new_test_user

from .pull_case import PullCase


class DiagnosisCase(PullCase):
    def diagnose(self, record=None, user=None):
        """What the reader is told about the account or an appointment."""
        self.save()
        self.env.invalidate_all()
        return (record or self.account).with_user(user or self.user).diagnose()

    def main(self, record=None, user=None):
        """(check, buttons) that the reader begins with; (None, []) where all is well."""
        page = self.diagnose(record, user)
        if page["main"] < 0:
            return None, []
        row = page["rows"][page["main"]]
        return row["check"], [fix["code"] for fix in row["fixes"]]

    def press(self, code, event=None, value=None, user=None):
        """The button of that name that is shown now."""
        record = event if event is not None else self.account
        rows = self.diagnose(record, user)["rows"]
        fix = next(fix for row in rows for fix in row["fixes"] if fix["code"] == code)
        value = fix["value"] if value is None else value
        return self.account.with_user(user or self.user).diagnose_fix(
            code, event.id if event else False, value
        )

    def undo(self, done, event=None):
        back = done["undo"]
        account = self.account.with_user(self.user)
        return account.diagnose_fix(back["code"], event.id if event else False, back["value"])

    def ask(self, method, *args):
        with self.committing() as env:
            return getattr(self.account.with_env(env(user=self.user.id)), method)(*args)


class WellConnectedCase(DiagnosisCase):
    """Ann's connection has nothing wrong, and a second calendar. Nobody is mailed by any of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss", groups="calendar_sync_pro.group_admin")
        cls.account.calendar_ids.write({"last_read": fields.Datetime.now(), "tz": "Europe/Vienna"})
        cls.account.calendar_ids.blocks_availability = True
        cls.second = cls.account.calendar_ids.create(
            {"account_id": cls.account.id, "remote_id": "second", "name": "Second",
             "access_role": "writer", "can_write": True}
        )  # fmt: skip

    def setUp(self):
        super().setUp()
        self.mails = self.env["mail.mail"].search_count([])

    def tearDown(self):
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails, "somebody was mailed")
        super().tearDown()
