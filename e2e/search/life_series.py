"""What people do with series, on both sides; see `life.py`."""

from datetime import UTC, datetime, timedelta

from .views import WORDS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SeriesVerbs:
    """Weekly meetings: made, changed as a whole, in part, from somewhere on."""

    def books_weekly(self, who, value):
        """A weekly meeting in Odoo."""
        thing = self._new(who, is_series=True)
        start = self._start(0, thing)
        rule = {day: start.weekday() == n for n, day in enumerate(DAYS)}
        who.books(
            f"{thing.tag} {WORDS[value]}", start, recurrency=True, rrule_type="weekly", interval=1,
            end_type="count", count=3 + value % 2, event_tz="UTC", rrule_type_ui="weekly", **rule,
        )  # fmt: skip

    def adds_weekly(self, who, value):
        """A weekly meeting made on the telephone."""
        thing = self._new(who, is_series=True, is_left=len(who.homes) > 1)
        start = self._start(0, thing).replace(tzinfo=UTC)
        who.hand.add(f"{thing.tag} {WORDS[value]}", start, guests=(), weeks=3 + value % 2)

    def edits_one(self, who, pick, slot, name, value):
        """One occurrence in Odoo: "This event"."""
        thing, rows = self._here(who, pick, is_series=True)
        if thing and name != "day":
            row = rows[slot % len(rows)]
            values = self._near(row, name, self._as_odoo(thing, name, value))
            who.edits(row.handle, recurrence_update="self_only", **values)

    def edits_all(self, who, pick, value):
        """A whole series in Odoo: "All events"."""
        thing, rows = self._here(who, pick, is_series=True)
        if thing:
            title = f"{thing.tag} {WORDS[value]}"
            who.edits(rows[0].handle, recurrence_update="all_events", name=title)

    def edits_following(self, who, pick, slot, value):
        """The rest of a series in Odoo: "This and following events"."""
        thing, rows = self._here(who, pick, is_series=True)
        if thing:
            row = rows[slot % len(rows)]
            title = f"{thing.tag} {WORDS[value]}"
            thing.is_split = True
            who.edits(row.handle, recurrence_update="future_events", name=title)

    def drops_one(self, who, pick, slot):
        """Delete one occurrence in Odoo."""
        thing, rows = self._here(who, pick, is_series=True)
        if thing:
            who.deletes(rows[slot % len(rows)].handle)

    def changes_one(self, who, pick, slot, name, value):
        """Change one occurrence on the telephone."""
        thing, entries = self._there(who, pick, is_series=True)
        if thing and name != "day":
            view, home = entries[slot % len(entries)]
            values = self._near(view, name, self._as_typed(thing, name, value))
            who.hand.change(view.handle, home, **values)

    def changes_all(self, who, pick, value):
        """Change the title of the whole series on the telephone."""
        self._change_series(who, pick, title=WORDS[value])

    def changes_rule(self, who, pick, value):
        """Make the series longer or shorter on the telephone."""
        self._change_series(who, pick, weeks=2 + value)

    def _change_series(self, who, pick, **to):
        thing, entries = self._there(who, pick, is_series=True)
        series = next(((v.series, home) for v, home in entries if v.series), None)
        if series:
            to = {n: f"{thing.tag} {v}" if n == "title" else v for n, v in to.items()}
            who.hand.change(*series, **to)

    def removes_one(self, who, pick, slot):
        """Delete one occurrence on the telephone."""
        thing, entries = self._there(who, pick, is_series=True)
        if thing:
            view, home = entries[slot % len(entries)]
            who.hand.remove(view.handle, home)

    def deletes_all(self, who, pick):
        """Delete a whole series in Odoo: "All events"."""
        thing, rows = self._here(who, pick, is_series=True)
        if thing:
            thing.is_deleted = True
            who.deletes_all(rows[0].handle)

    def removes_all(self, who, pick):
        """Delete a whole series on the telephone."""
        thing, entries = self._there(who, pick, is_series=True)
        series = next(((v, home) for v, home in entries if v.series), None)
        if series:
            self._note_removed(who, thing, series[0])
            who.hand.remove(series[0].series, series[1])

    @staticmethod
    def _near(view, name, values):
        """An occurrence moves by two hours only: calendars let none pass another one."""
        if name != "start":
            return values
        later = datetime.fromisoformat(view.start) + timedelta(hours=2)
        if "stop" in values:
            return {"start": later, "stop": later + timedelta(hours=1)}
        return {"start": later.replace(tzinfo=UTC)}
