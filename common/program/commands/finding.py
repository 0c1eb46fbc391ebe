"""Finding a case by what a person types: a receipt number, or the case's id where a number has two."""

from uuid import UUID

from common.casework.desk import Desk
from common.casework.erasures import insist_not_erased
from common.casework.errors import UnknownCaseError
from common.domain.receipt_number import parse
from common.domain.spoken_error import SpokenError
from common.store import cases
from common.store.case_rows import CaseRow


class TwoCasesError(SpokenError):
    """A number finds two cases (after a restore): the case's id says which."""

    def __init__(self, found: list[CaseRow]) -> None:
        """Name the ids."""
        super().__init__(
            "two cases have the number",
            f"这个收件号有两个办件，请改用办件标识：{'、'.join(row.case_id for row in found)}。",
        )


async def find_case(desk: Desk, typed_number: str) -> UUID:
    """Return the case of a receipt number, or of a case id where a number has two.

    Raises:
        UnknownCaseError: there is none; an ``ErasedError`` where there was one.
        TwoCasesError: the number has two.
    """
    try:
        return UUID(typed_number)
    except ValueError:
        number = str(parse(typed_number))
    found = await desk.vault.read(lambda tx: cases.by_number(tx, number))
    if not found:
        await desk.vault.read(lambda tx: insist_not_erased(tx, number))
        raise UnknownCaseError
    if len(found) > 1:
        raise TwoCasesError(found)
    return UUID(found[0].case_id)
