"""Two processes of one box: what a command changes, the running one takes over."""

from pathlib import Path

from common.domain.node import Tier
from common.exchange.epochs import ROLLED_BACK
from common.program.directory import NodeDirectory
from common.program.folders import visit_folder
from common.program.founding import found_hub, found_node
from common.program.house import House
from common.program.joining import join_by_folder
from tests.common.link.folder.test_letters import HUB, PASSPHRASE, Land


async def test_a_new_epoch_begun_by_a_command_is_the_running_programs_too(tmp_path: Path) -> None:
    hub, town = NodeDirectory(tmp_path / "hub"), NodeDirectory(tmp_path / "town")
    await found_hub(hub, tmp_path / "root", "130638", "雄县", PASSPHRASE, "")
    await found_node(town, Tier.TOWNSHIP)
    houses = [await House.open(hub, Tier.COUNTY), await House.open(town, Tier.TOWNSHIP)]
    await houses[0].unlock_hub(PASSPHRASE)
    (tmp_path / "stick").mkdir()
    land = Land(tmp_path, houses[0], houses[1], houses[1])
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    await visit_folder(land.hub, land.stick)
    await join_by_folder(land.town, code, land.stick)
    await visit_folder(land.hub, land.stick)
    await join_by_folder(land.town, code, land.stick)
    running = await House.open(town, Tier.TOWNSHIP)
    houses.append(running)
    await running.follow()
    before, exchange = running.enrolled()
    await land.town.begin_epoch(ROLLED_BACK)
    await running.follow()
    after, _ = running.enrolled()
    assert after.epoch == exchange.epoch == running.at_desk().epoch != before.epoch
    for house in houses:
        await house.close()
