"""A connection that is well, and who asks about it."""

from datetime import datetime, timedelta

from ...sync.diagnosis_facts import Connection, Reader, Zones

NOW = datetime(2027, 3, 1, 12, 0)
LATER, EARLIER = NOW + timedelta(hours=2), NOW - timedelta(hours=2)
OWNER, ADMIN, FIXED = Reader(), Reader(is_owner=False, is_admin=True), Reader(may_choose=False)
VIENNA, BERLIN, NEW_YORK = "Europe/Vienna", "Europe/Berlin", "America/New_York"
WELL = Connection(
    now=NOW,
    label="Cal",
    email="ann@work.example",
    calendar="Ann",
    usable=1,
    last_sync=NOW,
    zones=Zones(BERLIN, VIENNA),
    blocking=("Ann",),
)
