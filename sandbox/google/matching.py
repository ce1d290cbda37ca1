"""The filters of events.list that look into an event."""

from ..clock import parse_instant


class Filter:
    """Callable record -> bool for iCalUID, q, properties, types and updatedMin."""

    def __init__(self, query, updated_min):
        self.uid = query.get("iCalUID", [""])[0]
        self.words = query.get("q", [""])[0].lower().split()
        self.private = _pairs(query.get("privateExtendedProperty", []))
        self.shared = _pairs(query.get("sharedExtendedProperty", []))
        self.types = set(query.get("eventTypes", []))
        self.updated_min = updated_min
        self.open = not (
            self.uid or self.words or self.private or self.shared or self.types or updated_min
        )

    def __call__(self, rec):
        if self.open:
            return True
        e = rec["e"]
        if self.uid and e["iCalUID"] != self.uid:
            return False
        if self.types and e.get("eventType", "default") not in self.types:
            return False
        if self.updated_min and parse_instant(e["updated"]).timestamp() < self.updated_min:
            return False
        return self._properties(e) and self._text(e)

    def _properties(self, e):
        held = e.get("extendedProperties", {})
        wanted = (("private", self.private), ("shared", self.shared))
        return all(held.get(side, {}).get(k) == v for side, pairs in wanted for k, v in pairs)

    def _text(self, e):
        if not self.words:
            return True
        parts = [e.get(name, "") for name in ("summary", "description", "location")]
        for guest in e.get("attendees", []):
            parts += [guest["email"], guest.get("displayName", "")]
        text = " ".join(parts).lower()
        return all(word in text for word in self.words)


def _pairs(texts):
    return [tuple(text.split("=", 1)) for text in texts if "=" in text]
