"""Everything that can be judged without running the product (`./dev lint`, `./dev lint --fix`)."""

import subprocess
import sys
import time

from scripts import audit, lint_docs, lint_requirements, lint_tree
from scripts.ground import places

# pylint-odoo's rules that judge by a method's name alone (a provider's `create` is no ORM method),
# or that want one class per model where we want one file per concern.
NOT_OURS = "method-required-super,missing-return,consider-merging-classes-inherited"
ADDONS = ("calendar_sync_pro",)


def commands(fix: bool) -> list[tuple[str, list[str]]]:
    """The checks that are programs of others."""
    python = [sys.executable, "-m"]
    pylint = [*python, "pylint", "--rcfile", "pyproject.toml", f"--disable={NOT_OURS}", *ADDONS]
    return [
        ("ruff check", [*python, "ruff", "check", *(["--fix"] if fix else []), "."]),
        ("ruff format", [*python, "ruff", "format", *([] if fix else ["--check"]), "."]),
        ("pylint-odoo", pylint),
    ]


def main() -> int:
    """Run all checks, also after one failed; 1 when one did."""
    fix = "--fix" in sys.argv
    failed = []
    for name, command in commands(fix):
        failed += judged(name, lambda run=command: subprocess.call(run, cwd=places.REPO))
    failed += judged("bandit", audit.bandit)
    failed += judged("tests that documents name", lint_docs.main)
    failed += judged("requirement ids", lambda: lint_requirements.main(fix))
    failed += judged("the tree", lint_tree.main)
    print(f"lint: {'failed: ' + ', '.join(failed) if failed else 'ok'}", flush=True)
    return 1 if failed else 0


def judged(name: str, check) -> list[str]:
    """The check's name when it failed; its time is printed."""
    print(f"=== {name}", flush=True)
    started = time.monotonic()
    code = check()
    print(f"=== {name}: {time.monotonic() - started:.1f} s", flush=True)
    return [name] if code else []


if __name__ == "__main__":
    sys.exit(main())
