"""Export the terms for translators and bring the translations up to date (`./dev i18n`).

`--check` writes nothing and fails when the template is not what the code says now.
"""

import sys

import polib

from e2e.support.odoo_process import OdooFailed, shell
from e2e.support.stack import Stack
from scripts.ground import places
from scripts.ground.progress import say

FOLDER = places.ADDON / "i18n"
TEMPLATE = FOLDER / f"{places.NAME}.pot"
EXPORT = """
import io
from odoo.tools.translate import trans_export
buffer = io.BytesIO()
trans_export(False, ["calendar_sync_pro"], buffer, "po", env)
print(buffer.getvalue().decode())
"""
HEADER = {
    "Project-Id-Version": "Calendar Sync Pro",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def exported() -> polib.POFile:
    """The terms of the addon as it is now, without dates, so that equal code gives equal files."""
    with Stack("terms", sandbox=False, servers=0, configure=False) as stack:
        text = shell(stack.cluster, stack.db, EXPORT)
    terms = polib.pofile(text[text.index("# Translation of") :])
    terms.metadata = dict(HEADER)
    return terms


def update(terms: polib.POFile) -> None:
    """Write the template; drop and add terms in each translation."""
    FOLDER.mkdir(exist_ok=True)
    terms.save(str(TEMPLATE))
    say(f"{TEMPLATE.relative_to(places.REPO)}: {len(terms)} terms")
    for path in sorted(FOLDER.glob("*.po")):
        translation = polib.pofile(str(path))
        translation.merge(terms)
        for entry in translation.obsolete_entries():
            translation.remove(entry)
        translation.save(str(path))
        left = len(translation.untranslated_entries())
        say(f"{path.relative_to(places.REPO)}: {translation.percent_translated()} %, {left} to do")


def main() -> int:
    """Export, then write or compare; 1 when the template is out of date."""
    try:
        terms = exported()
    except OdooFailed as error:
        say(str(error))
        return 1
    if "--check" not in sys.argv:
        update(terms)
        return 0
    known = {(e.msgctxt, e.msgid) for e in polib.pofile(str(TEMPLATE))}
    now = {(e.msgctxt, e.msgid) for e in terms}
    for _context, text in sorted(known ^ now, key=str):
        say(f"{'gone' if (_context, text) in known else 'new'}: {text}")
    return int(known != now)


if __name__ == "__main__":
    sys.exit(main())
