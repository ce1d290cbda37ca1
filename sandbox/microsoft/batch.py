"""JSON batching: up to 20 requests in one, each answered on its own."""

import base64
import json

from ..http.app import Application, unlocked
from ..http.message import Request, json_response
from ..service import ApiError
from .access import caller_of
from .errors import bad, graph_error_response

MAX_PARTS = 20
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


def add_routes(router):
    """The one path."""
    router.add("POST", r"/graph/\$batch", "batch", run)


@unlocked
def run(world, request):
    """Each part is a request of its own: authorised, counted, logged, struck by faults."""
    try:
        with world.lock:
            caller_of(world, request, None)
        parts = read_parts(request)
    except ApiError as error:
        return graph_error_response(world, error, request)
    application, answers = Application(world), {}
    for part in in_order(parts):
        answers[part["id"]] = one(world, application, request, part, answers)
    shuffled = sorted(answers.values(), key=lambda a: (len(a["id"]), a["id"]), reverse=True)
    return json_response({"responses": shuffled})


def read_parts(request):
    """The parts, checked; 400 for what is no batch."""
    try:
        parts = request.json()["requests"]
    except (ValueError, KeyError, TypeError):
        raise bad("BadRequest", "Invalid batch payload format.") from None
    if not parts or len(parts) > MAX_PARTS:
        text = f"Number of batch request steps exceeds the maximum value of {MAX_PARTS}."
        raise bad("BadRequest", text)
    ids = [str(part.get("id", "")) for part in parts]
    if len(set(ids)) != len(ids) or "" in ids:
        raise bad("BadRequest", "Every batch step needs an id of its own.")
    for part in parts:
        check_part(part, ids)
    return parts


def check_part(part, ids):
    """Method, relative url, Content-Type beside a body, known dependencies."""
    part["id"] = str(part["id"])
    if part.get("method", "").upper() not in METHODS or not str(part.get("url", "")).strip():
        raise bad("BadRequest", "A batch step needs method and url.")
    if "://" in part["url"]:
        raise bad("BadRequest", "The url of a batch step must be relative.")
    headers = {str(k).lower(): str(v) for k, v in (part.get("headers") or {}).items()}
    if part.get("body") is not None and "content-type" not in headers:
        text = "Write request with id : %s does not contain Content-Type header or body."
        raise bad("BadRequest", text % part["id"])
    part["headers"] = headers
    if set(part.get("dependsOn") or []) - set(ids):
        raise bad("BadRequest", "A batch step depends on one that is not there.")


def in_order(parts):
    """Parts so that each comes after what it depends on; a circle is a 400 by its own end."""
    done, waiting = set(), list(parts)
    while waiting:
        ready = [p for p in waiting if set(p.get("dependsOn") or []) <= done] or waiting
        for part in ready:
            done.add(part["id"])
            yield part
        waiting = [p for p in waiting if p["id"] not in done]


def one(world, application, outer, part, answers):
    """The answer of one part; 424 when what it depends on failed."""
    if any(answers.get(i, {"status": 424})["status"] >= 400 for i in part.get("dependsOn") or []):
        error = ApiError(424, "FailedDependency", "A step that this one depends on failed.")
        return shape(part["id"], graph_error_response(world, error))
    answer = application.dispatch(inner(part, outer))
    if answer.cut:
        answer = graph_error_response(world, ApiError(503, "ServiceUnavailable", "Try again."))
    return shape(part["id"], answer)


def inner(part, outer):
    """The part as a request; it inherits the outer Authorization."""
    version = outer.path.rsplit("/", 1)[0]
    body = part.get("body")
    raw = b"" if body is None else json.dumps(body).encode()
    own = {name: outer.header(name) for name in ("authorization", "user-agent")}
    headers = {**own, **part["headers"]}
    target = f"{version}/{part['url'].lstrip('/')}"
    return Request(part["method"].upper(), target, headers, raw, base_url=outer.base_url)


def shape(part_id, answer):
    """One answer as JSON; what is no JSON comes in base64."""
    shaped = {"id": part_id, "status": answer.status, "headers": dict(answer.headers)}
    if answer.body:
        try:
            shaped["body"] = json.loads(answer.body)
        except ValueError:
            shaped["body"] = base64.b64encode(answer.body).decode()
    return shaped
