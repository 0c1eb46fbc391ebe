"""docs/spec/wire.md, read with a cursor over the bytes."""

import re
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Refused(Exception):  # noqa: N818 - the specification's word
    """The bytes break a rule; ``code`` is the specification's name of the error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def insist(kept: object, code: str = "form") -> None:
    if not kept:
        raise Refused(code)


class Cursor:
    def __init__(self, data: bytes) -> None:
        self.left = memoryview(bytes(data))

    def fixed(self, size: int) -> bytes:
        insist(len(self.left) >= size)
        taken, self.left = bytes(self.left[:size]), self.left[size:]
        return taken

    def uint(self, limit: int = 2**63 - 1) -> int:
        groups: list[int] = []
        while not groups or groups[-1] & 0x80:
            insist(len(groups) < 9)
            groups += self.fixed(1)
        insist(len(groups) == 1 or groups[-1] != 0)
        value = sum((group & 0x7F) << (7 * place) for place, group in enumerate(groups))
        insist(value <= limit)
        return value

    def counted(self, limit: int = 2**63 - 1) -> int:
        value = self.uint(limit)
        insist(value >= 1)
        return value

    def sint(self) -> int:
        value = self.uint()
        return value >> 1 if value % 2 == 0 else -(value >> 1) - 1

    def blob(self, limit: int) -> bytes:
        return self.fixed(self.uint(limit))

    def text(self, limit: int, pattern: bytes) -> str:
        data = self.blob(limit)
        insist(re.fullmatch(pattern, data))
        return data.decode()

    def items(self, limit: int, item: "Callable[[Cursor], T]") -> list[T]:
        return [item(self) for _ in range(self.uint(limit))]

    def rest(self) -> bytes:
        return self.fixed(len(self.left))

    def end(self) -> None:
        insist(not self.left)


def whole(data: bytes, read: Callable[[Cursor], T]) -> T:
    cursor = Cursor(data)
    value = read(cursor)
    cursor.end()
    return value


def leb(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([0x80 | value & 0x7F]), value >> 7
    return out + bytes([value])
