"""Many customers at once on one slot, in processes of their own on real connections."""

import json
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import odoo
import odoo.addons
from odoo import SUPERUSER_ID, api
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from .booking_case import MONDAY, BookingMixin, at

PROCESSES, TRIES = 2, 10
CUSTOMERS = """
import json, sys
from pathlib import Path
import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import config

config.parse_config(json.loads(sys.argv[1]))
database, calendar_id, start, tries = sys.argv[2], *map(int, sys.argv[3:])
from odoo.addons.calendar_sync_pro.models.booking_take import SlotTaken

registry, won, offered = Registry(database), 0, []
print("ready", flush=True)
sys.stdin.readline()
for _try in range(tries):
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        calendar = env["booking.calendar"].browse(calendar_id)
        try:
            won += len(retrying(lambda: calendar._take(None, start), env))
        except SlotTaken as taken:
            cr.rollback()
            offered.append([slot.start for slot in taken.alternatives])
print(json.dumps([won, offered]), flush=True)
"""


@tagged("post_install", "-at_install")
class TestBookingRace(BookingMixin, TransactionCase):
    """Everything here is committed, and taken away again at the end."""

    def setUp(self):
        super().setUp()
        self.start = at(f"{MONDAY} 10:00")
        with self.connection() as env:
            maker = type("Maker", (BookingMixin,), {"env": env})
            maker._set_up_booking()
            self.ids = {
                "booking.calendar": maker.calendar.ids,
                "booking.service": maker.service.ids,
                "resource.calendar": maker.hours.ids,
                "res.users": (maker.anna + maker.ben).ids,
            }
            self.calendar_id = maker.calendar.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.connection() as env:
            env["booking.hold"].search([("calendar_id", "=", self.calendar_id)]).unlink()
            people = env["res.users"].browse(self.ids["res.users"]).partner_id
            for model, ids in self.ids.items():
                env[model].browse(ids).unlink()
            people.unlink()

    @contextmanager
    def connection(self):
        """An environment on a connection of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def customers(self):
        """What each of the processes got: (bookings won, next slots of every refusal)."""
        arguments = [f"--{name}={config[name]}" for name in ("db_host", "db_port", "db_user")]
        arguments += [f"--addons-path={','.join(map(str, odoo.addons.__path__))}", "--no-http"]
        command = [sys.executable, "-c", CUSTOMERS, json.dumps(arguments), self.env.cr.dbname]
        command += [str(self.calendar_id), str(self.start), str(TRIES)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        place = Path(odoo.__path__[0]).parent
        running = [subprocess.Popen(command, cwd=place, **pipes) for _one in range(PROCESSES)]
        try:
            for one in running:
                self.assertEqual(one.stdout.readline().strip(), "ready")
            for one in running:
                one.stdin.write("go\n")
                one.stdin.flush()
            return [json.loads(one.communicate(timeout=120)[0]) for one in running]
        finally:
            for one in running:
                one.kill()
                one.wait()

    def held(self):
        """{user id: how often the slot was given to that person}."""
        with self.connection() as env:
            rows = env["booking.hold"].search([("calendar_id", "=", self.calendar_id)])
            return sorted(row.user_id.id for row in rows)

    @contextmanager
    def unprotected(self):
        """The table without its exclusion constraint, for as long as this lasts."""
        name = "booking_hold_no_overlap"
        with self.connection() as env:
            env.cr.execute("SET LOCAL lock_timeout = '5s'")
            env.cr.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
            )
            definition = env.cr.fetchone()[0]
            env.cr.execute(f"ALTER TABLE booking_hold DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            with self.connection() as env:
                env.cr.execute("SET LOCAL lock_timeout = '5s'")
                env.cr.execute("DELETE FROM booking_hold")
                env.cr.execute(f"ALTER TABLE booking_hold ADD CONSTRAINT {name} {definition}")

    def test_without_the_constraint_two_servers_sell_the_same_time(self):
        """S2-47: it is the database that refuses, not luck and not a check in Python."""
        with self.unprotected():
            with self.connection() as one, self.connection() as other:
                for env in (one, other):  # both look before either has saved
                    env["booking.calendar"].browse(self.calendar_id)._take(None, self.start)
            self.assertEqual(self.held(), [self.ids["res.users"][0]] * 2)

    def test_two_at_once_do_not_exceed_the_limit_per_day(self):
        """S2-50: at different times, so no constraint refuses either; looked at again after
        both have saved, neither may go on as if the other were not there."""
        with self.connection() as env:
            env["booking.calendar"].browse(self.calendar_id).per_day = 1
        times, free = (self.start, self.start + 3600), []
        with self.connection() as one, self.connection() as other:
            calendars = [env["booking.calendar"].browse(self.calendar_id) for env in (one, other)]
            held = [
                calendar._take(None, start, calendar.member_ids[0])
                for calendar, start in zip(calendars, times, strict=True)
            ]
            for calendar in calendars:
                calendar.env.cr.commit()
            for calendar, rows, start in zip(calendars, held, times, strict=True):
                free.append(calendar._is_still_free(rows, start, {}))
        self.assertEqual(free, [False, False])

    def test_two_who_bring_the_same_new_source_at_once_are_both_served(self):
        """S2-66, S2-46: it is made once, and nobody gets an error instead of the appointment."""
        source = f"Autumn {uuid.uuid4().hex}"
        typed = {"name": "Mia", "email": "mia@fjordline.example", "utm": (source, "", "")}
        gate = Barrier(2)

        def origin(_number):
            with self.connection() as env:
                calendar = env["booking.calendar"].browse(self.calendar_id)
                customer, _problems = calendar._read_customer(typed)
                env.cr.commit()
                gate.wait(30)
                return calendar._origin_of(customer, "page")["source_id"]

        with ThreadPoolExecutor(2) as customers:
            found = list(customers.map(origin, range(2)))
        with self.connection() as env:
            made = env["utm.source"].search([("name", "=like", f"{source}%")])
            ids = made.ids
            made.unlink()
        self.assertEqual((found, len(ids)), (ids * 2, 1))

    def test_one_slot_is_sold_once_per_person_whoever_asks(self):
        """S2-47, B-05: two servers, twenty customers, two people: two bookings, eighteen offers."""
        got = self.customers()
        self.assertEqual(self.held(), sorted(self.ids["res.users"]))
        self.assertEqual(sum(won for won, _offered in got), 2)
        offers = [offer for _won, offered in got for offer in offered]
        self.assertEqual(len(offers), PROCESSES * TRIES - 2)
        expected = [self.start + minutes * 60 for minutes in (30, 60, 90)]
        self.assertTrue(all(offer == expected for offer in offers))
