from pathlib import Path

from common.media import limits

SPECIFICATION = Path(limits.__file__).parents[2] / "docs" / "spec" / "limits.md"


def test_the_specification_and_the_code_name_the_same_limits() -> None:
    _, _, handed_in = SPECIFICATION.read_text(encoding="utf-8").partition("\n## Files handed in")
    section, _, _ = handed_in.partition("\n## ")
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("|")]
    said = {name.strip(): int(value.replace(",", "")) for name, value in rows[2:]}
    assert said == {name: value for name, value in vars(limits).items() if name.isupper()}
