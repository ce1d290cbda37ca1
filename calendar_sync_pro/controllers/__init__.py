from . import oauth, password, show_lead
