"""What a person and what the log is told."""

import pytest

from common.domain.node import NodeId
from common.link.errors import LinkError, RefusedError, UnreachableError, WrongPeerError, peer_title


def kinds(base: type[LinkError]) -> list[type[LinkError]]:
    return [base, *(kind for below in base.__subclasses__() for kind in kinds(below))]


@pytest.mark.parametrize("kind", kinds(LinkError), ids=lambda kind: kind.__name__)
def test_every_error_has_a_chinese_sentence_and_an_english_line(kind: type[LinkError]):
    error = kind(NodeId("130638-0003"), "what happened")
    assert "乡镇节点（130638-0003）" in error.sentence
    assert error.sentence.endswith("。")
    assert str(error) == f"{kind.__name__} at 130638-0003: what happened"
    assert str(error).isascii()
    assert isinstance(error, ConnectionError)


def test_a_person_reads_whom_it_concerns():
    assert peer_title(NodeId("130638-0001")) == "县级中心（130638-0001）"
    assert peer_title(None) == "上级节点"
    assert "upper node" in str(UnreachableError(None, "x"))


def test_only_what_time_can_heal_is_tried_again():
    assert UnreachableError(None, "x").retry
    assert not RefusedError(None, "x").retry
    assert not WrongPeerError(None, "x").retry
