"""What the diagnosis says: headings, sentences and buttons, in English, by their codes.

They are translated where they are shown; what stands in %(…)s is filled in there.
"""

from __future__ import annotations

HEADINGS: dict[str, str] = {
    "connection": "Connection",
    "toggle": "Calendar sync",
    "calendar": "Calendar for events",
    "worker": "Sync runs",
    "service": "Calendar service",
    "grant": "Permission",
    "decisions": "Your decision",
    "set_aside": "Single events",
    "shared": "One calendar, one connection",
    "duplicates": "Duplicates",
    "zones": "Time zones",
    "availability": "Availability",
    "participants": "Participants",
    "still_on": "Still planned",
    "choice": "What goes to the calendar",
    "window": "Synced days",
    "invitation": "Invitation",
    "standing": "This appointment",
    "asked": "Asked the calendar just now",
    "entry": "Entry of the calendar",
}

WORDS: dict[str, str] = {
    # The connection
    "no_account": "You have not connected a calendar yet, so nothing can be synced.",
    "connected": "%(label)s lets Odoo in as %(email)s.",
    "paused": (
        "An administrator paused this connection. Nothing is lost: it goes on from here when"
        " it is resumed."
    ),
    "on": "It is switched on.",
    "off": "It is switched off, so nothing goes out and nothing comes in.",
    "preview": (
        "The first sync waits for you: it shows what would happen, and begins when you press"
        " Start sync."
    ),
    "other_on": "It is on for %(email)s. Only one account of a person is synced at a time.",
    "former_sync": (
        "Odoo's own Google or Outlook sync is active for this person. Two syncs on one"
        " calendar would make every appointment twice."
    ),
    "busy_only": (
        "This account was connected for availability only: Odoo sees when you are busy and"
        " nothing else. Connect it for sync to send appointments."
    ),
    "goes_to": "New appointments go to “%(calendar)s”. Look for them there, or choose another one.",
    "goes_to_not": (
        "New appointments go to “%(calendar)s”. Look for them there, or choose another one. There"
        " is no write permission for: %(others)s."
    ),
    "none_chosen": "No calendar is chosen, so appointments have nowhere to go.",
    "none_usable": (
        "There is no write permission for any calendar of this account. Make one there, or"
        " have one shared with the right to change events, then refresh the list."
    ),
    "calendar_missing": "“%(calendar)s” is gone or no longer shared with you.",
    "calendar_read_only": "“%(calendar)s” can only be read: there is no write permission.",
    "calendar_free_busy": "Of “%(calendar)s” only busy times can be seen.",
    "calendar_not_main": (
        "Your company lets appointments go to the main calendar only, and “%(calendar)s” is"
        " another one."
    ),
    "cron_off": "Scheduled actions that sync calendars are switched off in this Odoo.",
    "cron_late": (
        "A sync is due since %(since)s and nobody came: the scheduled actions of this Odoo do"
        " not run, or they are overloaded."
    ),
    "runs": "The calendar was last checked at %(at)s.",
    "soon": "Not synced yet. The first time comes within minutes.",
    "first_sync": "The first sync is running. That can take a few minutes.",
    "until": "It is tried again at %(until)s.",
    "grant_ends": (
        "%(label)s lets Odoo in only until %(until)s. Connected again before then, nothing stops."
    ),
    "undecided": (
        "Changes that wait for the owner's decision, because the calendar would e-mail"
        " guests: %(count)s."
    ),
    "set_aside": (
        "Events that could not be synced and were set aside, each with its reason: %(count)s."
    ),
    "connected_twice": (
        "“%(calendar)s” is used through two of your accounts. Its busy times count twice, and"
        " appointments can stand there twice."
    ),
    "shared_with": (
        "“%(calendar)s” is connected by %(owner)s, too. What both book stands in one calendar."
    ),
    "duplicates": (
        "Appointments that are there more than once: %(count)s. Don't delete both: merging"
        " keeps one and mails nobody."
    ),
    "no_zone": "No time zone is set for you in Odoo, so times may look shifted.",
    "zones_differ": (
        "Odoo shows you times in %(user)s, your calendar in %(other)s. Appointments are at"
        " the right moment, but the clock times you read differ."
    ),
    "device_differs": (
        "Odoo shows you times in %(user)s, this device is in %(other)s. If you are"
        " travelling, that is as it should be."
    ),
    "booking_differs": (
        "Odoo shows you times in %(user)s; “%(calendar)s”, where you can be booked, counts in"
        " %(other)s. Offered hours look shifted to you."
    ),
    "zones_alike": "Odoo and your calendar both show times in %(user)s.",
    "unread": "Not read for half an hour, so nobody is offered your free times: %(calendars)s.",
    "nothing_blocks": (
        "None of your calendars is ticked under Blocks my availability, so times are offered"
        " although you are busy there."
    ),
    "no_hours": (
        "There are no working hours for you in Odoo. Calendars only block times, they never"
        " set your working hours."
    ),
    "blocks": (
        "Busy events of these calendars block you: %(calendars)s. Your working hours come"
        " from Odoo."
    ),
    # When free times of a person are wrong
    "person_never": "No calendar was ever connected, so only appointments in Odoo block.",
    "person_connected": "The calendar is connected.",
    "person_lost": "The calendar is not connected right now, so no times are offered.",
    "person_blocks": "Calendars that count: %(count)s.",
    "person_blocks_none": (
        "No calendar is ticked under Blocks my availability, so busy times are offered."
    ),
    "person_zone": "Person and booking calendar both count in %(user)s.",
    "person_zones_differ": (
        "The person counts in %(user)s, the booking calendar in %(other)s: times look shifted"
        " to one of them."
    ),
    # One appointment
    "no_part": "You are not among the participants, so it does not belong in your calendar.",
    "declined": "You declined it, so it is not put into your calendar. Accept it to have it there.",
    "cancelled": "It was cancelled, so it is in no calendar.",
    "sends_nothing": "By your settings nothing of Odoo goes to the calendar.",
    "sends_leads": (
        "By your settings only appointments with a lead go to the calendar, and this one has none."
    ),
    "too_old": "It was before %(first)s. Older ones are not sent.",
    "too_far": (
        "It is further ahead than the synced days, which end at %(last)s. It goes out by"
        " itself on %(day)s."
    ),
    "by_invitation": (
        "It comes to you by the invitation of %(name)s's calendar, so no copy is made. It has"
        " not arrived yet."
    ),
    "by_invitation_missing": (
        "It comes to you by the invitation of %(name)s's calendar, so no copy is made. It has"
        " not arrived yet. %(hint)s"
    ),
    "there": "It is in “%(calendar)s”.",
    "former": (
        "It stays in the former calendar at %(label)s, where it was booked. Edits here do not"
        " reach it."
    ),
    "would_tell": (
        "A change waits for your decision, because the calendar would e-mail guests about it:"
        " %(count)s."
    ),
    "overlooked": "Nothing speaks against it, but it was never sent.",
    "on_its_way": "It is on its way. That takes seconds, at the most a few minutes.",
    "waits_long": "A change waits since %(since)s to be sent.",
    "tried_again": "The last try failed. It is tried again at %(until)s.",
    # An entry of the calendar
    "entry_here": "It is in Odoo.",
    "entry_coming": "It belongs in Odoo and comes with the next sync.",
    "entry_internal": (
        "Only people of your company take part. Such meetings block your time and are not shown."
    ),
    "entry_alone": "It has no participants. Such entries block your time and are not shown.",
    "entry_private": "It is marked as private in the calendar, so only its time is blocked.",
    "entry_import_busy_only": "By your settings entries of the calendar only block your time.",
    "entry_import_nothing": "By your settings nothing of the calendar comes to Odoo.",
    "entry_declined": "You declined it in the calendar.",
    "entry_outside_window": "It is outside the days that are synced.",
    "entry_kind": (
        "It is no meeting: out of office, focus time, a birthday, a place of work, or made"
        " from an e-mail."
    ),
    # Asked just now
    "asked_fine": "It answers, the sign-in works and the calendar for events can be written to.",
    "asked_place_gone": "It answers, but no longer lists the calendar for events.",
    "asked_place_read_only": "It answers, but the calendar for events can only be read.",
    "asked_event_there": "It answers, and the appointment is there.",
    "asked_event_gone": "It answers, and the appointment is no longer there: it was deleted.",
}

