"""A sentence reads as Chinese and still knows how to be said in another language."""

from copy import deepcopy

import pytest

from common.domain.sentence import Sentence, listed, sentence_of, together
from common.domain.spoken_error import SpokenError

ENGLISH = {
    "{who}还缺{what}，共{n}样。": "{who} lacks {what}: {n:02} things.",
    "照片": "picture",
    "第一句。": "First.",
}


def said(sentence: Sentence) -> str:
    return sentence.said(ENGLISH, ", ")


def test_parts_are_filled_in_and_said_in_the_readers_language_and_own_words_stay():
    sentence = Sentence("{who}还缺{what}，共{n}样。", who="王芳", what=(Sentence("照片"), "照片"), n=2)
    assert sentence == "王芳还缺照片、照片，共2样。"
    assert said(sentence) == "王芳 lacks picture, 照片: 02 things."


def test_what_no_dictionary_knows_stays_chinese():
    assert said(Sentence("{n}本", n=3)) == "3本"


@pytest.mark.parametrize("text", ["{不是}", "{", "100%{n}"])
def test_without_parts_braces_are_only_braces(text):
    assert Sentence(text) == text
    assert said(Sentence(text)) == text


@pytest.mark.parametrize("text", ["{n}", "{n.__class__}", "{", "}"])
def test_what_somebody_wrote_is_never_a_pattern(text):
    assert Sentence("{name}，好", name=text) == f"{text}，好"
    assert said(Sentence("{what}", what=Sentence("{name}，好", name=text))) == f"{text}，好"


def test_sentences_stand_together_and_words_are_listed():
    assert said(together(["第一句。", "{n}。"])) == "First. {n}。"
    assert together([]) == ""
    assert said(listed(["照片", "表"])) == "picture, 表"
    assert listed(["照片", "表"]) == "照片、表"


def test_a_copy_knows_as_much():
    sentence = Sentence("{who}还缺{what}，共{n}样。", who="王芳", what="表", n=2)
    assert said(deepcopy(sentence)) == said(sentence)
    assert sentence_of(sentence) is sentence


def test_an_error_keeps_its_pattern_and_its_parts():
    error = SpokenError("lacking", "{who}还缺{what}，共{n}样。", who="王芳", what="表", n=1)
    assert error.sentence == "王芳还缺表，共1样。"
    assert said(error.sentence).startswith("王芳 lacks")
    assert SpokenError("again", error.sentence).sentence is error.sentence
