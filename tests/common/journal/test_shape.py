import pytest

from common.domain.bodies.facts import Received
from common.journal.shape import ShapeError, json_schema, read_shape


def test_a_value_of_the_right_shape_is_read():
    assert read_shape(Received, b'{"on":"2026-05-06","lawful":true}').lawful


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (b"no json", ()),
        (b'{"on":"2026-05-06"}', ("lawful",)),
        ('{"on":"张三","lawful":true,"by":{"login":1}}'.encode(), ("on", "by.login")),
        (b'{"on":"2026-05-06","lawful":true,"lawfull":true}', ("lawfull",)),
    ],
)
def test_what_is_wrong_is_told_by_place_and_never_by_value(data, places):
    with pytest.raises(ShapeError) as caught:
        read_shape(Received, data)
    assert caught.value.places == places
    assert "张三" not in str(caught.value)


def test_the_schema_names_what_must_be_there():
    assert json_schema(Received)["required"] == ["on", "lawful"]
