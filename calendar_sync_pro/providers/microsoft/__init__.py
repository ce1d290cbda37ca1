"""Microsoft 365 and Outlook.com: Graph v1.0 and Entra's OAuth 2."""

from .former import FORMER
from .provider import MICROSOFT, MicrosoftProvider

__all__ = ["FORMER", "MICROSOFT", "MicrosoftProvider"]
