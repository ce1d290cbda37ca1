"""What people read about connecting, by code. The words are translated when they are shown."""

from odoo.tools.translate import LazyTranslate

from ..sync.reasons import explain
from .sync_terms import say

_lt = LazyTranslate(__name__)

RESULTS = {
    "ok": (_lt("Connected"), _lt("%(email)s is connected.")),
    "denied": (
        _lt("Access was not given"),
        _lt(
            "You chose not to allow access at %(provider)s, so nothing was connected. Try again"
            " and choose Allow."
        ),
    ),
    "partial": (
        _lt("Some permissions are missing"),
        _lt(
            "These boxes were not ticked at %(provider)s: %(missing)s. Nothing was changed. Try"
            " again and leave all boxes ticked."
        ),
    ),
    "admin_approval": (
        _lt("Your organisation has to approve this first"),
        _lt(
            "%(provider)s lets your organisation's administrator decide which apps may be used."
            " Send them this client ID and ask them to approve it:"
        ),
    ),
    "approved": (
        _lt("Back from the approval"),
        _lt("If you approved the app, the people of your organisation can connect now."),
    ),
    "not_approved": (
        _lt("It was not approved"),
        _lt("Nothing was changed. The link can be opened again at any time."),
    ),
    "app_refused": (
        _lt("The company's credentials are refused"),
        _lt(
            "%(provider)s refuses the client ID or the client secret of this Odoo. Ask your"
            " administrator to check them in Settings, Calendar Sync. Nothing was changed."
        ),
    ),
    "unavailable": (
        _lt("%(provider)s does not answer"),
        _lt(
            "The sign-in worked, but %(provider)s could not be reached afterwards. Nothing was"
            " changed. Try again in a minute."
        ),
    ),
    "code_refused": (
        _lt("The sign-in took too long"),
        _lt("%(provider)s no longer accepts this sign-in. Try again."),
    ),
    "expired": (
        _lt("This sign-in is no longer valid"),
        _lt(
            "It was used already, it is too old, or it was started in another window. Go back to"
            " Odoo and press the button again."
        ),
    ),
    "other_identity": (
        _lt("That is another account"),
        _lt(
            "You signed in as %(email)s, but this connection belongs to %(expected)s. Press"
            " Reconnect and choose %(expected)s. To use %(email)s, connect it as a new account."
        ),
    ),
    "other_server": (
        _lt("That is another server"),
        _lt(
            "%(email)s has other calendars there than the ones of this connection. Enter the"
            " address of the same server, or connect this one as a new account."
        ),
    ),
    "taken": (
        _lt("Already connected by somebody else"),
        _lt(
            "%(email)s is connected by another user of this database. One calendar account can"
            " sync for one user only: ask that person, or an administrator, to disconnect it."
        ),
    ),
    "no_calendar": (
        _lt("No calendar found"),
        _lt("%(email)s has no calendar that could be read. Nothing was connected."),
    ),
    "no_app": (
        _lt("%(provider)s is not set up yet"),
        _lt("An administrator has to enter the client ID and secret in Settings, Calendar Sync."),
    ),
    "provider_off": (
        _lt("%(provider)s is switched off"),
        _lt(
            "Your company lets nobody connect %(provider)s. An administrator can switch it on in"
            " Settings, Calendar Sync. Accounts that are connected already go on."
        ),
    ),
    "no_further": (
        _lt("Only one account per person"),
        _lt(
            "Your company allows one connected calendar account per person. Disconnect the other"
            " one first."
        ),
    ),
    "other_sync": (
        _lt("Another calendar sync is active"),
        _lt(
            "You already sync with Odoo's own Google or Outlook sync: two syncs on one calendar"
            " would make every appointment twice. Stop it first, or ask an administrator to move"
            " everybody over: Calendar, Configuration, Move from Odoo's own Sync."
        ),
    ),
}
"""Result of a sign-in → (title, text)."""

