"""Our own lines in an event's text, "Show Lead" for one: put there once, found again, cut out.

Calendars rewrite HTML: attributes and wrappers go, others come, text is converted to plain and
back, links are routed through redirectors. So each of our lines carries its own two marks as
visible characters, and the link is known by its path. What people type around our lines, on the
same line too, is theirs. A copy that is quoted in a reply (`>` or blockquote) is theirs as well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .html_text import has_tags, tokens
from .text_flow import Flow, Link

OPEN, CLOSE = "\u25b8", "\u25c2"
PATH = "/calendar_sync/show_lead/"

_URL = (
    r"[<(\[]?\s?https?://[^\s<>()\[\]\"']*calendar_sync(?:/|%2F)show_lead(?:/|%2F)"
    r"[^\s<>()\[\]\"']*(?:\s?[>)\]])?"
)
_OUR_URL = re.compile(_URL, re.IGNORECASE)
_OUR_LINE = re.compile(
    rf"{OPEN}(?:[^{OPEN}{CLOSE}\0\n]{{0,400}}\n){{0,2}}[^{OPEN}{CLOSE}\0\n]{{0,400}}{CLOSE}"
)
_AS_COMPOSED = re.compile(
    rf"<div>(?:{OPEN} [^<{OPEN}{CLOSE}]* {CLOSE}(?:<br>|(?=</div>)))*"
    rf'(?:{OPEN} <a href="[^"]*{PATH}[^"]*">(?P<label>[^<{OPEN}{CLOSE}]*)</a> {CLOSE})?</div>\Z'
)
_MAYBE_OURS = re.compile(rf"{OPEN}|&#9656;|&#x25b8;|calendar_sync(?:/|%2F)show_lead", re.IGNORECASE)
_LINE_URL = re.compile(r"https://[^\s\"'<>]+")
_NOT_WORDS = " \n\t\xa0<>()[]:"
_VOIDS = "area base br col embed hr img input link meta source track wbr"
_VOID_TAGS = frozenset(_VOIDS.split())


@dataclass(frozen=True, slots=True)
class TextBlock:
    """What our part of the text says: plain lines, then the link. Either may be missing.

    `link_url` is absolute and contains `PATH` followed by an opaque token.
    """

    link_url: str = ""
    link_label: str = "Show Lead"
    lines: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.link_url or any(line.strip() for line in self.lines))


def compose(source: str, block: TextBlock) -> str:
    """The text with `block` at its end, once: one that is there already is replaced.

    An empty block only takes the old one out.
    """
    text = strip(source, block.link_label)
    return _closed(text) + _block_html(block) if block else text


def strip(source: str, label: str = "Show Lead") -> str:
    """The text without our block, however the calendar rewrote it.

    Text without our marks comes back as it is. `label` is the link's text, so that words which
    somebody typed into the link can be kept.
    """
    if not _MAYBE_OURS.search(source):
        return source
    untouched = _AS_COMPOSED.search(source)
    if untouched and untouched["label"] in (None, _one_line(label)):
        source = source[: untouched.start()]
        if not _MAYBE_OURS.search(source):
            return source
    flow = Flow(source.replace("\0", ""), _OUR_URL.search)
    cuts = list(_cuts(flow, label))
    return flow.without(cuts) if cuts else source


def _block_html(block: TextBlock) -> str:
    lines = [f"{OPEN} {_linked(_one_line(line))} {CLOSE}" for line in block.lines if line.strip()]
    if block.link_url:
        url = html.escape(block.link_url)
        lines.append(f'{OPEN} <a href="{url}">{_one_line(block.link_label)}</a> {CLOSE}')
    return f"<div>{'<br>'.join(lines)}</div>"


def _one_line(text: str) -> str:
    """Escaped, and without characters that mean the end of our line."""
    text = " ".join(text.replace(OPEN, "-").replace(CLOSE, "-").split())
    return html.escape(text[:380], quote=False)


def _linked(line: str) -> str:
    """An escaped line that is an address and nothing else becomes a link to it."""
    return f'<a href="{line}">{line}</a>' if _LINE_URL.fullmatch(line) else line


def _closed(source: str) -> str:
    """The text so that what follows is outside of it: nothing is left open, no `<` dangles.

    Plain text becomes HTML, as it is about to be followed by some.
    """
    if not has_tags(source):
        return source.replace("<", "&lt;").replace("\r\n", "\n").replace("\n", "<br>")
    pieces: list[str] = []
    still_open: list[str] = []
    for token in tokens(source):
        piece = source[token.start : token.stop]
        pieces.append(_whole(piece) if token.name else piece.replace("<", "&lt;"))
        if token.is_close and token.name in still_open:
            while still_open.pop() != token.name:
                pass
        elif _opens(token.name, token.is_close, piece):
            still_open.append(token.name)
    return "".join(pieces) + "".join(f"</{name}>" for name in reversed(still_open))


def _whole(tag: str) -> str:
    """A comment that never ends is ended."""
    return tag if not tag.startswith("<!--") or tag.endswith("-->") else f"{tag}-->"


def _opens(name: str, is_close: bool, piece: str) -> bool:
    is_tag = bool(name) and name != "!" and not is_close
    return is_tag and name not in _VOID_TAGS and not piece.endswith("/>")


def _cuts(flow: Flow, label: str) -> Iterator[tuple[int, int]]:
    """Stretches of the flow that are ours: marked lines, then links that lost their marks."""
    covered: list[tuple[int, int]] = []
    for found in _OUR_LINE.finditer(flow.text):
        covered.append(found.span())
        yield from _line_cuts(flow, *found.span(), label)
    for link in flow.links:
        if not _is_within(link.start, covered):
            covered.append((link.start, link.stop))
            yield from _link_cuts(flow.text, link, label)
    for found in _unmarked(label).finditer(flow.text):
        if not _is_within(found.start("url"), covered):
            yield found.span()


def _is_within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= at < stop for start, stop in spans)


def _unmarked(label: str) -> re.Pattern:
    """Our bare address with what is left of its line: mark or '?' before, label, mark behind."""
    return re.compile(
        rf"(?:{OPEN}[^{OPEN}{CLOSE}\0\n]{{0,100}}?|(?:\?[ \xa0])?{re.escape(label)}[ \xa0:]*)?"
        rf"(?P<url>{_URL})(?:[ \xa0]?{CLOSE}|[ \xa0]\?)?",
        re.IGNORECASE,
    )


def _line_cuts(flow: Flow, start: int, stop: int, label: str) -> Iterator[tuple[int, int]]:
    """One marked line. On the link's line, words that are neither label nor address stay."""
    link = next((each for each in flow.links if start <= each.start < stop), None)
    url = _OUR_URL.search(flow.text, start, stop)
    if link is None and url is None:
        yield start, stop
        return
    ours = [(start, start + 1), (stop - 1, stop)]
    if url:
        ours.append(url.span())
    if link:
        ours.append(_label_span(flow.text, link, label))
    else:
        ours.append((start, url.start()))
    kept = (flow.text[at] for at in range(start, stop) if not _is_within(at, ours))
    if "".join(kept).strip(_NOT_WORDS) in ("", label):
        yield start, stop
    else:
        yield from ours


def _label_span(text: str, link: Link, label: str) -> tuple[int, int]:
    """The part of a link's text that is our label; all of it where it says something else."""
    shown = text[link.start : link.stop]
    if shown.strip().startswith(label):
        return link.start, link.start + shown.index(label) + len(label)
    return link.start, link.stop


def _link_cuts(text: str, link: Link, label: str) -> Iterator[tuple[int, int]]:
    """Our link on a line that lost a mark; what is left of the marks goes too.

    A mark that a calendar could not store became a question mark.
    """
    yield _label_span(text, link, label)
    before = re.search(rf"[{OPEN}?][ \xa0]?\Z", text[max(link.start - 2, 0) : link.start])
    after = re.match(rf"[ \xa0]?[{CLOSE}?]", text[link.stop : link.stop + 2])
    is_replaced = bool(before and after and "?" in before[0] and "?" in after[0])
    if before and (OPEN in before[0] or is_replaced):
        yield link.start - len(before[0]), link.start
    if after and (CLOSE in after[0] or is_replaced):
        yield link.stop, link.stop + len(after[0])
