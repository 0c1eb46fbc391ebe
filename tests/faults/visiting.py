"""A visit in a process of its own that kills itself at a chosen touch of the stick."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common.domain.node import NodeId
from common.link.folder import lock, medium
from common.link.folder.visiting import visit
from tests.faults.applying import box_in

TOUCHES = frozenset({"open", "read", "write", "fsync", "rename", "unlink", "mkdir"})


class Counted:
    """The ``os`` the medium sees: at the chosen call of one of ``TOUCHES`` the process is killed."""

    def __init__(self, last: int, *, after: bool) -> None:
        self.left, self.after = last, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._counted(real) if name in TOUCHES else real

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.left -= 1
            if not self.left and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            done = real(*arguments, **named)
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return call


async def main(folder: Path, node: NodeId, stick: Path, last: int) -> None:
    """Visit the stick; be killed before (even) or after (odd) a touch."""
    box = await box_in(folder, node)
    counted = Counted(last // 2 + 1, after=bool(last % 2))
    medium.os = lock.os = counted  # type: ignore[assignment,attr-defined]
    await visit(box.exchange, stick)
    await box.close()
    sys.stdout.write("visited\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), NodeId(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
