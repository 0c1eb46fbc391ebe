import contextlib
from dataclasses import replace

import pytest
from hypothesis import given

from common.crypto.wire import FormatError
from common.journal.checkpoint import Checkpoint, read_checkpoint
from common.journal.statement import sign_statement
from tests.common.journal.samples import HUB, NOW, SIGNING, TOWNSHIP, seed
from tests.common.journal.strategies import any_bytes
from tests.second_decoder import statement as second

CHECKPOINT = Checkpoint(seed("epoch", 16), 1, 5, NOW, seed("root"), 3)


def test_a_checkpoint_reads_back_and_both_decoders_agree():
    statement = CHECKPOINT.sign(HUB, 1, SIGNING[HUB])
    assert read_checkpoint(statement) == CHECKPOINT
    assert second.checkpoint(statement.encode(), SIGNING[HUB].public())["counter"] == 5


@given(any_bytes(CHECKPOINT.encode()))
def test_no_payload_makes_a_checkpoint_raise_anything_else(data):
    with contextlib.suppress(FormatError):
        assert read_checkpoint(sign_statement("checkpoint", data, HUB, 1, SIGNING[HUB])).encode() == data


def test_only_the_hub_makes_checkpoints():
    with pytest.raises(FormatError, match="only the hub"):
        read_checkpoint(CHECKPOINT.sign(TOWNSHIP, 1, SIGNING[TOWNSHIP]))


def test_a_later_epoch_goes_before_a_larger_counter():
    assert CHECKPOINT.is_newer(None)
    assert not CHECKPOINT.is_newer(CHECKPOINT)
    assert replace(CHECKPOINT, counter=6).is_newer(CHECKPOINT)
    assert replace(CHECKPOINT, order=2, counter=0).is_newer(CHECKPOINT)
    assert not replace(CHECKPOINT, counter=99).is_newer(replace(CHECKPOINT, order=2))


@pytest.mark.parametrize(
    "change",
    [{"hub_epoch": bytes(15)}, {"root": bytes(31)}, {"order": 0}, {"counter": -1}, {"leaf_count": -1}],
)
def test_a_checkpoint_cannot_be_built_wrong(change):
    with pytest.raises(ValueError, match="checkpoint"):
        replace(CHECKPOINT, **change)
