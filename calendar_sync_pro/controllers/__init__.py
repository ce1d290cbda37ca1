from . import oauth, show_lead
