"""A rep with a connected calendar at work in the browser, and everybody who could be mailed."""

from contextlib import contextmanager

from odoo.tests.common import HttpCase

from ..core.event import Attendee, Response
from .pull_case import PullCase
from .test_invite import InviteMixin

SALES = (
    "sales_team.group_sale_salesman",
    "crm.group_use_lead",
    "base.group_partner_manager",
)


class MeetingsCase(InviteMixin, PullCase, HttpCase):
    """Ann sells and her calendar is connected. Carla's company is a customer; Sue and Tim are
    known to nobody."""

    SUE = Attendee("sue@stranger.example", "Sue", Response.ACCEPTED)
    TIM = Attendee("tim@unheard.example", "Tim", Response.ACCEPTED)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in SALES:
            cls.user.group_ids += cls.env.ref(group)
        partners = cls.env["res.partner"]
        cls.company = partners.create({"name": "Customer Ltd", "is_company": True})
        cls.carla = partners.create(
            {"name": "Carla", "email": cls.GUEST.email, "parent_id": cls.company.id}
        )

    def setUp(self):
        super().setUp()
        self.mails_before = self.env["mail.mail"].sudo().search([])

    @contextmanager
    def committing(self):
        """In the browser's tests every cursor is one of the test's transaction already."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            yield self.env(cr=cr)
        self.env.invalidate_all()

    def lead(self, name, **values):
        leads = self.env["crm.lead"].with_context(mail_auto_subscribe_no_notify=True)
        return leads.create(
            {
                "name": name, "type": "lead", "partner_id": self.carla.id,
                "user_id": self.user.id, **values,
            }
        )  # fmt: skip

    def walk(self, path, tour, login="ann"):
        """The tour, and what it saved as the tests read it."""
        self.start_tour(path, f"calendar_sync_pro_{tour}", login=login)
        self.env.invalidate_all()

    def notes(self, record, begin="Booked"):
        texts = record.sudo().message_ids.mapped("preview")
        return [text for text in texts if text.startswith(begin)]

    def heard(self, *addresses):
        """Exactly these were mailed by the calendar, each once, and Odoo mailed nobody."""
        self.assertEqual(self.told(), sorted(addresses))
        mails = self.env["mail.mail"].sudo().search([]) - self.mails_before
        self.assertEqual(mails.mapped(lambda mail: (mail.email_to, mail.subject)), [])
