"""Entries, headers and journals for hypothesis, and spoilt bytes."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from common.domain.audience import Audience
from common.domain.entries import EntryClass, FactPosition, Fence
from common.domain.identifiers import new_id
from common.domain.node import NodeId
from common.journal.chain import StoredEntry, write_entry
from common.journal.entry import UNMEASURED, ClockReading, EntryHeader
from common.journal.ids import JournalId
from tests.common.journal.samples import COUNTY, HUB

instants = st.integers(0, 4_000_000_000_000).map(
    lambda value: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
)
kinds = st.from_regex(r"[a-z][a-z_]{0,39}", fullmatch=True)
cases = st.builds(new_id, instants, st.binary(min_size=10, max_size=10))
clocks = st.just(UNMEASURED) | st.builds(
    ClockReading, st.integers(-(2**61), 2**61), st.integers(0, 2**31 - 1)
)
small = st.integers(0, 2**31 - 1)
positions = st.builds(FactPosition, st.builds(Fence, small, small), small)
numbers = st.integers(2, 9999)


@st.composite
def headers(draw: st.DrawFn) -> EntryHeader:
    """Return any header the format has."""
    entry_class, case = draw(st.sampled_from(EntryClass)), draw(st.none() | cases)
    place: FactPosition | None = None
    if case is not None:
        place = (
            draw(positions.filter(lambda one: one.number > 0))
            if not entry_class
            else draw(st.none() | positions)
        )
    return EntryHeader(entry_class, draw(kinds), case, draw(instants), draw(clocks), place)


@st.composite
def entries(draw: st.DrawFn) -> StoredEntry:
    """Return an entry, erased or not."""
    body = draw(st.binary(max_size=200))
    entry = write_entry(draw(headers()), body, draw(st.binary(min_size=16, max_size=16)))
    return draw(st.sampled_from((entry, entry.erase())))


@st.composite
def journals(draw: st.DrawFn) -> JournalId:
    """Return a journal of any audience, with a writer that may keep it."""
    township, village = (NodeId.of(COUNTY, draw(numbers)) for _ in range(2))
    audience, writers = draw(
        st.sampled_from(
            (
                (Audience("public"), (HUB,)),
                (Audience.county(village), (HUB, village)),
                (Audience.drop(village), (village,)),
                (Audience.township(township, village), (HUB, township, village)),
            )
        )
    )
    return JournalId(draw(st.sampled_from(writers)), draw(st.binary(min_size=16, max_size=16)), audience)


@st.composite
def spoilt(draw: st.DrawFn, valid: bytes) -> bytes:
    """Return ``valid`` with a byte changed, cut at any place, or with bytes put in."""
    place = draw(st.integers(0, len(valid) - 1))
    other = bytes([valid[place] ^ draw(st.integers(1, 255))])
    start, end = valid[:place], valid[place + 1 :]
    put_in = draw(st.binary(min_size=1, max_size=9))
    return draw(st.sampled_from((start, start + other + end, start + put_in + valid[place:], start + end)))


def any_bytes(valid: bytes) -> st.SearchStrategy[bytes]:
    """Return random bytes, and spoilt forms of ``valid``."""
    return st.binary(max_size=300) | spoilt(valid)
