"""Requests and answers in Graph's manner: JSON bodies, Prefer, $select, pages."""

import json
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from ..http.message import json_response
from .errors import bad
from .zones import zone

PAGE_DEFAULT = 10
PAGE_MAX = 1000
PREFERENCE = re.compile(r'\s*([\w.\-]+)\s*(?:=\s*(?:"([^"]*)"|([^,;]*)))?\s*[,;]?')


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the Prefer headers of one request ask for."""

    timezone: str = "UTC"
    body_type: str = "html"
    page_size: int = 0
    immutable: bool = False

    def applied(self):
        """The Preference-Applied header."""
        parts = []
        if self.timezone != "UTC":
            parts.append(f'outlook.timezone="{self.timezone}"')
        if self.body_type != "html":
            parts.append(f'outlook.body-content-type="{self.body_type}"')
        if self.page_size:
            parts.append(f"odata.maxpagesize={self.page_size}")
        if self.immutable:
            parts.append('IdType="ImmutableId"')
        return ", ".join(parts)


def preferences(request):
    """Read the Prefer header; an unknown time zone is a 400."""
    values = {}
    for found in PREFERENCE.finditer(request.header("prefer")):
        values[found[1].lower()] = (found[2] if found[2] is not None else found[3] or "").strip()
    wanted_zone = values.get("outlook.timezone") or "UTC"
    zone(wanted_zone)
    size = values.get("odata.maxpagesize", "")
    return Preferences(
        wanted_zone,
        "text" if values.get("outlook.body-content-type", "").lower() == "text" else "html",
        min(int(size), PAGE_MAX) if size.isdigit() else 0,
        values.get("idtype", "").lower() == "immutableid",
    )


def body_of(request):
    """The JSON object of a request; 400 otherwise."""
    try:
        body = request.json()
    except ValueError:
        raise bad("BadRequest", "Unable to read JSON request payload.") from None
    if not isinstance(body, dict):
        raise bad("BadRequest", "Unable to read JSON request payload.")
    return body


def context(request, what):
    """The `@odata.context` of an answer."""
    return f"{request.base_url}/v1.0/$metadata#{what}"


def link(request, path, query):
    """An absolute address on the host that the caller used."""
    return f"{request.base_url}{path}?{urlencode(query, quote_via=quote, safe='$,')}"


def number(request, name, default, largest):
    """A whole number of the query; 400 when it is none."""
    text = request.param(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) > largest or (name == "$top" and int(text) < 1):
        raise bad("ErrorInvalidUrlQuery", f"Invalid value '{text}' for {name}.")
    return int(text)


def page_of(request, items, prefs=None):
    """`(items of the page, nextLink or "")` by $top, $skip and odata.maxpagesize."""
    size = (prefs.page_size if prefs else 0) or PAGE_DEFAULT
    size = number(request, "$top", size, PAGE_MAX)
    if request.args.get("empty_page"):
        return [], link(request, request.path, pairs(request))
    skip = number(request, "$skip", 0, 10**9)
    page = items[skip : skip + size]
    if skip + size >= len(items):
        return page, ""
    query = [(k, v) for k, v in pairs(request) if k != "$skip"]
    if "$top" not in request.query:
        query.append(("$top", str(size)))
    return page, link(request, request.path, [*query, ("$skip", str(skip + size))])


def pairs(request):
    """The query as pairs."""
    return [(name, value) for name, values in request.query.items() for value in values]


def collection(request, what, items, prefs=None):
    """A listing with its pages; `$select` applies to every item."""
    page, following = page_of(request, items, prefs)
    answer = {"@odata.context": context(request, what)}
    if request.param("$count", "").lower() == "true":
        answer["@odata.count"] = len(items)
    answer["value"] = [selected(request, item) for item in page]
    if following:
        answer["@odata.nextLink"] = following
    return answered(answer, prefs)


def answered(value, prefs=None, status=200):
    """A JSON answer that says which preferences were applied."""
    response = json_response(value, status)
    response.headers["Content-Type"] = (
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
    )
    if prefs is not None and prefs.applied():
        response.headers["Preference-Applied"] = prefs.applied()
    return response


def selected(request, item):
    """What `$select` leaves over; id, annotations and what was expanded stay."""
    wanted = request.param("$select")
    if not wanted:
        return item
    names = {name.strip() for name in wanted.split(",")} | {"id"}
    names |= {part.split("(")[0].strip() for part in expansions(request)}
    return {k: v for k, v in item.items() if k in names or k.startswith("@")}


def expansions(request):
    """Parts of `$expand`, split at the commas outside parentheses."""
    text, depth, parts = request.param("$expand", ""), 0, [""]
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def dumps(value):
    """Compact JSON, the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
