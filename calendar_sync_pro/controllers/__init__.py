from . import booking_api, booking_manage, booking_page, notices, oauth, password, show_lead
