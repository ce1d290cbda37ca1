"""CalDAV (RFC 4791) and what iCloud does differently: connected with a password."""

from ..port import Registration, register
from .presets import ICLOUD, SERVICES
from .sign_in import CaldavSignIn


def _open(app, grant, *, timeout_s):
    from .provider import CaldavProvider

    return CaldavProvider(app, grant, timeout_s=timeout_s)


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
