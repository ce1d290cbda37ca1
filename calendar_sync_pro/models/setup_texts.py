"""What the set-up guide says, by code of `sync/setup_guide.py`. Translated when it is shown."""

from odoo.tools.translate import LazyTranslate

from ..sync.setup_guide import State

_lt = LazyTranslate(__name__)

STATES = {
    State.OK: _lt("Done"),
    State.OPEN: _lt("To do"),
    State.OPTIONAL: _lt("Optional"),
    State.FAILING: _lt("Not working"),
}

TITLES = {
    "address": _lt("Address of this Odoo"),
    "workers": _lt("Syncing in the background"),
    "credentials": _lt("Client ID and secret"),
    "redirect": _lt("Redirect URI"),
    "notices": _lt("Told of changes at once"),
    "password": _lt("Nothing to register"),
    "trial": _lt("Connect and try it out"),
    "sms": _lt("Text messages"),
}

TEXTS = {
    "address_ok": _lt("Encrypted, and where people are sent back to after signing in."),
    "address_elsewhere": _lt(
        "Encrypted. You have opened Odoo at %(origin)s; people come back from signing in at the"
        " address below and have to reach it too."
    ),
    "address_local": _lt(
        "Good for trying everything out on this computer. For others Odoo needs an address that"
        " begins with https://, which providers insist on: set web.base.url to it."
    ),
    "address_wrong": _lt(
        "Odoo believes to be on this computer only, but you have opened it at %(origin)s. Nobody"
        " would come back from signing in. Open Odoo with https:// at the address that everybody"
        " uses, and set web.base.url to that."
    ),
    "address_plain": _lt(
        "Providers send people back to encrypted addresses only. Give this Odoo a certificate"
        " (usually in the reverse proxy, with proxy_mode = True in Odoo's configuration), then set"
        " web.base.url to the address with https://."
    ),
    "workers_ok": _lt("Both workers are switched on. The last one came at %(when)s."),
    "workers_new": _lt("The workers come within a minute after the installation."),
    "workers_off": _lt(
        "A worker is switched off: nothing, or too little, is synced until it is switched on."
    ),
    "workers_silent": _lt(
        "No worker has come for more than five minutes, so nothing is synced. Start Odoo with"
        " max_cron_threads of at least 1 in its configuration. Without -d the database has to be"
        " one that Odoo lists."
    ),
    "provider_off": _lt("Your company lets nobody connect it. That is switched in the settings."),
    "app_missing": _lt("Follow the steps below, then enter what the last one gives you."),
    "app_incomplete": _lt("The client ID or the client secret is not entered yet."),
    "app_untested": _lt("Entered, and not tried yet."),
    "app_ok": _lt("The provider accepts them."),
    "app_refused": _lt(
        "The provider does not accept the client ID or the secret: one of them has a mistake, or"
        " the secret has ended. Make a new secret there and enter it here."
    ),
    "app_unreached": _lt(
        "The provider could not be reached from this server when it was tried. Let Odoo make"
        " https requests to the internet, then check again."
    ),
    "redirect_ok": _lt("Registered at the provider."),
    "redirect_wrong": _lt(
        "It is not registered with this app, so nobody can sign in. Copy it to the provider,"
        " exactly as it is, and check again. Changes there may take some minutes."
    ),
    "redirect_untried": _lt("Register it at the provider. It is tried with the credentials."),
    "notices_ok": _lt("Changes made in the calendar arrive within seconds."),
    "notices_off": _lt("Switched off in the settings. Calendars are looked at regularly."),
    "notices_trying": _lt("It is being found out, which takes up to ten minutes."),
    "notices_untried": _lt("It is found out with the first calendar that is synced."),
    "notices_no_https": _lt(
        "This needs an address with https:// that is reached from the internet. Without it"
        " calendars are looked at every few minutes."
    ),
    "notices_unreachable": _lt(
        "Nothing that the provider sent has arrived, so calendars are looked at every few minutes."
        " To be told at once, let %(base)s be reached from the internet, with a certificate that"
        " browsers trust, then try again."
    ),
    "password": _lt("People connect with a user name and a password. There is nothing to enter."),
    "trial_nobody": _lt(
        "Nobody is connected yet. Connect your own calendar, and book a test appointment there:"
        " it is made, read back and removed, and nobody is e-mailed."
    ),
    "trial_untried": _lt(
        "Connected calendars: %(connected)s. Book a test appointment on a connected account: it is"
        " made, read back and removed, and nobody is e-mailed."
    ),
    "trial_ok": _lt(
        "Connected calendars: %(connected)s. A test appointment got through and was removed again."
    ),
    "trial_failed": _lt("The latest test appointment did not get through. The account says why."),
    "sms_ok": _lt("Confirmations and reminders of bookings can go out as text messages, too."),
    "sms_missing": _lt(
        "For confirmations and reminders of bookings by text message, register Odoo's SMS service"
        " and buy credit, or install another SMS provider. E-mails go out without it."
    ),
    "sms_no_credit": _lt("The latest text message did not go out: the credit is used up."),
    "sms_refused": _lt(
        "The latest text message did not go out: the SMS service does not accept your account."
        " Open it to see why."
    ),
}

FIXES = {
    "use_address": _lt("Use %(origin)s"),
    "open_address": _lt("Change the address"),
    "switch_workers_on": _lt("Switch on"),
    "open_workers": _lt("Open the scheduled actions"),
    "enter": _lt("Enter them"),
    "correct": _lt("Correct them"),
    "edit": _lt("Edit"),
    "test_app": _lt("Try now"),
    "try_notices": _lt("Try again"),
    "open_settings": _lt("Open the settings"),
    "open_connections": _lt("Open my connections"),
    "open_accounts": _lt("Open the accounts"),
    "open_sms": _lt("Open the SMS account"),
}


def said(env, texts, code, **facts):
    """The words for `code` in the reader's language, with `facts` filled in."""
    text = env._(texts[code])
    return text % facts if facts else text
