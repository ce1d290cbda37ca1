"""What the Google conformance tests share: a sandbox, and Google's own client pointed at it."""

import base64
import hashlib
import json
from pathlib import Path

import googleapiclient
import httplib2
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from sandbox.client import http

SCOPE = "https://www.googleapis.com/auth/"
SYNC_SCOPES = [
    "openid",
    "email",
    SCOPE + "calendar.events",
    SCOPE + "calendar.calendarlist.readonly",
]
CALLBACK = "http://127.0.0.1:9/callback"
DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache/documents/calendar.v3.json"


def service(box, email="", token="", timeout=10, credentials=None):
    """The unmodified client library; only the document's rootUrl is another one."""
    document = json.loads(DOCUMENT.read_text())
    document["rootUrl"] = box.google["auth_base"] + "/"
    refreshes = 2 if credentials else 0
    credentials = credentials or Credentials(token or box.token_of(email))
    plain = httplib2.Http(timeout=timeout)
    transport = AuthorizedHttp(credentials, http=plain, max_refresh_attempts=refreshes)
    return build_from_document(document, http=transport)


def timed(title="Call", day="2026-12-01", start="10:00", end="11:00", **more):
    """An event body on one day in Berlin."""
    zone = {"timeZone": "Europe/Berlin"}
    times = {
        "start": {"dateTime": f"{day}T{start}:00", **zone},
        "end": {"dateTime": f"{day}T{end}:00", **zone},
    }
    return {"summary": title, **times, **more}


def all_day(title="Fair", first="2026-12-01", end="2026-12-02", **more):
    """An all-day event body; `end` is exclusive."""
    return {"summary": title, "start": {"date": first}, "end": {"date": end}, **more}


def refusal(request):
    """`(status, reason)` with which a request is refused."""
    try:
        answer = request.execute()
    except HttpError as error:
        return error.status_code, error.error_details[0]["reason"]
    raise AssertionError(f"not refused: {answer}")


def titles(answer):
    """Summaries of a listing's items."""
    return [item.get("summary") for item in answer["items"]]


def token_call(box, client=None, **form):
    """POST to the token endpoint; `(status, JSON)`."""
    client = client or box.google
    known = {"client_id": client["client_id"], "client_secret": client["client_secret"]}
    status, _headers, raw = http("POST", box.google["token_url"], form={**known, **form})
    return status, json.loads(raw)


def redeem(box, code, client=None, **form):
    """Exchange a code; `(status, JSON)`."""
    form = {"redirect_uri": CALLBACK, **form}
    return token_call(box, client, grant_type="authorization_code", code=code, **form)


def challenge(verifier):
    """The S256 challenge of a PKCE verifier."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )
