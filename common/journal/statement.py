"""Statements: what a node says under its signature outside its journals (docs/spec/statement.md §1)."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from common.crypto.signing import SIGNATURE_BYTES, SigningKey, verify
from common.crypto.wire import FormatError, Reader, Writer
from common.domain.node import NodeId
from common.journal.binding import from_one
from common.journal.limits import NODE_ID_MAX, PAYLOAD_MAX, STATEMENT_MAX, STATEMENT_TYPE_MAX

_STATEMENT = b"jiujin/statement/1\0"
_TYPE = re.compile(r"[a-z][a-z_]{0,39}")


class KeyRole(IntEnum):
    """Which key of its signer signed."""

    SIGNING = 0
    RECEIPT = 1
    """Open even while the box is locked; may say only *held*."""
    ROOT = 2


@dataclass(frozen=True, slots=True)
class Statement:
    """A signed statement; nothing in it is believed before ``verify``.

    Attributes:
        type: what the payload is, as in ``receipt``.
        payload: its bytes.
        signer: who says it.
        generation: of the signer's key, from 1.
        role: which of the signer's keys.
        signature: 64 bytes.
    """

    type: str
    payload: bytes
    signer: NodeId
    generation: int
    role: KeyRole
    signature: bytes

    def signed_bytes(self) -> bytes:
        """Return what the signature covers."""
        return _unsigned(self.type, self.payload, self.signer, self.generation, self.role)

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return self.signed_bytes() + self.signature

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the statement of its bytes.

        Raises:
            FormatError: the bytes break a rule of statement.md §1.
        """
        if len(data) > STATEMENT_MAX:
            raise FormatError("a statement above its limit", STATEMENT_MAX)
        reader = Reader(data)
        kind = reader.text(STATEMENT_TYPE_MAX)
        if not _TYPE.fullmatch(kind):
            raise reader.fail("a statement type is lower case with underscores")
        statement = cls(
            type=kind,
            payload=reader.blob(PAYLOAD_MAX),
            signer=reader.text_as(NodeId, NODE_ID_MAX),
            generation=from_one(reader),
            role=KeyRole(reader.uint(KeyRole.ROOT)),
            signature=reader.fixed(SIGNATURE_BYTES),
        )
        reader.end()
        return statement

    def verify(self, public: bytes) -> None:
        """Insist that it is by this key of the named role (32 bytes); ``BadSignatureError`` otherwise."""
        verify(public, _STATEMENT, self.signed_bytes(), self.signature)

    def payload_of(self, type_: str, *roles: KeyRole) -> Reader:
        """Return a reader of the payload, type and role checked first.

        Raises:
            FormatError: it is another type, or by a key that may not say this.
        """
        if self.type != type_:
            raise FormatError(f"the statement is no {type_}", 0)
        if self.role not in roles:
            raise FormatError(f"that key may not sign a {type_}", 0)
        return Reader(self.payload)


def sign_statement(
    type_: str,
    payload: bytes,
    signer: NodeId,
    generation: int,
    key: SigningKey,
    role: KeyRole = KeyRole.SIGNING,
) -> Statement:
    """Return a signed statement.

    Args:
        type_: what the payload is, lower case with underscores.
        payload: its bytes.
        signer: who says it.
        generation: of the key, from 1.
        key: the signer's key of that role.
        role: which key it is.

    Raises:
        ValueError: the type is none or the generation is below 1.
    """
    if not _TYPE.fullmatch(type_) or generation < 1:
        raise ValueError("a statement has a type and a generation from 1")
    signature = key.sign(_STATEMENT, _unsigned(type_, payload, signer, generation, role))
    return Statement(type_, payload, signer, generation, role, signature)


def _unsigned(type_: str, payload: bytes, signer: NodeId, generation: int, role: KeyRole) -> bytes:
    writer = Writer().text(type_, STATEMENT_TYPE_MAX).blob(payload, PAYLOAD_MAX)
    return writer.text(signer.text, NODE_ID_MAX).uint(generation).uint(role).done()
