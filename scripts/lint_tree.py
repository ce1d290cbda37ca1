"""What must not be in the tree: hosts of package registries, paths of one machine, leftovers.

Also the house's sizes: no function over 60 lines; longer files than usual are told, not refused.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.ground import places

# Written so that this file does not match itself.
FORBIDDEN = (
    ("a package registry's host", r"//[a-z.]*(debia[n]|pyp[i]|pythonhoste[d]|npmj[s])\b", ("",)),
    ("a path of one machine", r"(?<![\w.])/(wor[k]|far[m])/", ("",)),
    ("a document that is not in the tree", r"\.\./share[d]\b|\bDESIG[N]\.md", ("",)),
    ("a leftover", r"\b(TOD[O]|FIXM[E]|XX[X]|HAC[K])\b", ("calendar_sync_pro/", "sandbox/")),
    ("a debugger", r"\b(breakpoin[t]\(\)|pdb\.set_trac[e])", ("",)),
)
LARGEST_FUNCTION = 60
LARGEST_FILE = 300
LARGEST_MODEL = 400
NOT_TEXT = {".png", ".svg", ".ico", ".gif", ".jpg", ".woff2", ".lock", ".po", ".pot", ".gz", ".zip"}


def files() -> list[Path]:
    """Every text file that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=places.REPO, capture_output=True, text=True, check=True)
    paths = [places.REPO / name for name in done.stdout.split("\0") if name]
    return sorted({path for path in paths if path.suffix not in NOT_TEXT and path.is_file()})


def forbidden(path: Path) -> Iterator[str]:
    """Lines that must not be there."""
    name = str(path.relative_to(places.REPO))
    yield from forbidden_in(name, path.read_text(encoding="utf-8", errors="replace"))


def forbidden_in(name: str, text: str) -> Iterator[str]:
    """Lines of a file's text that must not be there; some rules hold below some folders only."""
    for what, pattern, roots in FORBIDDEN:
        if not name.startswith(roots) or not re.search(pattern, text):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(pattern, line):
                yield f"{name}:{number}: {what}: {line.strip()[:100]}"


def long_functions(path: Path) -> Iterator[str]:
    """Functions over the limit (tests aside)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = node.end_lineno - node.lineno + 1
            if size > LARGEST_FUNCTION:
                where = f"{path.relative_to(places.REPO)}:{node.lineno}"
                yield f"{where}: {node.name} has {size} lines; {LARGEST_FUNCTION} at most"


def long_file(path: Path) -> Iterator[str]:
    """A line to print for a file that is longer than usual."""
    size = len(path.read_text(encoding="utf-8").splitlines())
    limit = LARGEST_MODEL if path.parent.name == "models" else LARGEST_FILE
    if size > limit:
        yield f"note: {path.relative_to(places.REPO)} has {size} lines (usual limit {limit})"


def main() -> int:
    """Print everything that is wrong; 1 when something is."""
    wrong, notes = [], []
    for path in files():
        wrong += forbidden(path)
        if path.suffix == ".py" and "tests" not in path.parts and "journeys" not in path.parts:
            wrong += long_functions(path)
            notes += long_file(path)
    print("\n".join([*notes, *wrong]), end="\n" * bool(notes or wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
