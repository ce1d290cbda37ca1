from . import booking_api, booking_manage, booking_page, oauth, password, show_lead
