"""Each benchmark runs, at a size that says nothing of speed: its checks of what was done are real."""

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, TINY

IN_SECONDS = sorted(set(BENCHMARKS) - {"idle", "rural"})
"""The other two wait for real programs and for a slow line."""


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("name", IN_SECONDS)
def test_a_benchmark_runs_and_finds_everything_where_it_should_be(tmp_path: Path, name: str) -> None:
    assert BENCHMARKS[name](tmp_path / name, TINY).rows
