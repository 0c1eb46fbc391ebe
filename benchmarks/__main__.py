"""``python -m benchmarks``: run the benchmarks that are named, or all, and print their tables."""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import attachments, cases, catch_up, crowd, idle, profile, rural
from benchmarks.table import Table


@dataclass(frozen=True)
class Sizes:
    """How much of everything.

    Attributes:
        cases: of 1.4 KB.
        rounds: of which the median is printed.
        files: of 500 KB.
        stations: that come at once.
        seconds: of watching, and of a cut line.
        megabytes: over the rural line.
    """

    cases: int
    rounds: int
    files: int
    stations: int
    seconds: int
    megabytes: float


FULL = Sizes(10_000, 3, 40, 20, 30, 5)
TINY = Sizes(20, 1, 2, 2, 1, 0.5)
"""Shows that everything runs; its figures say nothing."""

BENCHMARKS: Mapping[str, Callable[[Path, Sizes], Table]] = {
    "cases": lambda folder, size: cases.speed(folder, size.cases, size.rounds),
    "intake": lambda folder, size: cases.speed(folder, size.cases, size.rounds, whole=True),
    "bytes": lambda folder, size: cases.bytes_and_small(folder, size.cases, size.rounds),
    "attachments": lambda folder, size: attachments.speed(folder, size.files, size.rounds),
    "crowd": lambda folder, size: crowd.speed(folder, size.cases, size.stations),
    "catch-up": lambda folder, size: catch_up.measure(
        folder, size.stations, size.cases // size.stations // 5
    ),
    "idle": lambda folder, size: idle.measure(folder, size.seconds),
    "rural": lambda folder, size: rural.measure(folder, size.megabytes, size.seconds),
}


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", help=", ".join([*BENCHMARKS, "profile"]))
    parser.add_argument("--tiny", action="store_true", help="a few seconds of each: does it run?")
    parser.add_argument("--cases", type=int, help="instead of 10,000")
    parser.add_argument("--rounds", type=int, help="instead of 3")
    asked = parser.parse_args()
    chosen = asked.names or list(BENCHMARKS)
    unknown = [name for name in chosen if name not in {*BENCHMARKS, "profile"}]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    size = TINY if asked.tiny else FULL
    size = replace(size, cases=asked.cases or size.cases, rounds=asked.rounds or size.rounds)
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="jiujin-bench-") as folder:
            if name == "profile":
                profile.profile(Path(folder) / name, size.cases)
            else:
                print(BENCHMARKS[name](Path(folder) / name, size), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
