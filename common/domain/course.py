"""The course of a case as one table; the diagram in the documentation is drawn from it."""

from enum import StrEnum


class State(StrEnum):
    """Where a case stands (办件状态)."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    IN_CORRECTION = "in_correction"
    REFUSED_TO_ACCEPT = "refused_to_accept"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    SUSPENDED = "suspended"
    DECIDED = "decided"
    PAPER_MADE = "paper_made"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    JOINED = "joined"


STATE_NAMES: dict[State, str] = {
    State.SUBMITTED: "已提交",
    State.RECEIVED: "已收件",
    State.IN_CORRECTION: "待补正",
    State.REFUSED_TO_ACCEPT: "不予受理",
    State.ACCEPTED: "已受理",
    State.UNDER_REVIEW: "审核中",
    State.SUSPENDED: "特别程序中",
    State.DECIDED: "已决定",
    State.PAPER_MADE: "待送达",
    State.DELIVERED: "已送达",
    State.CLOSED: "已办结",
    State.WITHDRAWN: "已撤回",
    State.TERMINATED: "已终止",
    State.LAPSED: "逾期未补正",
    State.REVOKED: "已撤销",
    State.JOINED: "已并案",
}

ENDED = frozenset(
    {State.CLOSED, State.WITHDRAWN, State.TERMINATED, State.LAPSED, State.REVOKED, State.JOINED}
)
"""States in which nothing is left to do, save revoking."""

_BEFORE_ACCEPTANCE: dict[str, State] = {
    "notice_given": State.IN_CORRECTION,
    "accepted": State.ACCEPTED,
    "deemed_accepted": State.ACCEPTED,
    "refused_to_accept": State.REFUSED_TO_ACCEPT,
    "first_reviewed": State.RECEIVED,
}
_EXITS: dict[str, State] = {
    "withdrawn": State.WITHDRAWN,
    "terminated": State.TERMINATED,
    "joined": State.JOINED,
}
_HANDLING: dict[str, State] = {
    "first_reviewed": State.UNDER_REVIEW,
    "reviewed": State.UNDER_REVIEW,
    "suspended": State.SUSPENDED,
    "decided": State.DECIDED,
}

TABLE: dict[State, dict[str, State]] = {
    State.SUBMITTED: {"received": State.RECEIVED},
    State.RECEIVED: {**_BEFORE_ACCEPTANCE, **_EXITS},
    State.IN_CORRECTION: {
        "correction_taken": State.RECEIVED,
        "lapsed": State.LAPSED,
        **_EXITS,
    },
    State.REFUSED_TO_ACCEPT: {"delivered": State.DELIVERED, "closed": State.CLOSED},
    State.ACCEPTED: {**_HANDLING, **_EXITS, "extended": State.ACCEPTED},
    State.UNDER_REVIEW: {**_HANDLING, **_EXITS, "extended": State.UNDER_REVIEW},
    State.SUSPENDED: {"resumed": State.UNDER_REVIEW, **_EXITS},
    State.DECIDED: {
        "paper_issued": State.PAPER_MADE,
        "delivered": State.DELIVERED,
        "revoked": State.REVOKED,
    },
    State.PAPER_MADE: {"delivered": State.DELIVERED, "revoked": State.REVOKED},
    State.DELIVERED: {"closed": State.CLOSED, "revoked": State.REVOKED},
    State.CLOSED: {"revoked": State.REVOKED},
    State.WITHDRAWN: {},
    State.TERMINATED: {},
    State.LAPSED: {},
    State.REVOKED: {},
    State.JOINED: {},
}
"""state → kind of fact → next state."""

STEADY = frozenset(
    {
        "handed_over",
        "custody_taken",
        "fact_forced",
        "aside_settled",
        "paper_issued",
        "task_assigned",
        "foreign_step",
        "withdrawal_refused",
    }
)
"""Facts that leave the state as it is wherever the table does not say more."""


def next_state(state: State, kind: str) -> State | None:
    """Return the state after a fact of ``kind``, or None where it cannot happen in ``state``."""
    after = TABLE[state].get(kind)
    if after is None and kind in STEADY and state is not State.SUBMITTED:
        return state
    return after


def possible(state: State) -> tuple[str, ...]:
    """Return the kinds of facts that move a case in ``state``, in the order of the table."""
    return tuple(TABLE[state])


def diagram() -> str:
    """Return the table as a Mermaid state diagram for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.SUBMITTED}"]
    for state, moves in TABLE.items():
        by_target: dict[State, list[str]] = {}
        for kind, after in moves.items():
            by_target.setdefault(after, []).append(kind)
        lines += [f"    {state} --> {after}: {', '.join(kinds)}" for after, kinds in by_target.items()]
        if state in ENDED:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines) + "\n"
