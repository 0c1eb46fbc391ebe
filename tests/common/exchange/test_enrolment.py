"""Joining through a carrier that cannot read: who is certified, who is refused, what is alarmed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from common.casework.clock import NodeClock, system_time
from common.crypto.enrolment import introduce, seal_request
from common.crypto.invitation import parse_code
from common.crypto.keyring import NodeKeys
from common.crypto.root import CountyRoot
from common.domain.node import NodeId, Tier
from common.exchange.enrolment import EnrolmentError, ask, install
from common.exchange.letters_line import STILL_WAITING, AnswerState, LetterAnswer, Package
from common.exchange.node_register import Invited, NodeRegisterError, Wanted, alarms, invite, revoke
from common.program.commands.shared import OPERATOR
from common.program.directory import NodeDirectory
from common.program.founding import found_hub
from common.program.house import House
from common.store.engine import Database

PASSPHRASE = "a long passphrase"
HUB = NodeId("130638-0001")
TOWN = Wanted(Tier.TOWNSHIP, HUB, "雄州镇", ("130638100",))


@dataclass
class Hub:
    """A county hub in a folder, its keys unlocked."""

    house: House

    @property
    def shown(self) -> bytes:
        assert self.house.registrar is not None
        return self.house.registrar.introduction()

    async def invite(self, wanted: Wanted = TOWN, lasts: timedelta = timedelta(days=7)) -> Invited:
        who, _ = self.house.enrolled()
        return await invite(self.house.at_desk(), OPERATOR, who.fingerprint(), wanted, lasts)

    async def take(self, letter: bytes) -> LetterAnswer:
        assert self.house.registrar is not None
        return await self.house.registrar.take(letter)

    async def letter(self, invited: Invited, keys: NodeKeys) -> bytes:
        signed = await self.house.hub_certificate()
        assert signed is not None
        return seal_request(signed, parse_code(invited.code).secret, keys, "box")


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    directory = NodeDirectory(tmp_path / "hub")
    await found_hub(directory, tmp_path / "root", "130638", "雄县政务服务中心", PASSPHRASE, "")
    house = await House.open(directory, Tier.COUNTY)
    await house.unlock_hub(PASSPHRASE)
    yield Hub(house)
    await house.close()


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite://{tmp_path / 'box.db'}")
    await database.migrate()
    yield database
    await database.close()


async def test_an_invited_box_becomes_the_node_it_was_invited_as(hub: Hub, box: Database) -> None:
    invited, keys = await hub.invite(), NodeKeys.generate()
    asked = await ask(box, keys, parse_code(invited.code), hub.shown, "box")
    who = await install(box, keys, Tier.TOWNSHIP, asked, await hub.take(asked.letter))
    assert who.node == invited.node == NodeId("130638-0002")
    assert who.root == hub.house.enrolled()[0].root


async def test_asking_again_sends_the_same_letter_and_gets_the_same_answer(hub: Hub, box: Database) -> None:
    invited, keys = await hub.invite(), NodeKeys.generate()
    first = await ask(box, keys, parse_code(invited.code), hub.shown, "box")
    again = await ask(box, keys, parse_code(invited.code), hub.shown, "box")
    assert first.letter == again.letter
    assert await hub.take(first.letter) == await hub.take(again.letter)


async def test_a_secret_used_with_other_keys_is_refused_and_alarmed(hub: Hub) -> None:
    invited = await hub.invite()
    await hub.take(await hub.letter(invited, NodeKeys.generate()))
    second = await hub.take(await hub.letter(invited, NodeKeys.generate()))
    assert second == LetterAnswer(AnswerState.REFUSED, "code_used")
    (raised,) = await hub.house.opened.read(alarms)
    assert (raised["what"], raised["node"]) == ("code_used_twice", str(invited.node))


async def test_a_township_that_swaps_the_answer_is_caught(hub: Hub, box: Database) -> None:
    invited, keys = await hub.invite(), NodeKeys.generate()
    asked = await ask(box, keys, parse_code(invited.code), hub.shown, "box")
    other = await hub.take(await hub.letter(await hub.invite(), NodeKeys.generate()))
    with pytest.raises(EnrolmentError, match="does not hold"):
        await install(box, keys, Tier.TOWNSHIP, asked, other)


async def test_a_township_that_puts_its_own_keys_in_is_refused_for_want_of_the_secret(hub: Hub) -> None:
    await hub.invite()
    signed = await hub.house.hub_certificate()
    assert signed is not None
    forged = seal_request(signed, bytes(10), NodeKeys.generate(), "box")
    assert (await hub.take(forged)).reason == "unknown_code"


async def test_a_letter_altered_on_the_way_is_refused(hub: Hub) -> None:
    letter = bytearray(await hub.letter(await hub.invite(), NodeKeys.generate()))
    letter[-1] ^= 1
    assert (await hub.take(bytes(letter))).reason == "cannot_open"


async def test_another_countys_root_is_told_nothing(hub: Hub, box: Database) -> None:
    invited = await hub.invite()
    signed = await hub.house.hub_certificate()
    assert signed is not None
    impostor = introduce(CountyRoot.create().public(), signed.encoded)
    with pytest.raises(EnrolmentError, match="another county"):
        await ask(box, NodeKeys.generate(), parse_code(invited.code), impostor, "box")


async def test_an_expired_code_is_refused(hub: Hub) -> None:
    invited = await hub.invite(lasts=timedelta(days=1))
    hub.house.desk.clock = NodeClock(lambda: system_time() + timedelta(days=2))  # type: ignore[union-attr]
    assert (await hub.take(await hub.letter(invited, NodeKeys.generate()))).reason == "code_expired"


async def test_node_numbers_are_never_given_again(hub: Hub) -> None:
    first = await hub.invite()
    await hub.take(await hub.letter(first, NodeKeys.generate()))
    await revoke(hub.house.at_desk(), OPERATOR, first.node, "")
    assert (await hub.invite()).node != first.node


async def test_a_village_outside_its_townships_divisions_is_not_invited(hub: Hub) -> None:
    town = await hub.invite()
    await hub.take(await hub.letter(town, NodeKeys.generate()))
    with pytest.raises(NodeRegisterError, match="outside"):
        await hub.invite(Wanted(Tier.VILLAGE, town.node, "别处村", ("130638200201",)))


async def test_a_revoked_node_is_not_certified_again(hub: Hub) -> None:
    invited, keys = await hub.invite(), NodeKeys.generate()
    await hub.take(await hub.letter(invited, keys))
    await revoke(hub.house.at_desk(), OPERATOR, invited.node, "")
    assert (await hub.take(await hub.letter(invited, keys))).reason == "revoked"


async def test_the_package_goes_with_an_ssh_certificate_for_a_townships_host(hub: Hub) -> None:
    answer = await hub.take(await hub.letter(await hub.invite(), NodeKeys.generate()))
    package = Package.decode(answer.package)
    assert package.user.startswith(b"ssh-ed25519-cert-v01@openssh.com ")
    assert package.host.startswith(b"ssh-ed25519-cert-v01@openssh.com ")


def test_no_answer_yet_is_no_refusal() -> None:
    assert LetterAnswer.decode(STILL_WAITING.encode()).state is AnswerState.WAITING
