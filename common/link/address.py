"""Where a node is dialled: ``HOST:PORT`` over SSH, ``wss://HOST[:PORT]`` over WebSocket and TLS."""

from dataclasses import dataclass

from common.link.peer import Carrier

_WSS = "wss://"
_WSS_PORT = 443
_PORTS = range(65_536)


class AddressError(ValueError):
    """The text is no address."""


@dataclass(frozen=True, slots=True)
class Address:
    """A hint where a node may be reached; who answers there proves itself.

    Attributes:
        carrier: what is spoken there.
        host: name or IP address, without brackets.
        port: TCP port.
    """

    carrier: Carrier
    host: str
    port: int

    def __post_init__(self) -> None:
        """Refuse what cannot be dialled.

        Raises:
            AddressError: no host, a host with other signs in it, or no port.
        """
        if not self.host or any(sign in self.host for sign in "/@?#[] ") or self.port not in _PORTS:
            raise AddressError("no host and port")

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read ``HOST:PORT``, ``[IPV6]:PORT`` or ``wss://HOST[:PORT]``; else it is an ``AddressError``."""
        if not text.startswith(_WSS):
            return cls(Carrier.SSH, *_split(text))
        rest = text.removeprefix(_WSS).removesuffix("/")
        bare = rest.endswith("]") or ":" not in rest
        return cls(Carrier.WEBSOCKET, *_split(f"{rest}:{_WSS_PORT}" if bare else rest))

    @property
    def place(self) -> str:
        """``HOST:PORT``, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        """Return the address as written in settings."""
        return f"{_WSS}{self.place}" if self.carrier is Carrier.WEBSOCKET else self.place


def _split(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or (":" in host and not bracketed) or not (port.isascii() and port.isdigit()):
        raise AddressError("no host and port")
    return host.removeprefix("[").removesuffix("]"), int(port)
