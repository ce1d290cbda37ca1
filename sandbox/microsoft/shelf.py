"""Where events are kept: one record per single event or series in each mailbox.

A record has `key`, `box`, `cal`, `id`, `iid`, `uid`, `rev`, `e`, `ext`, `props`, `cut`, `exc`;
`id` changes when the event moves to another calendar, `iid` (the immutable one) does not; `e` is
the resource without what depends on the reader; `cut` are days of deleted occurrences and `exc`
the members that changed occurrences have for themselves, by day.
"""

import re
import secrets
from collections import defaultdict
from dataclasses import dataclass

from ..clock import rfc3339
from . import recurrence
from .errors import bad, not_found
from .zones import instant_of

OCCURRENCE = re.compile(r"(.+)FRAI(\d{4})(\d{2})(\d{2})=")
FORMS = ("AAMk", "AAkA", "AQMk")
PREFIX = "040000008200E00074C5B7101A82E008"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with an id: a single event, a series master, or (with `day`) an occurrence."""

    rec: dict
    day: str = ""

    @property
    def own(self):
        """What an exception has for itself, or None for an occurrence as the series says."""
        return self.rec["exc"].get(self.day) if self.day else None

    @property
    def e(self):
        """The event as it is on that day."""
        master = self.rec["e"]
        if not self.day:
            return master
        start, end = recurrence.times_on(master, self.day)
        kept = {k: v for k, v in master.items() if k not in ("recurrence", "transactionId")}
        return {**kept, "start": start, "end": end, **(self.own or {}).get("e", {})}

    @property
    def kind(self):
        """`type` of the resource."""
        if not self.day:
            return "seriesMaster" if self.rec["e"].get("recurrence") else "singleInstance"
        return "exception" if self.own is not None else "occurrence"

    @property
    def rev(self):
        """Revision of the last change."""
        return (self.own or {}).get("rev", self.rec["rev"])

    @property
    def uid(self):
        """iCalUId; an occurrence carries its day in it."""
        return uid_on(self.rec["uid"], self.day) if self.day else self.rec["uid"]

    def id(self, immutable=False):
        """The id in the form that the reader prefers."""
        base = self.rec["iid" if immutable else "id"]
        return f"{base[:-1]}FRAI{self.day.replace('-', '')}=" if self.day else base

    @property
    def span(self):
        """`(start, end)` in seconds since the epoch."""
        if not self.day:
            return tuple(self.rec["span"])
        e = self.e
        return instant_of(e["start"]), instant_of(e["end"])


def uid_on(uid, day):
    """A series' iCalUId with the day of one occurrence in its four date bytes."""
    if not uid.startswith(PREFIX):
        return f"{uid}-{day}"
    year, month, number = (int(part) for part in day.split("-"))
    return f"{uid[:32]}{year:04X}{month:02X}{number:02X}{uid[40:]}"


def new_uid():
    """A global object id as Exchange makes it."""
    made, data = secrets.token_hex(8).upper(), secrets.token_hex(16).upper()
    return f"{PREFIX}00000000{made}000000000000000010000000{data}"


