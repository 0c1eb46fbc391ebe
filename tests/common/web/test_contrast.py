"""Colours of words stand off their ground: 4.5 to 1, in large type 7 to 1."""

import re

import pytest

from common.web.app import STATIC

CSS = (STATIC / "jiujin.css").read_text(encoding="utf-8")
GROUNDS = ("#ffffff", "#f5f7f9", "#eaf2fa", "#fff6e5")


def _colours(selector: str) -> dict[str, str]:
    block = CSS.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--(ink|soft|accent|accent-dark|good|warn|bad): (#[0-9a-f]{6})", block))


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("selector", "least"), [(':root[data-theme="light"]', 4.5), (':root.large[data-theme="light"]', 7)]
)
def test_words_stand_off_their_ground(selector, least):
    colours = _colours(selector)
    weak = [
        (name, ground, round(_contrast(colour, ground), 2))
        for name, colour in colours.items()
        for ground in GROUNDS
        if _contrast(colour, ground) < least
    ]
    assert len(colours) >= 6
    assert weak == []
