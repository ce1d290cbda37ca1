"""Google's error bodies. Clients decide by (status, reason), so both are exact."""

from ..http.message import json_response
from ..service import ApiError

DOMAINS = {
    "rateLimitExceeded": "usageLimits",
    "userRateLimitExceeded": "usageLimits",
    "quotaExceeded": "usageLimits",
    "accessNotConfigured": "usageLimits",
    "forbiddenForNonOrganizer": "calendar",
    "timeRangeEmpty": "calendar",
    "fullSyncRequired": "calendar",
    "updatedMinTooLongAgo": "calendar",
}


def bad(reason, message, location="", kind="parameter"):
    """400: the request itself is wrong."""
    where = {"location": location, "locationType": kind} if location else {}
    return ApiError(400, reason, message, **where)


def invalid(message, location=""):
    """400 `invalid`, the most common one."""
    return bad("invalid", message, location)


def forbidden(reason, message):
    """403 with a reason."""
    return ApiError(403, reason, message)


def not_found():
    """404: it does not exist here, or the caller may not know that it does."""
    return ApiError(404, "notFound", "Not Found")


def unauthorized(message="Invalid Credentials"):
    """401: no access token, or one that is not valid (any more)."""
    return ApiError(401, "authError", message, location="Authorization", locationType="header")


def full_sync_required():
    """410 on a listing: the sync token can't be used any more."""
    return ApiError(
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
        location="syncToken",
        locationType="parameter",
    )


def condition_not_met():
    """412: the etag in If-Match is not the current one."""
    return ApiError(
        412, "conditionNotMet", "Precondition Failed", location="If-Match", locationType="header"
    )


def api_error_response(error):
    """`{"error": {"code", "message", "errors": [...]}}` as of the Calendar API."""
    extra = dict(error.extra)
    retry_after = extra.pop("retry_after", None)
    item = {
        "domain": DOMAINS.get(error.reason, "global"),
        "reason": error.reason,
        "message": error.message,
    }
    body = {"errors": [{**item, **extra}], "code": error.status, "message": error.message}
    if error.status == 401:
        body["status"] = "UNAUTHENTICATED"
    response = json_response({"error": body}, error.status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(int(retry_after))
    if error.status == 401:
        response.headers["WWW-Authenticate"] = (
            'Bearer realm="https://accounts.google.com/", error="invalid_token"'
        )
    return response


def oauth_error_response(error):
    """`{"error", "error_description"}` as of the token endpoint."""
    body = {"error": error.reason, "error_description": error.message}
    if error.message in ("invalid_rapt", "rapt_required"):
        body.update(error_description="reauth related error", error_subtype=error.message)
    response = json_response(body, error.status)
    if error.extra.get("retry_after") is not None:
        response.headers["Retry-After"] = str(int(error.extra["retry_after"]))
    return response
