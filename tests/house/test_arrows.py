"""Every import contract passes on the tree and fails on a planted violation."""

import itertools
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in SETTINGS["tool"]["importlinter"]["contracts"]}
LAYERS = [name.strip() for line in CONTRACTS["layers"]["layers"] for name in line.split("|")]
TIERS = ["village_station", "township_node", "county_hub"]

# contract id -> (folder, what a file there wrongly imports); each breaks that contract alone
PLANTED = {
    "tiers": ("common/link", "county_hub"),
    "layers": ("common/journal", "common.store"),
    "home-aiohttp": ("common/exchange", "aiohttp"),
    "home-pages": ("common/link", "jinja2"),
    "home-metrics": ("common/program", "prometheus_client"),
    "home-ssh": ("county_hub", "asyncssh"),
    "home-mdns": ("common/program", "zeroconf"),
    "home-database": ("common/casework", "tortoise.models"),
    "home-cryptography": ("common/journal", "cryptography"),
    "home-packing": ("common/exchange", "zstandard"),
    "home-json": ("common/casework", "orjson"),
    "home-papers": ("common/web", "typst"),
    "home-pictures": ("common/casework", "PIL"),
    "home-programs": ("village_station", "click"),
    "domain": ("common/domain", "pydantic"),
}


def lint(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo", *arguments],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bare_tree(tmp_path: Path) -> Path:
    """The packages of this tree with nothing in them, under the same contracts."""
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in ["common", *TIERS, *(f"common/{layer}" for layer in LAYERS)]:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


def test_every_contract_holds_on_this_tree() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert PLANTED.keys() == CONTRACTS.keys()


def test_every_planted_import_breaks_its_contract(bare_tree: Path) -> None:
    assert lint(bare_tree).returncode == 0
    for contract, (folder, imported) in PLANTED.items():
        name = contract.replace("-", "_")
        (bare_tree / folder / f"{name}.py").write_text(f"import {imported}\n", encoding="utf-8")
    answer = lint(bare_tree)
    assert answer.returncode == 1
    kept = [name for name in PLANTED if f"{CONTRACTS[name]['name']} BROKEN" not in answer.stdout]
    assert kept == [], answer.stdout


def test_no_tier_imports_another(bare_tree: Path) -> None:
    pairs = list(itertools.permutations(TIERS, 2))
    for tier, other in pairs:
        (bare_tree / tier / f"wants_{other}.py").write_text(f"import {other}\n", encoding="utf-8")
    answer = lint(bare_tree, "--contract", "tiers")
    assert answer.returncode == 1
    assert [
        pair for pair in pairs if f"{pair[0]} is not allowed to import {pair[1]}" not in answer.stdout
    ] == []


def test_a_folder_without_a_place_fails(bare_tree: Path) -> None:
    (bare_tree / "common" / "misc").mkdir()
    (bare_tree / "common" / "misc" / "__init__.py").touch()
    assert lint(bare_tree, "--contract", "layers").returncode == 1
