"""The house's own rules are enforced, and only they."""

import re
import subprocess

import pytest

from scripts import lint_requirements, lint_tree
from scripts.ground import places

IDS = ("S0-01", "S0-02", "S0-03", "S0-04")


def test_three_ids_in_one_test_are_fine_and_four_are_not():
    assert lint_requirements.problems(set(IDS[:3]), IDS) == []
    assert lint_requirements.problems(set(IDS), IDS) == ["cites 4 ids, 3 at most"]


def test_an_id_that_nobody_asked_for_is_refused():
    assert lint_requirements.problems({"S9-99"}, IDS) == ["there is no S9-99"]


def test_comments_and_decorators_above_a_test_belong_to_it():
    here = places.REPO / "scripts" / "tests" / "test_lint.py"
    texts = [text for _, text in lint_requirements.python_tests(here)]
    assert any("parametrize" in text for text in texts)


# The forbidden words are put together here so that this file may stay in the tree.
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("README.md", "see https://" + "deb." + "debian" + ".org/debian"),
        ("scripts/x.py", "path = '/" + "work/somewhere'"),
        ("sandbox/x.py", "# TO" + "DO later"),
        ("docs/x.md", "as ../" + "shared/x says"),
    ],
)
def test_what_must_not_be_in_the_tree_is_found(name, line):
    assert len(list(lint_tree.forbidden_in(name, f"fine\n{line}\n"))) == 1


@pytest.mark.parametrize(
    "line",
    ["apt's mirror of Debian", "src/work/x", "a network/working thing", "https://odoo.example/"],
)
def test_what_only_looks_like_it_is_left_alone(line):
    assert not list(lint_tree.forbidden_in("calendar_sync_pro/x.py", line))


def test_every_command_that_the_readme_names_exists():
    """The commands people are told to type are commands that ./dev lists."""
    usage = subprocess.run(["./dev"], cwd=places.REPO, capture_output=True, text=True, check=True)
    verbs = set(re.findall(r"\./dev (\w+)", usage.stdout))
    told = set(re.findall(r"\./dev ([a-z]\w*)", (places.REPO / "README.md").read_text("utf-8")))
    assert told - verbs == set()
    assert {"demo", "test"} <= told


def test_a_verb_that_does_not_exist_is_refused_with_the_list():
    command = ["./dev", "tset"]
    wrong = subprocess.run(command, cwd=places.REPO, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "There is no 'tset'" in wrong.stderr
    assert "./dev test" in wrong.stderr
