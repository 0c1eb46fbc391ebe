"""What can go wrong in a session, by whose fault it is and what to do (docs/spec/session.md §7)."""

from enum import StrEnum
from typing import TYPE_CHECKING

from common.sync.reasons import ByeReason

if TYPE_CHECKING:
    from common.sync.events import Event


class BrokenRuleError(Exception):
    """A rule of the session was broken; the session knows by whom and says so with one of the errors below.

    Attributes:
        reason: what a BYE about it would say.
    """

    def __init__(self, what: str, reason: ByeReason = ByeReason.PROTOCOL) -> None:
        super().__init__(what)
        self.what = what
        self.reason = reason


class Fault(StrEnum):
    """Whose fault an error is."""

    OURS = "ours"
    THEIRS = "theirs"


class ProtocolError(Exception):
    """The session cannot do this.

    Attributes:
        what: the rule that was broken, in English, for the log; no content, no personal data.
        fault: who broke it.
        what_to_do: one Chinese sentence for the person at the screen.
    """

    fault = Fault.OURS
    what_to_do = ""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class RemoteProtocolError(ProtocolError):
    """The other side broke a rule and the session is over.

    Send what is left to send, close the line, try again later.

    Attributes:
        reason: what the BYE that is waiting to be sent says.
        before: the events of the same bytes that came before the fault; they are good and should be used.
    """

    fault = Fault.THEIRS
    what_to_do = (
        "对方发来的数据不合约定，已断开；收到的部分都在，稍后自动再连。若反复出现，请联系上级管理员。"
    )

    def __init__(self, what: str, reason: ByeReason, before: "tuple[Event, ...]" = ()) -> None:
        super().__init__(what)
        self.reason = reason
        self.before = before
        if reason is ByeReason.VERSION:
            self.what_to_do = "两边程序的版本相差太多，不能交换数据。请先更新较旧的一方。"


class LocalProtocolError(ProtocolError):
    """Our own driver asked for what is not allowed now: a fault in this program; nothing was sent."""

    what_to_do = "本机程序出错，这次交换没有完成；已有的数据没有受影响，请把日志交给技术人员。"