FIXES: dict[str, str] = {
    "authorize": "Authorize",
    "reconnect": "Reconnect",
    "connect": "Connect a calendar",
    "approval": "Copy for the administrator",
    "copy": "Copy for an administrator",
    "resume": "Resume",
    "open_apps": "Open the settings",
    "start": "Look and start",
    "switch_on": "Turn it on",
    "switch_off": "Turn it off",
    "switch_here": "Switch to this account",
    "take_over": "Move from Odoo's own sync",
    "connections": "Calendar Connections",
    "choose": "Choose another calendar",
    "refresh": "Refresh the list",
    "switch_cron_on": "Switch them on",
    "open_crons": "Scheduled actions",
    "sync_now": "Sync now",
    "again": "Check again",
    "ask": "Ask the calendar",
    "decide": "Decide",
    "show": "Show them",
    "count_once": "Count it once",
    "merge": "Find and merge",
    "set_zone": "Use %(value)s",
    "open_booking": "Open the booking calendar",
    "open_hours": "Open the user",
    "add_me": "Add me",
    "open": "Open the appointment",
    "plan_again": "Plan it again",
    "send_everything": "Send every meeting",
    "settings": "Open the settings",
    "more_days": "Sync further ahead",
    "send_now": "Send it now",
    "retry": "Try again now",
    "take_theirs": "Take the calendar's version",
    "send": "Send and tell them",
    "discard": "Discard the change",
    "open_there": "Open it there",
    "bring_meetings": "Bring meetings with others in",
    "bring_everything": "Bring everything in",
}
