"""What two HELLOs must agree about (docs/spec/session.md §2.1)."""

from enum import StrEnum

from common.domain.node import NodeId
from common.sync.errors import BrokenRuleError
from common.sync.messages import Hello
from common.sync.reasons import ByeReason


class Role(StrEnum):
    """Which side of the line this is."""

    DIALER = "dialer"
    """The lower node; its scope is spoken about."""
    ANSWERER = "answerer"


def insist_on_role(role: Role, mine: Hello) -> None:
    """Insist that the scope is the dialler's.

    Raises:
        ValueError: a dialler speaks about another's scope, or an answerer about its own.
    """
    if (mine.scope == mine.node) is not (role is Role.DIALER):
        raise ValueError("the scope of a session is that of the node that dials")


def agree(mine: Hello, theirs: Hello, expected: NodeId | None) -> int:
    """Return the highest protocol version both sides speak.

    Args:
        mine: this side's HELLO.
        theirs: the other side's.
        expected: whom the carrier says the other side is, if it knows.

    Raises:
        BrokenRuleError: the names or the scope do not fit, or there is no common version.
    """
    version = min(mine.highest, theirs.highest)
    if version < max(mine.lowest, theirs.lowest):
        raise BrokenRuleError(
            f"no common version: {mine.lowest}-{mine.highest} here, {theirs.lowest}-{theirs.highest} there",
            ByeReason.VERSION,
        )
    if expected is not None and theirs.node != expected:
        raise BrokenRuleError("the other side says it is not whom the carrier knows", ByeReason.IDENTITY)
    if theirs.node == mine.node or theirs.node.county != mine.node.county:
        raise BrokenRuleError("the other side is no other node of this county", ByeReason.IDENTITY)
    if theirs.scope != mine.scope or theirs.scope not in {mine.node, theirs.node}:
        raise BrokenRuleError("the two sides mean different scopes", ByeReason.IDENTITY)
    return version
