"""CalDAV (RFC 4791) and what iCloud does differently: connected with a password.

Inside this package `caldav` alone is the library; our own modules are imported relatively.
"""

from ..port import Registration, register
from .opening import Opener
from .presets import ICLOUD, SERVICES
from .sign_in import CaldavSignIn

_open = Opener()

register(
    Registration(
        "icloud",
        "Apple iCloud",
        sign_in=None,
        factory=_open,
        password_sign_in=CaldavSignIn((ICLOUD,), needs_address=False),
    )
)
register(
    Registration(
        "caldav",
        "CalDAV",
        sign_in=None,
        factory=_open,
        password_sign_in=CaldavSignIn(SERVICES, needs_address=True),
    )
)
