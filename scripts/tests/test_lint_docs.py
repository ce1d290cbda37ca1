"""Documents that name tests."""

from scripts.lint_docs import known_names, missing

NAMES, FILES = {"test_it_holds"}, {"test_holding"}


def test_a_named_test_that_is_gone_is_told():
    """A renamed test leaves no proof that proves nothing."""
    text = "| Threat | `test_it_holds`, `test_it_held` | `e2e/test_holding.py` `test_gone.py` |"
    assert list(missing(text, NAMES, FILES)) == ["test_gone.py", "test_it_held"]


def test_tests_of_all_kinds_are_known():
    """Pure ones, Odoo's, journeys, and those of the tools."""
    names, files = known_names()
    assert "test_tests_of_all_kinds_are_known" in names
    assert {"test_rights", "test_decide", "test_security", "test_lint_docs"} <= files
