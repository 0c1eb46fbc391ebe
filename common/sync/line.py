"""What both directions of a session share: who is at which stage, what waits to be sent, how it ended."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from common.sync.errors import BrokenRuleError, LocalProtocolError, RemoteProtocolError
from common.sync.events import Closed, Event
from common.sync.frames import frame
from common.sync.limits import MAX_DETAIL, MAX_LIST, Limits
from common.sync.messages import Bye, Message, encode, items_in
from common.sync.reasons import ByeReason, Ending
from common.sync.speaker import Speaker
from common.sync.states import Stage

T = TypeVar("T")


def _nothing() -> None:
    """Book nothing."""


@contextmanager
def our_fault() -> Iterator[None]:
    """Say that it was this side that broke a rule.

    Raises:
        LocalProtocolError: a rule was broken inside.
    """
    try:
        yield
    except BrokenRuleError as broken:
        raise LocalProtocolError(broken.what) from broken
    except ValueError as error:
        raise LocalProtocolError(str(error)) from error


class Line:
    """The two speakers of a session and the bytes that wait to be sent.

    Args:
        limits: what the session may grow to.
    """

    def __init__(self, limits: Limits) -> None:
        self.me, self.other = Speaker(limits), Speaker(limits)
        self.ending: Closed | None = None
        self.out = bytearray()

    def say(self, message: Message, book: Callable[[], object] = _nothing) -> None:
        """Say one message; ``book`` notes it where chunks are counted."""
        self._say_all(type(message), [message], 1, book)

    def say_list(
        self,
        kind: Callable[[tuple[T, ...]], Message],
        items: tuple[T, ...],
        book: Callable[[], object] = _nothing,
    ) -> None:
        """Say a list in as many messages as it needs; an empty one in none."""
        parts = [kind(items[start : start + MAX_LIST]) for start in range(0, len(items), MAX_LIST)]
        if parts:
            self._say_all(type(parts[0]), parts, len(items), book)

    def _say_all(
        self,
        kind: type[Message],
        messages: Sequence[Message],
        count: int,
        book: Callable[[], object],
    ) -> None:
        """Check, book, and only then note and queue: a command that is refused has done nothing."""
        with our_fault():
            after = self.me.allow(kind, count, self.other)
            frames = [frame(message.TYPE, encode(message)) for message in messages]
            book()
        self.me.said(kind, count, after)
        if self.ending is None:
            self.out += b"".join(frames)

    def farewell(self) -> None:
        """Say BYE when both sides are done."""
        if self.me.stage is self.other.stage is Stage.SERVING:
            self.bye(ByeReason.FINISHED, "")

    def bye(self, reason: ByeReason, detail: str) -> None:
        """Say BYE unless it was said."""
        if self.me.stage is not Stage.OVER:
            self.say(Bye(reason, detail.encode()[:MAX_DETAIL].decode("utf-8", "ignore")))

    def blame(self, broken: BrokenRuleError, events: Sequence[Event]) -> RemoteProtocolError:
        """End the session because the other side broke a rule, and return the error to raise."""
        self.bye(broken.reason, broken.what)
        self.end(Ending.BROKEN, broken.reason, broken.what)
        return RemoteProtocolError(broken.what, broken.reason, tuple(events))

    def end(self, how: Ending, reason: ByeReason | None = None, detail: str = "") -> Closed:
        """End the session; what is said from now on goes nowhere."""
        self.ending = Closed(how, reason, detail)
        return self.ending

    def hear(self, message: Message) -> None:
        """Note what the other side says.

        ``BrokenRuleError`` when the table does not allow it now, or it is too much.
        """
        kind, count = type(message), items_in(message)
        self.other.said(kind, count, self.other.allow(kind, count, self.me))
