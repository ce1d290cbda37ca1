"""What the tests of reading share: the other side's hand, and what Odoo shows afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ..core.changes import Gone
from ..core.errors import ProviderError
from ..core.event import Attendee, EventFields, RemoteEvent, Response
from ..core.when import When
from ..models.lease import Lease
from .push_case import PushCase


class PullCase(PushCase):
    """Ann's calendar as the other side sees it; `sync` is one run of the pull, as the worker
    does it, and the push that follows."""

    GUEST = Attendee("carla@customer.example", "Carla", Response.ACCEPTED)

    @classmethod
    def at(cls, hour, days=2, minute=0):
        day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return day + timedelta(days=days, hours=hour, minutes=minute)

    def remote_event(
        self, name="Demo", hour=10, days=2, *, remote_id="", rules=(), fields=(), **said
    ):
        """An event with a customer, an hour long, as the calendar would list it."""
        when = When(self.at(hour, days), self.at(hour + 1, days), "UTC" if rules else "")
        values = {
            "when": when, "title": name, "attendees": (self.GUEST,), "recurrence": tuple(rules),
        } | dict(fields)  # fmt: skip
        id_ = remote_id or f"r-{name.lower().replace(' ', '-')}"
        return RemoteEvent(
            remote_id=id_, etag="", ical_uid=said.pop("ical_uid", f"{id_}@other"),
            fields=EventFields(**values), organizer_email=self.account.email, **said,
        )  # fmt: skip

    def put(self, event, account=None):
        email = (account or self.account).email
        self.world.account(email)
        return self.world.put(email, event)

    def adds(self, name="Demo", hour=10, days=2, *, account=None, **said):
        """Somebody creates an event on the other side."""
        return self.put(self.remote_event(name, hour, days, **said), account)

    def edits(self, event, account=None, **changes):
        """Somebody changes fields there."""
        email = (account or self.account).email
        now = self.world.calendars[email][event.remote_id].event
        return self.put(replace(now, fields=now.fields.replace(**changes)), account)

    def deletes(self, event, account=None):
        email = (account or self.account).email
        self.world.bury(email, Gone(event.remote_id, event.slot, event.master_id))

    def occurrence(self, master, index_days, *, account=None, **changes):
        """Somebody changes one occurrence, named by days after the first."""
        start = master.fields.when.start + timedelta(days=index_days)
        stop = master.fields.when.stop + timedelta(days=index_days)
        slot = When(start, stop).slot
        fields = master.fields.replace(when=When(start, stop), recurrence=()).replace(**changes)
        part = replace(
            master, remote_id=f"{master.remote_id}_{slot}", slot=slot,
            master_id=master.remote_id, fields=fields,
        )  # fmt: skip
        return self.put(part, account)

    def cancels_occurrence(self, master, index_days, account=None):
        start = master.fields.when.start + timedelta(days=index_days)
        slot = When(start, start).slot
        email = (account or self.account).email
        self.world.bury(email, Gone(f"{master.remote_id}_{slot}", slot, master.remote_id))

    def pull(self, account=None):
        """One run of the pull with a lease; returns its result."""
        account = account or self.account
        self.save()
        with self.committing() as env:
            account = env["calendar.sync.account"].browse(account.id)
            account.write({"lease_token": "test", "lease_until": "2090-01-01"})
            env.flush_all()
            lease = Lease(account.id, "test", self.registry)
            result = failure = None
            try:
                result = env["calendar.sync.pull"]._run(account.events_calendar_id, lease)
            except ProviderError as error:
                failure = error
            account.write({"lease_token": False, "lease_until": False})
        self.env.invalidate_all()
        if failure:
            raise failure
        return result

    def pull_failing(self):
        """The reason with which a run ends. (assertRaises would undo what the run committed.)"""
        try:
            self.pull()
        except ProviderError as error:
            return error.reason
        return None

    def events(self, name=None):
        domain = [("name", "=", name)] if name else [("appointment_source", "=", "import")]
        found = (
            self.env["calendar.event"]
            .with_context(active_test=False)
            .search(domain, order="start, id")
        )
        return found.filtered("active") if name is None else found

    def event(self, name):
        found = self.events(name)
        self.assertEqual(len(found), 1, f"one event called {name}")
        return found

    def link(self, remote, account=None):
        calendar = (account or self.account).events_calendar_id
        return self.env["calendar.sync.link"].search(
            [("calendar_id", "=", calendar.id), ("remote_id", "=", remote.remote_id),
             ("state", "!=", "closed")]
        )  # fmt: skip

    def naive(self, hour, days=2, minute=0):
        return self.at(hour, days, minute).replace(tzinfo=None)

    def assert_nobody_heard(self):
        """No mail left this database, and no chatter was written but what a test allows."""
        self.assertFalse(self.env["mail.mail"].search([]))
