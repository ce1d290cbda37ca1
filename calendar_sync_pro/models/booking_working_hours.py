"""When people work: Odoo's working times and days off, for any team in a fixed number of queries.

Odoo's own functions answer for one working time at once, with queries for each. Weekly hours are
read here for all of them; those that are more than a week (two weeks in turn, flexible) are
left to Odoo.
"""

from odoo import api, models

from ..booking import layers
from ..booking.hours import WeeklyHours
from ..booking.intervals import IntervalSet, instant, moment


class BookingSearchHours(models.AbstractModel):
    _inherit = "booking.search"

    @api.model
    def _hours(self, members, early, late, found):
        """{member: working hours}; days off are added to `found` as layers of their own."""
        places = {member: (member._hours(), _resource_of(member)) for member in members}
        weekly = self._weekly({hours for hours, _resource in places.values()})
        hours = {}
        for member, (calendar, resource) in places.items():
            hours[member] = (
                _odoos_hours(calendar, resource, early, late)
                if weekly.get(calendar) is None or _is_flexible(resource)
                else WeeklyHours(weekly[calendar], resource.tz or calendar.tz).within(early, late)
            )
        self._add_leave(found, places, early, late)
        return hours

    @api.model
    def _weekly(self, calendars):
        """{working time: ranges in minutes per weekday}, or None where it is more than a week."""
        found = {}
        for calendar in self.env["resource.calendar"].union(*calendars):
            week = [[] for _day in range(7)]
            for row in calendar.attendance_ids:
                start, stop = round(row.hour_from * 60), round(row.hour_to * 60)
                if not row.display_type and row.day_period != "lunch" and start < stop:
                    week[int(row.dayofweek)].append((start, min(stop, 1440)))
            is_week = not (calendar.two_weeks_calendar or calendar.flexible_hours)
            found[calendar] = tuple(map(tuple, week)) if is_week else None
        return found

    @api.model
    def _add_leave(self, found, places, early, late):
        """Public holidays and leave: of the person, whatever hours hold in this booking calendar,
        and of the working times that hold here or usually."""
        rows = self._leave(places, early, late)
        for member, (calendar, resource) in places.items():
            own = set(resource.ids)  # maybe none, and then nobody's
            valid = {False, calendar.id, member._usual_hours().id}
            ranges = [
                (start, stop)
                for calendar_id, resource_id, company_id, start, stop in rows
                if resource_id in own
                or (
                    not resource_id
                    and calendar_id in valid
                    and company_id in (False, member.calendar_id.company_id.id)
                )
            ]
            found[member.user_id.id].append(layers.off(IntervalSet.of(ranges)))

    @api.model
    def _leave(self, places, early, late):
        """[(working time id, resource id, company id, start, stop)] that touch `[early, late)`; a
        resource id is False for what all have off."""
        resources = self.env["resource.resource"].union(*(each for _hours, each in places.values()))
        span = (moment(early).replace(tzinfo=None), moment(late).replace(tzinfo=None))
        rows = self.env["resource.calendar.leaves"].sudo().search_fetch(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "in", [False, *resources.ids]),
                ("date_from", "<", span[1]),
                ("date_to", ">", span[0]),
            ],
            ["calendar_id", "resource_id", "company_id", "date_from", "date_to"],
        )  # fmt: skip
        return [
            (
                row.calendar_id.id,
                row.resource_id.id,
                row.company_id.id,
                instant(row.date_from),
                instant(row.date_to),
            )
            for row in rows
        ]


def _resource_of(member):
    """The person as Odoo's working times know it, in the booking calendar's company where it works
    there, else in its own; maybe none."""
    company = member.calendar_id.company_id
    found = member.user_id.sudo().resource_ids
    return (found.filtered(lambda one: one.company_id == company) or found)[:1]


def _is_flexible(resource):
    """Somebody without any working time works when it suits."""
    return bool(resource) and not resource.calendar_id


def _odoos_hours(calendar, resource, early, late):
    """Working hours as Odoo works them out."""
    if not calendar:
        return IntervalSet()
    work = calendar._attendance_intervals_batch(moment(early), moment(late), resource)
    return IntervalSet.of(
        (int(start.timestamp()), int(stop.timestamp())) for start, stop, _row in work[resource.id]
    )