class Shelf:
    """All events of the Microsoft world."""

    def __init__(self, world):
        self.world = world
        self.table = world.store.table("ms.events")
        self.tombs = world.store.table("ms.tombs")
        self.load()

    def load(self):
        """Build the indexes from the tables."""
        self._by_calendar = defaultdict(dict)
        self._by_id, self._by_uid = {}, defaultdict(set)
        self._tombs = defaultdict(list)
        for rec in self.table.values():
            self._index(rec)
        for tomb in sorted(self.tombs.values(), key=lambda t: t["rev"]):
            self._tombs[tomb["cal"]].append(tomb)

    def _index(self, rec):
        rec["span"] = [instant_of(rec["e"][name]) for name in ("start", "end")]
        self._by_calendar[rec["cal"]][rec["key"]] = rec
        self._by_id[rec["id"]] = self._by_id[rec["iid"]] = rec
        self._by_uid[rec["uid"]].add(rec["key"])

    def new(self, box, cal, e, uid=""):
        """A record, not stored yet, with ids of its own."""
        key = str(self.world.next_number("ms.event"))
        name = secrets.token_urlsafe(66)
        return {
            "key": key,
            "box": box,
            "cal": cal,
            "id": f"AAMkADAwATM0{name}BGAAAA{secrets.token_urlsafe(9)}=",
            "iid": f"AAkALgAAAAAAHYQ{name[:40]}{int(key):06x}=",
            "uid": uid or new_uid(),
            "e": e,
            "ext": {},
            "props": {},
            "cut": [],
            "exc": {},
        }

    def put(self, rec, day=""):
        """Store a record as a new revision; `day` names the occurrence that changed."""
        now = self.world.clock.now()
        rev, stamp = self.world.next_number("rev"), f"{rfc3339(now)[:-1]}0000Z"
        kind = "updated" if "touched" in rec else "created"
        rec["touched"], rec["at"] = rev, now.timestamp()
        if day and day in rec["exc"]:
            rec["exc"][day] |= {"rev": rev}
            rec["exc"][day]["e"]["lastModifiedDateTime"] = stamp
        else:
            rec["rev"] = rev
            rec["e"]["lastModifiedDateTime"] = stamp
            rec["e"].setdefault("createdDateTime", stamp)
        self._index(rec)
        self.table.save(rec["key"], rec)
        self.world.services["microsoft"].changed(rec, day, kind)
        return rec

    def drop(self, rec):
        """Delete a record; a stone stays for those who read changes."""
        self._forget(rec)
        self._bury(rec)
        self.world.services["microsoft"].changed(rec, "", "deleted")

    def _forget(self, rec):
        self._by_calendar[rec["cal"]].pop(rec["key"], None)
        self._by_id.pop(rec["id"], None)
        self._by_id.pop(rec["iid"], None)
        self._by_uid[rec["uid"]].discard(rec["key"])
        self.table.drop(rec["key"])

    def _bury(self, rec):
        names = ("key", "cal", "id", "iid", "box")
        tomb = {name: rec[name] for name in names}
        tomb |= {"rev": self.world.next_number("rev"), "at": self.world.clock.timestamp()}
        tomb["days"] = sorted(rec["exc"]) if rec["e"].get("recurrence") else []
        self.tombs.save(str(tomb["rev"]), tomb)
        self._tombs[rec["cal"]].append(tomb)

    def move(self, rec, cal):
        """Put an event into another calendar of the mailbox: a new ordinary id, the same event."""
        self._forget(rec)
        self._bury(rec)
        fresh = self.new(rec["box"], cal, rec["e"], rec["uid"])
        return self.put({**rec, "cal": cal, "id": fresh["id"]})

    def forget_calendar(self, cal):
        """Drop every event of a calendar."""
        for rec in list(self._by_calendar.get(cal, {}).values()):
            self._forget(rec)

    def of(self, cal):
        """All records of a calendar, in order of creation."""
        return list(self._by_calendar.get(cal, {}).values())

    def tombs_of(self, cal):
        """Stones of a calendar, oldest first."""
        return self._tombs[cal]

    def copies(self, uid):
        """Records of the same meeting in all mailboxes."""
        return [self.table[key] for key in sorted(self._by_uid.get(uid, ()), key=int)]

    def in_box(self, box, uid):
        """The record of a meeting in one mailbox, or None."""
        return next((rec for rec in self.copies(uid) if rec["box"] == box), None)

    def find(self, event_id):
        """The item of an id; 400 for what can't be an id, 404 for what is not there."""
        if not event_id.startswith(FORMS):
            raise bad("ErrorInvalidIdMalformed", "Id is malformed.")
        rec = self._by_id.get(event_id)
        if rec is not None:
            return Item(rec)
        named = OCCURRENCE.fullmatch(event_id)
        rec = self._by_id.get(f"{named[1]}=") if named else None
        if rec is None or not rec["e"].get("recurrence"):
            raise not_found()
        day = "-".join(named.groups()[1:])
        if day in rec["cut"] or not self.happens(rec, day):
            raise not_found()
        return Item(rec, day)

    @staticmethod
    def happens(rec, day):
        """Whether the series has an occurrence on that day."""
        last = recurrence.as_date(day)
        return any(d == day for d in recurrence.days_of(rec["e"], last))

    def in_window(self, rec, low, high):
        """Items of a record that touch a window: itself, or its occurrences and exceptions."""
        if not rec["e"].get("recurrence"):
            item = Item(rec)
            start, end = item.span
            return [item] if start < high and recurrence.touches(start, end, low) else []
        changed = set(rec["exc"]) - set(rec["cut"])
        days = recurrence.days_between(rec["e"], low, high)
        found = [Item(rec, d) for d in days if d not in changed and d not in rec["cut"]]
        for day in changed:
            item = Item(rec, day)
            start, end = item.span
            if start < high and recurrence.touches(start, end, low):
                found.append(item)
        return sorted(found, key=lambda item: item.span)
