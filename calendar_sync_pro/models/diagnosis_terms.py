"""The sentences of the diagnosis, so that translators find them; see `sync_terms`."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DIAGNOSIS = (
    _lt("Connection"),
    _lt("Calendar sync"),
    _lt("Calendar for events"),
    _lt("Sync runs"),
    _lt("Calendar service"),
    _lt("Your decision"),
    _lt("Single events"),
    _lt("One calendar, one connection"),
    _lt("Duplicates"),
    _lt("Time zones"),
    _lt("Availability"),
    _lt("Participants"),
    _lt("Still planned"),
    _lt("What goes to the calendar"),
    _lt("Synced days"),
    _lt("Invitation"),
    _lt("This appointment"),
    _lt("Asked the calendar just now"),
    _lt("Entry of the calendar"),
    _lt("You have not connected a calendar yet, so nothing can be synced."),
    _lt("%(label)s lets Odoo in as %(email)s."),
    _lt(
        "An administrator paused this connection. Nothing is lost: it goes on from here when"
        " it is resumed."
    ),
    _lt("It is switched on."),
    _lt("It is switched off, so nothing goes out and nothing comes in."),
    _lt(
        "The first sync waits for you: it shows what would happen, and begins when you press"
        " Start sync."
    ),
    _lt("It is on for %(email)s. Only one account of a person is synced at a time."),
    _lt(
        "Odoo's own Google or Outlook sync is active for this person. Two syncs on one"
        " calendar would make every appointment twice."
    ),
    _lt(
        "This account was connected for availability only: Odoo sees when you are busy and"
        " nothing else. Connect it for sync to send appointments."
    ),
    _lt("New appointments go to “%(calendar)s”. Look for them there, or choose another one."),
    _lt(
        "New appointments go to “%(calendar)s”. Look for them there, or choose another one."
        " There is no write permission for: %(others)s."
    ),
    _lt("No calendar is chosen, so appointments have nowhere to go."),
    _lt(
        "There is no write permission for any calendar of this account. Make one there, or"
        " have one shared with the right to change events, then refresh the list."
    ),
    _lt("“%(calendar)s” is gone or no longer shared with you."),
    _lt("“%(calendar)s” can only be read: there is no write permission."),
    _lt("Of “%(calendar)s” only busy times can be seen."),
    _lt(
        "Your company lets appointments go to the main calendar only, and “%(calendar)s” is"
        " another one."
    ),
    _lt("Scheduled actions that sync calendars are switched off in this Odoo."),
    _lt(
        "A sync is due since %(since)s and nobody came: the scheduled actions of this Odoo do"
        " not run, or they are overloaded."
    ),
    _lt("The calendar was last checked at %(at)s."),
    _lt("%(label)s lets Odoo in only until %(until)s. Connected again before then, nothing stops."),
    _lt("Permission"),
    _lt("Not synced yet. The first time comes within minutes."),
    _lt("The first sync is running. That can take a few minutes."),
    _lt("It is tried again at %(until)s."),
    _lt(
        "Changes that wait for the owner's decision, because the calendar would e-mail"
        " guests: %(count)s."
    ),
    _lt("Events that could not be synced and were set aside, each with its reason: %(count)s."),
    _lt(
        "“%(calendar)s” is used through two of your accounts. Its busy times count twice, and"
        " appointments can stand there twice."
    ),
    _lt("“%(calendar)s” is connected by %(owner)s, too. What both book stands in one calendar."),
    _lt(
        "Appointments that are there more than once: %(count)s. Don't delete both: merging"
        " keeps one and mails nobody."
    ),
    _lt("No time zone is set for you in Odoo, so times may look shifted."),
    _lt(
        "Odoo shows you times in %(user)s, your calendar in %(other)s. Appointments are at"
        " the right moment, but the clock times you read differ."
    ),
    _lt(
        "Odoo shows you times in %(user)s, this device is in %(other)s. If you are"
        " travelling, that is as it should be."
    ),
    _lt(
        "Odoo shows you times in %(user)s; “%(calendar)s”, where you can be booked, counts in"
        " %(other)s. Offered hours look shifted to you."
    ),
    _lt("Odoo and your calendar both show times in %(user)s."),
    _lt("Not read for half an hour, so nobody is offered your free times: %(calendars)s."),
    _lt(
        "None of your calendars is ticked under Blocks my availability, so times are offered"
        " although you are busy there."
    ),
    _lt(
        "There are no working hours for you in Odoo. Calendars only block times, they never"
        " set your working hours."
    ),
    _lt(
        "Busy events of these calendars block you: %(calendars)s. Your working hours come"
        " from Odoo."
    ),
    _lt("No calendar was ever connected, so only appointments in Odoo block."),
    _lt("The calendar is connected."),
    _lt("The calendar is not connected right now, so no times are offered."),
    _lt("Calendars that count: %(count)s."),
    _lt("No calendar is ticked under Blocks my availability, so busy times are offered."),
    _lt("Person and booking calendar both count in %(user)s."),
    _lt(
        "The person counts in %(user)s, the booking calendar in %(other)s: times look shifted"
        " to one of them."
    ),
    _lt("You are not among the participants, so it does not belong in your calendar."),
    _lt("You declined it, so it is not put into your calendar. Accept it to have it there."),
    _lt("It was cancelled, so it is in no calendar."),
    _lt("By your settings nothing of Odoo goes to the calendar."),
    _lt(
        "By your settings only appointments with a lead go to the calendar, and this one has none."
    ),
    _lt("It was before %(first)s. Older ones are not sent."),
    _lt(
        "It is further ahead than the synced days, which end at %(last)s. It goes out by"
        " itself on %(day)s."
    ),
    _lt(
        "It comes to you by the invitation of %(name)s's calendar, so no copy is made. It has"
        " not arrived yet."
    ),
    _lt(
        "It comes to you by the invitation of %(name)s's calendar, so no copy is made. It has"
        " not arrived yet. %(hint)s"
    ),
    _lt("It is in “%(calendar)s”."),
    _lt(
        "It stays in the former calendar at %(label)s, where it was booked. Edits here do not"
        " reach it."
    ),
    _lt(
        "A change waits for your decision, because the calendar would e-mail guests about it:"
        " %(count)s."
    ),
    _lt("Nothing speaks against it, but it was never sent."),
    _lt("It is on its way. That takes seconds, at the most a few minutes."),
    _lt("A change waits since %(since)s to be sent."),
    _lt("The last try failed. It is tried again at %(until)s."),
    _lt("It is in Odoo."),
    _lt("It belongs in Odoo and comes with the next sync."),
    _lt("Only people of your company take part. Such meetings block your time and are not shown."),
    _lt("It has no participants. Such entries block your time and are not shown."),
    _lt("It is marked as private in the calendar, so only its time is blocked."),
    _lt("By your settings entries of the calendar only block your time."),
    _lt("By your settings nothing of the calendar comes to Odoo."),
    _lt("You declined it in the calendar."),
    _lt("It is outside the days that are synced."),
    _lt(
        "It is no meeting: out of office, focus time, a birthday, a place of work, or made"
        " from an e-mail."
    ),
    _lt("It answers, the sign-in works and the calendar for events can be written to."),
    _lt("It answers, but no longer lists the calendar for events."),
    _lt("It answers, but the calendar for events can only be read."),
    _lt("It answers, and the appointment is there."),
    _lt("It answers, and the appointment is no longer there: it was deleted."),
    _lt("Authorize"),
    _lt("Reconnect"),
    _lt("Connect a calendar"),
    _lt("Copy for the administrator"),
    _lt("Copy for an administrator"),
    _lt("Resume"),
    _lt("Open the settings"),
    _lt("Look and start"),
    _lt("Turn it on"),
    _lt("Turn it off"),
    _lt("Switch to this account"),
    _lt("Move from Odoo's own sync"),
    _lt("Calendar Connections"),
    _lt("Choose another calendar"),
    _lt("Refresh the list"),
    _lt("Switch them on"),
    _lt("Scheduled actions"),
    _lt("Sync now"),
    _lt("Check again"),
    _lt("Ask the calendar"),
    _lt("Decide"),
    _lt("Show them"),
    _lt("Count it once"),
    _lt("Find and merge"),
    _lt("Use %(value)s"),
    _lt("Open the booking calendar"),
    _lt("Open the user"),
    _lt("Add me"),
    _lt("Open the appointment"),
    _lt("Plan it again"),
    _lt("Send every meeting"),
    _lt("Sync further ahead"),
    _lt("Send it now"),
    _lt("Try again now"),
    _lt("Take the calendar's version"),
    _lt("Send and tell them"),
    _lt("Discard the change"),
    _lt("Open it there"),
    _lt("Bring meetings with others in"),
    _lt("Bring everything in"),
)
