"""robots.txt as Google reads it: the longest rule that fits counts, at a tie the one that allows.

Source: RFC 9309 §2.2.2. The library of Python takes the first one that fits instead.
"""

AGENT = "apis-google"


def allows(text, path):
    """Whether the file's rules for `APIs-Google`, else those for everybody, let `path` be asked."""
    groups = _groups(text)
    rules = groups.get(AGENT, groups.get("*", []))
    fitting = [(len(prefix), is_allowed) for prefix, is_allowed in rules if path.startswith(prefix)]
    return max(fitting, default=(0, True))[1]


def _groups(text):
    """{agent: [(prefix, is allowed)]}; an empty rule says nothing."""
    groups, agents, is_open = {}, [], False
    for line in text.splitlines():
        name, _colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [*agents, value.lower()] if is_open else [value.lower()]
            is_open = True
            groups.setdefault(value.lower(), [])
        elif name in ("allow", "disallow"):
            is_open = False
            for agent in agents if value else ():
                groups[agent].append((value, name == "allow"))
    return groups
