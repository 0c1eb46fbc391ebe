"""Letters by folder: enrolment, renewal, a township's relay; what a stranger may invent changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from common.casework.clock import NodeClock, system_time
from common.crypto.letters import letter_digest
from common.domain.node import NodeId, Tier
from common.exchange.enrolment import EnrolmentError
from common.exchange.letters import LetterBox
from common.exchange.letters_line import AnswerState, LetterAnswer
from common.exchange.node_register import Wanted, invite
from common.link.folder.errors import NoIntroductionError
from common.program.commands.shared import OPERATOR
from common.program.directory import NodeDirectory
from common.program.folders import visit_folder
from common.program.founding import found_hub, found_node
from common.program.house import House
from common.program.joining import join_by_folder
from common.store import registry

PASSPHRASE = "a long passphrase"
HUB = NodeId("130638-0001")


@dataclass
class Land:
    """A hub, boxes that are no nodes yet, and a stick."""

    folder: Path
    hub: House
    town: House
    village: House

    @property
    def stick(self) -> Path:
        return self.folder / "stick"

    async def invite(self, tier: Tier, parent: NodeId, division: str) -> str:
        who, _ = self.hub.enrolled()
        wanted = Wanted(tier, parent, "某站", (division,))
        lasts = timedelta(days=7)
        return (await invite(self.hub.at_desk(), OPERATOR, who.fingerprint(), wanted, lasts)).code

    async def enrol_town(self) -> str:
        """Enrol the township by stick and return the code."""
        code = await self.invite(Tier.TOWNSHIP, HUB, "130638100")
        await visit_folder(self.hub, self.stick)
        assert await join_by_folder(self.town, code, self.stick) is None
        await visit_folder(self.hub, self.stick)
        assert await join_by_folder(self.town, code, self.stick) is not None
        return code

    def letters(self, ending: str) -> list[Path]:
        return sorted((self.stick / "JIUJIN" / "letters").glob(f"*{ending}"))


@pytest.fixture
async def land(tmp_path: Path) -> AsyncIterator[Land]:
    hub = NodeDirectory(tmp_path / "hub")
    await found_hub(hub, tmp_path / "root", "130638", "雄县", PASSPHRASE, "")
    houses = [await House.open(hub, Tier.COUNTY)]
    await houses[0].unlock_hub(PASSPHRASE)
    for name, tier in (("town", Tier.TOWNSHIP), ("village", Tier.VILLAGE)):
        directory = NodeDirectory(tmp_path / name)
        await found_node(directory, tier)
        houses.append(await House.open(directory, tier))
    (tmp_path / "stick").mkdir()
    yield Land(tmp_path, *houses)
    for house in houses:
        await house.close()


async def test_a_box_is_enrolled_by_a_stick_and_takes_its_letter_away(land: Land) -> None:
    await land.enrol_town()
    who, _ = land.town.enrolled()
    assert who.node == NodeId("130638-0002")
    assert land.letters(".jjl") == land.letters(".jjr") == []


async def test_a_stick_that_has_been_nowhere_enrols_nobody_and_is_told_so(land: Land) -> None:
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    with pytest.raises(NoIntroductionError):
        await join_by_folder(land.town, code, land.stick)
    assert land.letters(".jjl") == []


async def test_asking_twice_leaves_one_letter(land: Land) -> None:
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    await visit_folder(land.hub, land.stick)
    for _ in range(2):
        assert await join_by_folder(land.town, code, land.stick) is None
    assert len(land.letters(".jjl")) == 1


async def test_a_township_relays_a_villages_letter_by_another_stick(land: Land) -> None:
    await land.enrol_town()
    code = await land.invite(Tier.VILLAGE, NodeId("130638-0002"), "130638100201")
    other = land.folder / "other"
    other.mkdir()
    await visit_folder(land.town, land.stick)
    assert await join_by_folder(land.village, code, land.stick) is None
    await visit_folder(land.town, land.stick)
    await visit_folder(land.town, other)
    await visit_folder(land.hub, other)
    await visit_folder(land.town, other)
    await visit_folder(land.town, land.stick)
    who = await join_by_folder(land.village, code, land.stick)
    assert who is not None
    assert who.node == NodeId("130638-0003")


@pytest.mark.parametrize(
    "invented",
    [
        LetterAnswer(AnswerState.REFUSED, "unknown_code").encode(),
        LetterAnswer(AnswerState.ANSWERED, "", b"junk").encode(),
        LetterAnswer(AnswerState.WAITING).encode(),
        b"\xff" * 100,
    ],
    ids=["refusal", "answer", "waiting", "junk"],
)
async def test_an_invented_answer_is_not_kept_by_a_township(land: Land, invented: bytes) -> None:
    await land.enrol_town()
    code = await land.invite(Tier.VILLAGE, NodeId("130638-0002"), "130638100201")
    assert await join_by_folder(land.village, code, land.stick) is None
    await visit_folder(land.town, land.stick)
    (letter,) = land.letters(".jjl")
    letter.with_suffix(".jjr").write_bytes(invented)
    await visit_folder(land.town, land.stick)
    letter.with_suffix(".jjr").unlink()
    await visit_folder(land.hub, land.stick)
    await visit_folder(land.town, land.stick)
    assert await join_by_folder(land.village, code, land.stick) is not None


async def test_a_refusal_that_borrows_a_true_certificate_is_not_kept_either(land: Land) -> None:
    await land.enrol_town()
    code = await land.invite(Tier.VILLAGE, NodeId("130638-0002"), "130638100201")
    assert await join_by_folder(land.village, code, land.stick) is None
    await visit_folder(land.town, land.stick)
    await visit_folder(land.hub, land.stick)
    (answer,) = land.letters(".jjr")
    true = LetterAnswer.decode(answer.read_bytes())
    answer.write_bytes(LetterAnswer(AnswerState.REFUSED, "revoked", true.package).encode())
    await visit_folder(land.town, land.stick)
    box = LetterBox(land.town.opened, land.town.clock, lambda: None)
    assert len(await box.waiting()) == 1
    answer.write_bytes(true.encode())
    await visit_folder(land.town, land.stick)
    assert await join_by_folder(land.village, code, land.stick) is not None
    assert await box.waiting() == []


async def test_an_invented_refusal_costs_the_asker_one_more_journey_and_nothing_else(land: Land) -> None:
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    await visit_folder(land.hub, land.stick)
    assert await join_by_folder(land.town, code, land.stick) is None
    (letter,) = land.letters(".jjl")
    letter.with_suffix(".jjr").write_bytes(LetterAnswer(AnswerState.REFUSED, "revoked").encode())
    with pytest.raises(EnrolmentError):
        await join_by_folder(land.town, code, land.stick)
    assert await join_by_folder(land.town, code, land.stick) is None
    await visit_folder(land.hub, land.stick)
    assert await join_by_folder(land.town, code, land.stick) is not None


async def test_a_letter_altered_on_the_way_is_passed_over_and_written_again(land: Land) -> None:
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    await visit_folder(land.hub, land.stick)
    assert await join_by_folder(land.town, code, land.stick) is None
    (letter,) = land.letters(".jjl")
    data = letter.read_bytes()
    letter.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    report = await visit_folder(land.hub, land.stick)
    assert report.passed_over["letter"] == 1
    assert land.letters(".jjr") == []
    assert await join_by_folder(land.town, code, land.stick) is None
    assert letter.read_bytes() == data


async def test_an_expired_node_renews_by_stick(land: Land) -> None:
    await land.enrol_town()
    before = await land.town.own_certificate()
    assert before is not None
    later = NodeClock(lambda: system_time() + timedelta(days=400))
    for house in (land.town, land.hub):
        house.clock = later
        _, exchange = house.enrolled()
        exchange.clock = later
    land.hub.at_desk().clock = later
    asked = await visit_folder(land.town, land.stick)
    assert any("续期申请" in sentence for sentence in asked.told)
    await visit_folder(land.hub, land.stick)
    renewed = await visit_folder(land.town, land.stick)
    assert any("已续期" in sentence for sentence in renewed.told)
    after = await land.town.own_certificate()
    assert after is not None
    assert after.digest() != before.digest()
    assert land.letters(".jjl") == land.letters(".jjr") == []
    rows = await land.hub.opened.read(registry.certificates)
    assert [row.statement for row in rows if row.node == "130638-0002"] == [after.encoded]


async def test_letters_answered_long_ago_are_taken_away_by_the_hub(land: Land) -> None:
    code = await land.invite(Tier.TOWNSHIP, HUB, "130638100")
    await visit_folder(land.hub, land.stick)
    assert await join_by_folder(land.town, code, land.stick) is None
    await visit_folder(land.hub, land.stick)
    assert len(land.letters(".jjr")) == 1
    land.hub.clock = NodeClock(lambda: system_time() + timedelta(days=31))
    await visit_folder(land.hub, land.stick)
    assert land.letters(".jjl") == land.letters(".jjr") == []


async def test_more_letters_than_a_visit_looks_at_are_told(land: Land) -> None:
    await visit_folder(land.hub, land.stick)
    folder = land.stick / "JIUJIN" / "letters"
    folder.mkdir(exist_ok=True)
    for number in range(201):
        junk = b"JJE1" + number.to_bytes(2)
        (folder / f"{letter_digest(junk).hex()}.jjl").write_bytes(junk)
    report = await visit_folder(land.hub, land.stick)
    assert report.too_many
    assert len(land.letters(".jjr")) == 200
