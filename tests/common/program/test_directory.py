"""What a node's directory says of the machine it lies on."""

from pathlib import Path

import pytest

from common.program import directory
from common.program.directory import NodeDirectory


@pytest.mark.parametrize(
    ("installed", "here", "same"),
    [
        (b"one", b"one", True),
        (b"one", b"two", False),
        (b"", b"two", True),
        (b"one", b"", True),
        (None, b"two", True),
    ],
)
def test_a_copy_is_noticed_where_machines_have_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: bytes | None, here: bytes, same: bool
) -> None:
    node = NodeDirectory(tmp_path)
    if installed is not None:
        node.keep(node.machine, installed)
    monkeypatch.setattr(directory, "machine_name", lambda: here)
    assert node.same_machine() is same
