import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.spelling import ALPHABET, CodeError, read, spell

CONTEXT, OTHER = b"jiujin/test-code/1\0", b"jiujin/other-code/1\0"
SIZE, CHARACTERS = 13, 25


@given(st.binary(min_size=SIZE, max_size=SIZE))
def test_a_code_is_read_back(payload: bytes) -> None:
    code = spell(payload, CHARACTERS, CONTEXT)
    assert [len(group) for group in code.split("-")] == [5] * 5
    assert read(code, SIZE, CHARACTERS, CONTEXT) == payload


@given(st.binary(min_size=SIZE, max_size=SIZE), st.integers(0, CHARACTERS - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(payload: bytes, place: int, letter: str) -> None:
    letters = list(spell(payload, CHARACTERS, CONTEXT).replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    try:
        found = read("".join(letters), SIZE, CHARACTERS, CONTEXT)
    except CodeError:
        return
    assert found != payload  # one in two million passes the 21 check bits; never as the same payload


def test_case_spaces_dashes_and_lookalikes_do_not_matter() -> None:
    payload = bytes.fromhex("0842108421084210842108421f")
    code = spell(payload, CHARACTERS, CONTEXT)
    assert "1" in code
    typed = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in code.lower().replace("1", "l"))
    assert read(f" {typed.replace('-', ' — ')}\n", SIZE, CHARACTERS, CONTEXT) == payload
    assert read(code.replace("1", "I").replace("0", "o"), SIZE, CHARACTERS, CONTEXT) == payload


def test_a_code_of_one_purpose_is_not_taken_for_anothers() -> None:
    with pytest.raises(CodeError, match="checksum"):
        read(spell(bytes(range(SIZE)), CHARACTERS, CONTEXT), SIZE, CHARACTERS, OTHER)


def test_a_sentence_says_which_group_holds_a_foreign_character() -> None:
    with pytest.raises(CodeError) as caught:
        read("00000-0000U-00000-00000-00000", SIZE, CHARACTERS, CONTEXT)
    assert "第2组" in caught.value.sentence


def test_a_sentence_says_how_many_characters_are_there() -> None:
    with pytest.raises(CodeError) as caught:
        read("0000", SIZE, CHARACTERS, CONTEXT)
    assert "25" in caught.value.sentence
    assert "4个" in caught.value.sentence


@given(st.text(max_size=700))
def test_no_text_raises_anything_but_code_error(typed: str) -> None:
    with pytest.raises(CodeError):
        read(typed, SIZE, CHARACTERS, CONTEXT)
