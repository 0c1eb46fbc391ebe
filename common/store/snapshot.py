"""A database's files copied while others work in it, proved whole, and asked what it covers.

Everything here blocks: call it in a thread.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from common.store.engines import sqlcipher
from common.store.engines.interface import LOCK_SECONDS
from common.store.engines.sqlite_client import open_raw
from common.store.errors import DamagedError
from common.store.faults import driver_errors_named


def copy_database(source: Path, target: Path, key: bytes | None = None) -> None:
    """Write one unchanging state of a SQLite or SQLCipher file to ``target``; writers go on meanwhile.

    Pages keep their places, so that two copies share most of their pieces.

    Raises:
        DamagedError: the copy does not pass SQLite's own check.
    """
    with driver_errors_named(encrypted=key is not None):
        with closing(open_raw(source, key, read_only=True)) as reading, closing(_new(target, key)) as writing:
            reading.backup(writing)
        with closing(_new(target, key)) as copied:
            found = copied.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise DamagedError("the copy of a database is not whole")


def _new(path: Path, key: bytes | None) -> sqlite3.Connection:
    if key is not None:
        return sqlcipher.connect(path, key, LOCK_SECONDS)
    return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)


def covered(copy: Path) -> tuple[dict[str, int], dict[str, tuple[str, int]]]:
    """Return what a copy of an open database holds.

    Returns:
        The held number of every journal, and of every attachment that batches name its journal and the number
        of the run that names it: journals by digest, attachments by name, all in hex.
    """
    with driver_errors_named(encrypted=False), closing(_new(copy, None)) as database:
        heads = database.execute("SELECT lower(hex(digest)), held_number FROM journal").fetchall()
        files = database.execute(
            "SELECT lower(hex(name)), lower(hex(digest)), first_number FROM parcel"
            " JOIN journal ON journal.id = parcel.journal_id WHERE kind = 'attachment'"
        ).fetchall()
    return dict(heads), {name: (journal, first) for name, journal, first in files}
