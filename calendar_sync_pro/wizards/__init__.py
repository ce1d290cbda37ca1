from . import calendar_sync_cancel
from . import calendar_sync_decide
