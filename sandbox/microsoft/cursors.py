"""Delta tokens: opaque, signed, bound to a calendar and a window."""

import base64
import hashlib
import hmac
import json
import secrets

from .errors import bad, sync_state_lost


class Cursors:
    """Makes and reads tokens; a forged one is worth nothing."""

    def __init__(self, world):
        self.world = world
        if "ms.cursor_key" not in world.meta:
            world.meta.save("ms.cursor_key", secrets.token_hex(32))
        self._key = world.meta["ms.cursor_key"].encode()

    def pack(self, value):
        """A token that carries `value`."""
        raw = json.dumps(value, separators=(",", ":")).encode()
        mac = hmac.new(self._key, raw, hashlib.sha256).digest()[:9]
        return base64.urlsafe_b64encode(mac + raw).rstrip(b"=").decode()

    def unpack(self, token):
        """The value of a token, or None when it was not made here."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        mac, value = raw[:9], raw[9:]
        if not hmac.compare_digest(mac, hmac.new(self._key, value, hashlib.sha256).digest()[:9]):
            return None
        return json.loads(value)

    def read(self, token, kind, user, cal):
        """The state behind a token: 410 when it is dead, 400 when it belongs elsewhere."""
        value = self.unpack(token)
        if value is None or value["k"] != kind:
            raise bad("SyncStateInvalid", "The sync state is invalid.")
        if (value["u"], value["c"]) != (user, cal):
            raise bad("SyncStateInvalid", "The sync state belongs to another calendar.")
        dead = self.world.meta.get("ms.sync_dead_before", {})
        ttl_s = self.world.setting("microsoft.delta_ttl_s")
        old = ttl_s and self.world.clock.timestamp() - value["t"] > ttl_s
        if old or value["n"] < max(dead.get(user, 0), dead.get("*", 0)):
            raise sync_state_lost(self.world.setting("microsoft.delta_lost_status"))
        return value

    def expire(self, user=""):
        """Make every token given so far worthless (of one user, or all)."""
        dead = dict(self.world.meta.get("ms.sync_dead_before", {}))
        dead[user or "*"] = self.world.next_number("rev") + 1
        self.world.meta.save("ms.sync_dead_before", dead)
        self.world.next_number("rev")
