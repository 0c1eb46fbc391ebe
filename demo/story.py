"""``make story``: one day in the county, played by the real programs, told as a timeline.

It ends non-zero if anything is not as told.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from demo.county import PASSWORD, County
from demo.programs import Program, StoryError

FREE = "127.0.0.1:0"
PATIENCE = 240.0
"""Seconds one told thing may take; far more than it does, for slow machines."""
_CHINA = timezone(timedelta(hours=8))

DISABLED = {
    "item": "YL-0006",
    "applicant": {"name": "王桂芳", "identity": "11010519491231002X", "phone": "13800001234"},
    "materials": [{"code": f"m{number}", "copies": 1} for number in range(1, 8)],
}
ORPHAN = {
    "item": "YL-0010",
    "applicant": {"name": "刘小满", "identity": "130638201205060018"},
    "agent": {
        "person": {"name": "刘大山", "identity": "130638198001010014"},
        "relation": "叔父",
    },
    "materials": [{"code": f"m{number}", "copies": 1} for number in range(1, 5)],
}
PENSION = {
    "item": "YL-0015",
    "applicant": {"name": "𬱖秀兰", "identity": "130638196003030028"},
    "materials": [{"code": "m1", "copies": 1}],
}


class Teller:
    """Prints the timeline: when, where, what."""

    def tell(self, where: str, what: str) -> None:
        """Print one line."""
        now = datetime.now(UTC).astimezone(_CHINA)
        print(f"{now:%H:%M:%S}  {where:<6}  {what}", flush=True)


def insist(holds: object, what: str) -> None:
    """Go on only if it is as told.

    Raises:
        StoryError: it is not.
    """
    if not holds:
        raise StoryError(f"不是这样：{what}")


async def until(what: str, ask: Callable[[], Awaitable[bool]]) -> None:
    """Ask again until it is so.

    Raises:
        StoryError: it did not become so in ``PATIENCE`` seconds.
    """
    end = asyncio.get_running_loop().time() + PATIENCE
    while not await ask():
        if asyncio.get_running_loop().time() > end:
            raise StoryError(f"等了{PATIENCE:.0f}秒还没有：{what}")


class Story:
    """The day, step by step."""

    def __init__(self, county: County, folder: Path) -> None:
        """Tell it of ``county``; files of the day lie in ``folder``."""
        self.county, self.folder, self.teller = county, folder, Teller()
        self.numbers: dict[str, str] = {}

    async def play(self) -> None:
        """Play everything; the first thing that is not as told ends it with a ``StoryError``."""
        await self.morning()
        await self.line_cut()
        await self.taken_in_without_line()
        await self.carried_and_reviewed()
        await self.line_restored()
        await self.decided()
        await self.handed_over()
        await self.checked()

    async def morning(self) -> None:
        """Found the county and start its three programs."""
        self.teller.tell("全县", "县级中心、雄州镇、一铺东村三个程序在本机起动，互相认证")
        await self.county.found()
        await self.county.start(hub=FREE, township=FREE, village=FREE)
        await until("村里拿到事项目录", self._catalogue_arrived)
        self.teller.tell("村", "加入网络，收到县里签名的事项目录（样例数据）")

    async def _catalogue_arrived(self) -> bool:
        status = await self.county.village.ask("status")
        return bool(status["items"])

    async def line_cut(self) -> None:
        """Cut the township's line to the county."""
        await self.county.line.cut()
        self.teller.tell("线路", "乡镇到县里的线路断了")

    async def taken_in_without_line(self) -> None:
        """Take three applications in at the village; one insists with materials missing."""
        for key, application, words in (
            ("disabled", DISABLED, "残疾人两项补贴，材料齐"),
            ("orphan", ORPHAN, "孤儿基本生活费（敏感事项，只有县里能看）"),
            ("pension", PENSION, "养老保险参保，缺材料，本人坚持提交"),
        ):
            await self._take_in(key, application, words)

    async def _take_in(self, key: str, application: Mapping[str, object], words: str) -> None:
        file = self.folder / f"{key}.json"
        await asyncio.to_thread(file.write_text, json.dumps(application, ensure_ascii=False), "utf-8")
        receive = ["case", "receive", str(file), "--as", "helper", "--receipts", str(self.folder)]
        village = self.county.village
        if key == "pension":
            refused = await village.run(*receive, given=f"{PASSWORD}\n", fails=True)
            insist("坚持提交" in refused, "缺材料要先告诉本人，可以坚持提交")
            receive.append("--insist")
        (taken,) = await village.ask(*receive, given=f"{PASSWORD}\n")
        self.numbers[key] = taken["number"]
        receipt = self.folder / f"{taken['number']}.pdf"
        printed = await asyncio.to_thread(receipt.read_bytes)
        insist(printed.startswith(b"%PDF-"), "收件当场打印收据")
        lacking = f"，缺{len(taken['missing'])}样" if taken["missing"] else ""
        self.teller.tell("村", f"收件 {taken['number']} {words}{lacking}；收据已打印")

    async def carried_and_reviewed(self) -> None:
        """The township holds what it cannot open, and reviews what it can."""
        township = self.county.township
        await until("乡镇收到村里的包裹", self._township_has_two)
        status = await township.ask("status")
        insist(status["carried"]["parcels"] > 0, "乡镇带着拆不开的包裹")
        self.teller.tell("乡镇", f"代运 {status['carried']['parcels']} 个拆不开的包裹，等线路恢复")
        seen = await self._numbers_at(township, "clerk")
        insist(self.numbers["orphan"] not in seen, "敏感件乡镇看不到")
        await self._do(
            township, "clerk", "review", self.numbers["disabled"], "--opinion", "入户核实，情况属实"
        )
        self.teller.tell("乡镇", f"{self.numbers['disabled']} 初审同意，转县里")

    async def _township_has_two(self) -> bool:
        return {self.numbers["disabled"], self.numbers["pension"]} <= await self._numbers_at(
            self.county.township, "clerk"
        )

    async def line_restored(self) -> None:
        """Restore the line: the hub applies, its receipts come back."""
        hub_seen = await self._numbers_at(self.county.hub, "chief")
        insist(not hub_seen, "线路断着，县里什么也没有")
        shown = await self._where(self.numbers["orphan"])
        insist(shown["county"] == "open", "没有县里的回执，就不说县里已取到")
        await self.county.line.open()
        self.teller.tell("线路", "线路恢复")
        await until("县里收到三件", self._hub_has_all)
        self.teller.tell("县", "三件都已拆封入账，回执已签")
        await until("县里的回执回到村里", self._receipts_are_back)
        self.teller.tell("村", "收到县里签名的回执：三件都是“县里已取到”")

    async def _hub_has_all(self) -> bool:
        return set(self.numbers.values()) <= await self._numbers_at(self.county.hub, "chief")

    async def _receipts_are_back(self) -> bool:
        shown = [await self._where(number) for number in self.numbers.values()]
        return all(one.get("county") == "done" for one in shown)

    async def decided(self) -> None:
        """A reviewer accepts, a chief representative decides under a grant; the paper is made."""
        hub, number = self.county.hub, self.numbers["disabled"]
        await until("初审的件交到县里", lambda: self._custodian_is_hub(number))
        await self._do(hub, "reviewer", "accept", number)
        await self._do(hub, "reviewer", "review", number, "--opinion", "材料属实，符合条件")
        refused = await hub.run(
            *("case", "decide", number, "--outcome", "granted", "--as", "reviewer"),
            given=f"{PASSWORD}\n",
            fails=True,
        )
        insist("吴首席" in refused, "没有授权的人不能决定，并告诉他该找谁")
        self.teller.tell("县", f"{number} 周审核受理并审核；他想作决定，被拒绝：要找有授权的吴首席")
        await self._do(hub, "chief", "decide", number, "--outcome", "granted", "--reason", "符合两项补贴条件")
        await self._do(hub, "chief", "issue", number)
        self.teller.tell("县", f"{number} 吴首席凭授权准予，决定书已制作")

    async def _custodian_is_hub(self, number: str) -> bool:
        shown = await self._show(self.county.hub, "chief", number)
        return str(shown["custodian"]).endswith("-0001")

    async def handed_over(self) -> None:
        """Decision and paper come back to the village and are handed over."""
        number = self.numbers["disabled"]
        await until(
            "决定书回到村里", lambda: self._state_is(self.county.village, "helper", number, "paper_made")
        )
        paper = self.folder / "decision.pdf"
        await until("决定书的原件到村里", lambda: self._paper_saved(number, paper))
        self.teller.tell("村", f"{number} 决定书已到，打印交给本人")
        await self._do(self.county.village, "helper", "deliver", number)
        await until("县里办结", lambda: self._state_is(self.county.hub, "chief", number, "closed"))
        self.teller.tell("县", f"{number} 送达已登记，办结")

    async def _paper_saved(self, number: str, paper: Path) -> bool:
        words = ("case", "paper", number, "--out", str(paper), "--as", "helper")
        try:
            await self.county.village.run(*words, given=f"{PASSWORD}\n")
        except StoryError:
            return False
        return (await asyncio.to_thread(paper.read_bytes)).startswith(b"%PDF-")

    async def checked(self) -> None:
        """Verify every journal and rebuild every projection, at every node."""
        await until("村里也看到办结", lambda: self._closed_everywhere(self.numbers["disabled"]))
        await self.county.stop()
        for program, login in zip(self.county.programs, ("chief", "clerk", "helper"), strict=True):
            for command in ("verify", "rebuild"):
                await program.run(command, "--as", login, given=f"{PASSWORD}\n")
            self.teller.tell("核对", f"{program.name}：日志链、包裹全部核对无误，查询表重做后完全一致")

    async def _closed_everywhere(self, number: str) -> bool:
        return await self._state_is(self.county.village, "helper", number, "closed")

    async def _do(self, program: Program, login: str, verb: str, number: str, *words: str) -> None:
        await program.run("case", verb, number, *words, "--as", login, given=f"{PASSWORD}\n")

    async def _show(self, program: Program, login: str, number: str) -> Any:
        return await program.ask("case", "show", number, "--as", login, given=f"{PASSWORD}\n")

    async def _state_is(self, program: Program, login: str, number: str, state: str) -> bool:
        return bool((await self._show(program, login, number))["state"] == state)

    async def _where(self, number: str) -> dict[str, str]:
        shown = await self._show(self.county.village, "helper", number)
        return {step["key"]: step["filled"] for step in shown["where"]}

    async def _numbers_at(self, program: Program, login: str) -> set[str]:
        listed = await program.ask("case", "list", "--as", login, given=f"{PASSWORD}\n")
        return {row["number"] for row in listed}


async def main() -> int:
    """Play the story in a folder of its own; 0 if everything was as told."""
    with tempfile.TemporaryDirectory(prefix="jiujin-story-") as name:
        folder = Path(name)
        county = County.at(folder)
        try:
            await Story(county, folder).play()
        except StoryError as error:
            print(f"故事没有讲成：{error}", file=sys.stderr)
            return 1
        finally:
            await county.line.cut()
            for program in county.programs:
                await program.kill()
    print("讲完了：三件申请，一件不少，一件不多，该看的人看到，办成了才说办成。")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
