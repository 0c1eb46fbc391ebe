"""What a node has by its own signed words: the later one counts, one of an epoch left counts for nothing."""

from dataclasses import replace

from common.crypto.certificates import HubCertificate
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange.believing import Heard, belief
from common.exchange.network import Network
from common.journal.ids import JournalId
from common.store.rows import JournalRow, ReceiptRow
from common.sync.listed import Head
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE

OLD, NEW = b"o" * 16, b"n" * 16
JOURNAL = JournalId(VILLAGE, b"v" * 16, Audience.county(VILLAGE))
ROW = JournalRow(
    7,
    JOURNAL.digest(),
    str(VILLAGE),
    JOURNAL.epoch,
    str(JOURNAL.audience),
    9,
    b"9" * 32,
    9,
    b"9" * 32,
    9,
    "open",
)
NETWORK = Network(bytes(32))


def receipt(number: int, issued: int, epoch: bytes = OLD, node: NodeId = TOWNSHIP) -> ReceiptRow:
    return ReceiptRow(7, str(node), epoch, 1, number, bytes([number]) * 32, 0, bytes(32), 0, issued, b"")


def word(number: int, issued: int, epoch: bytes = OLD, node: NodeId = TOWNSHIP) -> Heard:
    return Heard(node, epoch, issued, (Head(JOURNAL, number, bytes([number]) * 32),))


def held(heard: Heard | None, *given: ReceiptRow, network: Network = NETWORK, node: NodeId = TOWNSHIP) -> int:
    """Return up to which number the node is believed to hold the journal."""
    known = belief(network, node, heard, given, {7: ROW})
    return known.heads[JOURNAL.digest()].number if known.heads else 0


def test_an_unseen_node_has_what_it_receipted() -> None:
    assert held(None, receipt(5, 1)) == 5
    assert held(None) == 0


def test_a_receipt_after_the_word_moves_the_head_on() -> None:
    assert held(word(3, 10), receipt(5, 11)) == 5


def test_a_receipt_before_the_word_stands_for_nothing() -> None:
    """The node lost what it had: its word says so."""
    assert held(word(3, 10), receipt(5, 10)) == 3
    assert held(Heard(TOWNSHIP, OLD, 10), receipt(5, 9)) == 0


def test_a_word_of_an_epoch_left_counts_for_nothing() -> None:
    assert held(word(8, 10), receipt(2, 11, NEW)) == 2
    assert belief(NETWORK, TOWNSHIP, word(8, 10), [receipt(2, 11, NEW)], {7: ROW}).heard is None


def test_a_receipt_of_an_epoch_left_counts_for_nothing() -> None:
    assert held(word(2, 11, NEW), receipt(8, 10)) == 2
    assert held(None, receipt(8, 10), replace(receipt(2, 11, NEW), journal_id=8)) == 0


def test_the_root_orders_the_hubs_epochs_whatever_its_clock_said() -> None:
    hubs = {(HUB, order): HubCertificate.__new__(HubCertificate) for order in (1, 2)}
    for (_, order), cert in hubs.items():
        for name, value in (
            ("node", HUB),
            ("epoch", (OLD, NEW)[order - 1]),
            ("order", order),
            ("generation", order),
        ):
            object.__setattr__(cert, name, value)
    network = Network(bytes(32), hubs)
    assert held(word(3, 5, NEW, HUB), receipt(8, 99, OLD, HUB), network=network, node=HUB) == 3


def test_attachments_are_had_by_the_word_alone() -> None:
    known = belief(NETWORK, TOWNSHIP, word(3, 10), [receipt(5, 11)], {7: ROW})
    assert known.said == {JOURNAL.digest(): 3}
