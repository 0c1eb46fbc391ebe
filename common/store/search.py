"""Text search over cases: SQLite's FTS5, PostgreSQL's text vectors under a GIN index, behind one function.

Chinese names have two or three characters, too short for trigrams; rare surnames are separators to FTS5's
own Unicode tables, and PostgreSQL's parser knows no Chinese words. So each character is a token of its own,
written as its code point, on both: any length works, and both find the same cases.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tortoise.expressions import RawSQL
from tortoise.queryset import QuerySet

from common.store.tables import CaseRecord
from common.store.transaction import Tx

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class _Engine:
    """How an engine keeps and finds words.

    Attributes:
        tables: what there is beside the tables.
        put: statement that keeps a row's words, anew where it has some: key and words.
        drop: statement that forgets a row: its key.
        words: what is kept of a text's tokens.
        found: the query for keys of rows in which each of the phrases occurs; tokens are hex digits only.
    """

    tables: tuple[str, ...]
    put: str
    drop: str
    words: Callable[[Sequence[str]], str]
    found: Callable[[Iterable[Sequence[str]]], str]


def _match(phrases: Iterable[Sequence[str]]) -> str:
    wanted = " AND ".join(f'"{" ".join(tokens)}"' for tokens in phrases)
    return f"SELECT rowid FROM case_search WHERE case_search MATCH '{wanted}'"  # noqa: S608 - hex digits only


def _numbered(tokens: Sequence[str]) -> str:
    return " ".join(f"{token}:{place}" for place, token in enumerate(tokens, 1))


def _query(phrases: Iterable[Sequence[str]]) -> str:
    wanted = " & ".join(f"({' <-> '.join(tokens)})" for tokens in phrases)
    return f"SELECT row_id FROM case_search WHERE words @@ '{wanted}'::tsquery"  # noqa: S608 - hex digits only


_ENGINES = {
    "sqlite": _Engine(
        tables=("CREATE VIRTUAL TABLE IF NOT EXISTS case_search USING fts5(words, tokenize = 'ascii')",),
        put="INSERT OR REPLACE INTO case_search(rowid, words) VALUES (?, ?)",
        drop="DELETE FROM case_search WHERE rowid = ?",
        words=" ".join,
        found=_match,
    ),
    "postgres": _Engine(
        tables=(
            "CREATE TABLE IF NOT EXISTS case_search (row_id integer PRIMARY KEY, words tsvector NOT NULL)",
            "CREATE INDEX IF NOT EXISTS case_search_words ON case_search USING gin (words)",
        ),
        put="INSERT INTO case_search (row_id, words) VALUES ($1, CAST($2 AS text)::tsvector) "
        "ON CONFLICT (row_id) DO UPDATE SET words = excluded.words",
        drop="DELETE FROM case_search WHERE row_id = $1",
        words=_numbered,
        found=_query,
    ),
}


def _tokens(text: str) -> list[str]:
    return [f"{ord(character):x}" for character in text.casefold() if not character.isspace()]


async def prepare(tx: Tx) -> None:
    """Make what the engine needs beside the tables, if it is not there."""
    for statement in _ENGINES[tx.dialect.name].tables:
        await tx.client.execute_query(statement)


async def index(tx: Tx, texts: Mapping[int, str]) -> None:
    """Let the cases be found by their texts from now on; keys are ``case_record.id``."""
    engine = _ENGINES[tx.dialect.name]
    if texts:
        rows = [[row_id, engine.words(_tokens(text))] for row_id, text in texts.items()]
        await tx.client.execute_many(engine.put, rows)


async def forget(tx: Tx, row_ids: Sequence[int] | None = None) -> None:
    """Forget the cases with these ``case_record.id``; all of them when none is given."""
    if row_ids is None:
        await tx.client.execute_query("DELETE FROM case_search")
    else:
        await tx.client.execute_many(_ENGINES[tx.dialect.name].drop, [[row] for row in row_ids])


async def compact(tx: Tx) -> None:
    """Write the index anew: a word of a forgotten case stays in it until its parts are merged."""
    if tx.dialect.name == "sqlite":
        await tx.client.execute_query("INSERT INTO case_search(case_search) VALUES ('optimize')")


async def matching(tx: Tx, query: QuerySet[CaseRecord], text: str) -> QuerySet[CaseRecord]:
    """Narrow a query to the cases in whose text every word of ``text`` occurs; no word narrows nothing."""
    words = text[:_LONGEST].split()
    if not words:
        return query
    found = _ENGINES[tx.dialect.name].found([_tokens(word) for word in words])
    return query.filter(id__in=RawSQL(f"({found})"))
