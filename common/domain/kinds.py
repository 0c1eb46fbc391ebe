"""Every kind of entry: its name on the wire, its class and its body (docs/spec/journal.md, kinds)."""

from dataclasses import dataclass

from common.domain.bodies import facts, hub, records, requests
from common.domain.entries import EntryClass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entry.

    Attributes:
        name: lower case with underscores, at most 40 letters.
        entry_class: fact, request or record.
        body: the dataclass its JSON body is read into.
    """

    name: str
    entry_class: EntryClass
    body: type


def _kinds(entry_class: EntryClass, **bodies: type) -> tuple[Kind, ...]:
    return tuple(Kind(name, entry_class, body) for name, body in bodies.items())


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *_kinds(
            EntryClass.REQUEST,
            submitted=requests.Submitted,
            corrected=requests.Corrected,
            withdrawal_asked=requests.WithdrawalAsked,
        ),
        *_kinds(
            EntryClass.FACT,
            received=facts.Received,
            handed_over=facts.HandedOver,
            custody_taken=facts.CustodyTaken,
            fact_forced=facts.FactForced,
            aside_settled=facts.AsideSettled,
            notice_given=facts.NoticeGiven,
            correction_taken=facts.CorrectionTaken,
            refused_to_accept=facts.RefusedToAccept,
            accepted=facts.Accepted,
            deemed_accepted=facts.DeemedAccepted,
            first_reviewed=facts.FirstReviewed,
            reviewed=facts.Reviewed,
            suspended=facts.Suspended,
            resumed=facts.Resumed,
            extended=facts.Extended,
            decided=facts.Decided,
            paper_issued=facts.PaperIssued,
            delivered=facts.Delivered,
            closed=facts.Closed,
            withdrawn=facts.Withdrawn,
            withdrawal_refused=facts.WithdrawalRefused,
            terminated=facts.Ended,
            lapsed=facts.Ended,
            revoked=facts.Ended,
            joined=facts.Joined,
            task_assigned=facts.TaskAssigned,
            foreign_step=facts.ForeignStep,
        ),
        *_kinds(
            EntryClass.RECORD,
            arrived=records.Arrived,
            told=records.Told,
            printed=records.Printed,
            handed_out=records.HandedOut,
            task_reported=records.TaskReported,
            paper_taken_in=records.PaperTakenIn,
            yielded=records.Yielded,
            custodian_released=records.CustodianReleased,
            epoch_opened=records.EpochOpened,
            epoch_answered=records.EpochAnswered,
            recovery_released=records.RecoveryReleased,
            item_published=hub.ItemPublished,
            catalogue_published=hub.CataloguePublished,
            calendar_published=hub.CalendarPublished,
            node_certified=hub.NodeCertified,
            node_revoked=hub.NodeRevoked,
            checkpoint_made=hub.CheckpointMade,
            grant_given=hub.GrantGiven,
            grant_ended=hub.GrantEnded,
            cited=hub.Cited,
            quarantine_settled=hub.QuarantineSettled,
            gap_declared_final=hub.GapDeclaredFinal,
            case_erased=hub.CaseErased,
            erasure_done=records.ErasureDone,
            case_wanted=records.CaseWanted,
        ),
    )
}

BODY_TYPES: dict[str, type] = {kind.name: kind.body for kind in KINDS.values()}
"""What :mod:`common.journal.body` reads each kind's body into."""

HUB_ONLY = frozenset(
    {
        "custody_taken",
        "fact_forced",
        "custodian_released",
        "item_published",
        "catalogue_published",
        "calendar_published",
        "node_certified",
        "node_revoked",
        "checkpoint_made",
        "grant_given",
        "grant_ended",
        "cited",
        "quarantine_settled",
        "gap_declared_final",
        "case_erased",
    }
)
"""Kinds nobody but the hub may write."""

ORDERS = frozenset({"case_erased", "erasure_done", "case_wanted"})
"""Kinds that speak of where a case is kept; they say nothing of anybody and outlast it."""
ASIDE = ORDERS | {"cited"}
"""Kinds that name a case and are no part of its course: some nodes have them and some have not."""
