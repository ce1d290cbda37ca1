"""$filter and $orderby for events: the part of OData that calendar clients use."""

import re

from .errors import bad

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),])|(?P<word>[\w./:@{}+\-]+))", re.UNICODE
)
PROPERTY = re.compile(
    r"singleValueExtendedProperties/any\(\s*(\w+)\s*:\s*\1/id\s+eq\s+'((?:[^']|'')*)'\s+and\s+\1/value\s+(eq|ne)\s+'((?:[^']|'')*)'\s*\)",
    re.I,
)
COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a is not None and a > b,
    "ge": lambda a, b: a is not None and a >= b,
    "lt": lambda a, b: a is not None and a < b,
    "le": lambda a, b: a is not None and a <= b,
}
CALLS = {
    "startswith": lambda a, b: (a or "").lower().startswith(b.lower()),
    "endswith": lambda a, b: (a or "").lower().endswith(b.lower()),
    "contains": lambda a, b: b.lower() in (a or "").lower(),
}
FILTERED = {
    "subject", "start/dateTime", "end/dateTime", "iCalUId", "type", "isCancelled", "isAllDay",
    "createdDateTime", "lastModifiedDateTime", "showAs", "sensitivity", "importance", "categories",
    "location/displayName", "organizer/emailAddress/address", "isOnlineMeeting", "isOrganizer",
    "seriesMasterId", "id",
}  # fmt: skip
DATED = ("start/dateTime", "end/dateTime", "createdDateTime", "lastModifiedDateTime")


def refuse(text):
    """400 for what can't be filtered."""
    return bad("ErrorInvalidUrlQueryFilter", f"The query filter contains an invalid part: {text}")


def parse(text):
    """A predicate `(resource, record) -> bool`, or None without a filter."""
    if not text:
        return None
    properties = []

    def keep(found):
        properties.append(
            (found[2].replace("''", "'"), found[3].lower(), found[4].replace("''", "'"))
        )
        return f"@property{len(properties) - 1}"

    tokens = split(PROPERTY.sub(keep, text))
    test = Parser(tokens, properties).whole()
    return test


def split(text):
    """Tokens of the rest."""
    tokens, place = [], 0
    while place < len(text.rstrip()):
        found = TOKEN.match(text, place)
        if found is None:
            raise refuse(text[place:])
        tokens.append(found[0].strip())
        place = found.end()
    return tokens


class Parser:
    """Recursive descent: or, and, not, comparisons, calls."""

    def __init__(self, tokens, properties):
        self.tokens = list(tokens)
        self.properties = properties

    def whole(self):
        """The predicate of all tokens."""
        test = self.either()
        if self.tokens:
            raise refuse(self.tokens[0])
        return test

    def next(self, wanted=""):
        """The next token, which may have to be a certain one."""
        token = self.tokens.pop(0) if self.tokens else ""
        if not token or (wanted and token != wanted):
            raise refuse(token or "end")
        return token

    def peek(self):
        """The next token in lower case, without taking it."""
        return self.tokens[0].lower() if self.tokens else ""

    def either(self):
        """a or b."""
        test = self.both()
        while self.peek() == "or":
            self.next()
            test = _or(test, self.both())
        return test

    def both(self):
        """a and b."""
        test = self.term()
        while self.peek() == "and":
            self.next()
            test = _and(test, self.term())
        return test

    def term(self):
        """One comparison, call, negation or group."""
        word = self.next()
        if word.lower() == "not":
            inner = self.term()
            return lambda e, rec: not inner(e, rec)
        if word == "(":
            inner = self.either()
            self.next(")")
            return inner
        if word.startswith("@property"):
            return has_property(*self.properties[int(word[9:])])
        if word.lower() in CALLS:
            return self.call(CALLS[word.lower()])
        return self.comparison(word)

    def call(self, function):
        """function(path, 'text')."""
        self.next("(")
        path = known(self.next())
        self.next(",")
        value = literal(self.next(), path)
        self.next(")")
        return lambda e, rec: function(value_at(e, path), value)

    def comparison(self, path):
        """path op literal."""
        known(path)
        operator = COMPARE.get(self.next().lower())
        if operator is None:
            raise refuse(path)
        value = literal(self.next(), path)
        return lambda e, rec: operator(comparable(value_at(e, path), path), value)


def _or(one, other):
    return lambda e, rec: one(e, rec) or other(e, rec)


def _and(one, other):
    return lambda e, rec: one(e, rec) and other(e, rec)


def known(path):
    """A path that may be filtered."""
    if path not in FILTERED:
        raise refuse(path)
    return path


def has_property(name, operator, value):
    """The name is compared exactly, the value without regard to case."""

    def test(_e, rec):
        have = rec["props"].get(name)
        same = have is not None and have.lower() == value.lower()
        return same if operator == "eq" else have is not None and not same

    return test


def value_at(e, path):
    """The member of a resource at a path."""
    for name in path.split("/"):
        e = (e or {}).get(name)
    return e


def comparable(value, path):
    """Dates compare as text to the second."""
    return value[:19] if path in DATED and isinstance(value, str) else value


def literal(token, path):
    """A value of the filter."""
    if token.startswith("'"):
        value = token[1:-1].replace("''", "'")
    else:
        value = {"true": True, "false": False, "null": None}.get(token.lower(), token)
    return value[:19] if path in DATED and isinstance(value, str) else value


def ordered(pairs, order):
    """Pairs sorted by `$orderby`."""
    for part in reversed((order or "").split(",")):
        path, _, direction = part.strip().partition(" ")
        if not path:
            continue
        if known(path):
            pairs = sorted(
                pairs,
                key=lambda pair: (value_at(pair[1], path) is not None, value_at(pair[1], path)),
                reverse=direction.strip().lower() == "desc",
            )
    return pairs
