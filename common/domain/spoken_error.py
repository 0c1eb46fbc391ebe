"""Errors that speak twice: English for the log, Chinese for the person in front of the screen."""


class SpokenError(ValueError):
    """A refusal of something typed or asked, with what to do next.

    Attributes:
        sentence: what is wrong and what to do, in Chinese, without personal data.
    """

    def __init__(self, log: str, sentence: str) -> None:
        """Keep both voices.

        Args:
            log: the English line for the log, without personal data.
            sentence: the Chinese sentence for the person.
        """
        super().__init__(log)
        self.sentence = sentence
