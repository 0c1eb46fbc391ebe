"""What may not be committed: addresses in locks, paths of somebody's machine."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements/run.lock", "requirements/dev.lock", "package-lock.json"]
ADDRESS = re.compile(r"\w+://|^\s*(-i|-f|--\w*index\w*|--find-links)\b| @ file:", re.MULTILINE)
MACHINE_PATH = re.compile(
    rb"(?<![\w.~/-])/(work|farm|root|home/\w+|Users/\w+|tmp/[a-z]+|opt/(wheels|pypi\S*))/"
)


def committed() -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert not ADDRESS.findall((ROOT / lock).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line", ["--index-url https://x", "-f ./wheels", "a @ file:a.whl", '"resolved": "http://x"']
)
def test_an_address_would_be_seen(line: str) -> None:
    assert ADDRESS.search(f"a==1\n{line}\n")


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(entries) > 30
    assert [line for line in entries if "--hash=sha256:" not in line] == []


def test_every_browser_file_has_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)


def test_no_committed_file_names_a_path_of_a_machine() -> None:
    here = Path(__file__)
    found = {
        str(file.relative_to(ROOT)): match.group().decode()
        for file in committed()
        if file != here and (match := MACHINE_PATH.search(file.read_bytes()))
    }
    assert found == {}


@pytest.mark.parametrize("path", [b" /home/li/x", b'"/work/main"', b"=/opt/wheels/a", b"/root/.npmrc"])
def test_a_path_of_a_machine_would_be_seen(path: bytes) -> None:
    assert MACHINE_PATH.search(path)
