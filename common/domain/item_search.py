"""Finding an item by what people call it: parts of names, plain words, slips of typing; no line needed."""

from collections.abc import Iterable
from unicodedata import category, normalize

from common.domain.item import Item

_MOST = 30
_ENOUGH = 0.6
"""Share of the typed characters a name must have before it is shown."""
_PLAIN: dict[str, tuple[str, ...]] = {
    "瘸": ("残疾",),
    "瘫": ("残疾", "护理"),
    "傻": ("残疾", "精神"),
    "聋": ("残疾",),
    "哑": ("残疾",),
    "瞎": ("残疾",),
    "五保": ("特困",),
    "穷": ("最低生活保障", "救助"),
    "吃不上饭": ("最低生活保障", "临时救助"),
    "低保": ("最低生活保障", "低保"),
    "老人": ("老年", "高龄", "养老", "老人"),
    "岁数大": ("老年", "高龄", "养老"),
    "开店": ("个体工商户", "营业执照"),
    "做买卖": ("个体工商户", "营业执照"),
    "盖房": ("宅基地", "建房", "规划许可"),
    "砍树": ("林木采伐",),
    "生孩子": ("生育",),
    "生娃": ("生育",),
    "去世": ("丧葬", "抚恤", "注销"),
    "过世": ("丧葬", "抚恤", "注销"),
    "没爹没娘": ("孤儿", "无人抚养"),
    "看病": ("医疗", "救助"),
    "打官司": ("法律援助",),
    "吵架": ("调解",),
    "退休": ("养老",),
}
"""What people say, and the words official names use for it."""
_HARSH = ("瘸", "瘫", "傻", "聋", "哑", "瞎")
_NOISE = ("我想", "我要", "怎么", "办理", "申请", "如何", "办")


def search(items: Iterable[Item], typed: str) -> tuple[Item, ...]:
    """Return the items that fit what was typed, best first, at most thirty."""
    query = _plain(typed)
    words = [query, *(word for said, meant in _PLAIN.items() if said in query for word in meant)]
    scored = [(max((_score(item, word) for word in words if word), default=0.0), item) for item in items]
    found = sorted((one for one in scored if one[0] > 0), key=lambda one: -one[0])
    return tuple(item for _, item in found[:_MOST])


def spoken_back(typed: str) -> str:
    """Return what was typed as a page may repeat it: understood, but never echoed, where it hurts."""
    for word in _HARSH:
        typed = typed.replace(word, "残疾")
    return typed


def _score(item: Item, query: str) -> float:
    name = _plain(item.name)
    if query in name:
        return 100 + len(query) / len(name)
    keywords = [_plain(word) for word in item.keywords]
    if any(word and (query in word or word in query) for word in keywords):
        return 80
    if query in _plain(item.department):
        return 40
    return max(_likeness(query, text) for text in (name, *keywords))


def _likeness(query: str, text: str) -> float:
    """Up to 60 where most of the typed characters stand in the text; a pair in order counts for more."""
    if len(query) < 2:  # noqa: PLR2004 - one character is either there or not
        return 0
    share = sum(mark in text for mark in query) / len(query)
    pairs = [query[at : at + 2] for at in range(len(query) - 1)]
    together = sum(pair in text for pair in pairs) / len(pairs)
    return 30 * share + 30 * together if share >= _ENOUGH and together > 0 else 0


def _plain(text: str) -> str:
    folded = normalize("NFKC", text).casefold()
    marks = "".join(mark for mark in folded if category(mark)[0] in "LN")
    for word in _NOISE:
        marks = marks.replace(word, "") or marks
    return marks
