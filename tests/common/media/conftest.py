from pathlib import Path

import pytest

from common.papers.fonts import FOLDER

FONT = FOLDER / "NotoSansSC-Regular.ttf"


@pytest.fixture(scope="session")
def font_file() -> Path:
    return FONT


@pytest.fixture(scope="session")
def font() -> bytes:
    return FONT.read_bytes()
