"""Write docs/rights.md from the running addon (`./dev rights`); `--check` compares and writes
nothing."""

import sys

from e2e.support.odoo_process import OdooFailed, shell
from e2e.support.stack import Stack
from scripts.ground import places
from scripts.ground.progress import say

PAGE = places.REPO / "docs" / "rights.md"
START = "# Rights"
TRY = """
from odoo.addons.calendar_sync_pro.tests.rights_page import page, rights_table
print(page(env, rights_table(env)))
env.cr.rollback()
"""


def main() -> int:
    """Make the page; 1 when it failed, or differs under `--check`."""
    try:
        with Stack("rights", sandbox=False, servers=0, configure=False) as stack:
            said = shell(stack.cluster, stack.db, TRY)
    except OdooFailed as error:
        say(str(error))
        return 1
    text = said[said.index(START) :].rstrip() + "\n"
    if "--check" in sys.argv:
        is_same = PAGE.read_text(encoding="utf-8") == text
        say("docs/rights.md is current" if is_same else "docs/rights.md is not: ./dev rights")
        return int(not is_same)
    PAGE.write_text(text, encoding="utf-8")
    say(f"docs/rights.md: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
