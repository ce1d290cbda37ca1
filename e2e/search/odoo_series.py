"""The recurrence vectors as a person makes them in Odoo: what is chosen in the form of an event.

`FORMS` names for each vector that Odoo can express what its form says; `CANNOT` says why it can't
express the others. Moved and cancelled occurrences are edits of single rows afterwards.
"""

from datetime import UTC, datetime, timedelta

from odoo.addons.calendar_sync_pro.core.changes import Window
from odoo.addons.calendar_sync_pro.core.recurrence import expand
from odoo.addons.calendar_sync_pro.core.timezones import to_local
from odoo.addons.calendar_sync_pro.core.when import slot_start
from odoo.addons.calendar_sync_pro.sync.odoo_recurrence import DAY_FIELDS
from odoo.addons.calendar_sync_pro.tests.pure.series_files import VECTORS, read

from .member import moment_of

EVER = Window(datetime(2027, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def _counted(kind, count, **more):
    return {"rrule_type": kind, "end_type": "count", "count": count, **more}


def _until(kind, day, **more):
    return {"rrule_type": kind, "end_type": "end_date", "until": day, **more}


def _numbered(number, day):
    return {"month_by": "day", "byday": number, "weekday": day}


_TUESDAY_SUNDAY = {"interval": 2, "tue": True, "sun": True}
_MONDAY_WEDNESDAY = {"mon": True, "wed": True}
FORMS = {
    "r01-last-friday-dst": _counted("monthly", 6, **_numbered("-1", "FRI")),
    "r02-until-before-last": _until("weekly", "2027-01-19", **_MONDAY_WEDNESDAY),
    "r03-until-inclusive": _until("weekly", "2027-01-20", **_MONDAY_WEDNESDAY),
    "r04-feb29": {"rrule_type": "yearly", "end_type": "forever"},
    "r05-day31": _counted("monthly", 4, month_by="date", day=31),
    "r10-biweekly-wkst-mo": _counted("weekly", 4, **_TUESDAY_SUNDAY),
    "r11-biweekly-wkst-su": _counted("weekly", 4, **_TUESDAY_SUNDAY),
    "r12-quarterly-bymonth": _counted("monthly", 5, interval=3, month_by="date", day=15),
    "r15-thanksgiving": _counted("monthly", 3, interval=12, **_numbered("4", "THU")),
    "r20-until-tokyo": _until("weekly", "2027-01-20"),
    "r21-until-newyork": _until("daily", "2027-01-06"),
    "r22-dst-gap": _counted("daily", 4),
    "r24-monday-evening-ny": _counted("weekly", 4),
    "r25-floating": _counted("weekly", 3),
    "r26-windows-tzid": _counted("weekly", 3),
    "r27-custom-vtimezone": _counted("weekly", 2),
    "r30-count-includes-exdated": _counted("weekly", 3),
    "r31-override-moved": _counted("weekly", 3),
    "r32-override-out-of-window": _counted("weekly", 6),
    "r33-override-into-window": _counted("weekly", 10),
    "r34-override-cancelled": _counted("weekly", 3),
    "r35-recurrence-id-utc": _counted("weekly", 3),
    "r36-allday-multiday": _counted("weekly", 3),
    "r37-allday-until-date": _until("daily", "2027-01-07"),
    "r38-allday-exdate": _counted("daily", 5),
    "r39-lord-howe": _counted("daily", 5),
    "g40-moved-and-cancelled": _counted("weekly", 4),
    "g41-allday-instance": _until("daily", "2027-01-07"),
    "m44-biweekly-sunday-first": _until("weekly", "2027-01-31", **_TUESDAY_SUNDAY),
    "m45-relative-yearly": _counted("monthly", 3, interval=12, **_numbered("2", "SUN")),
    "m46-exception-originalstart": _counted("daily", 5),
}
CANNOT = {
    "no last day of the month": {"r06-last-day"},
    "no last working day": {"r07-last-workday", "m43-last-weekday"},
    "weekdays one to four, or the last": {"r08-fifth-monday", "r09-second-last-friday"},
    "one day a month": {"r13-1st-and-15th", "r14-two-nth"},
    "once a day": {"r16-hourly", "r17-byhour"},
    "no days left out": {"r18-every-other-day-workdays"},
    "no weeks of the year": {"r19-byweekno"},
    "a repeated hour is its second one": {"r23-dst-overlap"},
    "no dates beside the rule": {"r28-rdate-only", "r29-rdate-dup-exdate",
                                 "g42-rdate-exdate-array"},
}  # fmt: skip
MONDAY_FIRST = {"r10-biweekly-wkst-mo"}
"""Only a person whose week begins on a Monday can make these."""


def expressible():
    """The vectors that Odoo can express."""
    return [vector for vector in VECTORS if vector["id"] in FORMS]


def makes(member, vectors):
    """`member` makes these series in Odoo's form, then moves and deletes single dates of them."""
    guests = {"partner_ids": [(6, 0, [member.partner])]}
    forms = [{"name": v["id"], **guests, **_form(v["id"], read(v).when)} for v in vectors]
    made = member.does(lambda env: env["calendar.event"].create(forms).ids)
    assert made, "Odoo refused them"
    rows = {(row.title, moment_of(row)): int(row.handle) for row in member.here()}
    changes = {
        rows[vector["id"], slot_start(slot)]: when
        for vector in vectors
        for slot, when in _changes(read(vector)).items()
    }

    def change(env):
        for row, when in changes.items():
            event = env["calendar.event"].browse(row)
            if when is None:
                event.unlink()
            else:
                event.write({"recurrence_update": "self_only", **_times(when)})
        return True

    assert member.does(change), "Odoo refused a change"


def _changes(series):
    """{slot: moved to, or None for a date that doesn't take place}."""
    rule = tuple(line for line in series.lines if line.startswith("RRULE"))
    everything, left = (
        {each.slot for each in expand(series.when, lines, EVER)} for lines in (rule, series.lines)
    )
    return dict.fromkeys(everything - left) | series.overrides


def _form(name, when):
    day = when.start if when.is_all_day else to_local(when.start, when.tz)
    form = {"recurrency": True, "interval": 1, "event_tz": when.tz or "UTC", **FORMS[name]}
    if form["rrule_type"] == "weekly" and not {*DAY_FIELDS} & {*form}:
        form[DAY_FIELDS[day.weekday()]] = True
    return {**_times(when), **form, "rrule_type_ui": form["rrule_type"]}


def _times(when):
    if when.is_all_day:
        last = when.stop - timedelta(days=1)
        return {"allday": True, "start_date": when.start, "stop_date": last,
                "start": datetime.combine(when.start, datetime.min.time()),
                "stop": datetime.combine(last, datetime.min.time())}  # fmt: skip
    return {"start": when.start.replace(tzinfo=None), "stop": when.stop.replace(tzinfo=None)}
