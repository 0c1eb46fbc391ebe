"""Errors that speak twice: English for the log, a sentence for the person in front of the screen."""

from common.domain.sentence import Part, Sentence, sentence_of


class SpokenError(ValueError):
    """A refusal of something typed or asked, with what to do next.

    Attributes:
        sentence: what is wrong and what to do, in Chinese, without personal data.
    """

    def __init__(self, log: str, sentence: str, **parts: Part) -> None:
        """Keep both voices.

        Args:
            log: the English line for the log, without personal data.
            sentence: the Chinese sentence for the person, with ``{name}`` where a part goes.
            parts: what goes there.
        """
        super().__init__(log)
        self.sentence = Sentence(sentence, **parts) if parts else sentence_of(sentence)
