"""One file developed in a process of its own that can take little, open nothing, and is then gone.

``python -m common.media.worker FONT``, an order in JSON on the first line of standard input, the file behind
it; the answer (``answer``) on standard output. Started by ``studio`` only.
"""

import json
import resource
import sys
from pathlib import Path

from common.media.answer import write_pages, write_refusal
from common.media.developing import develop
from common.media.limits import FILE_MAX, MEMORY_MAX, SECONDS_MAX
from common.media.order import Order
from common.media.refusal import PictureRefusedError

_ORDER_MAX = 4096


def main() -> None:
    """Answer one order."""
    font = Path(sys.argv[1]).read_bytes()
    _fence()
    order = Order(**json.loads(sys.stdin.buffer.readline(_ORDER_MAX)))
    data = sys.stdin.buffer.read(FILE_MAX + 1)
    try:
        answer = write_pages(develop(data, order, font))
    except PictureRefusedError as error:
        answer = write_refusal(error.refusal)
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


def _fence() -> None:
    """Bound memory and time, and let nothing be opened or written from here on: no file, no socket."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, SECONDS_MAX),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
