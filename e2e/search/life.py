"""One life of the team: its steps are done one by one, and what has to come out is kept beside it.

For each event and field `possible` holds the values that may stand in the end: somebody who edits a
value that is on the screen overwrites it; one that was typed elsewhere and is not there yet may win
or lose against the own one, but nothing else may come out.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .grammar import PEOPLE
from .life_people import PeopleVerbs
from .life_series import SeriesVerbs
from .views import DAY, WORDS

PLACES = ("", "Room 1", "Pier 7", "Annex")
CUSTOMER = "customer@else.example"


@dataclass
class Thing:
    """An event of the team as one knows it who saw everything."""

    tag: str
    owner: str
    is_series: bool = False
    is_shared: bool = False
    is_invited: bool = False
    is_deleted: bool = False
    is_left: bool = False
    is_split: bool = False
    may_return: bool = False
    possible: dict = field(default_factory=dict)
    past: dict = field(default_factory=dict)
    own_ways: set = field(default_factory=set)

    def overwrites(self, name, shown, value):
        """Somebody who saw `shown` typed `value`."""
        kept = self.possible.setdefault(name, {shown})
        kept.discard(shown)
        kept.add(value)
        self.past.setdefault(name, set()).add(shown)

    def is_back(self, name, value):
        """Whether the value was shown before. Typed anew over a write that nobody lived to note,
        it looks as if nothing had happened there since."""
        return value in self.past.get(name, ())

    def may_be(self, name, shown, value):
        """Somebody typed a value who has no say about it."""
        self.possible.setdefault(name, {shown}).add(value)

    def holds_again(self, view):
        """What waited in Odoo was taken back; `view` is how it stands in the calendar."""
        self.is_deleted = False
        times = (view.start, view.stop, view.is_all_day)
        for name, shown in (("title", view.title), ("place", view.place), ("when", times)):
            if name in self.possible:
                self.possible[name].add(shown)


class Life(SeriesVerbs, PeopleVerbs):
    """The team, its things, and the verbs of the grammar."""

    def __init__(self, office):
        self.office, self.place = office, office.place
        self.team = office.hires(*PEOPLE)
        self.things: dict[str, Thing] = {}
        self.asked: set[str] = set()
        self.told_by_odoo: set[str] = set()
        self.begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        self.begin = self.begin.replace(hour=8) + timedelta(days=3)
        self.faults_set, self.had_trouble = 0, False

    def lives(self, steps):
        """Do the steps."""
        for verb, who, *rest in steps:
            self.office.statistics["actions"] += 1
            try:
                getattr(self, verb)(self.team[who], *rest)
            except Exception as error:  # what a provider refuses to its own app is not our concern
                if not self.place.is_refusal(error):
                    raise

    # -- things -----------------------------------------------------------------------------------
    def _new(self, who, **facts):
        thing = Thing(f"E{len(self.things) + 1}", who.name, **facts)
        self.things[thing.tag] = thing
        return thing

    def _start(self, value, thing):
        hours = len(self.things) % 8
        return self.begin + timedelta(days=int(thing.tag[1:]) % 5 + 7 * value, hours=hours)

    def _here(self, who, pick, *, is_series):
        """(thing, rows in Odoo) of one of this person's events, or nothing."""
        return self._pick(who.here(), pick, is_series=is_series)

    def _there(self, who, pick, *, is_series):
        """(thing, [(entry, calendar)]) of one of the events in this person's calendars."""
        found = who.there()
        home_of = {id(view): home for view, home in found}
        thing, views = self._pick([view for view, _home in found], pick, is_series=is_series)
        return thing, [(view, home_of[id(view)]) for view in views]

    def _pick(self, views, pick, *, is_series):
        tags = sorted({view.tag for view in views if self._is(view.tag, is_series)})
        if not tags:
            return None, []
        tag = tags[pick % len(tags)]
        mine = [view for view in views if view.tag == tag]
        return self.things[tag], sorted(mine, key=lambda view: (view.start, view.handle))

    def _is(self, tag, is_series):
        thing = self.things.get(tag)
        return thing is not None and thing.is_series == is_series

    # -- singles ----------------------------------------------------------------------------------
    def books(self, who, value):
        """A meeting in Odoo."""
        thing = self._new(who)
        who.books(f"{thing.tag} {WORDS[value]}", self._start(value, thing))

    def books_both(self, who, value):
        """A meeting of both in Odoo; nobody is told."""
        thing = self._new(who, is_shared=True)
        other = self.team[PEOPLE[who.name == PEOPLE[0]]]
        title = f"{thing.tag} {WORDS[value]}"
        who.books(title, self._start(value, thing), guests=[other.partner])

    def adds(self, who, value):
        """An event made on the telephone."""
        thing = self._new(who, is_left=len(who.homes) > 1)
        start = self._start(value, thing).replace(tzinfo=UTC)
        who.hand.add(f"{thing.tag} {WORDS[value]}", start, guests=())

    def adds_with_guest(self, who, value):
        """A meeting with a customer made on the telephone."""
        thing = self._new(who, is_left=len(who.homes) > 1)
        start = self._start(value, thing).replace(tzinfo=UTC)
        who.hand.add(f"{thing.tag} {WORDS[value]}", start, guests=(CUSTOMER,))

    def edits(self, who, pick, name, value):
        """Change one field in Odoo."""
        thing, rows = self._here(who, pick, is_series=False)
        if thing:
            [row] = rows
            self._expect(thing, row, name, value, thing.overwrites)
            who.edits(row.handle, **self._as_odoo(thing, name, value))

    def changes(self, who, pick, name, value):
        """Change one field on the telephone."""
        thing, entries = self._there(who, pick, is_series=False)
        if thing:
            view, home = entries[0]
            is_own = thing.owner == who.name
            if thing.is_invited and not is_own:
                thing.own_ways.add(who.name)  # a guest's change of an invitation is the guest's own
            self._expect(thing, view, name, value, thing.overwrites if is_own else thing.may_be)
            who.hand.change(view.handle, home, **self._as_typed(thing, name, value))

    def deletes(self, who, pick):
        """Delete in Odoo."""
        thing, rows = self._here(who, pick, is_series=False)
        if thing:
            thing.is_deleted = True
            who.deletes(rows[0].handle)

    def removes(self, who, pick):
        """Delete on the telephone; somebody else's meeting is only declined by that."""
        thing, entries = self._there(who, pick, is_series=False)
        if thing:
            self._note_removed(who, thing, entries[0][0])
            who.hand.remove(entries[0][0].handle, entries[0][1])

    def _note_removed(self, who, thing, view):
        """A worker that died right after creating an event has not written down that it did. Where
        a deleted event leaves no trace, its successor can't know that it was there."""
        thing.is_deleted |= thing.owner == who.name
        is_known = self.office.is_recorded(who.email, view)
        thing.may_return |= not (is_known or self.place.keeps_ids)
        self._note_thrown_away(who, thing, view)

    def _note_thrown_away(self, who, thing, view):
        """Where nobody is told of it, nobody can know that a guest threw an invitation away before
        it was read."""
        is_heard = self.place.tells_removals or self.office.is_recorded(who.email, view)
        if thing.is_invited and thing.owner != who.name and not is_heard:
            thing.own_ways.add(who.name)

    def _expect(self, thing, view, name, value, note):
        title, when, place = view.title, (view.start, view.stop, view.is_all_day), view.place
        new = self._value(thing, name, value)
        shown = {"title": title, "place": place, "start": when, "day": when}[name]
        name = "when" if name in ("start", "day") else name
        if self.had_trouble and thing.is_back(name, new):
            note = thing.may_be
        note(name, shown, new)

    def _value(self, thing, name, value):
        """What will be shown."""
        start = self._start(value, thing)
        day = f"{start:{DAY}}"
        return {
            "title": f"{thing.tag} {WORDS[value]}",
            "place": PLACES[value],
            "start": (f"{start}", f"{start + timedelta(hours=1)}", False),
            "day": (day, day, True),
        }[name]

    def _as_odoo(self, thing, name, value):
        start = self._start(value, thing)
        return {
            "title": {"name": f"{thing.tag} {WORDS[value]}"},
            "place": {"location": PLACES[value]},
            "start": {"allday": False, "start": start, "stop": start + timedelta(hours=1)},
            "day": {"allday": True, "start_date": start.date(), "stop_date": start.date()},
        }[name]

    def _as_typed(self, thing, name, value):
        start = self._start(value, thing).replace(tzinfo=UTC)
        return {
            "title": {"title": f"{thing.tag} {WORDS[value]}"},
            "place": {"place": PLACES[value]},
            "start": {"start": start},
            "day": {"day": start.replace(hour=0)},
        }[name]

    # -- the worker -------------------------------------------------------------------------------
    def syncs(self, who):
        """A turn of the worker."""
        who.syncs()

    def sends(self, who):
        """A turn that only sends what was saved."""
        who.syncs(is_asked=False)

    def relists(self, who):
        """The provider forgets where we were."""
        self.place.forgets(who.email)

    def meets_trouble(self, who, kind, skip):
        """One of the requests of the next turn meets trouble."""
        kinds = list(self.place.trouble)
        self.place.disturbs(who.email, kinds[kind % len(kinds)], skip)
        if "grant" in kinds[kind % len(kinds)]:
            self.told_by_odoo |= {other.email for other in self.team.values()}
        self.faults_set += 1
        self.had_trouble = True
        who.syncs()

    def dies(self, who, point):
        """A turn of a worker that is killed in the middle."""
        self.had_trouble = True
        who.syncs(point)
