"""The three messages of the log-in and what is signed (docs/spec/websocket.md §2)."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from common.crypto.hashing import digest
from common.crypto.signing import PUBLIC_BYTES, SIGNATURE_BYTES, SigningKey
from common.crypto.symmetric import random_bytes
from common.crypto.wire import FormatError, Reader, Writer
from common.link.peer import Principal, Way
from common.link.websocket.limits import MAX_CERTIFICATE

NONCE_BYTES = 32
_MAGIC = b"JJW1"
_PRINCIPAL_MAX = 24
_TRANSCRIPT = b"jiujin/websocket-transcript/1\0"
LOGIN_CONTEXT = b"jiujin/websocket-login/1\0"


class _Said(IntEnum):
    GREETING = 1
    LOGIN = 2
    VERDICT = 3


class Verdict(IntEnum):
    """What the server answers."""

    COME_IN = 0
    REFUSED = 1
    RENEW_FIRST = 2
    FULL = 3


_WAYS = (Way.SESSION, Way.RENEW, Way.ENROL)


class OtherVersionError(FormatError):
    """The peer speaks another version of the log-in."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the server says first.

    Attributes:
        nonce: 32 random bytes, of this connection alone.
        certificate: OpenSSH host certificate, one line; empty where it has none.
    """

    nonce: bytes
    certificate: bytes

    @classmethod
    def fresh(cls, certificate: bytes | None) -> Self:
        """Return a greeting nobody has heard before."""
        return cls(random_bytes(NONCE_BYTES), certificate or b"")

    def encode(self) -> bytes:
        """Return the message."""
        writer = _begun(_Said.GREETING).fixed(self.nonce, NONCE_BYTES)
        return writer.blob(self.certificate, MAX_CERTIFICATE).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the message; ``FormatError`` for anything else."""
        reader = _opened(data, _Said.GREETING)
        greeting = cls(reader.fixed(NONCE_BYTES), reader.blob(MAX_CERTIFICATE))
        reader.end()
        return greeting


@dataclass(frozen=True, slots=True)
class Login:
    """What the dialler claims and proves.

    Attributes:
        way: where it wants to.
        principal: who it says it is; None exactly by the way ``enrol``.
        nonce: 32 random bytes.
        certificate: OpenSSH user certificate, one line; empty where none is shown.
        signature: over the transcript; empty by the way ``enrol``.
    """

    way: Way
    principal: Principal | None
    nonce: bytes
    certificate: bytes = b""
    signature: bytes = b""

    def encode(self) -> bytes:
        """Return the message."""
        return Writer().raw(self._claim()).blob(self.signature, SIGNATURE_BYTES).done()

    def _claim(self) -> bytes:
        writer = _begun(_Said.LOGIN).uint(_WAYS.index(self.way) + 1)
        writer.text(str(self.principal) if self.principal else "", _PRINCIPAL_MAX)
        return writer.fixed(self.nonce, NONCE_BYTES).blob(self.certificate, MAX_CERTIFICATE).done()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read the message.

        Raises:
            FormatError: it is anything else; a stranger with a name or a node without one too.
        """
        reader = _opened(data, _Said.LOGIN)
        number = reader.uint(len(_WAYS))
        if number == 0:
            raise FormatError("no way in", len(_MAGIC) + 1)
        way, named = _WAYS[number - 1], reader.text(_PRINCIPAL_MAX)
        principal, nonce = Principal.parse(named), reader.fixed(NONCE_BYTES)
        login = cls(way, principal, nonce, reader.blob(MAX_CERTIFICATE), reader.blob(SIGNATURE_BYTES))
        reader.end()
        if (principal is None) != (named == "") or (principal is None) != (way is Way.ENROL):
            raise FormatError("a name that does not go with the way in", len(_MAGIC) + 2)
        return login

    def transcript(self, tls_key: bytes, greeting: Greeting) -> bytes:
        """Return the 32 bytes that are signed: this connection's server key and all that was said in it."""
        key = Writer().fixed(tls_key, PUBLIC_BYTES).done()
        return digest(_TRANSCRIPT, key, greeting.encode(), self._claim())

    def signed(self, seed: bytes, tls_key: bytes, greeting: Greeting) -> "Login":
        """Return the login with its signature by the transport key of ``seed``."""
        signature = SigningKey.from_seed(seed).sign(LOGIN_CONTEXT, self.transcript(tls_key, greeting))
        return Login(self.way, self.principal, self.nonce, self.certificate, signature)


def encode_verdict(verdict: Verdict) -> bytes:
    """Return the server's last message of the log-in."""
    return _begun(_Said.VERDICT).uint(verdict).done()


def decode_verdict(data: bytes) -> Verdict:
    """Read it; ``FormatError`` for anything else."""
    reader = _opened(data, _Said.VERDICT)
    verdict = Verdict(reader.uint(max(Verdict)))
    reader.end()
    return verdict


def _begun(what: _Said) -> Writer:
    return Writer().fixed(_MAGIC, len(_MAGIC)).uint(what)


def _opened(data: bytes, what: _Said) -> Reader:
    reader = Reader(data)
    if reader.fixed(len(_MAGIC)) != _MAGIC:
        raise OtherVersionError("another version of the log-in", 0)
    if reader.uint(max(_Said)) != what:
        raise FormatError("another message of the log-in", len(_MAGIC))
    return reader
