"""Applies the packaged migrations, each with its mark of having been applied, in one transaction.

Tortoise writes the mark outside a migration's transaction; here the caller's transaction is the current
connection, so tortoise's own ones become savepoints inside it.
"""

import pkgutil

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.recorder import MigrationRecorder

from common.store import migrations

_MODULE = migrations.__name__


async def apply_missing(client: TransactionalDBClient, app_label: str, alias: str) -> tuple[str, ...]:
    """Apply what this program has and the database has not; return the names in order.

    Args:
        client: the current connection, inside a transaction that holds the migration lock.
        app_label: the one app of ours.
        alias: the name under which tortoise finds the current connection.
    """
    packaged = [name for _, name, _ in pkgutil.iter_modules(migrations.__path__) if name[0].isdigit()]
    missing = sorted(set(packaged) - await _applied(client, app_label))
    if missing:
        app = {"migrations": _MODULE, "default_connection": alias}
        executor = MigrationExecutor(client, {app_label: app})
        await executor.migrate()
    return tuple(missing)


async def _applied(client: TransactionalDBClient, app_label: str) -> set[str]:
    table = MigrationRecorder(client).table_name
    if not await _exists(client, table):
        return set()
    keys = await MigrationRecorder(client).applied_migrations()
    return {key.name for key in keys if key.app_label == app_label}


async def _exists(client: TransactionalDBClient, table: str) -> bool:
    if client.capabilities.dialect == "sqlite":
        query = f"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{table}'"  # noqa: S608 - a constant
    else:
        query = f"SELECT 1 FROM information_schema.tables WHERE table_name = '{table}'"  # noqa: S608 - a constant
    return bool((await client.execute_query(query))[1])
