"""Google Calendar: API v3 and Google's OAuth 2."""

from .provider import GOOGLE, GoogleProvider

__all__ = ["GOOGLE", "GoogleProvider"]
