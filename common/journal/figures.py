"""Figures as a signed statement (docs/spec/figures.md)."""

import re

from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError, Reader, Writer
from common.domain.figures import Figure, Figures
from common.domain.node import NodeId
from common.journal.binding import from_one
from common.journal.instants import read_instant, write_instant
from common.journal.limits import FIGURES_MAX, PROGRAM_MAX
from common.journal.statement import KeyRole, Statement, sign_statement

TYPE = "figures"
_PROGRAM = re.compile(r"[ -~]{0,64}")


def sign_figures(figures: Figures, node: NodeId, generation: int, key: SigningKey) -> Statement:
    """Return the statement; ``key`` is the node's receipt key of that generation."""
    writer = Writer().uint(figures.counter)
    write_instant(writer, figures.made)
    writer.text(figures.program, PROGRAM_MAX)
    listed = sorted(figures.values.items())
    writer.items(listed, FIGURES_MAX, lambda to, one: to.uint(one[0]).sint(one[1]))
    return sign_statement(TYPE, writer.done(), node, generation, key, KeyRole.RECEIPT)


def read_figures(statement: Statement) -> Figures:
    """Return the figures of a statement whose signature was verified; kinds not known are left out.

    Raises:
        FormatError: a rule of figures.md is broken.
    """
    reader = statement.payload_of(TYPE, KeyRole.RECEIPT)
    counter, made, program = from_one(reader), read_instant(reader), reader.text(PROGRAM_MAX)
    if not _PROGRAM.fullmatch(program):
        raise FormatError("a program's name is printable ASCII", 0)
    listed = reader.items(FIGURES_MAX, _read_figure)
    reader.end()
    kinds = [kind for kind, _ in listed]
    if kinds != sorted(set(kinds)):
        raise FormatError("figures are in rising order of kind", 0)
    known = {Figure(kind): value for kind, value in listed if kind in _KINDS}
    return Figures(counter, made, program, known)


_KINDS = frozenset(int(figure) for figure in Figure)


def _read_figure(reader: Reader) -> tuple[int, int]:
    return from_one(reader), reader.sint()
