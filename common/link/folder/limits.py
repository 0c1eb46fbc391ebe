"""Every limit of the folder, in one place (docs/spec/folder.md §8)."""

from common.exchange.letters_line import ANSWER_MAX
from common.sync.word import WORD_MAX

__all__ = [
    "ANSWER_MAX",
    "COUNTY_MAX",
    "LETTERS_MAX",
    "LISTED_MAX",
    "OFFERS_MAX",
    "WORDS_MAX",
    "WORD_MAX",
]

COUNTY_MAX = 8_400
"""Bytes of ``county.jji``."""
LISTED_MAX = 200_000
"""Names looked at in a visit, over all folders."""
WORDS_MAX = 10_000
"""Words heard in a visit: as many as there are node numbers."""
LETTERS_MAX = 200
"""Letters looked at in a visit."""
OFFERS_MAX = 20_000
"""Parcels written in a visit; the rest waits for the next."""
