"""HTML from template files; whatever is not marked as HTML is escaped."""

from functools import lru_cache
from html import escape
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "templates"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


NOTHING = Html("")


@lru_cache(maxsize=64)
def _template(name):
    return Template((FOLDER / name).read_text(encoding="utf-8").rstrip("\n"))


def safe(value):
    """A value as HTML: escaped, attributes included, unless it is HTML."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def render(name, /, **values):
    """Fill in `templates/{name}.html`; every `$name` must be given."""
    escaped = {key: safe(value) for key, value in values.items()}
    return Html(_template(f"{name}.html").substitute(escaped))


def each(name, rows, empty=NOTHING):
    """The same template for each dictionary of values, or `empty` when there is none."""
    return Html("".join(render(name, **row) for row in rows)) or empty


def when(condition, html):
    """`html` (a literal, not somebody's text) or nothing."""
    return Html(html) if condition else NOTHING
