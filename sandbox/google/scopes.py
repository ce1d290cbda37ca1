"""Which scopes allow which operation (discovery document of 2026-10-30)."""

from .grants import SCOPE_PREFIX

ALL = "calendar"
_READ_EVENTS = (
    "calendar",
    "calendar.app.created",
    "calendar.events",
    "calendar.events.freebusy",
    "calendar.events.owned",
    "calendar.events.owned.readonly",
    "calendar.events.public.readonly",
    "calendar.events.readonly",
    "calendar.readonly",
)
_WRITE_EVENTS = ("calendar", "calendar.app.created", "calendar.events", "calendar.events.owned")
_READ_LIST = (
    "calendar",
    "calendar.calendarlist",
    "calendar.calendarlist.readonly",
    "calendar.readonly",
)
_WRITE_LIST = ("calendar", "calendar.calendarlist")
_WRITE_CALENDARS = ("calendar", "calendar.app.created", "calendar.calendars")
_SETTINGS = ("calendar", "calendar.readonly", "calendar.settings", "calendar.settings.readonly")
_ACL = ("calendar", "calendar.acls")

_NEEDED = {
    "events.list": _READ_EVENTS,
    "events.get": _READ_EVENTS,
    "events.instances": _READ_EVENTS,
    "events.watch": _READ_EVENTS,
    "events.insert": _WRITE_EVENTS,
    "events.import": _WRITE_EVENTS,
    "events.patch": _WRITE_EVENTS,
    "events.update": _WRITE_EVENTS,
    "events.delete": _WRITE_EVENTS,
    "events.quickAdd": _WRITE_EVENTS,
    "events.move": ("calendar", "calendar.events", "calendar.events.owned"),
    "calendarList.list": _READ_LIST,
    "calendarList.get": (*_READ_LIST, "calendar.app.created"),
    "calendarList.watch": _READ_LIST,
    "calendarList.insert": _WRITE_LIST,
    "calendarList.patch": (*_WRITE_LIST, "calendar.app.created"),
    "calendarList.update": (*_WRITE_LIST, "calendar.app.created"),
    "calendarList.delete": (*_WRITE_LIST, "calendar.app.created"),
    "calendars.get": (*_WRITE_CALENDARS, "calendar.calendars.readonly", "calendar.readonly"),
    "calendars.insert": _WRITE_CALENDARS,
    "calendars.patch": _WRITE_CALENDARS,
    "calendars.update": _WRITE_CALENDARS,
    "calendars.delete": _WRITE_CALENDARS,
    "calendars.clear": ("calendar", "calendar.calendars"),
    "acl.list": (*_ACL, "calendar.acls.readonly"),
    "acl.get": (*_ACL, "calendar.acls.readonly", "calendar.readonly"),
    "acl.insert": _ACL,
    "acl.update": _ACL,
    "acl.patch": _ACL,
    "acl.delete": _ACL,
    "settings.list": _SETTINGS,
    "settings.get": _SETTINGS,
    "settings.watch": _SETTINGS,
    "freebusy.query": (ALL, "calendar.events.freebusy", "calendar.freebusy", "calendar.readonly"),
    "colors.get": (
        *_READ_LIST,
        "calendar.app.created",
        "calendar.events.freebusy",
        "calendar.events.owned",
    ),
}
NEEDED = {op: {SCOPE_PREFIX + name for name in names} for op, names in _NEEDED.items()}
SHOWN = {
    "calendar": "See, edit, share and permanently delete all your calendars",
    "calendar.events": "View and edit events on all your calendars",
    "calendar.events.readonly": "View events on all your calendars",
    "calendar.events.owned": "View and edit events on calendars that you own",
    "calendar.events.freebusy": "See when you are available",
    "calendar.calendarlist": "See, add and remove calendars you're subscribed to",
    "calendar.calendarlist.readonly": "See the list of calendars you're subscribed to",
    "calendar.calendars.readonly": "See the title, time zone and working hours of your calendars",
    "calendar.freebusy": "See when you are available on your calendars",
    "calendar.readonly": "See all your calendars and their events",
    "calendar.settings.readonly": "View your calendar settings",
    "calendar.app.created": "Make secondary calendars and manage them",
}


def describe(scope):
    """A scope in the words of a consent page."""
    return SHOWN.get(scope.removeprefix(SCOPE_PREFIX), scope)
