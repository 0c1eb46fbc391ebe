"""Sentences that know what was filled into them, so that a page can say them in another language."""

from collections.abc import Callable, Iterable, Mapping
from typing import Self, TypeAlias

Part: TypeAlias = "str | int | tuple[Part, ...]"
"""What is filled in: words of somebody's own, a number, another sentence, or several of them."""
_BETWEEN = "、"


class Sentence(str):
    """A Chinese sentence as it reads, with its pattern and the parts filled in.

    Nobody glues sentences together: what is filled in is a part. A part that is a sentence itself is said in
    the reader's language like the rest; plain text (a name, a number, what somebody wrote) stays as it is.

    Attributes:
        pattern: the sentence with ``{name}`` where a part goes; dictionaries know it by this.
        parts: what goes there, by name.
    """

    __slots__ = ("parts", "pattern")
    pattern: str
    parts: Mapping[str, Part]

    def __new__(cls, pattern: str, **parts: Part) -> Self:
        """Fill ``parts`` into ``pattern``; without parts the pattern is taken as it is, braces and all."""
        sentence = super().__new__(cls, _filled(pattern, parts, str, _BETWEEN))
        sentence.pattern, sentence.parts = pattern, parts
        return sentence

    def said(self, patterns: Mapping[str, str], between: str) -> str:
        """Return the sentence in another language.

        Args:
            patterns: of that language, by the Chinese ones; what is not there stays Chinese.
            between: what stands between several parts.
        """

        def say(part: object) -> str:
            return part.said(patterns, between) if isinstance(part, Sentence) else str(part)

        return _filled(patterns.get(self.pattern, self.pattern), self.parts, say, between)


def sentence_of(words: str) -> Sentence:
    """Return ``words`` as a sentence, the same one where they are one already."""
    return words if isinstance(words, Sentence) else Sentence(words)


def together(sentences: Iterable[str], between: str = " ") -> Sentence:
    """Return sentences one after the other as one; ``between`` is the same in every language."""
    parts = {f"sentence_{at}": sentence_of(one) for at, one in enumerate(sentences)}
    return Sentence(between.join(f"{{{name}}}" for name in parts), **parts)


def listed(words: Iterable[str]) -> Sentence:
    """Return several words as one, with what each language puts between them."""
    return Sentence("{words}", words=tuple(sentence_of(one) for one in words))


def _filled(pattern: str, parts: Mapping[str, Part], say: Callable[[object], str], between: str) -> str:
    if not parts:
        return pattern
    filled = {name: _part(part, say, between) for name, part in parts.items()}
    return pattern.format(**filled)


def _part(part: Part, say: Callable[[object], str], between: str) -> str | int:
    """Return a part as text; a number stays one, so that a pattern may say how many digits it has."""
    if isinstance(part, tuple):
        return between.join(say(one) for one in part)
    return part if isinstance(part, int) else say(part)
