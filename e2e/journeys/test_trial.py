"""A test appointment in a real calendar: it arrives, and is gone again."""

from .people import EVERYWHERE, wait


@EVERYWHERE
def test_a_calendar_is_tried_out_with_one_click(product):
    """S1-33: given a connected calendar with a meeting in it, when she presses Book a test
    appointment, then the card says that it arrived, and both sides are as before."""
    ann = product.person("ann")
    ann.book("Meeting")
    ann.settle()
    before = [entry.id for entry in ann.there()]
    assert len(before) == 1
    ann.odoo.call("calendar.sync.account", "book_trial", [[ann.account_id]])
    told = wait(
        lambda: (trial := ann.card()["trial"])["state"] in ("passed", "failed") and trial, "the end"
    )
    assert told["state"] == "passed", told["text"]
    ann.sync()
    assert [entry.id for entry in ann.there()] == before
    assert [row["name"] for row in ann.here("name")] == ["Meeting"]
    assert not ann.trouble()
