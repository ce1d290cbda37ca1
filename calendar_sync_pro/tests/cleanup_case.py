"""What the tests of the clean-up share: appointments of every kind, and its turns."""

from odoo.fields import Command

from .needs_you_case import NeedsYouCase
from .pull_case import PullCase


class CleanupMixin:
    """Ann's clean-up, as she clicks it and as the workers carry it out."""

    def mine(self, record=None):
        """The account (or another record) as Ann meets it."""
        self.env.flush_all()
        self.env.invalidate_all()
        return (record if record is not None else self.account).with_user(self.user)

    def plan(self):
        return self.mine().cleanup_plan()

    def start(self, **how):
        """Press the button; the run."""
        run = self.env["calendar.sync.cleanup"].browse(self.mine().cleanup_start(**how))
        self.env.flush_all()
        return run

    def clean(self, **how):
        """Press the button and let the workers finish."""
        run = self.start(**how)
        self.work()
        return run

    def work(self, turns=1):
        for _turn in range(turns):
            self.turn()
        self.env.invalidate_all()

    def pause_is_over(self):
        """The time that the provider asked for has passed."""
        self.account.slowed_until = False
        self.account._ask_sync()
        self.env.flush_all()

    def read(self):
        """The worker's turn with a look at the calendar."""
        self.account._ask_sync()
        self.env.flush_all()
        self.work()

    def put_back(self, run):
        self.mine(run).put_back()
        self.work()

    def progress(self, run):
        return self.mine(run).progress()

    def invited(self, name="Talk", *emails):
        """An appointment to which Ann chose to invite customers."""
        guests = self.env["res.partner"].create(
            [{"name": email.split("@")[0], "email": email} for email in emails]
        )
        told = [Command.set((self.user.partner_id | guests).ids)]
        context = self.env["calendar.event"].with_context(
            calendar_sync_notify=True, no_mail_to_attendees=True
        )
        event = context.with_user(self.user).create(
            {"name": name, "start": self.tomorrow(15), "stop": self.tomorrow(16),
             "user_id": self.user.id, "partner_ids": told}
        )  # fmt: skip
        self.work()
        self.world.mails.clear()
        self.assertTrue(self.remote()[name].fields.attendees, "they stand on the remote event")
        return event

    def weekly(self, name="Weekly", count=4):
        """A series of Ann's, one occurrence moved and one deleted."""
        start = self.tomorrow(9)
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        event = self.env["calendar.event"].with_user(self.user).create(
            {"name": name, "start": start, "stop": self.tomorrow(10), "user_id": self.user.id,
             "partner_ids": [Command.set(self.user.partner_id.ids)], "recurrency": True,
             "rrule_type": "weekly", "interval": 1, "end_type": "count", "count": count,
             **{day: start.weekday() == n for n, day in enumerate(days)}}
        )  # fmt: skip
        self.work()
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        rows[1].with_user(self.user).write({"location": "Annex", "recurrence_update": "self_only"})
        rows[2].with_user(self.user).unlink()
        self.work()
        return event

    def titles(self):
        return sorted(remote.fields.title for remote in self.remotes())

    def here(self, name):
        """Living appointments of that name in Odoo."""
        return self.env["calendar.event"].search([("name", "=", name)])


class CleanupCase(CleanupMixin, PullCase):
    """A calendar that can be silent."""


class LoudCleanupCase(CleanupMixin, NeedsYouCase):
    """A calendar that mails guests of every removal."""
