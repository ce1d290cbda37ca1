"""Bodies: what Exchange makes of a text, and the join text of an online meeting. Pure.

Exchange keeps every body as an HTML document. Its frame is not part of the description. The join
text ("blob") of a Teams meeting stands in the body too, and a body that is written without it ends
the online meeting, so it is taken off when reading and put back when writing.
"""

from __future__ import annotations

import html
import re

_FRAME = re.compile(r"<!doctype[^>]*>|<head\b.*?</head>|</?(?:html|body)\b[^>]*>", re.I | re.S)
_PLAIN = re.compile(r'<div class="PlainText">((?:[^<]|<br\s*/?>)*)</div>', re.I)
_BREAK = re.compile(r"<br\s*/?>\r?\n?", re.I)
_MARKUP = re.compile(r"<[a-z!/]|&[a-z#]\w*;", re.I)
_LINE = re.compile(r"_{20,}")
_OPENING = re.compile(r"(?:<br\s*/?>\s*)*(?:<(?:div|span|p)\b[^>]*>\s*)+\Z", re.I)
_CLOSING = re.compile(r"(?:\s*</(?:div|span|p)>)+", re.I)


def description_of(content: str, join_url: str = "") -> str:
    """The description in an HTML body: no frame, no join text; plain where it has no markup."""
    text = _FRAME.sub("", content).strip()
    blob = blob_of(text, join_url)
    if blob:
        text = text.replace(blob, "", 1).strip()
    plain = _PLAIN.fullmatch(text)
    if plain:
        text = _BREAK.sub("\n", plain[1])
    unescaped = html.unescape(text)
    return text if _MARKUP.search(unescaped) else unescaped


def body_of(description: str, blob: str = "") -> dict[str, str]:
    """The `body` member to write, with the join text (if any) after the description."""
    if not _MARKUP.search(description) and not blob:
        return {"contentType": "text", "content": description}
    if not _MARKUP.search(description):
        description = html.escape(description, quote=False).replace("\n", "<br>")
    return {"contentType": "html", "content": f"{description}{blob}"}


def has_line(content: str) -> bool:
    """True when a line stands in the text, as at the beginning and end of a join text."""
    return bool(_LINE.search(content))


def blob_of(content: str, join_url: str) -> str:
    """The stretch of HTML that holds the join text, '' when it cannot be told apart.

    It stands between two lines of underscores around the join link; the elements that begin and
    end with those lines belong to it.
    """
    place = _place_of(content, join_url) if join_url else -1
    if place < 0:
        return ""
    lines = list(_LINE.finditer(content))
    before = [line for line in lines if line.end() <= place]
    after = [line for line in lines if line.start() > place]
    if not before:
        return ""
    opening = _OPENING.search(content, 0, before[-1].start())
    start = opening.start() if opening else before[-1].start()
    stop = after[0].end() if after else len(content)
    closing = _CLOSING.match(content, stop)
    return content[start : closing.end() if closing else stop]


def _place_of(content: str, join_url: str) -> int:
    """Where the join link stands, escaped as in an attribute or bare."""
    for form in (html.escape(join_url), join_url):
        place = content.find(form)
        if place >= 0:
            return place
    return -1
