"""Errors in the log without what they are about.

A refused statement holds titles, texts and addresses of people's calendars, and so may the text of
an exception: while a sync runs, only the place and the type of an error are logged.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

_here = threading.local()


class _WithoutStatements(logging.Filter):
    """Drops the database layer's "bad query" lines of threads that are syncing."""

    def filter(self, record: logging.LogRecord) -> bool:
        is_statement = str(record.msg).startswith("bad query")
        return not (is_statement and getattr(_here, "is_discreet", False))


logging.getLogger("odoo.sql_db").addFilter(_WithoutStatements())


@contextmanager
def discreet() -> Iterator[None]:
    """Log no refused statement of this thread; its error is raised as ever."""
    before = getattr(_here, "is_discreet", False)
    _here.is_discreet = True
    try:
        yield
    finally:
        _here.is_discreet = before


def place_of(error: BaseException) -> str:
    """The type of an error and the lines of code that led to it, without its text."""
    return type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__))
