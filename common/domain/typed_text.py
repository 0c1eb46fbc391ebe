"""What people type, made plain: full-width forms, blanks and dashes."""

import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー", "-"))


def plain(typed: str) -> str:
    """Return ``typed`` in half-width form, in upper case, without any blanks.

    Args:
        typed: what came from a keyboard, a paste or a scanner.

    Returns:
        The NFKC form with every kind of dash as ``-`` and no white space or invisible format marks.
    """
    if typed.isascii() and typed.isalnum():
        return typed.upper()
    form = unicodedata.normalize("NFKC", typed).translate(_DASHES).upper()
    return "".join(mark for mark in form if not mark.isspace() and unicodedata.category(mark) != "Cf")


def all_digits(text: str) -> bool:
    """Return whether ``text`` is one or more of ``0``–``9`` and nothing else, no other script's digits."""
    return text.isascii() and text.isdigit()
