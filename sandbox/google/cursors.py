"""Page tokens and sync tokens: opaque, signed, and bound to the query that made them."""

import base64
import hashlib
import hmac
import json

from .errors import full_sync_required, invalid

SYNC_TTL_S = 30 * 86400


class Cursors:
    """Makes and reads tokens; a forged one is worth nothing."""

    def __init__(self, world):
        self.world = world
        meta = world.meta
        if "cursor_key" not in meta:
            meta.save(
                "cursor_key", hashlib.sha256(str(world.clock.timestamp()).encode()).hexdigest()
            )
        self._key = meta["cursor_key"].encode()

    def pack(self, value):
        """A token that carries `value`."""
        raw = json.dumps(value, separators=(",", ":")).encode()
        mac = hmac.new(self._key, raw, "sha256").digest()[:9]
        return base64.urlsafe_b64encode(mac + raw).rstrip(b"=").decode()

    def unpack(self, token):
        """The value of a token, or None when it was not made here."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        mac, value = raw[:9], raw[9:]
        if not hmac.compare_digest(mac, hmac.new(self._key, value, "sha256").digest()[:9]):
            return None
        return json.loads(value)

    def page(self, kind, query, last, top):
        """Token of the page after `last`; `top` is the revision when the listing began."""
        return self.pack({"k": "page:" + kind, "q": query, "last": last, "top": top})

    def read_page(self, token, kind, query):
        """`(query, last, top)` of a page token. Parameters that differ from its own are a 400."""
        value = self.unpack(token)
        if value is None or value["k"] != "page:" + kind:
            raise invalid("Invalid page token value.", "pageToken")
        given = {
            name: values
            for name, values in query.items()
            if name not in ("pageToken", "maxResults")
        }
        changed = any(value["q"].get(name) != values for name, values in given.items())
        if changed:
            raise invalid("Page token was made with other parameters.", "pageToken")
        return (
            {**value["q"], "maxResults": query.get("maxResults", [])},
            value["last"],
            value["top"],
        )

    def sync(self, kind, user, rev, fingerprint):
        """Token for the changes after revision `rev`."""
        now = self.world.clock.timestamp()
        return self.pack(
            {"k": "sync:" + kind, "u": user, "r": rev, "f": fingerprint, "t": int(now)}
        )

    def read_sync(self, token, kind, user, fingerprint):
        """The revision behind a sync token: 410 when forged, foreign or too old.

        Other parameters than those of the first listing are undefined at Google; here they are
        a 400, so that the mistake is seen.
        """
        value = self.unpack(token)
        dead_before = self.world.meta.get("sync_dead_before", {}).get(user, 0)
        dead_before = max(dead_before, self.world.meta.get("sync_dead_before", {}).get("*", 0))
        if value is None or (value["k"], value["u"]) != ("sync:" + kind, user):
            raise full_sync_required()
        if value["r"] < dead_before or self.world.clock.timestamp() - value["t"] > SYNC_TTL_S:
            raise full_sync_required()
        if value["f"] != fingerprint:
            raise invalid("Sync token was made with other parameters.", "syncToken")
        return value["r"]

    def expire_sync(self, user=""):
        """Make every sync token given so far worthless (of one user, or all)."""
        dead = dict(self.world.meta.get("sync_dead_before", {}))
        dead[user or "*"] = self.world.next_number("rev") + 1
        self.world.meta.save("sync_dead_before", dead)
        self.world.next_number("rev")
