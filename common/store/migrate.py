"""Applies the packaged migrations, each with its mark of having been applied, in one transaction.

Tortoise writes the mark outside a migration's transaction; here the caller's transaction is the current
connection, so tortoise's own ones become savepoints inside it.
"""

import pkgutil

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder

from common.store import migrations
from common.store.transaction import Tx

_MODULE = migrations.__name__


async def apply_missing(tx: Tx, app_label: str, alias: str) -> tuple[str, ...]:
    """Apply what this program has and the database has not; return the names in order.

    Args:
        tx: the current connection's transaction; nobody else changes tables meanwhile.
        app_label: the one app of ours.
        alias: the name under which tortoise finds the current connection.
    """
    packaged = [name for _, name, _ in pkgutil.iter_modules(migrations.__path__) if name[0].isdigit()]
    missing = sorted(set(packaged) - await _applied(tx, app_label))
    if missing:
        app = {"migrations": _MODULE, "default_connection": alias}
        executor = MigrationExecutor(tx.client, {app_label: app})
        await executor.migrate()
    return tuple(missing)


async def _applied(tx: Tx, app_label: str) -> set[str]:
    recorder = MigrationRecorder(tx.client)
    # First the table: asking a table that is not there would spoil PostgreSQL's whole transaction.
    await recorder.ensure_schema(tx.dialect.schema_editor(tx.client, atomic=False))
    return {key.name for key in await recorder.applied_migrations() if key.app_label == app_label}
