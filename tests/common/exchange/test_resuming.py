"""A picture goes on at the chunk after any cut, and counts as held only when it is what its entry names."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from common.casework import attachments
from common.domain.application import FileRef
from common.exchange import landing
from common.exchange.exchange import Exchange
from common.journal.attachment import sealed_length
from common.sync.limits import CHUNK
from common.sync.listed import Offer, ParcelKind
from tests.builders.county import Box, county
from tests.common.exchange.test_parcels import picture, take_in_with_picture

SIZE = 10 * CHUNK - 1000
SEALED = sealed_length(SIZE)
Sent = Counter[int]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """How often each chunk of an attachment was put on a line."""
    counted: Sent = Counter()
    real = landing.chunk_to_send

    async def counting(exchange: Exchange, offer: Offer, index: int) -> bytes:
        if offer.kind is ParcelKind.ATTACHMENT:
            counted[index] += 1
        return await real(exchange, offer, index)

    monkeypatch.setattr(landing, "chunk_to_send", counting)
    return counted


def landed(box: Box, file: FileRef) -> int:
    """Whole chunks that are here of a picture on its way."""
    return box.exchange.files.chunks(bytes.fromhex(file.parcel))


@pytest.mark.parametrize(
    "cuts",
    [
        [20_000, 40_000, 60_000, 90_000],
        [CHUNK + at for at in (-1, 0, 1, 400, 9_000)],
        [2 * CHUNK + 13_000 + at for at in range(-40, 41, 20)],
        [100_000] * 8,
        [SEALED - 1, CHUNK // 2],
        [SEALED + at for at in (-30_000, 5_000, 9_000, 12_000)],
    ],
    ids=str,
)
async def test_a_cut_costs_at_most_the_chunk_it_fell_in(
    tmp_path: Path, sent: Sent, cuts: Sequence[int]
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        _, named = await take_in_with_picture(land.village, SIZE)
        file: FileRef = named  # type: ignore[assignment]
        for cut in cuts:
            before, so_far = landed(land.township, file), sent.total()
            one, _ = await land.meet(land.village, land.township, dies_after=cut)
            gained = landed(land.township, file) - before
            if not one.finished and not land.township.exchange.files.has(bytes.fromhex(file.parcel)):
                assert sent.total() - so_far <= gained + 1, (
                    "what was sent landed, but for the chunk cut in two"
                )
        one, _ = await land.meet(land.village, land.township)
        assert one.finished
        chunks = -(-SEALED // CHUNK)
        assert set(sent) == set(range(chunks))
        again = sum((times - 1) * CHUNK for times in sent.values())
        assert again <= len(cuts) * CHUNK
        assert await attachments.read_file(land.township.desk, file) == picture(SIZE)


async def test_a_half_that_was_spoilt_on_the_disk_is_thrown_away_and_taken_anew(
    tmp_path: Path, sent: Sent
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        _, named = await take_in_with_picture(land.village, SIZE)
        file: FileRef = named  # type: ignore[assignment]
        await land.meet(land.village, land.township, dies_after=5 * CHUNK)
        assert 1 <= landed(land.township, file) < 10
        (half,) = (tmp_path / str(land.township.node)).rglob(f"{file.parcel}.part")
        spoilt = bytearray(half.read_bytes())
        spoilt[7] ^= 1
        half.write_bytes(spoilt)
        await land.meet(land.village, land.township)
        whole = bytes.fromhex(file.parcel)
        assert not land.township.exchange.files.has(whole)
        await land.meet(land.village, land.township)
        assert land.township.exchange.files.has(whole)
        assert sent[0] == 2
        assert await attachments.read_file(land.township.desk, file) == picture(SIZE)
