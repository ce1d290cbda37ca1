"""Free slots out of the database: the whole search against its three parts, and the public page
that shows them, in the same run.

The parts are what no search can do without: Odoo's working hours for all people in one call, one
plain statement that reads the busy times, and the bare sweep over both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from . import booking, booking_page
from .booking import BUSY, DAYS, FIRST, PEOPLE, RULES, TZ, WEEK, Work, bare, workload
from .harness import QUIET, boot, environment

MODULE, ROUNDS = "calendar_sync_pro", 9
LIMIT, PAGE_LIMIT_S = 2.5, 0.150


def report(databases) -> bool:
    """Fill a fresh database, print the figures; True when the bars hold."""
    database = databases.clone(MODULE)
    registry = boot(databases.postgres, database)
    work = workload()
    with environment(registry, **QUIET) as env:
        _fill(env, work)
    with environment(registry, **QUIET) as env:
        count, seconds = _measure(env, work)
    seconds["the page over HTTP"] = booking_page.measure(databases.postgres, database)
    print(f"\nfrom the database: {PEOPLE} people, {BUSY} busy times each, {count} slots\n")
    print("| step | median s | best s |\n|---|---|---|")
    for name, times in seconds.items():
        print(f"| {name} | {statistics.median(times):.4f} | {min(times):.4f} |")
    return _verdict({name: min(times) for name, times in seconds.items()})


def _verdict(best: dict[str, float]) -> bool:
    parts = best["working hours"] + best["busy times"] + best["bare sweep"]
    bars = (
        ("whole search, times its three parts", best["whole search"] / parts, LIMIT),
        ("the search for a page of one week, s", best["page of a week"], PAGE_LIMIT_S),
        ("the public page with it over HTTP, s", best["the page over HTTP"], PAGE_LIMIT_S),
    )
    print("\n| promise | measured | bar | holds |\n|---|---|---|---|")
    for name, figure, limit in bars:
        print(f"| {name} | {figure:.3f} | <= {limit} | {'yes' if figure <= limit else 'NO'} |")
    return all(figure <= limit for _name, figure, limit in bars)


def _measure(env, work: Work) -> tuple[int, dict[str, list[float]]]:
    """The number of slots, and the seconds of each step, in turn."""
    calendar = env["booking.calendar"].search([])
    start = booking.instant(FIRST)
    aware = tuple(map(booking.moment, (start, start + DAYS * 86400)))
    hours, resources = calendar.member_ids[0].hours_id, calendar.member_ids.user_id.resource_ids

    def busy_times() -> int:
        env.cr.execute(
            "SELECT calendar_id, start, stop FROM calendar_sync_busy"
            " WHERE start < %s AND stop > %s",
            [FIRST + timedelta(days=DAYS), FIRST],
        )
        return len(env.cr.fetchall())

    def whole(days: int = DAYS) -> int:
        found = calendar._slots(None, start, start + days * 86400)
        return sum(len(slot.free) for slot in found)

    steps: dict[str, Callable] = {
        "working hours": lambda: hours._work_intervals_batch(*aware, resources),
        "busy times": busy_times,
        "bare sweep": lambda: bare(work),
        "whole search": whole,
        "page of a week": lambda: whole(7),
    }
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for _round in range(ROUNDS):
        for name, step in steps.items():
            env.invalidate_all()
            started = time.perf_counter()
            step()
            seconds[name].append(time.perf_counter() - started)
    count = whole()
    if count != bare(work):
        raise AssertionError(f"{count} slots, but the bare sweep finds {bare(work)}")
    return count, seconds


def _fill(env, work: Work) -> None:
    hours = env["resource.calendar"].create(
        {
            "name": "Bench",
            "tz": TZ,
            "attendance_ids": [(5,)]
            + [
                (0, 0, _attendance(day, *minutes))
                for day, ranges in enumerate(WEEK)
                for minutes in ranges
            ],
        }
    )
    calendars = [_person(env, hours, number) for number in range(PEOPLE)]
    env["booking.calendar"].create(
        {
            "name": "Bench",
            "page_name": booking_page.NAME,
            "is_published": True,
            "tz": TZ,
            "member_ids": [
                (0, 0, {"user_id": each.user_id.id, "hours_id": hours.id}) for each in calendars
            ],
            **{
                name: getattr(RULES, name)
                for name in ("notice_min", "advance_days", "buffer_before_min", "buffer_after_min")
            },
        }
    )
    env["calendar.sync.busy"].create(
        [
            {"calendar_id": each.id, "user_id": each.user_id.id, "start": start, "stop": stop}
            for each, times in zip(calendars, work.busy, strict=True)
            for start, stop in times
        ]
    )


def _attendance(day: int, start_min: int, stop_min: int) -> dict:
    return {
        "name": "Work",
        "dayofweek": str(day),
        "hour_from": start_min / 60,
        "hour_to": stop_min / 60,
        "day_period": "morning" if start_min < 720 else "afternoon",
    }


def _person(env, hours, number: int):
    """A user with an active account; its calendar, just read."""
    login = f"slots{number}@bench.example"
    values = {"name": login, "login": login, "email": login, "tz": TZ}
    user = env["res.users"].with_context(no_reset_password=True).create(values)
    env["resource.resource"].create(
        {"name": login, "user_id": user.id, "calendar_id": hours.id, "tz": TZ}
    )
    account = {"user_id": user.id, "company_id": user.company_id.id, "provider": "google"}
    account |= {"remote_id": login, "email": login, "status": "active"}
    calendar = {"remote_id": login, "name": login, "access_role": "owner", "can_write": True}
    calendar |= {"blocks_availability": True, "last_read": "2099-01-01 00:00:00"}
    account["calendar_ids"] = [(0, 0, calendar)]
    return env["calendar.sync.account"].create(account).calendar_ids
