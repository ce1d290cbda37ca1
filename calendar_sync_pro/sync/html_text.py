"""Reading HTML as text, without a tree: providers rewrite markup, the words stay.

A source position is kept for every character, so that text can be cut out of markup without
touching the rest of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

_BLOCKS = (
    "address article aside blockquote body br caption center dd div dl dt fieldset figure footer"
    " form h1 h2 h3 h4 h5 h6 head header hr html li main nav ol p pre section table tbody td tfoot"
    " th thead title tr ul"
)
BLOCK_TAGS = frozenset(_BLOCKS.split())
HIDDEN_TAGS = frozenset({"script", "style", "title"})

# No part of a tag may cross a `<`, so that reading stays linear in hostile text.
_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:-->|\Z))"
    r"|<[!?][^<>]*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*(?::[a-zA-Z]+)?)(?=[\s/>])"
    r"""(?P<attributes>(?:"[^"<]*"|'[^'<]*'|[^'"<>])*+)>""",
    re.DOTALL,
)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HAS_MARKUP = re.compile(r"[<&]")


class Token(NamedTuple):
    """A piece of source `[start, stop)`: text (name ''), or a tag with its lower-case name.

    Comments and declarations have the name '!'. `href` is decoded and only set on links.
    """

    start: int
    stop: int
    name: str = ""
    is_close: bool = False
    href: str = ""


def tokens(source: str) -> Iterator[Token]:
    """Cut `source` into text and tags. What is no tag (`a < b`, `<https://…>`) is text."""
    position = 0
    for found in _TAG.finditer(source):
        if found.start() > position:
            yield Token(position, found.start())
        yield _tag(found)
        position = found.end()
    if position < len(source):
        yield Token(position, len(source))


def _tag(found: re.Match) -> Token:
    name = (found["name"] or "!").lower()
    href = _HREF.search(found["attributes"]) if name == "a" and not found["close"] else None
    target = html.unescape(next(filter(None, href.groups()), "")) if href else ""
    return Token(found.start(), found.end(), name, bool(found["close"]), target)


def has_tags(source: str) -> bool:
    """True when there is at least one tag, so that line ends are only white space."""
    return "<" in source and _TAG.search(source) is not None


def text_of(source: str) -> str:
    """The words of an HTML text, white space collapsed, entities resolved.

    The same text comes out for `<br>` and a line end, for any block elements, for links that a
    provider adds around addresses, and for attributes and styles it drops. Text without markup
    takes a fast path.
    """
    if not _HAS_MARKUP.search(source):
        return " ".join(source.split())
    if "<" not in source:
        return " ".join(html.unescape(source).split())
    pieces: list[str] = []
    hidden = ""
    for token in tokens(source):
        if hidden:
            hidden = "" if token.is_close and token.name == hidden else hidden
        elif not token.name:
            pieces.append(source[token.start : token.stop])
        elif token.name in HIDDEN_TAGS and not token.is_close:
            hidden = token.name
        elif token.name in BLOCK_TAGS:
            pieces.append("\n")
    return " ".join(html.unescape("".join(pieces)).split())


def html_of(source: str) -> str:
    """The text as HTML: plain text gets its line ends as `<br>`, HTML stays as it is."""
    if "\n" not in source or has_tags(source):
        return source
    return source.replace("\r\n", "\n").strip("\n").replace("\n", "<br>")
