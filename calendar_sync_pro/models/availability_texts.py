"""Why somebody's times, or a list of rooms, can't be read: one sentence per reason."""

_SAME_AS = {
    "notfound": "not_shared",
    "erroraccessdenied": "not_shared",
    "errornofreebusyaccess": "not_shared",
    "forbidden": "not_shared",
    "errormailrecipientnotfound": "unknown_address",
    "errornonexistentmailbox": "unknown_address",
    "5006": "too_much",
    "grouptoobig": "too_much",
    "toomanycalendarsrequested": "too_much",
}
"""Providers' own reasons, in lower case → ours. Sources: freebusy.query; getSchedule."""


def why_unreadable(env, code):
    """The sentence for a reason of ours or of a provider; a general one for any other."""
    code = (code or "").lower()
    texts = {
        "not_shared": env._("This calendar is not shared with you."),
        "unknown_address": env._("Your calendar's provider doesn't know this address."),
        "too_much": env._("There is too much in this calendar to tell when it is free."),
        "not_offered": env._("Your kind of calendar doesn't tell when other people are busy."),
        "no_address": env._("No e-mail address is known, so no calendar can be asked."),
        "no_account": env._("Connect a calendar of yours to see other people's busy times."),
        "sign_in": env._("This person's calendar has to be connected again."),
        "no_answer": env._("The calendar doesn't answer at the moment."),
        "rooms_not_allowed": env._(
            "The permission to list rooms was not given. Ask your administrator to switch it on for"
            " the app, then press Reconnect."
        ),
    }
    return texts.get(_SAME_AS.get(code, code)) or env._("The calendar doesn't say when it is free.")
