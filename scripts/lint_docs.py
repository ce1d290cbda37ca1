"""Tests that documents name: each has to be there, so that a table of proofs can't rot.

A document names a test as `test_something_that_happens` between backticks, or a file of tests as
`test_file.py`.
"""

import re
import sys
from collections.abc import Iterator

from scripts.ground import places
from scripts.lint_requirements import ROOTS, python_tests

NAMED = re.compile(r"`(?:[\w/]*/)?(test_\w+)(\.py)?`")
DOCUMENTS = (
    "README.md", "docs/security.md", "docs/trust.md", "docs/architecture.md",
    "docs/troubleshooting.md", "docs/adding-a-provider.md", "docs/performance.md",
)  # fmt: skip


def known_names() -> tuple[set[str], set[str]]:
    """Names of all test functions, and of all files with tests."""
    names, files = set(), set()
    for root in ROOTS:
        for path in (places.REPO / root).rglob("test_*.py"):
            files.add(path.stem)
            for where, text in python_tests(path):
                names |= set(re.findall(r"def (test_\w+)\(", text)) if where else set()
    return names, files


def missing(text: str, names: set[str], files: set[str]) -> Iterator[str]:
    """What a document names that is not there."""
    for name, suffix in sorted(set(NAMED.findall(text))):
        if name not in (files if suffix else names | files):
            yield name + suffix


def main() -> int:
    """Print what documents name in vain; 1 when there is something."""
    names, files = known_names()
    wrong = [
        f"{document}: there is no {name}"
        for document in DOCUMENTS
        if (places.REPO / document).exists()
        for name in missing((places.REPO / document).read_text("utf-8"), names, files)
    ]
    print("\n".join(wrong), end="\n" * bool(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
