"""The county root's stick: its key file, and beside it every hub certificate it signed, in order."""

import asyncio
from pathlib import Path

from common.crypto.certificates import read_certificate
from common.crypto.errors import WrongPasswordError
from common.crypto.keyfile import recovery_password, unwrap_with_password
from common.crypto.root import CountyRoot
from common.crypto.wire import FormatError
from common.domain.spoken_error import SpokenError
from common.store.files import write_durably


class StickError(SpokenError):
    """The root's stick cannot be read or written."""


class RootStick:
    """The root, read from its key file.

    Attributes:
        root: signs.
        signed: encoded certificates of the hub, the earliest first.
    """

    def __init__(self, path: Path, root: CountyRoot, signed: tuple[bytes, ...]) -> None:
        self._list, self.root, self.signed = _list_of(path), root, signed

    def note(self, certificate: bytes) -> None:
        """Note a certificate durably, before anybody sees it: no order is given twice."""
        if certificate not in self.signed:
            self.signed = (*self.signed, certificate)
            write_durably(self._list, "".join(f"{one.hex()}\n" for one in self.signed).encode())


async def read_stick(path: Path, code: str) -> RootStick:
    """Read the key file ``county-root-….key`` with the code that was written down when it was made.

    Raises:
        StickError: it is not there, no key file, or the code is another.
    """
    try:
        sealed, listed = await asyncio.to_thread(_read, path)
        signed = tuple(read_certificate(bytes.fromhex(one)).encoded for one in listed)
        seed = await asyncio.to_thread(unwrap_with_password, sealed, recovery_password(code))
    except OSError as error:
        raise StickError(
            "no root file", "{path} 读不出来，请插好县根U盘并核对路径。", path=str(path)
        ) from error
    except (FormatError, ValueError) as error:
        raise StickError(
            "not a root file",
            "{path} 不是县根密钥文件，或已损坏，请换另一个县根U盘。",
            path=str(path),
        ) from error
    except WrongPasswordError as error:
        raise StickError("wrong code", "县根密钥的口令不对。") from error
    return RootStick(path, CountyRoot.from_seed(seed), signed)


def _read(path: Path) -> tuple[bytes, list[str]]:
    listed = _list_of(path)
    return path.read_bytes(), listed.read_text(encoding="ascii").split() if listed.is_file() else []


def _list_of(path: Path) -> Path:
    return path.with_suffix(".signed")
