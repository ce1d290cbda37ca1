"""From the former release to this one, with people connected."""

import pytest

from e2e.support.former_release import RELEASE, FormerRelease, is_known
from e2e.support.odoo_process import install
from scripts.ground import places

from .people import Product, in_days, wait

SCHEMA = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable
                    FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
                        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "records": """SELECT model, name FROM ir_model_data
                   WHERE module = 'calendar_sync_pro' AND name !~ '^constraint'""",
}
KEPT = """SELECT link.remote_id, link.meeting_id, meeting.event_id FROM calendar_sync_link link
            JOIN calendar_sync_meeting meeting ON meeting.id = link.meeting_id ORDER BY 1"""


class ProductThen(Product):
    """People of the former release."""

    def previews_first_syncs(self, is_shown):
        """There were no previews yet."""


@pytest.mark.deep
@pytest.mark.skipif(not is_known(), reason="the history of the former release is not here")
def test_upgraded_from_the_former_release_nothing_is_lost_or_doubled():
    """S0-30, B-01: the same schema as a new installation, the same links, secrets that open; both
    directions go on, and people who had left are paused."""
    with FormerRelease("upgrade", servers=0) as stack:
        server = stack.start_then()
        product = ProductThen(stack)
        ann, gone = product.person("ann"), product.person("gone")
        ann.book("Booked before")
        there = ann.add("Added before", in_days(4))
        ann.sync()
        gone.book("Of somebody who left")
        gone.settle()
        product.admin.call("res.users", "write", [[gone.uid], {"active": False}])
        links, versions = stack.sql(KEPT), ann.there()
        server.stop()
        assert len(links) == 3

        install(stack.cluster, stack.db, [places.NAME], demo=False, update=True)
        fresh = stack.as_new()
        for what, query in SCHEMA.items():
            now, new = (set(stack.cluster.query(db, query)) for db in (stack.db, fresh))
            assert now == new, f"{what}: {sorted(now ^ new)[:20]}"
        [[version]] = stack.sql(
            "SELECT latest_version FROM ir_module_module WHERE name = 'calendar_sync_pro'"
        )
        assert version > RELEASE

        stack.start_odoo(port=server.port)
        ann.sync()
        assert stack.sql(KEPT) == links
        assert ann.there() == versions, "nothing was written anew"
        ann.phone.change(there, title="Renamed after")
        ann.sync()
        assert ann.named_here("Renamed after")
        ann.book("Booked after")
        wait(lambda: ann.named_there("Booked after"), "a booking after the upgrade")
        assert gone.state("status") == "paused"
        assert not product.mails()
