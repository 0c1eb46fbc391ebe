"""What was handed in of a material, in words."""

from common.domain.application import MaterialGiven
from common.domain.sentence import Sentence, listed


def handed_words(given: MaterialGiven | None) -> Sentence:
    """Return ``2张照片或文件、1份纸质、原件已核``, or that nothing was handed in."""
    parts = []
    if given and given.files:
        parts.append(Sentence("{n}张照片或文件", n=len(given.files)))
    if given and given.copies:
        parts.append(Sentence("{n}份纸质", n=given.copies))
    if given and given.original_seen:
        parts.append(Sentence("原件已核"))
    return listed(parts) if parts else Sentence("还没有交")
