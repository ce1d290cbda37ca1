"""Which requirement is cited by which test (docs/requirements.tsv -> docs/requirements.md).

A test cites an id in its docstring, a comment or a decorator. One test function may cite three at
most: a test that claims more proves none of them well.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from scripts.ground import places

MOST_PER_TEST = 3
IDENTIFIER = re.compile(r"\b(?:S[0-4]|B|D)-\d{2}\b")
LIST = places.REPO / "docs" / "requirements.tsv"
INDEX = places.REPO / "docs" / "requirements.md"
ROOTS = ("calendar_sync_pro", "e2e", "sandbox", "scripts", "benchmarks")
NOTES = {"S3-15", "S3-53"}  # gaps of the source texts: nothing to test
HEADER = """# Requirements and the tests that cite them

Generated from `requirements.tsv` and the tests by `./dev lint --fix`. Ids never change.

| id | behaviour | tests |
|---|---|---|
"""


def known() -> dict[str, tuple[bool, str]]:
    """Every id with whether it is in the open scope, and its behaviour."""
    rows = [line.split("\t") for line in LIST.read_text(encoding="utf-8").splitlines()[1:]]
    return {row[0]: (row[1] == "open", row[2]) for row in rows}


def test_files() -> Iterator[Path]:
    """Every file with tests, Python and JavaScript."""
    for root in ROOTS:
        folder = places.REPO / root
        yield from sorted(folder.rglob("test_*.py"))
        yield from sorted(
            path for path in folder.rglob("*.py") if path.name.endswith("_contract.py")
        )
        yield from sorted(folder.rglob("static/tests/**/*.js"))


def python_tests(path: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of each test function, with the comments and decorators above it."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(
            "test"
        ):
            first = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 1
            while first and lines[first - 1].lstrip().startswith("#"):
                first -= 1
            yield (
                f"{path.relative_to(places.REPO)}:{node.lineno}",
                "\n".join(lines[first : node.end_lineno]),
            )


def cited() -> tuple[dict[str, set[str]], list[str]]:
    """For each id the files whose tests cite it; and what is wrong with the citations."""
    found, wrong = defaultdict(set), []
    ids = known()
    for path in test_files():
        name = str(path.relative_to(places.REPO))
        tests = python_tests(path) if path.suffix == ".py" else [(name, path.read_text("utf-8"))]
        for where, text in tests:
            here = set(IDENTIFIER.findall(text))
            limit = MOST_PER_TEST if path.suffix == ".py" else len(here)
            wrong += [f"{where}: {problem}" for problem in problems(here, ids, limit)]
            for one in here & ids.keys():
                found[one].add(name)
    return found, wrong


def problems(here: set[str], ids, limit: int = MOST_PER_TEST) -> list[str]:
    """What is wrong with the ids that one test cites."""
    found = [f"there is no {one}" for one in sorted(here - set(ids))]
    if len(here) > limit:
        found.append(f"cites {len(here)} ids, {limit} at most")
    return found


def index(found: dict[str, set[str]]) -> str:
    """The text of docs/requirements.md."""
    rows = []
    for one, (_, behaviour) in known().items():
        tests = "<br>".join(f"`{name}`" for name in sorted(found.get(one, ())))
        rows.append(f"| {one} | {behaviour} | {tests} |\n")
    return HEADER + "".join(rows)


def main(fix: bool) -> int:
    """Print what is wrong (1) and which ids of the open scope lack a test (no failure)."""
    found, wrong = cited()
    text = index(found)
    if fix:
        INDEX.write_text(text, encoding="utf-8")
    elif not INDEX.exists() or INDEX.read_text(encoding="utf-8") != text:
        wrong.append("docs/requirements.md is not what the tests say: ./dev lint --fix")
    print("\n".join(wrong), end="\n" * bool(wrong))
    missing = [
        one for one, (is_open, _) in known().items()
        if is_open and one not in found and one not in NOTES
    ]  # fmt: skip
    print(
        f"{len(found)} ids are cited; in the open scope {len(missing)} are not: {' '.join(missing)}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--fix" in sys.argv))
