"""Where events are kept: one record per event per calendar, with the indexes that reading needs.

A record is `{"cal", "seq", "rev", "maker", "e", "own", "gone"}`: `e` is the resource as stored
(without what depends on the reader), `rev` the revision of its last change, `seq` its place in
full listings, `own` the fields that an exception has for itself, `gone` hides it from listings.
"""

from collections import defaultdict

from ..clock import rfc3339
from . import recurrence
from .when import in_zone, instant, shifted


class Shelf:
    """All events of the Google world."""

    def __init__(self, world):
        self.world = world
        self.table = world.store.table("google.events")
        self.calendars = world.store.table("google.calendars")
        self.load()

    def load(self):
        """Build the indexes from the table."""
        self._by_calendar = defaultdict(dict)
        self._by_uid = defaultdict(set)
        self._exceptions = defaultdict(dict)
        for rec in self.table.values():
            self._index(rec)

    def zone_of(self, calendar_id):
        """IANA name of a calendar's zone."""
        return self.calendars[calendar_id]["timeZone"]

    def _index(self, rec):
        e, cal = rec["e"], rec["cal"]
        self._by_calendar[cal][e["id"]] = rec
        self._by_uid[e["iCalUID"]].add((cal, e["id"]))
        if e.get("recurringEventId"):
            self._exceptions[cal, e["recurringEventId"]][e["id"]] = rec
        tz = self.zone_of(cal)
        rec["t0"] = instant(e["start"], tz)
        rec["t1"] = instant(e["end"], tz)
        if e.get("recurrence") and "until" not in rec:
            rec["until"] = recurrence.last_end(e)

    def of(self, calendar_id):
        """All records of a calendar, in order of creation."""
        return self._by_calendar[calendar_id].values()

    def get(self, calendar_id, event_id):
        """The stored record, cancelled ones included, or None."""
        return self._by_calendar[calendar_id].get(event_id)

    def copies(self, uid):
        """All records with that iCalUID, on every calendar."""
        return [self._by_calendar[cal][i] for cal, i in sorted(self._by_uid.get(uid, ()))]

    def exceptions(self, calendar_id, master_id):
        """Stored exceptions of a series, by id; those that the series lost are left out."""
        found = self._exceptions[calendar_id, master_id]
        return {i: r for i, r in found.items() if not r.get("gone")}

    def find(self, calendar_id, event_id):
        """The record of an event, or one made up for an unchanged occurrence of a series."""
        rec = self.get(calendar_id, event_id)
        if rec is not None and not rec.get("gone"):
            return rec
        named = recurrence.STAMP.match(event_id)
        master = self.get(calendar_id, named.group(1)) if named else None
        if (
            master is None
            or not master["e"].get("recurrence")
            or master["e"]["status"] == "cancelled"
        ):
            return rec
        original = recurrence.original_from_stamp(master["e"], named.group(2))
        return self.occurrence(master, original) if original else rec

    def occurrence(self, master, original):
        """A record, not stored, of an occurrence that is as the series says."""
        e = {k: v for k, v in master["e"].items() if k not in ("recurrence", "start", "end")}
        tz = master["e"]["start"].get("timeZone", "UTC")
        length = instant(master["e"]["end"], tz) - instant(master["e"]["start"], tz)
        e["id"] = recurrence.instance_id(master["e"]["id"], original)
        e["recurringEventId"] = master["e"]["id"]
        cal_tz = self.zone_of(master["cal"])
        e["originalStartTime"] = _at(original, 0, tz, cal_tz)
        e["start"] = _at(original, 0, tz, cal_tz)
        e["end"] = _at(original, length, tz, cal_tz)
        t0 = instant(original, tz)
        made_up = {"own": [], "virtual": True, "t0": t0, "t1": t0 + length}
        return {**master, "e": e, **made_up}

    def put(self, rec, touch=True):
        """Store a record as a new revision; `touch` moves `updated`, which reminders do not."""
        rec["rev"] = self.world.next_number("rev")
        if rec.pop("virtual", False):
            rec.pop("seq", None)
        rec.pop("until", None)
        rec.setdefault("seq", rec["rev"])
        rec.setdefault("own", [])
        if touch:
            rec["e"]["updated"] = rfc3339(self.world.clock.now())
        self._index(rec)
        self.table.save(f"{rec['cal']}|{rec['e']['id']}", rec)
        self.world.services["google"].changed(rec["cal"])
        return rec

    def cancel(self, rec):
        """Mark an event as deleted; a series takes its exceptions out of listings."""
        rec["e"] = {**rec["e"], "status": "cancelled"}
        rec["e"]["sequence"] = rec["e"].get("sequence", 0) + 1
        self.put(rec)
        if rec["e"].get("recurrence"):
            for exception in self.exceptions(rec["cal"], rec["e"]["id"]).values():
                self.hide(exception)
        return rec

    def hide(self, rec):
        """Take an exception that lost its series, or its slot, out of every listing."""
        rec["gone"] = True
        rec["e"] = {**rec["e"], "status": "cancelled"}
        self.table.save(f"{rec['cal']}|{rec['e']['id']}", rec)

    def forget_calendar(self, calendar_id):
        """Drop every event of a calendar."""
        for event_id, rec in self._by_calendar.pop(calendar_id, {}).items():
            self._by_uid[rec["e"]["iCalUID"]].discard((calendar_id, event_id))
            self.table.drop(f"{calendar_id}|{event_id}")

    def far(self):
        """How far endless series are expanded, in seconds since the epoch."""
        return self.world.clock.timestamp() + recurrence.FAR_S

    def instances(self, master, after, before):
        """Records of a series in a window, exceptions in their places, cancelled ones too."""
        changed = self.exceptions(master["cal"], master["e"]["id"])
        for original in recurrence.starts(master["e"], after, before, self.far()):
            instance_id = recurrence.instance_id(master["e"]["id"], original)
            if instance_id not in changed:
                yield self.occurrence(master, original)
        for rec in changed.values():
            if (before is None or rec["t0"] < before) and (after is None or rec["t1"] > after):
                yield rec


def _at(original, length, tz, cal_tz):
    """A start or end of an occurrence, in the wall-clock of the calendar."""
    return in_zone(shifted(original, length, tz), cal_tz)
