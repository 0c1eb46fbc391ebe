"""Serial numbers: each given once, in order, per series and year."""

from common.store.engine import Tx
from common.store.tables import SerialCounter


async def next_serial(tx: Tx, year: int, series: str = "receipt") -> int:
    """Return the next serial of the series in that year, from 1; it is used up when the transaction ends."""
    return await _add(tx, year, series, 1)


async def skip(tx: Tx, year: int, gap: int, series: str = "receipt") -> int:
    """Leave ``gap`` serials unused (after a restore) and return the last one left out."""
    return await _add(tx, year, series, gap)


async def raise_to(tx: Tx, year: int, serial: int, series: str = "receipt") -> None:
    """Never again give ``serial`` or a smaller one."""
    last = await last_serial(tx, year, series)
    if last < serial:
        await _add(tx, year, series, serial - last)


async def last_serial(tx: Tx, year: int, series: str = "receipt") -> int:
    """Return the last serial given, 0 if none was."""
    query = SerialCounter.filter(series=series, year=year).using_db(tx.client)
    rows = await query.values_list("last_serial", flat=True)
    return int(rows[0]) if rows else 0  # type: ignore[call-overload]


async def _add(tx: Tx, year: int, series: str, step: int) -> int:
    query = (
        "INSERT INTO serial_counter (series, year, last_serial) VALUES (?, ?, ?) ON CONFLICT (series, year) "
        "DO UPDATE SET last_serial = serial_counter.last_serial + excluded.last_serial RETURNING last_serial"
    )
    rows = await tx.client.execute_query_dict(tx.dialect.placed(query), [series, year, step])
    return int(rows[0]["last_serial"])
