"""SQLCipher under the same interface as sqlite3: the raw connection, and its errors by the same names."""

import datetime as dt
import sqlite3
from decimal import Decimal
from pathlib import Path

from sqlcipher3 import dbapi2

KEY_BYTES = 32
OperationalError: type[Exception] = dbapi2.OperationalError
IntegrityError: type[Exception] = dbapi2.IntegrityError
DatabaseError: type[Exception] = dbapi2.DatabaseError
Error: type[Exception] = dbapi2.Error

# The ORM registers these for sqlite3 only.
dbapi2.register_adapter(Decimal, str)
dbapi2.register_adapter(dt.date, dt.date.isoformat)


def connect(path: Path, key: bytes, timeout: float) -> sqlite3.Connection:
    """Return a raw connection to the encrypted file; the key is proved by the first statement after this.

    Args:
        path: the file, made if missing.
        key: 32 raw bytes; SQLCipher derives nothing from them, so opening costs no time.
        timeout: seconds to wait for another writer.

    Raises:
        ValueError: the key has another length.
    """
    if len(key) != KEY_BYTES:
        message = f"a database key has {KEY_BYTES} bytes"
        raise ValueError(message)
    connection: sqlite3.Connection = dbapi2.connect(
        str(path), timeout=timeout, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the standard error output
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.row_factory = dbapi2.Row
    return connection
