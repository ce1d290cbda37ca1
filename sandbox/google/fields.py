"""Partial responses: the `fields` mask, e.g. `items(id,start/dateTime),nextPageToken`."""

import json

from .errors import api_error_response, invalid


def apply(request, response):
    """Cut the answer down to the mask; errors and empty answers stay whole."""
    mask = request.param("fields", "")
    if not mask or mask == "*" or response.status != 200 or not response.body.startswith(b"{"):
        return response
    try:
        tree = parse(mask)
    except ValueError:
        return api_error_response(invalid(f"Invalid field selection {mask}", "fields"))
    shown = prune(json.loads(response.body), tree)
    response.body = json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()
    return response


def parse(mask):
    """A mask as a tree of dictionaries; an empty one means everything below."""
    tree, rest = _list(mask, 0)
    if rest != len(mask):
        raise ValueError(mask)
    return tree


def _list(mask, at):
    tree = {}
    while True:
        at = _path(mask, at, tree)
        if at >= len(mask) or mask[at] != ",":
            return tree, at
        at += 1


def _path(mask, at, tree):
    end = at
    while end < len(mask) and mask[end] not in ",/()":
        end += 1
    name = mask[at:end].strip()
    if not name:
        raise ValueError(mask)
    below = tree.setdefault(name, {})
    if end < len(mask) and mask[end] == "/":
        return _path(mask, end + 1, below)
    if end < len(mask) and mask[end] == "(":
        inner, end = _list(mask, end + 1)
        below.update(inner)
        if end >= len(mask) or mask[end] != ")":
            raise ValueError(mask)
        end += 1
    return end


def prune(value, tree):
    """What the tree keeps of a JSON value."""
    if not tree or ("*" in tree and len(tree) == 1 and not tree["*"]):
        return value
    if isinstance(value, list):
        return [prune(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        k: prune(v, tree.get(k, tree.get("*")))
        for k, v in value.items()
        if k in tree or "*" in tree
    }
