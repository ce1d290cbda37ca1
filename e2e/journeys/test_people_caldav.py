"""A server that mails nobody: Odoo invites, and the calendar's own list stays empty."""

import pytest

from .people import in_days, odoo_time, wait
from .test_people import NEXT_HOUR, with_guest


@pytest.fixture
def provider():
    """A real Radicale."""
    return "caldav"


def mails_of_odoo(product):
    """(to, subject) of what Odoo has mailed, which is cleared away."""
    odoo = product.admin
    ids = odoo.call("mail.mail", "search", [[]], order="email_to, id")
    rows = odoo.call("mail.mail", "read", [ids, ["email_to", "subject"]])
    odoo.call("mail.mail", "unlink", [ids])
    return [(row["email_to"], row["subject"].split(":")[0]) for row in rows]


def test_odoo_invites_tells_of_a_move_and_calls_off_each_once(product):
    """S3-24, S3-37, S4-25: never both: nothing for a scheduling client to invite again."""
    ada = product.person("ada")
    made = product.admin.call(
        "res.partner", "create", [{"name": "Mia", "email": f"mia.{ada.name}@customer.example"}]
    )
    number = made[0] if isinstance(made, list) else made
    mia = f"mia.{ada.name}@customer.example"
    start = in_days(3)
    event_id = with_guest(ada, number, "Kick-off", "invite", start)
    [(to, _subject)] = mails_of_odoo(product)
    assert to == mia
    [entry] = ada.named_there("Kick-off")
    assert entry.guests == ()

    later = start + 2 * NEXT_HOUR
    times = {"start": odoo_time(later), "stop": odoo_time(later + NEXT_HOUR)}
    ada.edit(event_id, **times, invite_choice="quiet")
    ada.settle()
    assert not mails_of_odoo(product)
    ada.edit(event_id, location="Pier 7", invite_choice="invite")
    ada.settle()
    assert mails_of_odoo(product) == [(mia, "Changed")]
    ada.is_same_on_both_sides()

    action = ada.odoo.call("calendar.event", "action_ask_removal", [[event_id]])
    wizard = ada.odoo.call("calendar.sync.remove", "create", [{}], context=action["context"])
    ids = wizard if isinstance(wizard, list) else [wizard]
    ada.odoo.call("calendar.sync.remove", "action_tell", [ids])
    wait(lambda: not ada.there(), "the removal in the calendar")
    assert mails_of_odoo(product) == [(mia, "Called off")]
    assert not product.world.mails()
