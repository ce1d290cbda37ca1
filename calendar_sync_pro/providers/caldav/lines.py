"""iCalendar as the lines it is made of, so that what we do not touch stays exactly as it was.

A stored event belongs to other programs too. It is read into a tree of unfolded lines, single
lines are replaced, and all others are written back as they came: unknown properties, parameters,
their order, and what makes no sense to us. Source: RFC 5545 §3.1, RFC 6868.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ...core.errors import Malformed

MAX_DEPTH = 8
_FOLD_OCTETS = 75
_FOLDED = re.compile(r"\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ENDS = frozenset({":", ";"})
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}


class Property(NamedTuple):
    """A content line taken apart. Parameter names are in upper case, values without quotes."""

    name: str
    params: dict[str, str]
    value: str

    def param(self, name: str) -> str:
        """A parameter's value, '' when it is not there."""
        return self.params.get(name, "")


@dataclass(slots=True)
class Component:
    """A component: its name and, in their order, its unfolded lines and inner components."""

    name: str
    items: list[str | Component] = field(default_factory=list)

    def inner(self, name: str) -> list[Component]:
        """Inner components of that name."""
        return [one for one in self.items if isinstance(one, Component) and one.name == name]

    def lines(self, *names: str) -> list[str]:
        """The own lines with one of these property names."""
        return [one for one in self.items if any(_is_line(one, name) for name in names)]

    def all(self, *names: str) -> list[Property]:
        """The own properties with one of these names."""
        return [taken_apart(line) for line in self.lines(*names)]

    def first(self, name: str) -> Property | None:
        """The first own property of that name, None when there is none."""
        line = next((one for one in self.items if _is_line(one, name)), None)
        return None if line is None else taken_apart(line)

    def value(self, name: str) -> str:
        """The raw value of the first property of that name, '' when there is none."""
        found = self.first(name)
        return found.value if found else ""

    def text(self, name: str) -> str:
        """The unescaped value of a text property."""
        return unescaped(self.value(name))

    def put(self, name: str, *lines: str) -> None:
        """Let `lines` stand where the properties `name` stood; without any the property goes."""
        place = next((n for n, one in enumerate(self.items) if _is_line(one, name)), None)
        self.items = [one for one in self.items if not _is_line(one, name)]
        if place is None:
            place = next(
                (n for n, one in enumerate(self.items) if isinstance(one, Component)),
                len(self.items),
            )
        self.items[place:place] = lines

    def drop(self, *names: str) -> None:
        """Take properties out."""
        for name in names:
            self.put(name)

    def copy(self) -> Component:
        """A copy that shares nothing."""
        return Component(
            self.name, [one.copy() if isinstance(one, Component) else one for one in self.items]
        )


def _is_line(item: str | Component, name: str) -> bool:
    """True for a line of that property; asked some hundred times for each event."""
    if not isinstance(item, str):
        return False
    size = len(name)
    return item[size : size + 1] in _ENDS and item[:size].upper() == name


def name_of(line: str) -> str:
    """The property's name in upper case, without a group."""
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def taken_apart(line: str) -> Property:
    """Name, parameters and raw value of a line. What cannot be read has an empty value."""
    found = _NAME.match(line)
    if not found:
        return Property("", {}, "")
    params, at = {}, found.end()
    while parameter := _PARAMETER.match(line, at):
        values = [_uncareted(part.strip('"')) for part in parameter[2].split(",")]
        params.setdefault(parameter[1].upper(), ",".join(values))
        at = parameter.end()
    if line[at : at + 1] != ":":  # a parameter that is broken: the value still begins somewhere
        colon = line.find(":", at)
        at = colon if colon >= 0 else len(line)
    return Property(found[0].upper(), params, line[at + 1 :])


def put_together(name: str, value: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """A line. Parameter values are quoted where they must be; control characters are left out."""
    written = "".join(f";{key}={_quoted(text)}" for key, text in params)
    return _CONTROLS.sub("", f"{name}{written}:{value}".replace("\n", "").replace("\r", ""))


def _quoted(text: str) -> str:
    text = text.replace("^", "^^").replace('"', "^'").replace("\r\n", "\n").replace("\n", "^n")
    return f'"{text}"' if re.search(r"[;:,]", text) else text


def _uncareted(text: str) -> str:
    return re.sub(r"\^[n'^]", lambda found: _CARETS[found[0]], text)


def unescaped(value: str) -> str:
    """A TEXT value as text (RFC 5545 §3.3.11)."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escaped(text: str) -> str:
    """Text as a TEXT value, without the control characters that no server keeps."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


# -- the whole text --------------------------------------------------------------------------------


def parse(text: str) -> Component:
    """The first VCALENDAR of a text. Raises Malformed when there is none, or it does not end."""
    stack: list[Component] = []
    for line in _unfolded(text):
        name = name_of(line)
        if name == "BEGIN":
            if len(stack) >= MAX_DEPTH:
                raise Malformed("malformed", field="calendar")
            stack.append(Component(line.partition(":")[2].strip().upper()))
        elif name == "END":
            if not stack or stack[-1].name != line.partition(":")[2].strip().upper():
                raise Malformed("malformed", field="calendar")
            done = stack.pop()
            if stack:
                stack[-1].items.append(done)
            elif done.name == "VCALENDAR":
                return done
        elif stack:
            stack[-1].items.append(line)
    raise Malformed("malformed", field="calendar")


def _unfolded(text: str) -> Iterator[str]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return (line for line in _FOLDED.sub("", text).split("\n") if line.strip())


def written(calendar: Component) -> str:
    """The text of a component: CRLF, folded at 75 octets."""
    return "\r\n".join(_folded(line) for line in _all_lines(calendar)) + "\r\n"


def _all_lines(component: Component) -> Iterator[str]:
    yield f"BEGIN:{component.name}"
    for item in component.items:
        if isinstance(item, Component):
            yield from _all_lines(item)
        else:
            yield item
    yield f"END:{component.name}"


def _folded(line: str) -> str:
    if len(line) <= _FOLD_OCTETS // 4 or len(line.encode()) <= _FOLD_OCTETS:
        return line
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + octets
    return "\r\n".join([*parts, part])
