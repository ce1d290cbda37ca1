"""Batch requests: a multipart body of requests, answered in one multipart body."""

import secrets
from email.parser import BytesParser

from ..http.app import Application, apply_override, unlocked
from ..http.message import Request, Response
from ..service import ApiError
from .errors import api_error_response, invalid

MAX_PARTS = 1000
REASONS = {200: "OK", 204: "No Content", 304: "Not Modified", 400: "Bad Request", 404: "Not Found"}


def add_routes(router):
    """Both spellings of the batch path."""
    router.add("POST", "/batch/calendar/v3", "batch", run)
    router.add("POST", "/batch", "batch", run)


@unlocked
def run(world, request):
    """Each part is a request of its own: authorised, counted, logged, struck by faults."""
    try:
        parts = read_parts(request)
    except ApiError as error:
        return api_error_response(error)
    application = Application(world)
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    chunks = []
    for content_id, inner in parts:
        answer = application.dispatch(inner)
        if answer.cut:
            answer = api_error_response(ApiError(503, "backendError", "Backend Error"))
        chunks.append(write_part(boundary, content_id, answer))
    body = b"".join(chunks) + f"--{boundary}--\r\n".encode()
    return Response(200, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def read_parts(request):
    """`(Content-ID, Request)` of every part; 400 when the body is no batch."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + request.body)
    if not message.is_multipart():
        raise invalid("Failed to parse batch request, error: 0 items.")
    parts = message.get_payload()
    if len(parts) > MAX_PARTS:
        raise invalid(f"The batch request has too many parts ({len(parts)}).")
    return [(part.get("Content-ID", ""), read_request(part, request)) for part in parts]


def read_request(part, outer):
    """The HTTP request inside a part; it inherits the outer Authorization."""
    raw = part.get_payload(decode=True) or b""
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    line, *lines = head.decode("utf-8", "replace").split("\n")
    method, target, *_version = line.split(" ")
    headers = {}
    for text in lines:
        name, _, value = text.partition(":")
        headers[name.strip().lower()] = value.strip()
    headers.setdefault("authorization", outer.header("authorization"))
    inner = Request(method, target, headers, body, base_url=outer.base_url)
    override = inner.header("x-http-method-override").upper()
    if override:
        apply_override(inner, override)
    return inner


def write_part(boundary, content_id, answer):
    """One answer; the id comes back with `response-` before it."""
    echoed = (
        content_id.replace("<", "<response-", 1)
        if content_id.startswith("<")
        else f"response-{content_id}"
    )
    reason = REASONS.get(answer.status, "Status")
    lines = [f"--{boundary}", "Content-Type: application/http", f"Content-ID: {echoed}", ""]
    lines += [
        f"HTTP/1.1 {answer.status} {reason}",
        *(f"{k}: {v}" for k, v in answer.headers.items()),
    ]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode() + answer.body + b"\r\n"
