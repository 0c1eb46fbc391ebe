"""Writes the vectors: one file per good example and per defect, named after it.

Run ``python -m tests.vectors.make_vectors``. Everything comes from fixed seeds, so a second run changes
nothing; encapsulation is random, so sealed examples are kept once made and their defects are cut from them.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.vectors import attachments, batches, entries, statements, words

HERE = Path(__file__).parent
Vector = dict[str, Any]


def kept(name: str) -> bytes | None:
    """Return the bytes of the sealed example ``name`` if it was made before."""
    path = HERE / "batch" / f"{name}.json"
    return bytes.fromhex(json.loads(path.read_text())["bytes"]) if path.exists() else None


def all_vectors() -> Iterator[tuple[str, str, Vector]]:
    """Yield (format, name, vector)."""
    sources: dict[str, Callable[[], Iterator[tuple[str, Vector]]]] = {
        "journal-id": entries.journal_ids,
        "entry-header": entries.headers,
        "run": entries.runs,
        "batch": lambda: batches.batches(kept),
        "attachment": attachments.attachments,
        "receipt": statements.receipts,
        "checkpoint": statements.checkpoints,
        "path": statements.paths,
        "word": words.words,
        "cover": statements.covers,
        "figures": statements.figures,
    }
    for form, source in sources.items():
        for name, vector in source():
            yield form, name, vector


def main() -> None:
    """Write every file."""
    for form, name, vector in all_vectors():
        path = HERE / form / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(vector, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
