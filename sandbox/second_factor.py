"""The step after the password: an account that wants a second factor is asked for a code."""

from urllib.parse import urlencode

from .html import NOTHING, each, render

CODE = "123456"
FIELD = "otp"


def body_asking(user, pairs, query):
    """The body of the page that asks for the code, with the form's fields kept in it; None when the
    account wants none, or the right one was given."""
    given = dict(pairs).get(FIELD)
    if not user["mfa_required"] or given == CODE:
        return None
    kept = [{"name": name, "value": value} for name, value in pairs if name != FIELD]
    note = render("signin_alert", text="Wrong code. Try again.") if given else NOTHING
    rows = each("entra_value", [row for row in kept if row["name"] != "decision"])
    return render("signin_factor", query=urlencode(query), note=note, kept=rows, code=CODE)
