"""Entra's token endpoint through msal, unmodified, over our one Sender.

msal insists on https authorities and on reading their discovery document. Both are answered here
from the addresses that the app is configured with, so no request is spent on them and national
clouds, proxies and a loopback address work alike. Every call has an app object of its own: msal
keeps tokens in memory and replays refusals from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ...core.errors import Unavailable
from ..http import Answer, Sender
from ..port import OAuthApp
from .refusals import refusal_of

_MAX_BYTES = 1024 * 1024


class _Reply:
    """An answer in the form that msal reads."""

    def __init__(self, status: int, text: str, headers: Mapping[str, str]) -> None:
        self.status_code = status
        self.text = text
        self.headers = headers

    def raise_for_status(self) -> None:
        """Never reached: what is not 200 or a refusal was raised before."""


class Line:
    """msal's way to the configured endpoints. Keeps the last answer; raises our typed errors."""

    def __init__(self, token_url: str, operation: str, *, timeout_s: float) -> None:
        self._token_url = token_url
        self._operation = operation
        self._timeout_s = timeout_s
        self.answer: Answer | None = None

    @property
    def authority(self) -> str:
        """An https address that stands for the configured one."""
        parts = urlsplit(self._token_url)
        tenant = parts.path.strip("/").split("/")[0] or "common"
        return f"https://{parts.netloc}/{tenant}"

    def get(self, _url: str, **_options: Any) -> _Reply:
        """The discovery document, made from the configuration."""
        base = self.authority
        document = {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
        }
        return _Reply(200, json.dumps(document), {})

    def post(
        self, _url: str, *, data: Any = None, headers: Mapping[str, str] | None = None, **_o: Any
    ) -> _Reply:
        """The token request. Raises RateLimited or Unavailable for what is no answer to it.

        msal would narrow the token to the scopes that it adds by itself; without `scope` (which is
        optional) it is good for all that the sign-in page named.
        """
        sender = Sender(timeout_s=self._timeout_s, max_bytes=_MAX_BYTES)
        form = {name: value for name, value in data.items() if name != "scope"}
        try:
            answer = sender.send(
                "POST", self._token_url, headers=dict(headers or {}), form=form, is_write=False
            )
        finally:
            sender.close()
        self.answer = answer
        if answer.status == 429 or answer.status >= 500 or not _is_object(answer):
            raise refusal_of({}, answer, self._operation)
        return _Reply(answer.status, answer.body.decode(), answer.headers)

    def close(self) -> None:
        """Nothing is kept open."""


def _is_object(answer: Answer) -> bool:
    try:
        return isinstance(answer.json(), dict)
    except ValueError:
        return False


def token_for(
    app: OAuthApp, token_url: str, operation: str, *, timeout_s: float, **request: Any
) -> dict[str, Any]:
    """The token endpoint's answer to a code (`code`, `redirect_uri`, `code_verifier`) or to a
    `refresh_token`. No scopes are named: those that were consented to are meant.

    Raises the typed errors of `refusals.py`.
    """
    line = Line(token_url, operation, timeout_s=timeout_s)
    try:
        result = _asked(_application(app, line), request)
    except (ValueError, KeyError, RuntimeError):
        raise Unavailable("unreadable_token", operation=operation) from None
    if line.answer is None or "error" in result:
        raise refusal_of(result, line.answer, operation)
    return result


def _application(app: OAuthApp, line: Line) -> Any:
    # Imported late: only processes that sign somebody in should pay for it.
    from msal import ConfidentialClientApplication

    return ConfidentialClientApplication(
        app.client_id,
        client_credential=app.client_secret,
        authority=line.authority,
        http_client=line,
        instance_discovery=False,
    )


def _asked(client: Any, request: dict[str, Any]) -> dict[str, Any]:
    if "refresh_token" in request:
        return client.acquire_token_by_refresh_token(request["refresh_token"], [])
    return client.acquire_token_by_authorization_code(
        request["code"],
        [],
        redirect_uri=request["redirect_uri"],
        data={"code_verifier": request["code_verifier"]},
    )
