"""A station whose clock is ten years off: it still reaches its township, by the key it knows."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from demo.county import PASSWORD
from demo.programs import ROOT
from demo.story import until
from tests.security.used_county import COMPLETE, UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]
TEN_YEARS = 3652 * 86_400


async def told(used: UsedCounty, off: int, *words: str, given: str = "") -> tuple[int, str, str]:
    """Run a command of the station with its clock wrong."""
    program = used.astray
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            str(Path(__file__).with_name("another_clock.py")),
            str(off),
            program.module,
            *words,
        ),
        *("--data", str(program.data)),
        cwd=ROOT,
        env={**os.environ, **program.settings, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode())
    return process.returncode or 0, out.decode(), err.decode()


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS])
async def test_a_clock_ten_years_off_keeps_no_station_from_its_township(used: UsedCounty, off: int) -> None:
    code, out, err = await told(used, off, "sync")
    assert (code, out.strip()) == (0, "已和上级站点交换一次。"), err


@pytest.mark.parametrize("off", [TEN_YEARS, -TEN_YEARS])
async def test_what_is_taken_in_ten_years_off_arrives(used: UsedCounty, off: int) -> None:
    file = used.folder / "off.json"
    used.write(file, COMPLETE)
    receive = ("case", "receive", str(file), "--again", "--as", "helper")
    code, out, err = await told(used, off, *receive, given=f"{PASSWORD}\n")
    assert code == 0, err
    number = out.split()[1]
    code, _, err = await told(used, off, "sync")
    assert code == 0, err
    await until("县里收到", lambda: _arrived(used, number))
    assert not (await used.county.hub.ask("verify"))["wrong"]


async def _arrived(used: UsedCounty, number: str) -> bool:
    return number in await used.numbers_at(used.county.hub, "chief")
