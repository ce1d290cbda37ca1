"""Reading while somebody else is faster, on real connections with real commits."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from odoo.tests import tagged

from ..core.event import Attendee, EventFields, RemoteEvent
from ..core.when import When
from ..models.lease import Lease
from .committed_case import CommittedCase

EMAIL = "reader@corp.example"


@tagged("post_install", "-at_install")
class TestReadingAtOnce(CommittedCase):
    """Everything here is committed, and taken away again at the end."""

    EMAIL = EMAIL

    def clean(self):
        super().clean()
        with self.connection() as env:
            env["calendar.sync.meeting"].search([("ical_uid", "like", "@race")]).unlink()

    def adds(self, name):
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        event = RemoteEvent(
            remote_id=name,
            etag="",
            ical_uid=f"{name}@race",
            organizer_email=EMAIL,
            fields=EventFields(
                when=When(start, start + timedelta(hours=1)),
                title=name,
                attendees=(Attendee("carla@customer.example"),),
            ),
        )
        return self.world.put(EMAIL, event)

    def pull(self):
        with self.connection() as env:
            account = env["calendar.sync.account"].browse(self.account_id)
            account.write({"lease_token": "t", "lease_until": "2090-01-01"})
            env.cr.commit()
            lease = Lease(account.id, "t", self.registry)
            return env["calendar.sync.pull"]._run(account.events_calendar_id, lease)

    def titles(self):
        with self.connection() as env:
            events = env["calendar.event"].search([("user_id", "=", self.user_id)])
            return sorted(events.mapped("name"))

    def test_a_colleagues_account_meets_the_meeting_first(self):
        """S4-14: both read a new meeting at once: one event, nobody in quarantine."""
        self.adds("one")
        self.adds("two")
        faster = self.registry.cursor()
        faster.execute(
            "INSERT INTO calendar_sync_meeting (ical_uid, slot, form)"
            " VALUES ('two@race', '', 'single')"
        )

        def commit_soon():
            time.sleep(0.7)
            faster.commit()
            faster.close()

        thread = threading.Thread(target=commit_soon)
        thread.start()
        result = self.pull()
        thread.join()
        self.assertEqual(self.titles(), ["one", "two"])
        self.assertFalse(result.counts["quarantine"])

    def test_event_edited_while_its_change_comes_in(self):
        """S4-14: a save between our reading and our writing: both edits survive."""
        self.adds("one")
        self.pull()
        entry = self.world.calendars[EMAIL]["one"].event
        place = entry.fields.replace(location="Their place")
        self.world.put(EMAIL, replace(entry, fields=place))
        with self.connection() as env:
            event = env["calendar.event"].search([("user_id", "=", self.user_id)])
            event.write({"name": "Our title"})
        self.pull()
        with self.connection() as env:
            event = env["calendar.event"].search([("user_id", "=", self.user_id)])
            self.assertEqual((event.name, event.location), ("Our title", "Their place"))

    def test_another_worker_took_over(self):
        """S4-06: who lost the lease writes nothing more."""
        self.adds("one")
        account_model = "calendar.sync.account"
        with self.connection() as env:
            account = env[account_model].browse(self.account_id)
            lease = Lease(account.id, "somebody else's", self.registry)
            with self.assertRaisesRegex(Exception, f"account {self.account_id}"):
                env["calendar.sync.pull"]._run(account.events_calendar_id, lease)
        self.assertEqual(self.titles(), [])
