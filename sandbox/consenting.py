"""What a person does on a sign-in page, for clients without a browser."""

import re
from html import unescape
from urllib.parse import urljoin

from .second_factor import CODE, FIELD

HIDDEN = re.compile(r"<input type=hidden name='([^']*)' value='([^']*)'>")


def fill_in(http, url, text, *, email, password, deny, scopes, factor=CODE):
    """Fill in the page `text` that stands at `url` and press the button; then the code, if one
    is asked for. `http` is the client's. Returns the last answer: (status, headers, bytes)."""
    offered = [unescape(s) for s in re.findall(r"name=scope value='([^']*)'", text)]
    ticked = offered if scopes is None else [s for s in offered if s in scopes]
    pairs = [("user", email), ("password", password), *(("scope", s) for s in ticked)]
    pairs.append(("decision", "deny" if deny else "allow"))
    action = target(url, text)
    status, headers, raw = http("POST", action, form=pairs)
    text = raw.decode()
    if status == 200 and f"name={FIELD}" in text:
        kept = [(unescape(name), unescape(value)) for name, value in HIDDEN.findall(text)]
        pairs = [*kept, (FIELD, factor), ("decision", "allow")]
        return http("POST", target(action, text), form=pairs)
    return status, headers, raw


def target(url, text):
    """Where the form of a page goes."""
    return urljoin(url, unescape(re.search(r'<form[^>]*action="([^"]*)"', text)[1]))
