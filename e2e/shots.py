"""Pictures of every screen and of its states: `./dev shots [PART ...] [--into FOLDER]`.

Starts the product with its demo data beside the sandbox, acts in a browser as the people do, and
disturbs the provider by the sandbox's faults. No state is written into the database. PART is the
name of one of the parts below; what an earlier part brings about, a later one may need.
"""

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from e2e.journeys.browser import chromium
from e2e.studio import (
    admin,
    appointments,
    booking,
    booking_page,
    caldav,
    cleanup,
    connecting,
    diagnosis,
    first_sync,
    guide,
    health,
    leads,
    meetings,
    needs_you,
    other_side,
    outlook,
    passwords,
    people,
    privacy,
    rooms,
    states,
    switching,
    takeover,
    told,
)
from e2e.studio.camera import Camera
from e2e.studio.set import Set
from e2e.support.stack import Stack

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
GALLERY = FOLDER.parent / "screens.md"
STORE = FOLDER.parent.parent / "calendar_sync_pro" / "static" / "description"
IN_STORE = {
    "connections-active": "connections",
    "booking-arrived": "lead",
    "appointment-sync-tab": "appointment",
    "connections-reconnect": "reconnect",
    "settings": "settings",
}
"""Pictures that the page of the app store shows, and what they are called there."""
PARTS = {
    "setup": admin.before_setup,
    "sandbox": other_side.all_of_it,
    "passwords": passwords.all_of_it,
    "connecting": connecting.all_of_it,
    "outlook": outlook.all_of_it,
    "states": states.all_of_it,
    "leads": leads.all_of_it,
    "appointments": appointments.all_of_it,
    "meetings": meetings.all_of_it,
    "people": people.all_of_it,
    "rooms": rooms.all_of_it,
    "booking": booking.all_of_it,
    "guide": guide.all_of_it,
    "admin": admin.all_of_it,
    "privacy": privacy.all_of_it,
    "health": health.all_of_it,
    "booking_page": booking_page.all_of_it,
    "needs_you": needs_you.all_of_it,
    "cleanup": cleanup.all_of_it,
    "first_sync": first_sync.all_of_it,
    "caldav": caldav.all_of_it,
    "takeover": takeover.all_of_it,
    "switching": switching.all_of_it,
    "diagnosis": diagnosis.all_of_it,
    "told": told.all_of_it,
}


APART = (
    "needs_you",
    "cleanup",
    "caldav",
    "first_sync",
    "takeover",
    "switching",
    "diagnosis",
    "told",
)
"""Parts in which people have other calendars than in the rest."""


def main() -> int:
    """Take the pictures; 1 when a part could not be reached."""
    parser = argparse.ArgumentParser(prog="./dev shots", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART")
    parser.add_argument("--into", type=Path, default=FOLDER)
    asked = parser.parse_args()
    camera = Camera(asked.into)
    with chromium() as browser:
        failed = [name for parts in groups(asked.parts) for name in walked(parts, browser, camera)]
    if asked.into == FOLDER:
        for name in IN_STORE.keys() & set(camera.taken):
            shutil.copyfile(FOLDER / f"{name}.png", STORE / f"{IN_STORE[name]}.png")
    untold = [name for name in camera.taken if f"/{name}.png" not in GALLERY.read_text("utf-8")]
    print(f"not in {GALLERY.name}: {', '.join(untold)}" if untold else f"all in {GALLERY.name}")
    print(f"{len(camera.taken)} pictures, {len(failed)} parts failed {' '.join(failed)}")
    return 1 if failed else 0


def groups(asked) -> list[list[str]]:
    """The parts to take: those that build on each other together, the others each alone."""
    wanted = [name for name in PARTS if name != "setup" and (not asked or name in asked)]
    together = [name for name in wanted if name not in APART]
    alone = [[name] for name in wanted if name in APART]
    return ([together] if together or asked == ["setup"] else []) + alone


def walked(parts, browser, camera) -> list[str]:
    """Take these parts in one running product; the names of those that failed."""
    with Stack("shots", kind="demo", configure=False) as stack:
        stages = [(name, Set(stack, browser, camera)) for name in ("setup", *parts)]
        return [name for name, stage in stages if not taken(name, PARTS[name], stage)]


def taken(name, part, stage) -> bool:
    """Take one part; False, with the reason and a picture of where it was, when it fails."""
    print(name, flush=True)
    try:
        part(stage)
    except Exception as error:  # the other parts are taken all the same
        print(f"  FAILED {type(error).__name__}: {error}", flush=True)
        stage.explain(name)
        return False
    finally:
        stage.world.faults.clear()
        stage.close()
    return True


if __name__ == "__main__":
    sys.exit(main())
