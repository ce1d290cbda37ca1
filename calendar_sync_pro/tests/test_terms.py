"""What people read is offered to translators, whole and current."""

import re
from pathlib import Path

import polib
from odoo.tests import BaseCase, tagged

from ..models.console_terms import STEPS
from ..models.sync_terms import TERMS, say
from ..providers import port
from ..sync import decisions, diagnosis_words, reasons

FOLDER = Path(__file__).parent.parent / "i18n"


@tagged("post_install", "-at_install")
class TestTerms(BaseCase):
    def test_every_sentence_of_the_pure_layers_is_a_term(self):
        """S1-06: nothing that explains a state stays English because nobody could translate it."""
        said = {text for reason in reasons.REASONS.values() for text in reason if text}
        said |= {text for text in reasons.explain("code of another version") if text}
        said |= set(decisions.RULES.values())
        said |= {one.missing_invitations for one in port.providers().values()} - {""}
        for words in (diagnosis_words.HEADINGS, diagnosis_words.WORDS, diagnosis_words.FIXES):
            said |= set(words.values())
        self.assertEqual(set(TERMS) - said, set(), "terms that nobody says")
        self.assertEqual(said - set(TERMS), set(), "sentences that nobody can translate")

    def test_every_step_in_a_providers_console_is_a_term(self):
        """B-15: what an administrator does elsewhere is told in the own language, too."""
        consoles = [one.console for one in port.providers().values() if one.console]
        self.assertEqual(set(STEPS), {step.text for one in consoles for step in one.steps})

    def test_an_unknown_sentence_is_said_as_it_is(self):
        self.assertEqual(say(None, "Something"), "Something")

    def test_translations_keep_what_is_filled_in(self):
        """A translated sentence names the same account, calendar and time as the original."""
        for path in sorted(FOLDER.glob("*.po")):
            for entry in polib.pofile(str(path)).translated_entries():
                said = (path.name, entry.msgid)
                self.assertEqual(blanks(entry.msgstr), blanks(entry.msgid), said)


def blanks(text):
    """What is filled into a sentence."""
    return set(re.findall(r"%\(\w+\)s|%[sd]", text))
