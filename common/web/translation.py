"""Chinese is the source; another language is a dictionary from the Chinese sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from common.domain.sentence import Part, Sentence, sentence_of

CHINESE = "zh-CN"
ENGLISH = "en"
DICTIONARY = Path(__file__).parent / "locale" / "en.json"

_language: ContextVar[str] = ContextVar("jiujin_language", default=CHINESE)


def language() -> str:
    """Return the language being spoken, as HTML names it."""
    return _language.get()


@contextmanager
def speak(chosen: str) -> Iterator[None]:
    """Speak ``chosen`` inside the block."""
    before = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(before)


def translate(sentence: str, **parts: Part) -> str:
    """Return a Chinese sentence in the language being spoken, with ``{name}`` parts filled in.

    What the dictionary does not know stays Chinese: a strange sentence is better than none.
    """
    whole = Sentence(sentence, **parts) if parts else sentence_of(sentence)
    return whole.said(english(), ", ") if language() == ENGLISH else str(whole)


def said(value: object) -> object:
    """Return a sentence in the language being spoken, and anything else as it is: templates end in this."""
    return translate(value) if isinstance(value, Sentence) else value


def is_foreign(text: str) -> bool:
    """Whether somebody's own Chinese words stand on a page in another language, which has to mark them."""
    return language() != CHINESE and not isinstance(text, Sentence) and not text.isascii()


@cache
def english() -> dict[str, str]:
    """Return the English dictionary."""
    words: dict[str, str] = json.loads(DICTIONARY.read_text(encoding="utf-8"))
    return words
