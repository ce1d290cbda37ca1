"""Mails that Google would send about an event; recorded, never sent."""

SEND_CHOICES = ("all", "externalOnly", "none")
ROOM_DOMAIN = "resource.calendar.google.com"


def is_room(email):
    """Whether an address belongs to a room, which reads no mail."""
    return email.endswith(f"@{ROOM_DOMAIN}")


def send_choice(query):
    """`sendUpdates` of a request: all, externalOnly, none, or "" when the caller left it open."""
    choice = (query.get("sendUpdates") or [""])[0]
    if choice in SEND_CHOICES:
        return choice
    old_style = (query.get("sendNotifications") or [""])[0]
    return {"true": "all", "false": "none"}.get(old_style, "")


class Mailer:
    """Decides, for one write, who would get which mail."""

    def __init__(self, world, actor, choice, operation):
        self.world = world
        self.actor = actor
        self.choice = choice
        self.operation = operation

    def about_change(self, before, after, changed):
        """Mails of an organizer's write: `before`/`after` are event resources or None."""
        old, new = guests_of(before), guests_of(after)
        gone = after is None or after["status"] == "cancelled"
        was_gone = before is None or before["status"] == "cancelled"
        for email in [*old, *(e for e in new if e not in old)]:
            event = after if email in new and after else before
            if gone or email not in new:
                if email in old and not was_gone:
                    self._mail("cancellation", event, email, old[email])
            elif email not in old or was_gone:
                self._mail("invitation", event, email, new[email])
            elif changed:
                self._mail("update", event, email, new[email])

    def about_answer(self, event, guest):
        """The organizer hears of an answer when the guest asked for it."""
        organizer = (event.get("organizer") or {}).get("email")
        if self.choice == "all" and organizer and organizer != guest["email"]:
            self._record(
                "response", event, guest["email"], organizer, answer=guest["responseStatus"]
            )

    def _mail(self, kind, event, email, guest):
        organizer = (event.get("organizer") or {}).get("email")
        if (
            guest.get("resource")
            or is_room(email)
            or email in (organizer, self.actor)
            or self.choice == "none"
        ):
            return
        uses_google = email in self.world.store.table("google.users")
        if uses_google and self.choice != "all":
            return
        self._record(kind, event, organizer or self.actor, email)

    def _record(self, kind, event, sender, to, **facts):
        self.world.mails.add(
            kind,
            sender,
            to,
            provider="google",
            subject=event.get("summary", ""),
            start=event["start"],
            event_id=event["id"],
            ical_uid=event["iCalUID"],
            operation=self.operation,
            send_updates=self.choice or None,
            certain=bool(self.choice),
            **facts,
        )


def guests_of(event):
    """Guests by address."""
    return {g["email"]: g for g in (event or {}).get("attendees", [])}
