"""The outbox: every mail that a provider would have sent, kept instead of sent."""

from .clock import rfc3339


class Outbox:
    """Mails in the order in which they would have gone out."""

    def __init__(self, world):
        self._world = world
        self._table = world.store.table("mails")

    def add(self, kind, sender, to, **facts):
        """Record one mail. `kind`: invitation, update, cancellation or response.

        `certain=False` marks a mail that the provider may or may not send (the caller left the
        choice to the provider); a product that must not surprise anyone treats it as sent.
        `agent` is the user agent of the request that caused it.
        """
        number = self._world.next_number("mail")
        mail = {
            "n": number,
            "at": rfc3339(self._world.clock.now()),
            "kind": kind,
            "from": sender,
            "to": to,
            "agent": self._world.agent,
            "certain": True,
            **facts,
        }
        return self._table.save(str(number), mail)

    def list(self, to="", kind="", since=0):
        """Recorded mails, oldest first."""
        mails = sorted(self._table.values(), key=lambda m: m["n"])
        wanted = (m for m in mails if m["n"] > since and to in ("", m["to"]))
        return [m for m in wanted if kind in ("", m["kind"])]

    def clear(self):
        """Empty the outbox."""
        self._table.clear_all()
