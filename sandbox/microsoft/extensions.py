"""Own metadata on events: open extensions and single-value extended properties."""

import re

from ..http.message import Response
from .access import WRITE
from .bodies import answered, body_of, collection, context, expansions
from .calendars import CONTAINERS, USER
from .errors import bad, denied, invalid, not_found
from .present import EXTENSION, present, present_extension
from .shelf import Item

OPEN_TYPE = "microsoft.graph.opentypeextension"
ID_EQUALS = re.compile(r"id\s+eq\s+'((?:[^']|'')*)'", re.I)
PROPERTY_ID = re.compile(
    r"(String|Integer|Boolean|SystemTime|Double)\s+(\{[\da-fA-F-]{36}\}\s+(Name\s+\S.*|Id\s+0x\w+)|0x\w+)"
)


def add_routes(router):
    """Paths of an event's extensions."""
    for container in CONTAINERS:
        every = USER + container + "/events/{event}/extensions"
        router.add("GET", every, "extensions.list", listing)
        router.add("POST", every, "extensions.create", insert, writes=True)
        router.add("GET", every + "/{name}", "extensions.get", get)
        router.add("PATCH", every + "/{name}", "extensions.update", patch, writes=True)
        router.add("DELETE", every + "/{name}", "extensions.delete", delete, writes=True)


def delegate_refusal():
    """Delegates can't put extensions on events of a shared mailbox."""
    return denied("Access to OData is disabled: extensions in a shared mailbox calendar.")


def short(name):
    """The name without Exchange's prefix."""
    return name.removeprefix(EXTENSION)


def holder(world, request, scopes=None, wanted="read"):
    """`(item, extensions by name)` of a path; a shared calendar has none for delegates."""
    from .events import item_of

    _caller, place, item = item_of(world, request, *((scopes,) if scopes else ()), wanted=wanted)
    if place.shared and wanted == "write":
        raise delegate_refusal()
    return item, extensions_of(item)


def extensions_of(item):
    """Extensions of an item; an occurrence has those of its series until it gets its own."""
    own = (item.own or {}).get("ext")
    return item.rec["ext"] if own is None else own


def store(world, item, values):
    """Keep the extensions of an item; as at Microsoft, this is a change of the event."""
    if item.day:
        item.rec["exc"].setdefault(item.day, {"rev": 0, "e": {}})["ext"] = values
    else:
        item.rec["ext"] = values
    world.services["microsoft"].shelf.put(item.rec, item.day)


def checked(body):
    """`(name, values)` of an open extension in a request."""
    kind = str(body.get("@odata.type", "")).lstrip("#").lower()
    name = short(body.get("extensionName") or body.get("id") or "")
    if kind != OPEN_TYPE or not name:
        raise bad("BadRequest", "An open extension needs @odata.type and extensionName.")
    ignored = ("@odata.type", "extensionName", "id")
    return name, {k: v for k, v in body.items() if k not in ignored}


def take_inline(world, item, body):
    """Extensions and properties that come with a new event."""
    named = dict(checked(extension) for extension in body.get("extensions") or [])
    item.rec["ext"] |= named
    item.rec["props"] |= properties(body)
    if named or body.get("singleValueExtendedProperties"):
        world.services["microsoft"].shelf.table.save(item.rec["key"], item.rec)


def take_properties(world, item, body):
    """Properties of a PATCH."""
    item.rec["props"] |= properties(body)
    world.services["microsoft"].shelf.put(item.rec, item.day)


def properties(body):
    """Extended properties of a request by id."""
    found = {}
    for entry in body.get("singleValueExtendedProperties") or []:
        if not PROPERTY_ID.fullmatch(str(entry.get("id", ""))):
            raise invalid("The id of an extended property is malformed.")
        found[entry["id"]] = str(entry.get("value", ""))
    return found


def expand(world, request, item, shown, prefs, place):
    """`$expand` of extensions, extended properties and a master's exceptions."""
    for part in expansions(request):
        name, named = part.split("(")[0], ID_EQUALS.findall(part)
        if name == "extensions":
            shown["extensions"] = [
                present_extension(n, values)
                for n, values in extensions_of(item).items()
                if not named or n in [short(i) for i in named]
            ]
        elif name == "singleValueExtendedProperties":
            shown |= expanded_properties(item, named)
        elif name == "exceptionOccurrences" and item.kind == "seriesMaster":
            days = [d for d in sorted(item.rec["exc"]) if d not in item.rec["cut"]]
            shown[name] = [present(world, Item(item.rec, d), prefs, place) for d in days]
        elif name not in ("calendar", "attachments", "instances", "exceptionOccurrences"):
            raise bad("ErrorInvalidUrlQuery", f"'{name}' can't be expanded.")
    selected = (request.param("$select") or "").split(",")
    if "cancelledOccurrences" in selected and item.kind == "seriesMaster":
        base = item.id(prefs.immutable)
        shown["cancelledOccurrences"] = [f"OID.{base}.{day}" for day in item.rec["cut"]]


def expanded_properties(item, wanted):
    """Properties that were asked for by id; the name is case-sensitive. None: no member."""
    found = [{"id": i, "value": v} for i, v in item.rec["props"].items() if i in wanted]
    return {"singleValueExtendedProperties": found} if found else {}


def listing(world, request):
    """All extensions of an event."""
    _item, known = holder(world, request)
    return collection(request, "extensions", [present_extension(*pair) for pair in known.items()])


def get(world, request):
    """One extension by name, with or without the prefix."""
    _item, known = holder(world, request)
    name = short(request.args["name"])
    if name not in known:
        raise not_found("Extension was not found.")
    shown = present_extension(name, known[name])
    return answered({"@odata.context": context(request, "extensions/$entity"), **shown})


def insert(world, request):
    """A new one; the same name again is a conflict."""
    item, known = holder(world, request, WRITE, "write")
    name, values = checked(body_of(request))
    if name in known:
        error = bad("NameConflict", "An extension with that name exists already.")
        error.status = 409
        raise error
    store(world, item, {**known, name: values})
    return answered(present_extension(name, values), None, 201)


def patch(world, request):
    """Replaces all its properties."""
    item, known = holder(world, request, WRITE, "write")
    name = short(request.args["name"])
    if name not in known:
        raise not_found("Extension was not found.")
    _name, values = checked({"extensionName": name, **body_of(request)})
    store(world, item, {**known, name: values})
    return answered(present_extension(name, values))


def delete(world, request):
    """Take it off."""
    item, known = holder(world, request, WRITE, "write")
    name = short(request.args["name"])
    if name not in known:
        raise not_found("Extension was not found.")
    store(world, item, {n: v for n, v in known.items() if n != name})
    return Response(204)
