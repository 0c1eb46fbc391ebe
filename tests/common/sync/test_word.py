"""A node's word: what was signed comes out, and of anything else only a broken rule."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.errors import BadSignatureError
from common.crypto.signing import SigningKey
from common.journal.have_statement import HaveStatement
from common.journal.statement import KeyRole
from common.sync.errors import BrokenRuleError
from common.sync.frames import frame
from common.sync.limits import MAX_LIST, Limits
from common.sync.messages import Done, Hello, Message, Receipt, encode
from common.sync.word import WORD_MAX, Word, WordReader, head_of
from tests.common.sync.country import VILLAGE, hello
from tests.common.sync.test_messages import HASHES, HEADS, MARKS

KEY = SigningKey.generate()
NOW = datetime(2026, 11, 1, tzinfo=UTC)
SPEAKER = hello(VILLAGE, time=1)
WORDS = st.builds(
    Word,
    st.just(SPEAKER),
    st.lists(HEADS, max_size=6),
    st.lists(MARKS, max_size=6),
    st.lists(HASHES, max_size=6),
    st.lists(st.binary(max_size=90), max_size=6),
)


def signed(word: Word, frames: bytes | None = None, **changes: object) -> bytes:
    """Return a word's bytes; ``changes`` are of what is signed."""
    size, digest = word.measure()
    said = HaveStatement(word.hello.epoch, 1, NOW, size, digest)
    said = replace(said, **changes)  # type: ignore[arg-type]
    statement = said.sign(VILLAGE, 1, KEY, KeyRole.SIGNING)
    return head_of(statement) + (b"".join(word.frames()) if frames is None else frames)


def read(data: bytes, piece: int = 65_536, limits: Limits | None = None) -> list[Message]:
    """Read a word to its end."""
    reader = WordReader(limits)
    found = [one for start in range(0, len(data), piece) for one in reader.feed(data[start : start + piece])]
    reader.end()
    assert reader.statement is not None
    reader.statement.verify(KEY.public())
    return found


@given(WORDS, st.sampled_from([1, 7, 1000]))
def test_a_word_comes_out_as_it_was_said_in_whatever_pieces(word: Word, piece: int) -> None:
    first, *others = read(signed(word), piece)
    assert first == word.hello
    said = [one for message in others for field in message.__slots__ for one in getattr(message, field)]
    receipts = [one.statement for one in others if isinstance(one, Receipt)]
    assert receipts == list(word.receipts)
    listed = [*word.heads, *word.marks, *word.asked]
    assert [one for one in said if not isinstance(one, int)] == listed


@given(WORDS, st.data())
def test_a_word_cut_anywhere_is_no_word(word: Word, data: st.DataObject) -> None:
    whole = signed(word)
    with pytest.raises(BrokenRuleError):
        read(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(WORDS, st.data())
def test_a_bit_flipped_anywhere_never_passes_for_what_was_signed(word: Word, data: st.DataObject) -> None:
    whole = bytearray(signed(word))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((BrokenRuleError, BadSignatureError)):
        read(bytes(whole))


@given(st.binary(max_size=400), st.sampled_from([1, 50, 400]))
def test_any_bytes_raise_the_readers_own_error_and_no_other(junk: bytes, piece: int) -> None:
    for data in (junk, b"JJW1" + junk, signed(Word(SPEAKER), junk, size=WORD_MAX)):
        with pytest.raises(BrokenRuleError):
            read(data, piece)


def test_lists_longer_than_a_message_come_in_several() -> None:
    names = [number.to_bytes(32) for number in range(2 * MAX_LIST + 1)]
    _, *others = read(signed(Word(SPEAKER, asked=names)))
    assert [name for message in others if hasattr(message, "names") for name in message.names] == names


def framed(*messages: Message) -> bytes:
    return b"".join(frame(one.TYPE, encode(one)) for one in messages)


def wrong_order() -> list[tuple[str, bytes]]:
    parts = [list(Word(SPEAKER, asked=[bytes(32)], receipts=[b"r"]).frames())]
    hello_, ask, told, receipt = parts[0]
    return [
        ("nothing", b""),
        ("no hello", ask + told),
        ("two hellos", hello_ + hello_ + told),
        ("no told", hello_ + ask),
        ("told twice", hello_ + told + told),
        ("a receipt before told", hello_ + receipt + told),
        ("a list after told", hello_ + told + ask),
        ("a message of sessions", hello_ + told + framed(Done())),
        ("an unknown frame", hello_ + told + b"\0\0\0\1\x7f"),
    ]


@pytest.mark.parametrize(("name", "frames"), wrong_order())
def test_what_is_out_of_turn_is_no_word(name: str, frames: bytes) -> None:
    digest = sha256(b"jiujin/word/1\0" + frames).digest()
    with pytest.raises(BrokenRuleError):
        read(signed(Word(SPEAKER), frames, size=len(frames), digest=digest))


def test_an_extension_frame_is_passed_over() -> None:
    frames = b"".join(Word(SPEAKER).frames()) + b"\0\0\0\2\x80x"
    digest = sha256(b"jiujin/word/1\0" + frames).digest()
    assert read(signed(Word(SPEAKER), frames, size=len(frames), digest=digest))[0] == SPEAKER


@pytest.mark.parametrize(
    "other",
    [replace(SPEAKER, epoch=bytes(16)), replace(SPEAKER, scope=SPEAKER.node.hub()), hello(VILLAGE.hub())],
)
def test_a_hello_of_another_than_the_signer_is_no_word(other: Hello) -> None:
    word = Word(other)
    size, digest = word.measure()
    said = HaveStatement(SPEAKER.epoch, 1, NOW, size, digest)
    data = head_of(said.sign(VILLAGE, 1, KEY, KeyRole.SIGNING)) + b"".join(word.frames())
    with pytest.raises(BrokenRuleError):
        read(data)


def test_a_word_says_no_more_than_its_limits() -> None:
    word = Word(SPEAKER, asked=[bytes([number]) * 32 for number in range(3)])
    assert read(signed(word), limits=Limits(asked=3))
    with pytest.raises(BrokenRuleError, match="more Ask"):
        read(signed(word), limits=Limits(asked=2))


def test_a_word_above_its_limit_is_not_read_at_all() -> None:
    reader = WordReader()
    with pytest.raises(BrokenRuleError, match="above its limit"):
        reader.feed(signed(Word(SPEAKER), b"", size=WORD_MAX + 1))
