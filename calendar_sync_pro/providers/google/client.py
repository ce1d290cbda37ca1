"""google-api-python-client, unmodified, sending through our one Sender.

The packaged discovery document is read once per process and address; a run then costs no more
than its requests. Nothing is retried here (`num_retries=0`): the engine decides that.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from ..http import Answer, Sender, Transport
from . import errors

_SERVICE_PATH = "/calendar/v3"


@lru_cache(maxsize=8)
def resources(api_url: str) -> SimpleNamespace:
    """The client library's request builders for the API at `api_url`. They hold no connection.

    The whole document is moved, not only the base address, so that nothing still points at
    Google's own hosts.
    """
    # Its advice on coming Python versions would be a traceback in the server's log.
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"google\.api_core")
    # Imported late: a quarter of a second that only processes which sync should pay.
    from googleapiclient.discovery import build_from_document
    from googleapiclient.discovery_cache import get_static_doc

    document = json.loads(get_static_doc("calendar", "v3"))
    root = api_url.rstrip("/").removesuffix(_SERVICE_PATH) + "/"
    document |= {"rootUrl": root, "baseUrl": root + document["servicePath"]}
    document.pop("mtlsRootUrl", None)
    service = build_from_document(document, http=_Unconnected())
    return SimpleNamespace(
        events=service.events(),
        channels=service.channels(),
        calendar_list=service.calendarList(),
        freebusy=service.freebusy(),
    )


class _Unconnected:
    """Stands where the library wants a connection at build time; every request brings its own."""

    def request(self, *_args: Any, **_kwargs: Any) -> None:
        """Refuse."""
        raise RuntimeError("a request without its transport")


class Client:
    """Requests of one connected account. Raises the errors of `core.errors`."""

    def __init__(self, api_url: str, access_token: str, *, timeout_s: float) -> None:
        self._api_url = api_url
        self._transport = Transport(Sender(timeout_s=timeout_s), access_token, self._refusal)
        self._operation = ""
        self.server_time: datetime | None = None

    @property
    def events(self) -> Any:
        """Builders of the events requests."""
        return resources(self._api_url).events

    @property
    def channels(self) -> Any:
        """Builders of the requests that end channels."""
        return resources(self._api_url).channels

    @property
    def calendar_list(self) -> Any:
        """Builders of the calendar list requests."""
        return resources(self._api_url).calendar_list

    @property
    def freebusy(self) -> Any:
        """Builders of the free/busy request."""
        return resources(self._api_url).freebusy

    def run(self, request: Any, operation: str, *, etag: str = "") -> Mapping[str, Any]:
        """Send a built request once; `server_time` is the provider's clock afterwards."""
        self._operation = operation
        if etag:
            request.headers["If-Match"] = etag
        request.add_response_callback(self._note_time)
        try:
            found = request.execute(http=self._transport, num_retries=0)
        except (ValueError, LookupError):
            found = None
        if found in ("", b""):  # of methods that promise no answer
            return {}
        if not isinstance(found, dict):
            raise errors.garbage(operation, request.method != "GET")
        return found

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def _note_time(self, response: Mapping[str, str]) -> None:
        self.server_time = Answer(200, response, b"").server_time

    def _refusal(self, answer: Answer, is_write: bool) -> Exception:
        return errors.refusal(answer, self._operation, is_write)


class _AddressWithheld(logging.Filter):
    """The library's debug line holds the address: whose calendar, and the query with its token."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the line, without its address."""
        if str(record.msg).startswith("URL being requested"):
            record.msg, record.args = "URL being requested: (withheld)", ()
        return True


logging.getLogger("googleapiclient.discovery").addFilter(_AddressWithheld())
