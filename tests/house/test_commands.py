"""``make`` is the list of commands, and what a machine lacks is said in a sentence."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "setup",
    "demo",
    "story",
    "test",
    "lint",
    "format",
    "simulate",
    "coverage",
    "lock",
    "wheel",
    "clean",
}
SHELL_WORDS = ["bash", "tr", "grep", "env"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of commands that is all the machine has; tests put their stubs in."""
    for word in SHELL_WORDS:
        found = shutil.which(word)
        assert found is not None
        (tmp_path / word).symlink_to(found)
    return tmp_path


def stub(machine: Path, name: str, script: str) -> None:
    (machine / name).write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
    (machine / name).chmod(0o755)


def need(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "bash", ROOT / "bin/need", *arguments],
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_every_command() -> None:
    answer = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = dict(re.findall(r"^  make (\w+) +(\S.*)$", answer.stdout, re.MULTILINE))
    assert listed.keys() >= COMMANDS


def test_continuous_integration_runs_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec make test"]


@pytest.mark.parametrize("what", ["python", "node"])
def test_a_missing_program_is_said_in_one_sentence(machine: Path, what: str) -> None:
    answer = need(machine, what)
    assert answer.returncode == 1
    assert re.match(r"(Python|Node\.js) is not here: install .+\n$", answer.stderr)


def test_an_old_python_is_named(machine: Path) -> None:
    stub(machine, "python3", '[ "$1" = -V ] && echo Python 3.9.2 || exit 1')
    answer = need(machine, "python", "python3")
    assert answer.returncode == 1
    assert "python3 is Python 3.9.2; Jiujin needs Python 3.11 or later" in answer.stderr


def test_a_python_without_venv_is_told_what_to_install(machine: Path) -> None:
    stub(machine, "python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')
    answer = need(machine, "python", "python3")
    assert answer.returncode == 1
    assert "apt-get install python3-venv" in answer.stderr


def test_who_may_not_install_is_told_exactly_what_to_install(machine: Path) -> None:
    stub(machine, "id", "echo 1000")
    for present in ("ssh", "ssh-keygen", "ip"):
        stub(machine, present, "")
    answer = need(machine, "packages")
    assert answer.returncode == 1
    assert "as root: apt-get install chromium fontconfig fonts-noto-cjk)" in answer.stderr


def test_root_has_the_packages_installed_and_looks_again(machine: Path) -> None:
    stub(machine, "id", "echo 0")
    stub(machine, "apt-get", 'echo "$*" >&2')
    for present in ("chromium", "ip"):
        stub(machine, present, "")
    stub(machine, "fc-list", "echo Noto Sans CJK SC")
    answer = need(machine, "packages")
    assert answer.returncode == 1
    assert "install -y -qq --no-install-recommends openssh-client" in answer.stderr
    assert "Still missing after apt-get install: openssh-client." in answer.stderr
