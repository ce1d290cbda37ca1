"""What a customer tells about themselves, cleaned: plain text of sensible length, nothing else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST_NAME, LONGEST_LINE, LONGEST_TEXT = 100, 200, 2000
_LINK = re.compile(r"(?i)://|\bwww\.|\bhttps?:")
_NUMBER = re.compile(r"\+?[0-9 ()/.\-\u00a0]{5,40}")
_DIGITS = range(5, 16)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who books, as the booking page or the API has checked it.

    `email` is normalised and `phone` international (E.164); either may be empty where it was not
    asked for. `place` is the customer's own, `notes` and `answers` are for colleagues. `lang` is
    a language of the database, `tz` a zone's name. `utm` holds source, medium and campaign. `key`
    names the request: the same key never books twice.
    """

    name: str
    email: str = ""
    phone: str = ""
    place: str = ""
    notes: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    transcript_url: str = ""
    lang: str = ""
    tz: str = "UTC"
    utm: tuple[str, str, str] = ("", "", "")
    key: str = ""


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """`text` on one line, without control and invisible formatting characters, cut to a length."""
    return " ".join(_visible(text or "").split())[:longest].strip()


def plain_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """`text` with its line ends, without other control characters, cut to a length."""
    lines = (text or "")[: 4 * longest].splitlines()
    return "\n".join(" ".join(_visible(line).split()) for line in lines)[:longest].strip()


def is_name(text: str) -> bool:
    """Whether a text can be somebody's name. A link can't: mails greet by it, whoever typed it."""
    return any(each.isalpha() for each in text) and not _LINK.search(text)


def international(text: str, country_code: int = 0) -> str:
    """A telephone number as `+` and digits, '' when it can't be one.

    `country_code` is put before a number that begins with a single 0 (ITU E.164, at most 15
    digits).
    """
    text = unicodedata.normalize("NFKC", text or "").strip()
    if not _NUMBER.fullmatch(text):
        return ""
    digits = re.sub(r"\D", "", text.replace("(0)", "") if text.startswith(("+", "00")) else text)
    if text.startswith("00"):
        digits = digits[2:]
    elif not text.startswith("+"):
        if not country_code:
            return ""
        digits = f"{country_code}{digits.removeprefix('0')}"
    return f"+{digits}" if len(digits) in _DIGITS and digits[:1] != "0" else ""


def is_same_name(one: str, other: str) -> bool:
    """Whether two names mean one person, whatever the case and the blanks."""
    return one_line(one).casefold() == one_line(other).casefold() != ""


def _visible(text: str) -> str:
    """Without characters that nobody sees: control characters and directions of writing."""
    return "".join(
        " " if each.isspace() else each
        for each in text
        if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Co", "Cs", "Cn")
    )
