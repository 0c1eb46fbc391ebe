"""Text search over cases: SQLite's FTS5, PostgreSQL's ILIKE, behind one function.

Chinese names have two or three characters, too short for trigrams; rare surnames are separators to FTS5's
own Unicode tables. So each character is a token of its own, written as its code point: any length works.
"""

from collections.abc import Mapping, Sequence

from tortoise.expressions import Q, RawSQL
from tortoise.queryset import QuerySet

from common.store.tables import CaseRecord
from common.store.transaction import Tx

_LONGEST = 100


def _tokens(text: str) -> str:
    return " ".join(f"{ord(character):x}" for character in text.casefold() if not character.isspace())


async def prepare(tx: Tx) -> None:
    """Make what the engine needs beside the tables, if it is not there."""
    if tx.dialect == "sqlite":
        await tx.client.execute_query(
            "CREATE VIRTUAL TABLE IF NOT EXISTS case_search USING fts5(words, tokenize = 'ascii')"
        )


async def index(tx: Tx, texts: Mapping[int, str]) -> None:
    """Let the cases be found by their texts from now on; keys are ``case_record.id``."""
    if tx.dialect == "sqlite" and texts:
        rows = [[row_id, _tokens(text)] for row_id, text in texts.items()]
        await tx.client.execute_many("INSERT OR REPLACE INTO case_search(rowid, words) VALUES (?, ?)", rows)


async def forget(tx: Tx, row_ids: Sequence[int] | None = None) -> None:
    """Forget the cases with these ``case_record.id``; all of them when none is given."""
    if tx.dialect != "sqlite":
        return
    if row_ids is None:
        await tx.client.execute_query("DELETE FROM case_search")
    else:
        await tx.client.execute_many("DELETE FROM case_search WHERE rowid = ?", [[row] for row in row_ids])


async def compact(tx: Tx) -> None:
    """Write the index anew: a word of a forgotten case stays in it until its parts are merged."""
    if tx.dialect == "sqlite":
        await tx.client.execute_query("INSERT INTO case_search(case_search) VALUES ('optimize')")


async def matching(tx: Tx, query: QuerySet[CaseRecord], text: str) -> QuerySet[CaseRecord]:
    """Narrow a query to the cases in whose text every word of ``text`` occurs; no word narrows nothing."""
    words = text[:_LONGEST].split()
    if not words:
        return query
    if tx.dialect == "postgres":
        return query.filter(*(Q(search_text__icontains=word) for word in words))
    phrases = " AND ".join(f'"{_tokens(word)}"' for word in words)
    found = f"SELECT rowid FROM case_search WHERE case_search MATCH '{phrases}'"  # noqa: S608 - hex digits only
    return query.filter(id__in=RawSQL(f"({found})"))
