"""The sentences of the pure layers, so that translators find them.

`sync.reasons`, `sync.decisions` and the registrations of providers know no Odoo and say what
happens in English. Here each of their sentences stands once more for the export of terms; a test
keeps both alike.
"""

from odoo.tools.translate import LazyTranslate

from .diagnosis_terms import DIAGNOSIS

_lt = LazyTranslate(__name__)

_ALL = (
    _lt("This account is not connected."),
    _lt("Paused by an administrator. Nothing is lost meanwhile."),
    _lt("Press Resume; it goes on where it stopped."),
    _lt("Connected, but sync is off and no calendar of it blocks availability."),
    _lt("It has been due for a while, and no worker came."),
    _lt("See whether Odoo's scheduled actions run, and whether there are enough of them."),
    _lt("Changes have been waiting to be sent for more than 15 minutes."),
    _lt("Press Sync now; if they stay, open the account."),
    _lt("The calendar soon stops telling Odoo of changes at once: renewing that does not work."),
    _lt("Nothing is lost, it is checked every few minutes. Reconnecting the account renews it."),
    _lt("The permission to reach this calendar ends soon."),
    _lt("Its owner presses Reconnect and allows access again before then; so nothing stops."),
    _lt("Some events need somebody; all others are synced."),
    _lt("Open them: each says what is the matter and what helps."),
    _lt("Odoo itself made an error here."),
    _lt("It is tried again by itself; if it stays, your administrator finds the place in the log."),
    _lt("Press Authorize and sign in."),
    _lt("Whose calendar it is has left, so nothing is read or written there any more."),
    _lt("Restore the user to go on, or hand the appointments over and disconnect it."),
    _lt("The access has to be renewed."),
    _lt("Nothing to do: it is tried again by itself."),
    _lt(
        "The calendar no longer accepts the sign-in: access was taken back, the password or a"
        " security setting changed, or it was not used for a long time."
    ),
    _lt("Press Reconnect and allow access again."),
    _lt("The password of the calendar account was changed."),
    _lt("A security rule of your organisation asks you to sign in again."),
    _lt("The sign-in was cancelled, so no access was given."),
    _lt("Press Authorize and choose Allow."),
    _lt("A permission that syncing needs was not given."),
    _lt("Press Reconnect and leave all boxes ticked."),
    _lt("You signed in with another account than the one that was connected."),
    _lt("Press Reconnect and choose the same account, or disconnect first."),
    _lt("The calendar provider refuses this Odoo's own credentials."),
    _lt("Ask your administrator to check the client id and secret in Settings."),
    _lt("The calendar interface is switched off for this Odoo's own credentials."),
    _lt("Ask your administrator to enable it in the provider's console."),
    _lt("The redirect address is not registered with the provider."),
    _lt("Ask your administrator to copy the redirect URI from Settings to the provider."),
    _lt("Your organisation lets only its administrator allow this Odoo to reach calendars."),
    _lt("Ask your organisation's administrator to approve it, then press Reconnect."),
    _lt("This account has no mailbox, and so no calendar that could be reached."),
    _lt("Ask your administrator for a mailbox with a licence, or connect another account."),
    _lt(
        "The calendar no longer accepts the password: it was changed, or the app password was"
        " deleted."
    ),
    _lt("Press Reconnect and enter the new password."),
    _lt("The calendar server does not accept this user name and password."),
    _lt("Enter them again; after a change of the password enter the new one."),
    _lt("User name and password are both needed."),
    _lt("Fill in what is missing."),
    _lt(
        "The calendar service does not accept this password: it lets apps in only with a password"
        " made for one app, and forgets those when the account's own password is changed."
    ),
    _lt("Make a new app password there and enter it here."),
    _lt("The sign-in works, but no calendars can be read with it."),
    _lt("Ask whoever runs the server to switch calendars on for this account."),
    _lt("The server's certificate cannot be trusted, so nothing was sent to it."),
    _lt("Check the address; else whoever runs the server has to repair the certificate."),
    _lt("There is no calendar server at this address."),
    _lt("Copy the CalDAV address from the settings of the calendar and enter it here."),
    _lt(
        "This server may not be reached from here: it is on a private network, or without"
        " encryption (https)."
    ),
    _lt("Ask your administrator to allow it in Settings, Calendar Sync."),
    _lt("This is not the address of a server."),
    _lt("Enter it like https://calendar.example.com."),
    _lt("There is no server of this name."),
    _lt("Check the address for typing errors."),
    _lt("The server does not answer."),
    _lt("Check the address, or try again in a minute."),
    _lt(
        "The server points to an address without encryption, where your password could be read by"
        " others."
    ),
    _lt("Tell whoever runs the server."),
    _lt("This service has a card of its own."),
    _lt("Close this and press Connect on that card."),
    _lt("This service lets no app in with a password."),
    _lt("Connect it with its own card, where there is one."),
    _lt("The calendar asks us to slow down."),
    _lt("The calendar accepts no more changes for now; reading goes on."),
    _lt("Nothing to do: changes are sent when the limit is lifted."),
    _lt("The calendar cannot be reached at the moment."),
    _lt("The calendar asks for a complete check; it is running."),
    _lt("The chosen calendar is gone or no longer shared with you."),
    _lt("Choose another calendar for events."),
    _lt(
        "Most of the synced events are suddenly gone from the calendar. Nothing was cancelled yet."
    ),
    _lt("Confirm that they were deleted on purpose, or check the calendar first."),
    _lt("It is not known yet whether the calendar got the change."),
    _lt("The calendar has this event already; it is being connected."),
    _lt("The event keeps changing in the calendar while it is written."),
    _lt("The event is no longer in the calendar."),
    _lt("The calendar does not let you change this event. Odoo keeps your change."),
    _lt("Ask the organizer to change it, or to allow guests to."),
    _lt("The organizer hides the guest list, so guests cannot be changed from here."),
    _lt("Ask the organizer to invite them."),
    _lt("Only the organizer can change the guests. Odoo keeps your change."),
    _lt("Only the organizer can change this meeting in the calendar. Odoo keeps your change."),
    _lt("Ask the organizer to change it."),
    _lt(
        "The calendar would e-mail the guests about this change, so it waits in Odoo until the"
        " calendar's owner decides."
    ),
    _lt("Press Send to tell them, or Discard to take the change back."),
    _lt(
        "The description holds the way into an online meeting that must not get lost, so it was"
        " not replaced. Odoo keeps your change."
    ),
    _lt("Change the description in the calendar."),
    _lt(
        "The calendar has no words for how this event repeats, so it was not sent. Odoo keeps"
        " your change."
    ),
    _lt("Choose a simpler repetition in Odoo."),
    _lt("The event could not be understood."),
    _lt("Correct the event in the calendar; it is tried again by itself."),
    _lt("Odoo could not store this event."),
    _lt("Most of the events that Odoo knows were deleted in the calendar at once."),
    _lt("Confirm that this was on purpose; until then nothing is cancelled in Odoo."),
    _lt("Most of the appointments that stand in this calendar were deleted in Odoo at once."),
    _lt("Confirm that this was on purpose; until then nothing is removed from the calendar."),
    _lt("The event has no usable start or end."),
    _lt("The repetition of this event could not be understood."),
    _lt("The event repeats more often than every hour."),
    _lt("The event repeats too often."),
    _lt("The event repeats in a time zone that nobody knows."),
    _lt("The calendar has this event twice."),
    _lt("Delete the copy that you do not need."),
    _lt("The event was deleted in the calendar."),
    _lt("The event was deleted in the calendar and kept in Odoo, as set."),
    _lt("The event was deleted in Odoo and left in the calendar, as set."),
    _lt("The event belongs to somebody else and stays in the calendar."),
    _lt("Removed from the calendar by a clean-up. It stays in Odoo."),
    _lt("To have it there again, put it back under Calendar Connections."),
    _lt("The appointment was cancelled or deleted in Odoo meanwhile."),
    _lt("Put back into the calendar. Nobody was e-mailed."),
    _lt("Something went wrong."),
    _lt("Press Sync now to try again."),
    _lt("New in the calendar."),
    _lt("New in Odoo."),
    _lt("Known on both sides already; connected without creating a copy."),
    _lt("Nothing changed."),
    _lt("Both sides say the same."),
    _lt("Changed in Odoo."),
    _lt("Changed in the calendar."),
    _lt("Changed on both sides; merged field by field."),
    _lt("Changed on both sides; the value that gave way is kept."),
    _lt("Changed in Odoo; the calendar does not let this user change it."),
    _lt("Guests changed in Odoo; the calendar hides the guest list."),
    _lt("Deleted in the calendar."),
    _lt("Deleted in the calendar; kept in Odoo by setting."),
    _lt("This guest removed the meeting from the own calendar."),
    _lt("Deleted in Odoo."),
    _lt("Deleted in Odoo; left in the calendar by setting."),
    _lt("Deleted in Odoo; the calendar's event belongs to somebody else."),
    _lt("Deleted on both sides."),
    _lt("The organizer's invitation took the place of the copy."),
    _lt("Not sent by itself: the calendar would e-mail the guests."),
    _lt("The owner chose to send it although the guests are told."),
    _lt("Taken back in Odoo; the calendar was not changed and nobody was told."),
    _lt("Deleted in Odoo before it was sent to the calendar."),
    _lt("Merged with another entry of the same appointment. Nobody was e-mailed."),
    _lt("Undone on both sides. Nobody was e-mailed."),
    _lt(
        "Google keeps invitations from people you have never dealt with out of your calendar,"
        " unless “Add invitations to my calendar” is set to “From everyone” (Google Calendar,"
        " Settings, General, Event settings) or you press “I know the sender” in the invitation's"
        " e-mail. As soon as an invitation is in your calendar it comes to Odoo, once, however"
        " late that is."
    ),
)
TERMS = {term._source: term for term in (*_ALL, *DIAGNOSIS)}
"""English sentence → the same, to be said in the reader's language."""


def say(env, sentence):
    """A sentence of the pure layers in the user's language; an unknown one as it is."""
    term = TERMS.get(sentence)
    return env._(term) if term else sentence
