"""What people read is offered to translators, whole and current."""

from odoo.tests import BaseCase, tagged

from ..models.sync_terms import TERMS, say
from ..sync import decisions, reasons


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    def test_every_sentence_of_the_pure_layers_is_a_term(self):
        """S1-06: nothing that explains a state stays English because nobody could translate it."""
        said = {text for reason in reasons.REASONS.values() for text in reason if text}
        said |= {text for text in reasons.explain("code of another version") if text}
        said |= set(decisions.RULES.values())
        self.assertEqual(set(TERMS) - said, set(), "terms that nobody says")
        self.assertEqual(said - set(TERMS), set(), "sentences that nobody can translate")

    def test_an_unknown_sentence_is_said_as_it_is(self):
        self.assertEqual(say(None, "Something"), "Something")
