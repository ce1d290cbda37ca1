"""Odoo 19 from Debian's package, unpacked into the cache and never installed.

apt does the download with a configuration of its own (suite sid, nothing else), so that its usual
signature and hash checks apply and the system's package lists stay as they are.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from . import places
from .progress import StepFailed, megabytes, only_one, run_step, say

# Fonts and scripts come from Debian 13: sid's Font Awesome 7 no longer has the files of 4.7 that
# Odoo's links point at, and the screens would have no icons.
PACKAGES = (
    "odoo-19/sid",
    "fonts-font-awesome/trixie",
    "fonts-roboto-unhinted/trixie",
    "fonts-inconsolata/trixie",
    "fonts-ocr-b/trixie",
    "libjs-jquery/trixie",
    "libjs-jquery-form/trixie",
    "libjs-underscore/trixie",
)
SUITES = ("sid", "trixie")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# The package's mail addon names this file in a bundle but does not ship it; the error it causes in
# the browser's console fails every tour. Backgrounds in video calls need it, nothing else does.
MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
# Accounting localisations: 300 MB that calendars never look at.
LEFT_OUT = ("./usr/lib/python3/dist-packages/odoo/addons/l10n_*",)
LIBRARY = Path("usr/lib/python3/dist-packages")


def ensure() -> dict[str, str]:
    """Environment that points at Odoo 19: given by ODOO_DIR, cached, or fetched now.

    Raises StepFailed when it can't be had.
    """
    if os.environ.get("ODOO_DIR"):
        return _existing(Path(os.environ["ODOO_DIR"]).resolve())
    tree = places.cache_dir() / f"odoo-{places.tested_odoo_version()}"
    if not (tree / "VERSION").exists():
        with only_one(places.cache_dir() / "odoo.lock", "the Odoo download"):
            if not (tree / "VERSION").exists():
                _fetch(tree)
    version = (tree / "VERSION").read_text(encoding="utf-8").strip()
    _notice(version)
    library = tree / LIBRARY
    return _environment(library, [], version, tree / "usr/bin/odoo")


def _existing(root: Path) -> dict[str, str]:
    """Use an Odoo 19 that is already on this machine: a source checkout or a package's folder."""
    release = root / "odoo" / "release.py"
    if not release.exists():
        raise StepFailed(f"ODOO_DIR={root}: no odoo/release.py in there")
    series = re.search(r"version_info = \((\d+), (\d+)", release.read_text(encoding="utf-8"))
    if not series or series.group(1) != "19":
        raise StepFailed(f"ODOO_DIR={root} is not Odoo 19")
    addons = [root / "addons"] if (root / "addons" / "web").is_dir() else []
    launchers = (root / "odoo-bin", root.parents[2] / "bin" / "odoo")  # sources, Debian's package
    launcher = next((path for path in launchers if path.exists()), launchers[0])
    return _environment(root, addons, f"{series[1]}.{series[2]}-own", launcher)


def _environment(library: Path, addons: list[Path], version: str, launcher: Path) -> dict[str, str]:
    return {
        "CSP_ODOO": str(library),
        "CSP_ODOO_ADDONS": ",".join(map(str, addons)),
        "CSP_ODOO_VERSION": version,
        "CSP_ODOO_LAUNCHER": str(launcher),
    }


def _notice(version: str) -> None:
    """Tell when this is not the version the tree was tested with."""
    if version != places.tested_odoo_version():
        say(f"Notice: Odoo {version} is used; tested was {places.tested_odoo_version()}.")


def _fetch(tree: Path) -> None:
    """Download, unpack beside the final place, and move there in one step."""
    debs = _download()
    unpacked = tree.with_name(f"{tree.name}.part")
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir()
    for deb in sorted(debs.glob("*.deb")):
        _unpack(deb, unpacked)
    _mend(unpacked / LIBRARY / "odoo" / "addons")
    version = _deb_version(next(debs.glob("odoo-19_*.deb")))
    (unpacked / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    shutil.rmtree(tree, ignore_errors=True)
    unpacked.rename(tree)
    shutil.rmtree(debs.parent)


def _download() -> Path:
    """Fetch the packages with apt; what an interrupted run left complete is not fetched again."""
    root = places.cache_dir() / "apt"
    debs = root / "debs"
    for folder in (root / "lists/partial", root / "archives/partial", debs):
        folder.mkdir(parents=True, exist_ok=True)
    sources = root / "sources.list"
    lines = [f"deb [signed-by={KEYRING}] {_mirror()} {suite} main\n" for suite in SUITES]
    sources.write_text("".join(lines), encoding="utf-8")
    apt = ["apt-get", "-q", *_apt_options(root, sources)]
    run_step("Odoo 19: Debian's package lists", [*apt, "update"], lambda: megabytes(root))
    run_step(
        "Odoo 19: download and signature check (about 125 MB)",
        [*apt, "download", *PACKAGES],
        lambda: megabytes(debs),
        cwd=debs,
    )
    return debs


def _apt_options(root: Path, sources: Path) -> list[str]:
    """apt with its own lists and caches; signatures stay required."""
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": root / "lists",
        "Dir::Cache": root,
        "Dir::Cache::Archives": root / "archives",
        "Acquire::Languages": "none",
        "Acquire::AllowInsecureRepositories": "false",
        "Acquire::Retries": "3",
        "APT::Get::AllowUnauthenticated": "false",
        "APT::Sandbox::User": "",
    }
    return [f"-o{name}={value}" for name, value in settings.items()]


def _mirror() -> str:
    """The Debian mirror: ODOO_DEBIAN_MIRROR, or the one this machine already uses."""
    if os.environ.get("ODOO_DEBIAN_MIRROR"):
        return os.environ["ODOO_DEBIAN_MIRROR"]
    if not shutil.which("apt-get"):
        raise StepFailed(
            "This is not a Debian system. Point ODOO_DIR at a folder with Odoo 19 (the one that "
            "holds odoo/release.py) and run this again."
        )
    listing = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(COMPONENT)"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    rows = [line.split() for line in listing.stdout.splitlines()]
    for row in rows:
        if len(row) == 2 and row[1] == "main" and re.search(r"/debian/?$", row[0]):
            return row[0]
    raise StepFailed("No Debian mirror is configured here. Name one: ODOO_DEBIAN_MIRROR=... ./dev")


def _unpack(deb: Path, target: Path) -> None:
    """Put a package's files below `target`."""
    excludes = [f"--exclude={pattern}" for pattern in LEFT_OUT]
    script = 'dpkg-deb --fsys-tarfile "$0" | tar -x -C "$1" --no-same-owner "${@:2}"'
    command = ["bash", "-o", "pipefail", "-c", script, str(deb), str(target), *excludes]
    run_step(f"unpack {deb.name}", command, lambda: megabytes(target))


def _mend(addons: Path) -> None:
    """Put an empty file where the package lacks one (see MISSING_ASSET)."""
    path = addons / MISSING_ASSET
    if path.parent.parent.is_dir() and not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text("// left out of the Debian package\n", encoding="utf-8")


def _deb_version(deb: Path) -> str:
    command = ["dpkg-deb", "-f", str(deb), "Version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
