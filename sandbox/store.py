"""State that survives a restart: dictionaries in memory, written through to one sqlite file.

Reads never touch the disk. Each HTTP request ends with one `flush()`, so the file holds whole
requests only: a killed sandbox comes back in the state after the last answered request.
"""

import json
import sqlite3
from pathlib import Path

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS rows (t TEXT, k TEXT, v TEXT, PRIMARY KEY (t, k)) WITHOUT ROWID"
)


class Table(dict):
    """A dictionary of JSON values by text key; `save`/`drop` note what has to be written."""

    def __init__(self, name, dirty):
        super().__init__()
        self.name = name
        self._dirty = dirty

    def save(self, key, value):
        """Store `value` under `key`; call again after changing the value in place."""
        self[key] = value
        self._dirty.add((self.name, key))
        return value

    def drop(self, key):
        """Forget `key`; returns its value, or None when there was none."""
        self._dirty.add((self.name, key))
        return self.pop(key, None)

    def clear_all(self):
        """Forget every row."""
        for key in list(self):
            self.drop(key)


class Store:
    """All tables of the world, by name."""

    def __init__(self, folder=None):
        self._dirty = set()
        self._tables = {}
        self._db = None
        if folder is not None:
            path = Path(folder)
            path.mkdir(parents=True, exist_ok=True)
            self._open(path / "sandbox.sqlite3")

    def _open(self, path):
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")  # survives a kill, which is what is simulated
        self._db.execute(SCHEMA)
        for name, key, value in self._db.execute("SELECT t, k, v FROM rows"):
            dict.__setitem__(self.table(name), key, json.loads(value))

    def table(self, name):
        """The table of that name, made when first asked for."""
        if name not in self._tables:
            self._tables[name] = Table(name, self._dirty)
        return self._tables[name]

    def clear(self, keep=()):
        """Forget every row of every table, those named in `keep` aside."""
        for table in self._tables.values():
            if table.name not in keep:
                table.clear_all()

    def flush(self):
        """Write what changed since the last call, in one transaction."""
        if self._db is None or not self._dirty:
            self._dirty.clear()
            return
        gone = [(t, k) for t, k in self._dirty if k not in self._tables[t]]
        rows = [
            (t, k, json.dumps(self._tables[t][k], separators=(",", ":")))
            for t, k in self._dirty
            if k in self._tables[t]
        ]
        self._dirty.clear()
        self._db.execute("BEGIN")
        self._db.executemany("DELETE FROM rows WHERE t=? AND k=?", gone)
        self._db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def close(self):
        """Write and close the file."""
        self.flush()
        if self._db is not None:
            self._db.close()
            self._db = None
