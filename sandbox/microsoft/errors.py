"""Error bodies of Graph and of Entra. Clients decide by status and code, so both are exact."""

import re
import uuid

from ..http.message import json_response
from ..service import ApiError

AADSTS = re.compile(r"AADSTS(\d+)")
FROM_FAULTS = {"rateLimitExceeded": "ApplicationThrottled", "backendError": "ServiceUnavailable"}


def bad(code, message=""):
    """400: the request itself is wrong."""
    return ApiError(400, code, message)


def invalid(message):
    """400 for a property that must not have this value."""
    return bad("ErrorPropertyValidationFailure", message)


def denied(message="Access is denied. Check credentials and try again."):
    """403: the caller, or the token's scopes, may not do this."""
    return ApiError(403, "ErrorAccessDenied", message)


def not_found(message="The specified object was not found in the store."):
    """404: not in this mailbox."""
    return ApiError(404, "ErrorItemNotFound", message)


def unauthorized(message="Access token has expired or is not yet valid."):
    """401: no access token, or one that is worth nothing (any more)."""
    return ApiError(401, "InvalidAuthenticationToken", message)


def conflict():
    """412: the change key in If-Match is not the current one."""
    text = "The send or update operation could not be performed because the change key passed in "
    text += "the request does not match the current change key for the item."
    return ApiError(412, "ErrorIrresolvableConflict", text)


def sync_state_lost(status=410, code="SyncStateNotFound"):
    """The delta token is dead: a full round is due."""
    text = "The sync state generation is not found. Run the query again without the token."
    return ApiError(status, code, text)


def graph_error_response(world, error, request=None):
    """`{"error": {"code", "message", "innerError"}}` with the ids that support asks for."""
    now, request_id = world.clock.now(), str(uuid.uuid4())
    client_id = (request.header("client-request-id") if request else "") or request_id
    inner = {
        "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_id,
    }
    code = FROM_FAULTS.get(error.reason, error.reason)
    body = {"code": code, "message": error.message, "innerError": inner, **error.extra}
    retry_after, location = body.pop("retry_after", None), body.pop("location", "")
    response = json_response({"error": body}, error.status)
    response.headers["request-id"] = request_id
    if retry_after is not None:
        response.headers["Retry-After"] = str(int(retry_after))
    if location:
        response.headers["Location"] = location
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="", error="invalid_token"'
    return response


def entra_error_response(world, error):
    """`{"error", "error_description", "error_codes", …}` of the token endpoint."""
    numbers = [int(n) for n in AADSTS.findall(error.message)[:1]]
    now, trace, correlation = world.clock.now(), str(uuid.uuid4()), str(uuid.uuid4())
    stamp = now.strftime("%Y-%m-%d %H:%M:%SZ")
    tail = f" Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}"
    body = {
        "error": error.reason,
        "error_description": error.message + tail,
        "error_codes": numbers,
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
    }
    if numbers:
        body["error_uri"] = f"{world.base_url}/error?code={numbers[0]}"
    retry_after = error.extra.get("retry_after")
    body |= {k: v for k, v in error.extra.items() if k != "retry_after"}
    response = json_response(body, error.status, Cache_Control="no-store")
    if retry_after is not None:
        response.headers["Retry-After"] = str(int(retry_after))
    return response
