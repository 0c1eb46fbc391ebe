"""``make demo``: hub, township node and village station on this machine, and what happens in them."""

import asyncio
import contextlib
import signal
import sys

from demo.county import HUB_PEOPLE, PASSWORD, TOWNSHIP_PEOPLE, VILLAGE_PEOPLE, County, SignIn
from demo.programs import ROOT, Program, StoryError

DATA = ROOT / "demo-data"
_PORTS = {"hub": "127.0.0.1:8301", "township": "127.0.0.1:8302", "village": "127.0.0.1:8303"}
_POLL = 3.0


def _people(people: tuple[SignIn, ...]) -> str:
    return "、".join(f"{person.login}（{person.name}）" for person in people)


def _addresses(county: County) -> str:
    shown = (
        (county.village, VILLAGE_PEOPLE, "村民不用登录；帮办员打开 /desk 登录"),
        (county.township, TOWNSHIP_PEOPLE, "乡镇"),
        (county.hub, HUB_PEOPLE, "县"),
    )
    lines = [
        f"  {program.web:<24} {program.name}（{note}）\n  {'':24} 账号 {_people(people)}"
        for program, people, note in shown
    ]
    return "\n".join(
        (
            "",
            "就近 Jiujin 演示：雄县的三个程序已在本机运行（事项为样例数据）。",
            *lines,
            f"  所有演示账号的密码都是 {PASSWORD}",
            f"  数据在 {DATA.relative_to(ROOT)}/，删去它就重新开始。按 Ctrl-C 结束。",
            "",
        )
    )


async def _watch(program: Program, told: dict[str, object]) -> None:
    """Say in a line when what a node tells of itself has changed."""
    while True:
        status = await program.ask("status")
        now = {key: status[key] for key in ("items", "carried", "letters_waiting", "alarms")}
        if now != told.get(program.name):
            told[program.name] = now
            print(
                f"{program.name}：{status['items']} 个事项，代运 {status['carried']['parcels']} 个包裹",
                flush=True,
            )
        await asyncio.sleep(_POLL)


async def main() -> int:
    """Run until Ctrl-C; 1 if it could not start, with the reason in one sentence."""
    county = County.at(DATA)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        print("正在准备三个站点，第一次要一两分钟……", flush=True)
        await county.found()
        await county.start(**_PORTS)
        print(_addresses(county), flush=True)
        told: dict[str, object] = {}
        watchers = [asyncio.create_task(_watch(program, told)) for program in county.programs]
        await stop.wait()
        for watcher in watchers:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
    except StoryError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        print("正在结束……", flush=True)
        await county.stop()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
