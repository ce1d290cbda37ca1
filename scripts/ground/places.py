"""Where things are kept: the shared cache of downloads and the state of this checkout.

Nothing is kept inside the checkout. The cache can be deleted at any time (it is fetched again); the
state can be deleted at any time while nothing runs (`./dev reset`).
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
NAME = "calendar_sync_pro"
ADDON = REPO / NAME
SOCKET_PATH_LIMIT = 100  # a unix socket's path may have 107 bytes; "/.s.PGSQL.5432" comes on top


def cache_dir() -> Path:
    """The folder of downloads, shared by all checkouts of this user; made when missing."""
    given = os.environ.get("CALENDAR_SYNC_PRO_CACHE")
    if given:
        path = Path(given).resolve()
    elif os.geteuid() == 0:
        path = Path("/var/cache") / NAME
    else:
        path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME
    path.mkdir(mode=0o755, parents=True, exist_ok=True)
    return path


def state_dir() -> Path:
    """The folder of this checkout's databases, logs and process ids; made when missing.

    It lies outside the checkout because PostgreSQL runs as another user when we are root, and that
    user may not be able to enter the checkout's parents. Raises PermissionError when somebody else
    owns the folder of that name.
    """
    mark = hashlib.sha256(str(REPO).encode()).hexdigest()[:10]
    path = _enterable_tmp() / f"{NAME}-{os.geteuid()}-{mark}"
    path.mkdir(mode=0o711, exist_ok=True)
    seen = path.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
        raise PermissionError(f"{path} belongs to another user; set TMPDIR to a folder of your own")
    path.chmod(0o711)
    (path / "checkout").write_text(f"{REPO}\n", encoding="utf-8")
    return path


def log_dir() -> Path:
    """The folder of this checkout's logs."""
    path = state_dir() / "logs"
    path.mkdir(mode=0o755, exist_ok=True)
    return path


def socket_dir(cluster: str = "pg") -> Path:
    """The folder of a PostgreSQL's socket: in the state, or a short one when that is too deep."""
    path = state_dir() / cluster
    if len(str(path)) + len("/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT:
        return path
    return Path("/tmp") / f"{state_dir().name.replace(NAME, 'csp')}-{cluster}"


def tested_odoo_version() -> str:
    """The Debian version of Odoo that this tree was last tested with."""
    return (REPO / "scripts" / "odoo-tested.txt").read_text(encoding="utf-8").strip()


def _enterable_tmp() -> Path:
    """The temporary folder, unless another user could not enter it and we are root."""
    path = Path(tempfile.gettempdir()).resolve()
    if os.geteuid() != 0:
        return path
    parts = [path, *path.parents]
    return path if all(p.stat().st_mode & stat.S_IXOTH for p in parts) else Path("/var/tmp")
