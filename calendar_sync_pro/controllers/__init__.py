from . import show_lead
