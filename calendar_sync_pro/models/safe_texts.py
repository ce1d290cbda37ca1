"""Texts from outside before they become part of a page: addresses, colours, names."""

import re
from urllib.parse import urlsplit

_COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")


def is_web_address(url):
    """True for an absolute http or https address: anything else a browser might run."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def web_address(url):
    """`url` when it opens a web page, else ''."""
    return url if is_web_address(url) else ""


def color(text):
    """A colour as a style sheet writes it ("#0b8043"), '' for anything else."""
    return text if text and _COLOR.fullmatch(text) else ""


def one_line(text):
    """`text` on one line, its blanks and line ends each as one blank."""
    return " ".join((text or "").split())
