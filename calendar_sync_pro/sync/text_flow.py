"""HTML as one string of visible characters, each knowing the source it came from.

Lets text be found as a reader sees it and cut out of markup without touching the rest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .html_text import BLOCK_TAGS, Token, tokens

_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?")
_QUOTE_MARK = re.compile(r"[ \t\xa0]*[>|]")
_BREAK = r"<br\s*/?>"
_SPACE = rf"(?:\s|&nbsp;|\xa0|{_BREAK})"
_SHELL = re.compile(
    rf"<(?P<name>a|b|i|u|em|strong|font|span|div|p|small|o:p)\b[^>]*>"
    rf"(?P<inner>(?:{_SPACE}|\0)*+)</(?P=name)\s*>",
    re.IGNORECASE,
)
_RUN = re.compile(rf"\0(?:{_SPACE}|\0)*\0", re.IGNORECASE)
_OWN_LINE = re.compile(
    rf"(?P<before>\A|{_BREAK}|\n|<div[^>]*>|<p\b[^>]*>|</div>|</p>)[ \t]*\0[ \t]*(?:{_BREAK}|\n)",
    re.IGNORECASE,
)
_LAST_LINE = re.compile(rf"(?:{_BREAK}|\n)[ \t]*\0(?=\s*(?:</|\Z))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link: `[start, stop)` of its text in the flow, and the sources of its two tags."""

    start: int
    stop: int
    tags: tuple[tuple[int, int], tuple[int, int]]


class Flow:
    """The visible text of `source` in `text`. What is quoted (blockquote, or a line that begins
    with `>`) is NUL there, which no pattern of ours matches. `links` has the links whose address
    `is_ours` accepts and which are not quoted."""

    def __init__(self, source: str, is_ours: Callable[[str], object]) -> None:
        self._source = source
        self._is_ours = is_ours
        self._chars: list[str] = []
        self._spans: list[tuple[int, int]] = []
        links = tuple(self._read())
        self.text = _masked("".join(self._chars))
        self.links = tuple(link for link in links if "\0" not in self.text[link.start : link.stop])

    def without(self, cuts: Iterable[tuple[int, int]]) -> str:
        """The source without these stretches of the flow and without the tags of `links`; lines
        and elements that held nothing else go too."""
        spans = {self._spans[at] for start, stop in cuts for at in range(start, stop)}
        spans.update(tag for link in self.links for tag in link.tags)
        pieces: list[str] = []
        position = 0
        for start, stop in sorted(spans):
            if start == stop:
                continue
            if start > position or not pieces:
                pieces += [self._source[position:start], "\0"]
            position = max(position, stop)
        return _tidy("".join(pieces) + self._source[position:])

    def _read(self) -> Iterator[Link]:
        """Fill the characters; yields the links."""
        depth = 0
        opened: tuple[Token, int] | None = None
        for token in tokens(self._source):
            if not token.name:
                self._add_text(token, is_quoted=depth > 0)
            elif token.name == "blockquote":
                depth = max(depth + (-1 if token.is_close else 1), 0)
            elif token.name == "a":
                if opened:
                    yield self._link(*opened, token)
                opened = (token, len(self._chars)) if self._is_ours(token.href) else None
            if token.name in BLOCK_TAGS:
                self._add("\n", token.start, token.start)
        if opened:
            yield self._link(*opened, Token(len(self._source), len(self._source)))

    def _link(self, opening: Token, start: int, end: Token) -> Link:
        stop = end.stop if end.is_close else end.start
        tags = ((opening.start, opening.stop), (end.start, stop))
        return Link(start, len(self._chars), tags)

    def _add_text(self, token: Token, *, is_quoted: bool) -> None:
        for start, stop, char in _characters(self._source, token):
            self._add("\0" if is_quoted and char != "\n" else char, start, stop)

    def _add(self, char: str, start: int, stop: int) -> None:
        self._chars.append(char)
        self._spans.append((start, stop))


def _characters(source: str, token: Token) -> Iterator[tuple[int, int, str]]:
    """(start, stop, character) of a text; an entity is one character."""
    position = token.start
    for entity in _ENTITY.finditer(source, token.start, token.stop):
        yield from ((at, at + 1, source[at]) for at in range(position, entity.start()))
        decoded = html.unescape(entity[0])
        if len(decoded) == 1:
            yield entity.start(), entity.end(), decoded
        else:
            yield from ((at, at + 1, source[at]) for at in range(entity.start(), entity.end()))
        position = entity.end()
    yield from ((at, at + 1, source[at]) for at in range(position, token.stop))


def _masked(text: str) -> str:
    lines = text.split("\n")
    return "\n".join("\0" * len(each) if _QUOTE_MARK.match(each) else each for each in lines)


def _tidy(text: str) -> str:
    """Take out lines and elements that are left empty. NUL marks where something was cut."""
    before = ""
    while before != text:
        before = text
        text = _RUN.sub("\0", text)
        text = _SHELL.sub(lambda found: "\0" if "\0" in found["inner"] else found[0], text)
    text = _OWN_LINE.sub(r"\g<before>", text)
    return _LAST_LINE.sub("", text).replace("\0", "")
