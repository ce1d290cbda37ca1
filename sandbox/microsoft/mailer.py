"""Mails that Outlook would send about a meeting; recorded, never sent. Nothing silences them."""

from .clean import address_of

SILENT = {"categories", "isReminderOn", "reminderMinutesBeforeStart", "lastModifiedDateTime"}
SILENT |= {"onlineMeeting", "responseStatus", "createdDateTime", "transactionId", "hasAttachments"}
UNSURE = {"showAs", "sensitivity", "importance", "hideAttendees", "allowNewTimeProposals"}
UNSURE |= {"responseRequested"}


def guests_of(e):
    """Attendees by address, without the organizer."""
    if e is None:
        return {}
    organizer = e["organizer"]["emailAddress"]["address"].lower()
    return {address_of(a): a for a in e["attendees"] if address_of(a) != organizer}


class Mailer:
    """Decides, for one write, who would get which mail. `quiet` is for seeds only."""

    def __init__(self, world, operation, quiet=False):
        self.world = world
        self.operation = operation
        self.quiet = quiet

    def about_change(self, before, after, item, names, touched=()):
        """Mails of the organizer's write: `names` changed, `touched` were only written again."""
        old, new = guests_of(before), guests_of(after)
        loud = set(names) - SILENT - {"attendees"}
        certain = bool(loud - UNSURE)
        rewritten = set(touched) - SILENT - {"attendees"}
        for email in [*old, *(g for g in new if g not in old)]:
            if email not in new:
                self.mail("cancellation", before, item, email)
            elif email not in old:
                self.mail("invitation", after, item, email)
            elif loud or rewritten:
                self.mail("update", after, item, email, certain=certain)

    def about_end(self, e, item, comment=""):
        """Everybody hears that the meeting does not take place."""
        for email in guests_of(e):
            self.mail("cancellation", e, item, email, comment=comment)

    def about_exceptions(self, rec, item):
        """A master with changed occurrences mails once for each of them too."""
        for day in sorted(rec["exc"]):
            changed = type(item)(rec, day)
            for email in guests_of(changed.e):
                self.mail("update", changed.e, changed, email, certain=False)

    def about_answer(self, e, item, email, answer, comment):
        """The organizer hears of an answer."""
        organizer = e["organizer"]["emailAddress"]["address"]
        self._record("response", e, item, email, organizer, answer=answer, comment=comment)

    def mail(self, kind, e, item, to, **facts):
        """One mail from the organizer."""
        self._record(kind, e, item, e["organizer"]["emailAddress"]["address"], to, **facts)

    def _record(self, kind, e, item, sender, to, **facts):
        accounts = self.world.store.table("ms.users")
        if self.quiet or any(accounts.get(one, {}).get("is_room") for one in (sender, to)):
            return  # a room's mail is read by its booking attendant, and answered into the list
        self.world.mails.add(
            kind,
            sender,
            to,
            provider="microsoft",
            subject=e["subject"],
            start=e["start"],
            event_id=item.id(),
            ical_uid=item.uid,
            operation=self.operation,
            **facts,
        )