_USE = _lt("Use %(host)s")
QUESTIONS = {
    "named_elsewhere": (
        _lt("Use %(host)s?"),
        _lt(
            "%(named_by)s says its calendars are at %(host)s. Your password has not been sent"
            " anywhere. Agree only if you know this server."
        ),
    ),
    "foreign_host": (
        _lt("Use %(host)s?"),
        _lt(
            "%(named_by)s sends us on to %(host)s, which has not been given your password. Agree"
            " only if you know this server."
        ),
    ),
}
"""What a person has to agree to before the password goes to another server → (title, text)."""

APP_STATES = {
    "wrong_client": _lt("The client ID or the client secret is wrong."),
    "wrong_redirect_uri": _lt(
        "The redirect URI is not registered with this app. Copy it from here to the provider."
    ),
    "unavailable": _lt("The provider could not be reached. Try again later."),
    "key_lost": _lt("Odoo can't read the client secret any more. Enter it again."),
}

PERMISSIONS = {
    "Read busy/free status": _lt("Read busy/free status"),
    "See when you're available": _lt("See when you're available"),
    "Read event times": _lt("Read event times"),
    "Know when existing appointments are": _lt("Know when existing appointments are"),
    "Create events": _lt("Create events"),
    "Book new appointments": _lt("Book new appointments"),
    "Update events": _lt("Update events"),
    "Reschedule when requested": _lt("Reschedule when requested"),
    "Delete events": _lt("Delete events"),
    "Cancel when requested": _lt("Cancel when requested"),
}
"""The words of the permissions table that adapters use."""

_OPEN_IN = _lt("Open in %s")
_OPENING = "Open in "


def result_text(env, code, **facts):
    """(title, text) of a sign-in's result in the user's language."""
    title, text = RESULTS.get(code, RESULTS["unavailable"])
    known = {"provider": "", "email": "", "expected": "", "missing": "", **facts}
    return _say(env, title) % known, _say(env, text) % known


FIELDS = {
    "wrong_password": "password",
    "app_password_needed": "password",
    "no_password": "password",
    "no_answer": "address",
    "unknown_host": "address",
    "bad_address": "address",
    "not_caldav": "address",
    "tls_problem": "address",
    "address_not_allowed": "address",
    "unsafe_redirect": "address",
    "no_passwords": "address",
    "own_card": "address",
    "other_server": "address",
}
"""The field of the form that a refusal is about."""


def password_result(env, code, **facts):
    """What the form for a user name and a password shows: {"code", "is_ok", "title", "text",
    "next_step", "field"}, with "offer" {"address", "use"} beside it when it asks whether another
    server may be used. `code` is one of RESULTS, of QUESTIONS or a reason."""
    if code in QUESTIONS:
        return _question(env, code, **facts)
    if code in RESULTS:
        (title, text), next_step = result_text(env, code, **facts), ""
    else:
        reason = explain(code)
        title = env._("Nothing was connected")
        text, next_step = say(env, reason.sentence), say(env, reason.next_step)
    return {
        "code": code,
        "is_ok": code == "ok",
        "title": title,
        "text": text,
        "next_step": next_step,
        "field": FIELDS.get(code, ""),
    }


def _question(env, code, *, address, **facts):
    title, text = (_say(env, one) % facts for one in QUESTIONS[code])
    offer = {"address": address, "use": _say(env, _USE) % facts}
    result = {"code": code, "is_ok": False, "title": title, "text": text, "next_step": ""}
    return {**result, "field": "", "offer": offer}


def app_state_text(env, code):
    """Why an OAuth app is refused, '' when nothing is known against it."""
    if not code:
        return ""
    return _say(env, APP_STATES[code]) if code in APP_STATES else say(env, explain(code).sentence)


def permission_text(env, words):
    """One cell of the permissions table in the user's language."""
    return _say(env, PERMISSIONS[words]) if words in PERMISSIONS else words


def open_text(env, words, label):
    """What an adapter calls the link to its own page ("Open in Outlook"), or one with `label`."""
    place = words.removeprefix(_OPENING) if words.startswith(_OPENING) else label
    return _say(env, _OPEN_IN) % place


def _say(env, lazy):
    return env._(lazy)
