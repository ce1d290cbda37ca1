"""One package per remote API, each behind the port in `port.py`. No Odoo.

Importing this package registers every provider.
"""

from . import google, microsoft, caldav
from .port import provider, providers, register

__all__ = ["caldav", "google", "microsoft", "provider", "providers", "register"]
