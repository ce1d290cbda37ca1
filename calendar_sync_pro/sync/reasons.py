"""What a reason code means to a person: one sentence, and what to do next.

Codes are stored on accounts and links; the texts are translated where they are shown.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """`sentence` says what happened, `next_step` what the user can do ('' when nothing)."""

    sentence: str
    next_step: str = ""


_RECONNECT = "Press Reconnect and allow access again."
_WAIT = "Nothing to do: it is tried again by itself."
_MEND = "Correct the event in the calendar; it is tried again by itself."

REASONS: dict[str, Reason] = {
    # The account
    "not_connected": Reason("This account is not connected.", "Press Authorize and sign in."),
    "token_expired": Reason("The access has to be renewed.", _WAIT),
    "access_revoked": Reason(
        "The calendar no longer accepts the sign-in: access was taken back, the password or a"
        " security setting changed, or it was not used for a long time.",
        _RECONNECT,
    ),
    "password_changed": Reason("The password of the calendar account was changed.", _RECONNECT),
    "policy_changed": Reason(
        "A security rule of your organisation asks you to sign in again.", _RECONNECT
    ),
    "consent_denied": Reason(
        "The sign-in was cancelled, so no access was given.",
        "Press Authorize and choose Allow.",
    ),
    "missing_scope": Reason(
        "A permission that syncing needs was not given.",
        "Press Reconnect and leave all boxes ticked.",
    ),
    "wrong_account": Reason(
        "You signed in with another account than the one that was connected.",
        "Press Reconnect and choose the same account, or disconnect first.",
    ),
    "app_misconfigured": Reason(
        "The calendar provider refuses this Odoo's own credentials.",
        "Ask your administrator to check the client id and secret in Settings.",
    ),
    "api_disabled": Reason(
        "The calendar interface is switched off for this Odoo's own credentials.",
        "Ask your administrator to enable it in the provider's console.",
    ),
    "redirect_mismatch": Reason(
        "The redirect address is not registered with the provider.",
        "Ask your administrator to copy the redirect URI from Settings to the provider.",
    ),
    "owner_left": Reason(
        "Whose calendar it is has left, so nothing is read or written there any more.",
        "Restore the user to go on, or hand the appointments over and disconnect it.",
    ),
    "admin_consent_required": Reason(
        "Your organisation lets only its administrator allow this Odoo to reach calendars.",
        "Ask your organisation's administrator to approve it, then press Reconnect.",
    ),
    "no_mailbox": Reason(
        "This account has no mailbox, and so no calendar that could be reached.",
        "Ask your administrator for a mailbox with a licence, or connect another account.",
    ),
    # Connecting with a password
    "password_refused": Reason(
        "The calendar no longer accepts the password: it was changed, or the app password was"
        " deleted.",
        "Press Reconnect and enter the new password.",
    ),
    "wrong_password": Reason(
        "The calendar server does not accept this user name and password.",
        "Enter them again; after a change of the password enter the new one.",
    ),
    "no_password": Reason(
        "User name and password are both needed.",
        "Fill in what is missing.",
    ),
    "app_password_needed": Reason(
        "The calendar service does not accept this password: it lets apps in only with a password"
        " made for one app, and forgets those when the account's own password is changed.",
        "Make a new app password there and enter it here.",
    ),
    "no_calendar_access": Reason(
        "The sign-in works, but no calendars can be read with it.",
        "Ask whoever runs the server to switch calendars on for this account.",
    ),
    "tls_problem": Reason(
        "The server's certificate cannot be trusted, so nothing was sent to it.",
        "Check the address; else whoever runs the server has to repair the certificate.",
    ),
    "not_caldav": Reason(
        "There is no calendar server at this address.",
        "Copy the CalDAV address from the settings of the calendar and enter it here.",
    ),
    "address_not_allowed": Reason(
        "This server may not be reached from here: it is on a private network, or without"
        " encryption (https).",
        "Ask your administrator to allow it in Settings, Calendar Sync.",
    ),
    "bad_address": Reason(
        "This is not the address of a server.",
        "Enter it like https://calendar.example.com.",
    ),
    "unknown_host": Reason(
        "There is no server of this name.",
        "Check the address for typing errors.",
    ),
    "no_answer": Reason(
        "The server does not answer.",
        "Check the address, or try again in a minute.",
    ),
    "unsafe_redirect": Reason(
        "The server points to an address without encryption, where your password could be read by"
        " others.",
        "Tell whoever runs the server.",
    ),
    "own_card": Reason(
        "This service has a card of its own.",
        "Close this and press Connect on that card.",
    ),
    "no_passwords": Reason(
        "This service lets no app in with a password.",
        "Connect it with its own card, where there is one.",
    ),
    # The account again
    "rate_limited": Reason("The calendar asks us to slow down.", _WAIT),
    "write_quota": Reason(
        "The calendar accepts no more changes for now; reading goes on.",
        "Nothing to do: changes are sent when the limit is lifted.",
    ),
    "unavailable": Reason("The calendar cannot be reached at the moment.", _WAIT),
    "cursor_expired": Reason("The calendar asks for a complete check; it is running.", _WAIT),
    "calendar_lost": Reason(
        "The chosen calendar is gone or no longer shared with you.",
        "Choose another calendar for events.",
    ),
    "too_many_gone": Reason(
        "Most of the synced events are suddenly gone from the calendar. Nothing was cancelled yet.",
        "Confirm that they were deleted on purpose, or check the calendar first.",
    ),
    "internal_error": Reason(
        "Odoo itself made an error here.",
        "It is tried again by itself; if it stays, your administrator finds the place in the log.",
    ),
    # What only the administrator's overview tells
    "paused_by_admin": Reason(
        "Paused by an administrator. Nothing is lost meanwhile.",
        "Press Resume; it goes on where it stopped.",
    ),
    "not_in_use": Reason(
        "Connected, but sync is off and no calendar of it blocks availability.",
    ),
    "overdue": Reason(
        "It has been due for a while, and no worker came.",
        "See whether Odoo's scheduled actions run, and whether there are enough of them.",
    ),
    "waiting_long": Reason(
        "Changes have been waiting to be sent for more than 15 minutes.",
        "Press Sync now; if they stay, open the account.",
    ),
    "push_ending": Reason(
        "The calendar soon stops telling Odoo of changes at once: renewing that does not work.",
        "Nothing is lost, it is checked every few minutes. Reconnecting the account renews it.",
    ),
    "grant_ending": Reason(
        "The permission to reach this calendar ends soon.",
        "Its owner presses Reconnect and allows access again before then; so nothing stops.",
    ),
    "set_aside": Reason(
        "Some events need somebody; all others are synced.",
        "Open them: each says what is the matter and what helps.",
    ),
    # One event
    "unknown_outcome": Reason("It is not known yet whether the calendar got the change.", _WAIT),
    "already_exists": Reason("The calendar has this event already; it is being connected.", _WAIT),
    "conflict": Reason("The event keeps changing in the calendar while it is written.", _WAIT),
    "not_found": Reason("The event is no longer in the calendar."),
    "forbidden": Reason(
        "The calendar does not let you change this event. Odoo keeps your change.",
        "Ask the organizer to change it, or to allow guests to.",
    ),
    "read_only": Reason(
        "The calendar does not let you change this event. Odoo keeps your change.",
        "Ask the organizer to change it, or to allow guests to.",
    ),
    "hidden_guests": Reason(
        "The organizer hides the guest list, so guests cannot be changed from here.",
        "Ask the organizer to invite them.",
    ),
    "guest_list_not_ours": Reason(
        "Only the organizer can change the guests. Odoo keeps your change.",
        "Ask the organizer to invite them.",
    ),
    "not_organizer": Reason(
        "Only the organizer can change this meeting in the calendar. Odoo keeps your change.",
        "Ask the organizer to change it.",
    ),
    "would_notify": Reason(
        "The calendar would e-mail the guests about this change, so it waits in Odoo until the"
        " calendar's owner decides.",
        "Press Send to tell them, or Discard to take the change back.",
    ),
    "online_meeting_text": Reason(
        "The description holds the way into an online meeting that must not get lost, so it was"
        " not replaced. Odoo keeps your change.",
        "Change the description in the calendar.",
    ),
    "not_expressible": Reason(
        "The calendar has no words for how this event repeats, so it was not sent. Odoo keeps"
        " your change.",
        "Choose a simpler repetition in Odoo.",
    ),
    "malformed": Reason("The event could not be understood.", _MEND),
    "rejected_by_odoo": Reason("Odoo could not store this event.", _MEND),
    "mass_delete": Reason(
        "Most of the events that Odoo knows were deleted in the calendar at once.",
        "Confirm that this was on purpose; until then nothing is cancelled in Odoo.",
    ),
    "mass_removal": Reason(
        "Most of the appointments that stand in this calendar were deleted in Odoo at once.",
        "Confirm that this was on purpose; until then nothing is removed from the calendar.",
    ),
    "missing_time": Reason("The event has no usable start or end.", _MEND),
    "broken_rule": Reason("The repetition of this event could not be understood.", _MEND),
    "refused_rule": Reason("The event repeats more often than every hour.", _MEND),
    "too_many_occurrences": Reason("The event repeats too often.", _MEND),
    "unknown_zone": Reason("The event repeats in a time zone that nobody knows.", _MEND),
    "duplicate": Reason(
        "The calendar has this event twice.", "Delete the copy that you do not need."
    ),
    "deleted_in_calendar": Reason("The event was deleted in the calendar."),
    "kept_after_calendar_delete": Reason(
        "The event was deleted in the calendar and kept in Odoo, as set."
    ),
    "left_in_calendar": Reason("The event was deleted in Odoo and left in the calendar, as set."),
    "not_ours_to_delete": Reason("The event belongs to somebody else and stays in the calendar."),
    "cleaned_up": Reason(
        "Removed from the calendar by a clean-up. It stays in Odoo.",
        "To have it there again, put it back under Calendar Connections.",
    ),
    "gone_in_odoo": Reason("The appointment was cancelled or deleted in Odoo meanwhile."),
}

PASSING = frozenset(code for code, reason in REASONS.items() if reason.next_step == _WAIT)
"""Trouble that nobody has to mend: it is tried again by itself."""

_SAME_AS = {
    "invalid_grant": "access_revoked",
    "unauthorized_client": "app_misconfigured",
    "invalid_client": "app_misconfigured",
    "deleted_client": "app_misconfigured",
    "invalid_rapt": "policy_changed",
    "rapt_required": "policy_changed",
    "interaction_required": "policy_changed",
    "access_denied": "consent_denied",
    "insufficientpermissions": "missing_scope",
    "insufficient_scope": "missing_scope",
    "accessnotconfigured": "api_disabled",
    "redirect_uri_mismatch": "redirect_mismatch",
    "tls": "tls_problem",
    "broken_date": "broken_rule",
    "broken_period": "broken_rule",
    "unknown_line": "broken_rule",
}
"""Machine-readable reasons of OAuth (RFC 6749 §5.2) and of adapters, in lower case → our code."""


def known(reason: str, default: str) -> str:
    """The code for a machine-readable reason; `default` for one that has no sentence of its own."""
    reason = reason.lower()
    reason = _SAME_AS.get(reason, reason)
    return reason if reason in REASONS else default


def explain(code: str) -> Reason:
    """Sentence and next step for a stored code; a general sentence for one from another version."""
    return REASONS.get(code) or Reason("Something went wrong.", "Press Sync now to try again.")
