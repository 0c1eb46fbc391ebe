"""``enrol`` as a box does it: through a node whose line to the hub may be down for days, or by a folder."""

import asyncio
import contextlib
import logging
import platform
from pathlib import Path
from time import monotonic

from common.crypto.invitation import parse_code
from common.crypto.letters import letter_digest
from common.domain.log import event
from common.domain.spoken_error import SpokenError
from common.exchange.enrolment import EnrolmentError, ask, install
from common.exchange.letters_line import AnswerState, LetterAnswer, LetterLine
from common.exchange.standing import Identity
from common.link.dialling import connect_to_enrol
from common.link.folder.errors import FolderError
from common.link.folder.letters import LetterShelf
from common.link.folder.opened import folder_opened
from common.link.folder.report import FolderReport
from common.program.dialler import keep_upper_address
from common.program.folders import visit_folder
from common.program.house import House
from common.program.settings import dial_address

_PAUSE = 1.0
_log = logging.getLogger(__name__)


class NotAnsweredError(SpokenError):
    """The hub has not answered yet; the request is kept and asked again by the same command."""

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "no answer yet",
            "申请已交给上级站点，县里还没有答复。"
            "线路通了以后，用同一个邀请码再运行一次 enrol 即可，不会重复。",
        )


async def join(house: House, code: str, via: str, patience: float) -> Identity:
    """Enrol with an invitation code through the node at ``via``; at most ``patience`` seconds.

    A code that is none is an ``InvitationCodeError``, a refusal an ``EnrolmentError``, a line that cannot be
    used a ``LinkError``.

    Raises:
        NotAnsweredError: the answer did not come in time.
    """
    invitation = parse_code(code)
    address = dial_address(via)
    keys = house.node_keys()
    until = monotonic() + patience
    while True:
        channel = await connect_to_enrol(address)
        try:
            line = LetterLine(channel)
            asked = await ask(
                house.opened, keys, invitation, await line.introduction(), platform.node() or "node"
            )
            answer = await _answer(line, asked.letter, until)
        finally:
            await channel.close()
        if answer.state is not AnswerState.WAITING:
            break
        if monotonic() >= until:
            raise NotAnsweredError
    who = await install(house.opened, keys, house.settings.tier, asked, answer)
    await keep_upper_address(house, via)
    await house.settle()
    event(_log, logging.INFO, "enrolled", node=str(who.node))
    return who


async def join_by_folder(house: House, code: str, folder: Path) -> Identity | None:
    """Leave the request in a folder, or take the hub's answer from it and what else lies there for this node.

    A code that is none is an ``InvitationCodeError``, a folder that cannot be used a ``FolderError``.

    Raises:
        EnrolmentError: it was refused, or the answer does not hold.

    Returns:
        Who the box is now; None while the hub has not answered.
    """
    invitation, keys = parse_code(code), house.node_keys()
    async with folder_opened(folder, "", house.clock.now()) as opened:
        shelf = LetterShelf(opened.top, FolderReport())
        asked = await ask(
            house.opened, keys, invitation, await shelf.introduction(), platform.node() or "node"
        )
        answer = await shelf.send(asked.letter)
        if answer.state is AnswerState.WAITING:
            return None
        try:
            who = await install(house.opened, keys, house.settings.tier, asked, answer)
        except EnrolmentError:
            await _take_away(shelf, asked.letter)
            raise
        await _take_away(shelf, asked.letter)
    await house.settle()
    await visit_folder(house, folder)
    event(_log, logging.INFO, "enrolled", node=str(who.node))
    return who


async def _take_away(shelf: LetterShelf, letter: bytes) -> None:
    with contextlib.suppress(FolderError):  # on a stick that cannot be written they lie on, and do no harm
        await shelf.take_away(letter_digest(letter))


async def _answer(line: LetterLine, letter: bytes, until: float) -> LetterAnswer:
    """Ask until there is an answer, the time is over or the line is lost; the peer itself waits a while."""
    while True:
        answer = await line.send(letter)
        if answer.state is not AnswerState.WAITING or monotonic() >= until:
            return answer
        await asyncio.sleep(_PAUSE)
