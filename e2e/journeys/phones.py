"""The other side of the journeys: a person's telephone with the provider's own calendar app.

Both telephones know the same verbs and show the same entries, so that one journey can be walked
with either provider. They use public APIs only. Times of entries are UTC, as Odoo writes them.
"""

from .google_phone import GoogleCalendar
from .outlook_phone import Outlook

PHONES = {phone.provider: phone for phone in (GoogleCalendar, Outlook)}
