"""Descriptions: HTML on our side, plain text in iCalendar, and HTML beside it. Pure.

DESCRIPTION is plain. Markup that plain text cannot hold goes to X-ALT-DESC as well, and is read
from there as long as it says the same: a program that knows only DESCRIPTION leaves a stale copy.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from .lines import Component, escaped, put_together, unescaped

ALT = "X-ALT-DESC"
_STYLED = "STYLED-DESCRIPTION"
_MARKUP = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|<!--|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);"
)
_BARE = frozenset({"p", "br", "div", "span", "body", "html"})
_BLOCK_TAGS = (
    "address article blockquote body div dl dt dd figure footer h1 h2 h3 h4 h5 h6 header hr li"
    " ol p pre section table tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HIDDEN = frozenset({"script", "style", "title", "head"})


class _Plain(HTMLParser):
    """Collects the words, and the address behind each link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.has_more = False
        self._hidden = 0
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag, attrs):
        """Note line ends and links."""
        self.has_more = self.has_more or tag not in _BARE
        self._hidden += tag in _HIDDEN
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a":
            href = dict(attrs).get("href") or ""
            self._links.append((href, len(self.parts)))

    def handle_endtag(self, tag):
        """End a line, or write a link's address behind its words."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self._break()
        elif tag == "a" and self._links:
            href, first = self._links.pop()
            words = "".join(self.parts[first:]).strip()
            address = href.removeprefix("mailto:")
            if address and address.rstrip("/") != words.rstrip("/"):
                self.parts.append(f": {address}" if words else address)

    def handle_data(self, data):
        """Words; line ends inside of them mean nothing."""
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data.replace("\xa0", " ")))

    def _break(self):
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")


def has_markup(text: str) -> bool:
    """True when the text is HTML rather than plain."""
    return _MARKUP.search(text) is not None


def plain_of(source: str) -> tuple[str, bool]:
    """The text as people read it, and whether markup was lost that is more than lines."""
    if not has_markup(source):
        return source, False
    reader = _Plain()
    reader.feed(source)
    reader.close()
    lines = "".join(reader.parts).split("\n")
    return "\n".join(line.strip() for line in lines).strip("\n"), reader.has_more


def description_of(event: Component) -> str:
    """The description: HTML where it is kept beside the plain text and still says the same."""
    plain, alt = event.text("DESCRIPTION"), event.first(ALT)
    if alt is not None:
        rich = unescaped(alt.value)
        if not plain.strip() or _words(plain_of(rich)[0]) == _words(plain):
            return rich
    if has_markup(plain):
        return html.escape(plain, quote=False).replace("\n", "<br>")
    return plain


def _words(text: str) -> list[str]:
    return text.replace("\r", "").split()


def put_description(event: Component, source: str) -> None:
    """Write the description, and its HTML where that says more or stood there before."""
    plain, has_more = plain_of(source)
    event.put("DESCRIPTION", *([put_together("DESCRIPTION", escaped(plain))] if plain else []))
    rich = []
    if source and (has_more or (event.lines(ALT) and has_markup(source))):
        rich = [put_together(ALT, escaped(source), [("FMTTYPE", "text/html")])]
    event.put(ALT, *rich)
    event.drop(_STYLED)
