"""The tree of nodes as the hub's registry has it: each by its newest certificate, below its parent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from common.store import registry
from common.store.engine import Tx
from common.store.rows import CertificateRow


@dataclass(frozen=True, slots=True)
class Placed:
    """A node and how deep it stands, 0 to 2."""

    row: CertificateRow
    depth: int


async def newest(tx: Tx) -> dict[str, CertificateRow]:
    """Return every node's certificate of the highest generation, by node."""
    return {row.node: row for row in await registry.certificates(tx)}  # in order of generation


def placed(rows: Mapping[str, CertificateRow]) -> tuple[Placed, ...]:
    """Return the nodes in the order of the tree: each above those below it, by number."""
    below: dict[str | None, list[CertificateRow]] = {}
    for row in rows.values():
        below.setdefault(row.parent if row.parent in rows else None, []).append(row)
    return tuple(_walk(below, None, 0))


def found(nodes: Iterable[Placed], wanted: str) -> tuple[Placed, ...]:
    """Return the nodes whose name or number has ``wanted`` in it, with those above them."""
    listed = tuple(nodes)
    rows = {one.row.node: one.row for one in listed}
    kept: set[str] = set()
    for one in listed:
        if wanted in one.row.name or wanted in one.row.node:
            kept |= set(_upward(rows, one.row))
    return tuple(one for one in listed if one.row.node in kept)


def _walk(
    below: Mapping[str | None, list[CertificateRow]], parent: str | None, depth: int
) -> Iterator[Placed]:
    for row in below.get(parent, ()):
        yield Placed(row, depth)
        yield from _walk(below, row.node, depth + 1)


def _upward(rows: Mapping[str, CertificateRow], row: CertificateRow) -> Iterator[str]:
    yield row.node
    above = rows.get(row.parent or "")
    if above is not None:
        yield from _upward(rows, above)
