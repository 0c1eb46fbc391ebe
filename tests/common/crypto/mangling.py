"""Ways to spoil valid bytes, for the promise that a parser raises only its own errors."""

from hypothesis import strategies as st


@st.composite
def mangled(draw: st.DrawFn, valid: bytes) -> bytes:
    """Return ``valid`` with bytes changed, cut out or put in."""
    data = bytearray(valid)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(("change", "cut", "insert", "drop"))):
            case "change" if place < len(data):
                data[place] ^= draw(st.integers(1, 255))
            case "cut":
                del data[place:]
            case "insert":
                data[place:place] = draw(st.binary(min_size=1, max_size=4))
            case _:
                del data[place : place + 1]
    return bytes(data)


def any_bytes(valid: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=200), mangled(valid))
