"""Google Calendar: API v3 and Google's OAuth 2."""

from .former import FORMER
from .provider import GOOGLE, GoogleProvider

__all__ = ["FORMER", "GOOGLE", "GoogleProvider"]
