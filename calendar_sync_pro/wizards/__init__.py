from . import calendar_sync_answer
from . import calendar_sync_cancel
from . import calendar_sync_decide
from . import calendar_sync_merge
from . import calendar_sync_move
from . import calendar_sync_remove
from . import booking_hours
from . import booking_why
