"""Chinese is the source; another language is a dictionary from the Chinese sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

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


def translate(sentence: str, **parts: object) -> str:
    """Return a Chinese sentence in the language being spoken, with ``{name}`` parts filled in.

    What the dictionary does not know stays Chinese: a strange sentence is better than none.
    """
    known = english() if language() == ENGLISH else {}
    words = known.get(sentence, sentence)
    return words.format(**parts) if parts else words


@cache
def english() -> dict[str, str]:
    """Return the English dictionary."""
    words: dict[str, str] = json.loads(DICTIONARY.read_text(encoding="utf-8"))
    return words
