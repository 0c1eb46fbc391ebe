from pathlib import Path

from common.journal import limits

SPECIFICATION = Path(limits.__file__).parents[2] / "docs" / "spec" / "limits.md"


def test_the_specification_and_the_code_name_the_same_limits():
    formats, _, _ = SPECIFICATION.read_text(encoding="utf-8").partition("\n## ")
    table = formats[formats.index("|") :].partition("\n\n")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines()]
    said = {name.strip(): int(value.replace(",", "")) for name, value in rows[2:]}
    assert said == {name: value for name, value in vars(limits).items() if name.isupper()}
