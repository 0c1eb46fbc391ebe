"""The signed summary of a purged case (docs/spec/statement.md §4)."""

from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError
from common.domain.case_summary import CaseSummary
from common.domain.node import NodeId
from common.journal.body import decode_as, encode_body
from common.journal.errors import BodyError
from common.journal.statement import KeyRole, Statement, sign_statement

TYPE = "case_summary"


def sign_summary(summary: CaseSummary, signer: NodeId, generation: int, key: SigningKey) -> Statement:
    """Return the signed summary; its keeper signs."""
    return sign_statement(TYPE, encode_body(summary), signer, generation, key)


def read_summary(data: bytes) -> CaseSummary:
    """Return the summary of a statement's bytes; its signature is ``verify``'s business.

    Raises:
        FormatError: the bytes are no summary.
    """
    statement = Statement.decode(data)
    statement.payload_of(TYPE, KeyRole.SIGNING)
    try:
        return decode_as(CaseSummary, statement.payload)
    except BodyError as error:
        raise FormatError("a summary of a wrong shape", 0) from error
