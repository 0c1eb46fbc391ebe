"""Names and numbers as others may see them (个人信息保护法 51: de-identified wherever the whole is not needed)."""

import unicodedata

_STAR = "*"
_COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 司空 夏侯 端木 闻人 澹台 淳于 单于 太史 申屠 轩辕 "
    "钟离 南宫 呼延 赫连 独孤 拓跋 百里 东郭 西门 公羊 谷梁 鲜于 闾丘 亓官 仲孙 万俟 濮阳 公冶 太叔 宗政 第五 左丘 公西 "
    "漆雕 乐正 壤驷 巫马 梁丘 段干 东野 微生 羊舌 叱干".split(),
)
_WHOLE_NAME = 4
_IDENTITY = 18
_MOBILE = 11


def mask_name(name: str) -> str:
    """Return a name with the given name hidden.

    Args:
        name: a person's name; blanks at both ends are dropped.

    Returns:
        ``王*`` of two characters, ``王*芳`` of three, ``王**芳`` of four, ``欧阳**`` after a compound surname,
        the first character and ``**`` for longer names and names with a dot or blank; ``*`` for one character.
    """
    marks = _characters(name.strip())
    length = len(marks)
    if length <= 1:
        return _STAR * length
    if length > _WHOLE_NAME or any(mark in "·•・.． " for mark in marks):
        return marks[0] + _STAR * 2
    surname = "".join(marks[:2])
    if surname in _COMPOUND_SURNAMES and len(marks[2:]):
        return surname + _STAR * (length - 2)
    shown_end = marks[-1] if marks[2:] else ""
    return marks[0] + _STAR * (length - 1 - len(marks[2:3])) + shown_end


def mask_phone(phone: str) -> str:
    """Return a phone number with the middle hidden: ``138****5678``, ``0312-*****67``; other texts whole in stars."""
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
    """Split into characters as read: a variation selector belongs to the character before it (rare surnames)."""
    characters: list[str] = []
    for mark in name:
        if characters and unicodedata.category(mark).startswith("M"):
            characters[-1] += mark
        else:
            characters.append(mark)
    return characters
