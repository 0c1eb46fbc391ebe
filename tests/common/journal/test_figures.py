"""Figures come back as they were said; what is not known is passed over; no bytes do harm."""

import contextlib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from common.crypto.wire import FormatError
from common.domain.figures import Figure, Figures
from common.journal.figures import read_figures, sign_figures
from common.journal.statement import KeyRole, Statement, sign_statement
from tests.common.journal.samples import SIGNING, VILLAGE
from tests.common.journal.strategies import any_bytes, instants
from tests.vectors.statements import FIGURES

ANY = st.builds(
    Figures,
    st.integers(1, 2**40),
    instants,
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=64),
    st.dictionaries(st.sampled_from(Figure), st.integers(-(2**50), 2**50)),
)


@given(ANY)
def test_figures_come_back_from_their_statement(figures):
    statement = Statement.decode(sign_figures(figures, VILLAGE, 1, SIGNING[VILLAGE]).encode())
    statement.verify(SIGNING[VILLAGE].public())
    assert read_figures(statement) == figures


@given(any_bytes(sign_figures(FIGURES, VILLAGE, 1, SIGNING[VILLAGE]).payload))
def test_no_payload_makes_figures_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        read_figures(sign_statement("figures", data, VILLAGE, 1, SIGNING[VILLAGE], KeyRole.RECEIPT))


def test_a_time_that_is_none_is_not_known():
    said = Figures(1, datetime(2026, 1, 1, tzinfo=UTC), "", {Figure.FRESH: 2**61, Figure.OLDEST: 0})
    assert said.instant(Figure.FRESH) is None
    assert said.instant(Figure.OLDEST) == datetime(1970, 1, 1, tzinfo=UTC)
    assert said.instant(Figure.CONTACT) is None
    assert (said.count(Figure.CASES), said.get(Figure.CASES)) == (0, None)
