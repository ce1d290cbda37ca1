from . import calendar_sync_cancel
