"""Runs the three programs as a person at a shell would: commands, and ``serve`` in the background."""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
READY = "已就绪。"
READY_SECONDS = 180.0
GRACE_SECONDS = 60.0


class StoryError(Exception):
    """Something is not as told."""


@dataclass
class Program:
    """One node's program and its directory.

    Attributes:
        module: ``county_hub``, ``township_node`` or ``village_station``.
        name: what people call the node.
        settings: environment of the program's own (``JIUJIN_…``).
        under: the command it runs under, such as ``ip netns exec NAME``.
    """

    module: str
    name: str
    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    web: str = ""
    ssh: str = ""
    metrics: str = ""
    under: tuple[str, ...] = ()
    _served: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _before: int = field(default=0, repr=False)

    async def run(self, *words: str, given: str = "", fails: bool = False) -> str:
        """Run one command to its end with ``given`` on standard input; return what it printed.

        Raises:
            StoryError: it failed, or (with ``fails``) it did not.
        """
        process = await self._start(*words, errors=asyncio.subprocess.PIPE)
        out, err = await process.communicate(given.encode())
        if (process.returncode != 0) is not fails:
            said = err.decode().strip() or out.decode().strip()
            raise StoryError(f"{self.name}: {' '.join(words[:2])} → {process.returncode}: {said}")
        return (err if fails else out).decode().strip()

    async def ask(self, *words: str, given: str = "") -> Any:
        """Run one command with ``--json`` and return what it says."""
        return json.loads(await self.run(*words, "--json", given=given))

    async def serve(self, web: str, ssh: str = "") -> None:
        """Start ``serve`` and wait until it is ready; its log goes to ``serve.log`` in its directory."""
        words = ["serve", "--web", web, *(["--ssh", ssh] if ssh else [])]
        log = await asyncio.to_thread((self.data / "serve.log").open, "ab")
        self._before = log.tell()
        try:
            self._served = process = await self._start(*words, errors=log.fileno())
        finally:
            log.close()
        if process.stdin:
            process.stdin.close()
        said = await asyncio.wait_for(self._until_ready(process), READY_SECONDS)
        self.web = said.get("网页", "")
        self.ssh = said.get("连接", "")
        self.metrics = said.get("指标", "")

    async def _until_ready(self, process: asyncio.subprocess.Process) -> dict[str, str]:
        said: dict[str, str] = {}
        while process.stdout is not None:
            line = (await process.stdout.readline()).decode().strip()
            if line == READY:
                return said
            if not line:
                break
            word, _, rest = line.partition(" ")
            said[word] = rest
        await process.wait()
        self._served = None
        raise StoryError(f"{self.name}: {self._last_words()}")

    def _last_words(self) -> str:
        """The last sentence for people since the start: lines of the log begin with their time or a brace."""
        said = (self.data / "serve.log").read_bytes()[self._before :].decode()
        sentences = [line for line in said.splitlines() if line.strip() and line[0] not in "{0123456789"]
        return sentences[-1] if sentences else "serve ended without a word"

    @property
    def pid(self) -> int:
        """The process that serves; 0 where none does."""
        return self._served.pid if self._served else 0

    async def stop(self) -> None:
        """End ``serve`` cleanly and wait for it.

        Raises:
            StoryError: it had to be killed, or ended with an error.
        """
        process, self._served = self._served, None
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise StoryError(f"{self.name}: serve did not end in {GRACE_SECONDS:.0f} seconds") from None
        if code:
            raise StoryError(f"{self.name}: serve ended with {code}: {self._last_words()}")

    @property
    def number(self) -> int:
        """The number of the process that serves, 0 where none does."""
        return self._served.pid if self._served else 0

    async def ended(self) -> int:
        """Wait until ``serve`` ends by itself and return its exit code."""
        return await self._served.wait() if self._served else 0

    async def kill(self) -> None:
        """Kill ``serve`` as a power cut would."""
        process, self._served = self._served, None
        if process is not None:
            process.kill()
            await process.wait()

    async def _start(self, *words: str, errors: int) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self.under,
            sys.executable,
            *("-m", self.module, *words, "--data", str(self.data)),
            cwd=ROOT,
            env={**os.environ, **self.settings, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
