"""A node at a folder: a stick somebody plugged in, or a ferry directory its keeper watches."""

import logging
from pathlib import Path

from common.crypto.letters import letter_digest
from common.domain.log import event
from common.domain.node import Tier
from common.exchange.enrolment import EnrolmentError
from common.exchange.letters import LetterBox
from common.exchange.letters_line import LetterAnswer
from common.link.folder.letters import Errand, LetterShelf, answer_letters, relay_letters
from common.link.folder.report import FolderReport
from common.link.folder.visiting import Progress, visit
from common.program.house import House
from common.program.house_epochs import leave_rolled_back
from common.program.renewing import renew_by, renewal_due
from common.store import letters

_log = logging.getLogger(__name__)


async def visit_folder(house: House, path: Path, progress: Progress = lambda _: None) -> FolderReport:
    """Exchange by the folder in ``path``; what is wrong with it is a ``FolderError``."""
    _, exchange = house.enrolled()
    report = await visit(exchange, path, _errands(house), progress)
    if report.rolled_back:
        event(_log, logging.WARNING, "rolled_back", peer="folder")
        await leave_rolled_back(house)
    return report


def _errands(house: House) -> list[Errand]:
    if house.is_hub:
        registrar = house.registrar
        if registrar is None:
            return []
        return [answer_letters(registrar.take, lambda name: _answered(house, name), house.clock.now())]
    errands: list[Errand] = []
    if house.settings.tier is Tier.TOWNSHIP:
        _, exchange = house.enrolled()
        authorities = frozenset(cert.ssh_authority for cert in exchange.network.hubs())
        box = LetterBox(house.opened, house.clock, lambda: None)
        errands.append(relay_letters(box, authorities))
    return [*errands, lambda shelf: _renew(house, shelf)]


async def _answered(house: House, name: bytes) -> int | None:
    row = await house.opened.read(lambda tx: letters.find(tx, name))
    return row.received_ms if row is not None and row.state == "answered" else None


async def _renew(house: House, shelf: LetterShelf) -> None:
    """Renew by the folder when it is due; a refusal is told, and the next visit asks anew."""
    if not await renewal_due(house):
        return
    names: list[bytes] = []

    async def send(letter: bytes) -> LetterAnswer:
        names.append(letter_digest(letter))
        return await shelf.send(letter)

    try:
        renewed = await renew_by(house, send)
    except EnrolmentError as error:
        event(_log, logging.WARNING, "renewal_refused", why=str(error))
        shelf.report.told.append(error.sentence)
        renewed = True
    else:
        shelf.report.told.append("证书已续期。" if renewed else "续期申请已写到U盘，等县里答复。")
    if renewed:
        await shelf.take_away(names[-1])
