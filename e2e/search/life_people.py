"""What people do with each other and with their connections; see `life.py`."""

from .grammar import PEOPLE
from .views import WORDS


class PeopleVerbs:
    """Invite, answer, hand over, decide what waits, switch calendars, disconnect and connect."""

    def invites(self, who, value):
        """Save and invite the colleague, where the provider does that."""
        if not self.place.invites:
            return
        thing = self._new(who, is_shared=True, is_invited=True)
        other = self.team[PEOPLE[who.name == PEOPLE[0]]]
        self.asked.add(other.email)
        title = f"{thing.tag} {WORDS[value]}"
        start = self._start(value, thing)
        who.books(title, start, guests=[other.partner], invites=True)

    def answers(self, who, pick, is_coming):
        """Answer in Odoo."""
        thing, rows = self._here(who, pick, is_series=False)
        if thing and thing.is_shared and thing.owner != who.name:
            if thing.is_invited:
                self.asked |= {other.email for other in self.team.values() if other is not who}
            who.answers(rows[0].handle, "accepted" if is_coming else "declined")

    def replies(self, who, pick, is_coming):
        """Answer on the telephone."""
        thing, entries = self._there(who, pick, is_series=False)
        if thing and thing.is_shared and thing.owner != who.name:
            view, home = entries[0]
            if not is_coming:  # Outlook throws it away, and is asked here to tell nobody
                self._note_thrown_away(who, thing, view)
            who.hand.reply(view.handle, "accepted" if is_coming else "declined", home)

    def hands_over(self, who, pick):
        """Make the colleague the organizer, in Odoo."""
        thing, rows = self._here(who, pick, is_series=False)
        if thing and thing.is_shared:
            other = self.team[PEOPLE[who.name == PEOPLE[0]]]
            thing.owner = ""
            if thing.is_invited:
                self.asked.add(who.email)  # who invited everybody is a guest now, too
            who.edits(rows[0].handle, user_id=other.uid)

    def approves(self, who):
        """Send what waits for a decision, and who is told of it was chosen."""
        self.asked |= set(who.decides())

    def discards(self, who):
        """Take back what waits for a decision: what the calendar shows holds again."""
        shown = [view for view, _home in who.there()]
        taken_back = who.discards()
        for view in shown:
            if taken_back & {view.handle, view.series}:
                self.things[view.tag].holds_again(view)

    def switches(self, who):
        """Another calendar for new appointments. What stands in the former one stays there, and
        what was not read there yet is not read any more."""
        if who.is_connected():
            for thing in self.things.values():
                thing.is_left |= thing.owner in ("", who.name) or thing.is_shared
            who.switches()

    def disconnects(self, who):
        """Disconnect: where no calendar speaks for an organizer, Odoo itself mails the others."""
        self.told_by_odoo |= {other.email for other in self.team.values()}
        who.disconnects()

    def reconnects(self, who):
        """Connect again."""
        who.reconnects()
