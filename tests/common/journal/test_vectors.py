import json
from pathlib import Path

import pytest

import tests.vectors
from tests.vectors.make_vectors import all_vectors
from tests.vectors.readers import ours, theirs

FOLDER = Path(tests.vectors.__file__).parent
FILES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.json"))


@pytest.mark.parametrize("name", FILES)
def test_both_decoders_read_every_vector_as_it_says(name):
    vector = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    form = name.split("/")[0]
    assert ours(form, vector) == vector["expect"]
    assert theirs(form, vector) == vector["expect"]


def test_the_generator_writes_exactly_the_committed_files():
    made = {f"{form}/{name}": vector for form, name, vector in all_vectors()}
    assert sorted(made) == FILES
    for name, vector in made.items():
        assert json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == vector
