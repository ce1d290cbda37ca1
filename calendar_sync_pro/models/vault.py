"""Secrets at rest: encrypted with a key that the database doesn't hold.

The key comes from the environment (`CALENDAR_SYNC_PRO_KEY`) or from odoo.conf
(`calendar_sync_pro_key`), else from a file in the data directory, one per database, that only the
server's user may read. Several keys (separated by commas, or one per line in the file) are a
rotation: the first one encrypts, all of them decrypt.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from odoo.tools import config

ENV_NAME = "CALENDAR_SYNC_PRO_KEY"
CONF_NAME = "calendar_sync_pro_key"


class KeyLost(Exception):
    """The stored secret can't be read: its key is gone. Carries no part of the secret."""


def ensure_key(dbname: str) -> None:
    """Make the key file of this database unless a key is configured or already there."""
    if not is_configured() and not _key_file(dbname).exists():
        _write_keys(dbname, [Fernet.generate_key().decode()], is_new=True)


def encrypt(dbname: str, text: str) -> str:
    """The encrypted form of `text`; makes the key when there is none yet."""
    ensure_key(dbname)
    return _fernet(dbname).encrypt(text.encode()).decode()


def decrypt(dbname: str, token: str) -> str:
    """What `encrypt` was given. Raises KeyLost when no known key opens it."""
    try:
        return _fernet(dbname).decrypt(token.encode()).decode()
    except (InvalidToken, ValueError):
        raise KeyLost("the key of the stored credentials is missing") from None


def reencrypt(dbname: str, token: str) -> str:
    """The same secret under the first key. Raises KeyLost."""
    try:
        return _fernet(dbname).rotate(token.encode()).decode()
    except (InvalidToken, ValueError):
        raise KeyLost("the key of the stored credentials is missing") from None


def is_current(dbname: str, token: str) -> bool:
    """Whether the first key alone opens the secret: then no older one is needed for it."""
    try:
        Fernet(_keys(dbname)[0]).decrypt(token.encode())
    except (InvalidToken, ValueError, IndexError):
        return False
    return True


def is_readable(dbname: str, token: str) -> bool:
    """Whether any known key opens the secret."""
    try:
        decrypt(dbname, token)
    except KeyLost:
        return False
    return True


def is_configured() -> bool:
    """Whether an administrator keeps the keys, in the environment or odoo.conf."""
    return bool(_configured())


def has_old_keys(dbname: str) -> bool:
    """Whether a rotation is under way: older keys are still known beside the first one."""
    return len(_keys(dbname)) > 1


def add_key(dbname: str) -> None:
    """Put a new key in front of the file's keys, unless a rotation that was cut short has done so
    already. Configured keys are their administrator's to add."""
    ensure_key(dbname)
    if not is_configured() and not has_old_keys(dbname):
        _write_keys(dbname, [Fernet.generate_key().decode(), *_keys(dbname)])


def first_key_age_s(dbname: str) -> float:
    """For how many seconds the file's first key has been the one that encrypts."""
    return max(time.time() - _key_file(dbname).stat().st_mtime, 0.0)


def drop_old_keys(dbname: str) -> None:
    """Keep only the first key of the file; a configured key is left alone."""
    if not is_configured():
        _write_keys(dbname, _keys(dbname)[:1])


def _fernet(dbname: str) -> MultiFernet:
    keys = _keys(dbname)
    if not keys:
        raise KeyLost("there is no key for the stored credentials")
    return MultiFernet([Fernet(key) for key in keys])


def _keys(dbname: str) -> list[str]:
    configured = _configured()
    if configured:
        return configured
    path = _key_file(dbname)
    return _split(path.read_text()) if path.exists() else []


def _configured() -> list[str]:
    return _split(os.environ.get(ENV_NAME) or config.get(CONF_NAME) or "")


def _split(text: str) -> list[str]:
    return [key for key in re.split(r"[,\s]+", text) if key]


def _key_file(dbname: str) -> Path:
    return Path(config["data_dir"]) / "calendar_sync_pro" / f"{dbname}.key"


def _write_keys(dbname: str, keys: list[str], *, is_new: bool = False) -> None:
    """Replace the file in one step, so that no reader sees half of it or a wider mode."""
    path = _key_file(dbname)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write("\n".join(keys) + "\n")
        out.flush()
        os.fsync(out.fileno())
    if is_new:
        _link_first(draft, path)
    else:
        os.replace(draft, path)


def _link_first(draft: Path, path: Path) -> None:
    """Two processes may make the first key at once: the first one's stays."""
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
