"""Start a program with its machine's clock set wrong: ``another_clock.py SECONDS MODULE WORDS…``.

Production has no such switch: the clock is moved from outside, where the libraries and the node read it.
"""

import runpy
import sys
import time
from datetime import UTC, datetime, timedelta

from common.casework.clock import NodeClock

off, module, *words = sys.argv[1:]
_TRUE = time.time


def _wrong_time() -> float:
    return _TRUE() + float(off)


def _wrong_now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(off))


if __name__ == "__main__":
    time.time = _wrong_time
    NodeClock.__init__.__defaults__ = (_wrong_now, None)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__")
