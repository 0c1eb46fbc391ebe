"""Names and numbers as others may see them (个人信息保护法 51: de-identified)."""

import unicodedata

_STAR = "*"
_COMPOUND_PAIRS = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒司空夏侯端木闻人澹台淳于单于太史申屠轩辕钟离"
    "南宫呼延赫连独孤拓跋百里东郭西门公羊谷梁鲜于闾丘亓官仲孙万俟濮阳公冶太叔宗政第五左丘公西漆雕乐正"
    "壤驷巫马梁丘段干东野微生羊舌叱干"
)
_COMPOUND_SURNAMES = frozenset(_COMPOUND_PAIRS[at : at + 2] for at in range(0, len(_COMPOUND_PAIRS), 2))
_NAME_DOTS = "·•・.． "
_WHOLE_NAME = 4
_IDENTITY = 18
_MOBILE = 11


def mask_name(name: str) -> str:
    """Return a name with the given name hidden.

    Args:
        name: a person's name; blanks at both ends are dropped.

    Returns:
        ``王*`` of two characters, ``王*芳`` of three, ``王**芳`` of four, ``欧阳**`` after a double surname;
        the first and ``**`` for longer names and names with a dot; ``*`` for one character.
    """
    marks = _characters(name.strip())
    if len(marks) <= 1:
        return _STAR * len(marks)
    if len(marks) > _WHOLE_NAME or any(mark in _NAME_DOTS for mark in marks):
        return marks[0] + _STAR * 2
    surname, given = "".join(marks[:2]), marks[2:]
    if given and surname in _COMPOUND_SURNAMES:
        return surname + _STAR * len(given)
    return marks[0] + (_STAR * len(given) + marks[-1] if given else _STAR)


def mask_phone(phone: str) -> str:
    """Return a phone number as ``138****5678`` or ``0312-*****67``; any other text whole in stars."""
    if len(phone) == _MOBILE and "-" not in phone:
        return phone[:3] + _STAR * 4 + phone[-4:]
    area, dash, local = phone.partition("-")
    if not dash:
        return _STAR * len(phone)
    return area + dash + _STAR * (len(local) - 2) + local[-2:]


def mask_identity(number: str) -> str:
    """Return an identity number as ``1305**********1234``; any other document number whole in stars."""
    if len(number) != _IDENTITY:
        return _STAR * len(number)
    return number[:4] + _STAR * 10 + number[-4:]


def _characters(name: str) -> list[str]:
    """Split into characters as read: a variation selector belongs to the character before it."""
    characters: list[str] = []
    for mark in name:
        if characters and unicodedata.category(mark).startswith("M"):
            characters[-1] += mark
        else:
            characters.append(mark)
    return characters
