"""The booking API's contract, and whether a request keeps to it.

`api/openapi.json` is the one source: it is served as it stands, and requests are checked against
the same schemas (OpenAPI 3.1 uses JSON Schema 2020-12).
"""

from __future__ import annotations

import copy
import functools
import json
import re
from datetime import UTC, datetime
from importlib import resources
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:(?P<second>\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.I | re.ASCII
)
_NUMBER = re.compile(r"-?\d{1,20}", re.ASCII)
_formats = FormatChecker(formats=())


class Problem(NamedTuple):
    """What is wrong with one value of a request, and where: `customer.phone`."""

    at: str
    problem: str


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document. Time zones are those that this machine knows."""
    text = resources.files(__package__).joinpath("api/openapi.json").read_text(encoding="utf-8")
    found = json.loads(text)
    found["components"]["schemas"]["TimeZone"]["enum"] = sorted(available_timezones())
    return found


def check(schema: str, value: Any) -> list[Problem]:
    """What is wrong with a body, by one of the document's schemas; [] when nothing is."""
    return [_problem(error) for error in _validator(schema).iter_errors(value)]


def read_parameters(operation: str, given: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """(values, problems) of an operation's path, query and headers, from their texts.

    Names that the operation doesn't know are ignored, as everywhere on the web.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for parameter in _parameters(operation):
        name, schema = parameter["name"], parameter["schema"]
        if name not in given:
            if parameter["required"]:
                problems.append(Problem(name, "is required"))
            elif "default" in schema:
                values[name] = schema["default"]
            continue
        values[name] = _typed(_resolved(schema), given[name])
        errors = _of(schema).iter_errors(values[name])
        problems += [Problem(name, error.message[:300]) for error in errors]
    return values, problems


def instant(text: str) -> int:
    """UTC seconds of a time of RFC 3339, fractions cut. Raises ValueError for anything else."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no time with an offset from UTC")
    if found["second"] == "60":  # a leap second, which no calendar keeps
        text = text[: found.start("second")] + "59" + text[found.end("second") :]
    when = datetime.fromisoformat(re.sub(r"\.\d+", "", text).upper().replace(" ", "T"))
    return int((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


@_formats.checks("date-time", raises=ValueError)
def _is_time(value: Any) -> bool:
    return not isinstance(value, str) or instant(value) is not None


@functools.cache
def _validator(schema: str) -> Draft202012Validator:
    return _of({"$ref": f"#/components/schemas/{schema}"})


def _of(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator of a schema that may refer to others of the document."""
    whole = {**copy.copy(schema), "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=_formats)


@functools.cache
def _parameters(operation: str) -> tuple[dict[str, Any], ...]:
    found = next(
        each
        for path in document()["paths"].values()
        for each in path.values()
        if each["operationId"] == operation
    )
    return tuple(map(_resolved, found.get("parameters", ())))


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to."""
    while "$ref" in schema:
        place: Any = document()
        for step in schema["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        schema = place
    return schema


def _typed(schema: dict[str, Any], text: str) -> Any:
    """The text as the schema's type, or as it is when it isn't one."""
    is_number = schema.get("type") == "integer" and _NUMBER.fullmatch(text)
    return int(text) if is_number else text


def _problem(error: ValidationError) -> Problem:
    place = ".".join(str(step) for step in error.absolute_path) or "request"
    return Problem(place, error.message[:300])
