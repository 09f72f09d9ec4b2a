"""What a row costs in processor time from its page to stdout, against a loop written by hand.

There is no network: pages are there at once. Loops and tap take turns in one process. The bare loop
only decodes and encodes, and the goals are meant against it; the mending loop writes the very rows
that the tap writes.
"""

import contextlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median
from types import MethodType, SimpleNamespace
from typing import Any, TypedDict

import msgspec
from singer_sdk import Stream

from benchmarks.canned import NOW, Canned
from benchmarks.command import print_goal, print_table, told
from tap_netsuite_tba.discovery.found import Discovery, Readable
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Page, Query
from tap_netsuite_tba.tables import ColumnType, Table
from tap_netsuite_tba.tap import TapNetSuite
from tests.tap_process import signals_kept

Row = dict[str, Any]
Write = Callable[[bytes], object]


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rows: Rows of a run.
        pairs: How often loops and tap take turns.
    """

    rows: int
    pairs: int


SIZES: Mapping[str, Size] = {
    "tiny": Size(rows=1_500, pairs=1),
    "quick": Size(rows=15_000, pairs=5),
    "full": Size(rows=100_000, pairs=9),
}


@dataclass(frozen=True)
class Case:
    """A table, and what is done to its rows.

    Attributes:
        columns: How many it has.
        goal: The tap is to cost at most so many times what the bare loop does; None where its cost
            is only stated.
        maps: The setting `stream_maps`.
        is_public: Whether `_write_record_message` is the SDK's again, the one private method of it
            that the tap overrides for the sake of rows.
    """

    name: str
    columns: int
    goal: float | None = None
    maps: Mapping[str, Any] | None = None
    is_public: bool = False


CASES = (
    Case("60 columns", 60, goal=2.0),
    Case("25 columns", 25),
    Case("60 columns, a stream map", 60, maps={"transaction": {"origin": "'netsuite'"}}),
    Case("60 columns, the SDK's `_write_record_message`", 60, goal=3.5, is_public=True),
)


@dataclass(frozen=True)
class Measured:
    """What a case costs, seconds of processor time a row, a figure for each turn.

    Attributes:
        wire: Bytes of a row.
        bare: A loop that decodes and encodes, and no more.
        loop: One that writes the very rows that the tap writes.
        tap: The tap.
    """

    case: Case
    wire: float
    bare: Sequence[float]
    loop: Sequence[float]
    tap: Sequence[float]

    @property
    def to_bare(self) -> list[float]:
        """The tap to the bare loop, turn by turn."""
        return [tap / bare for tap, bare in zip(self.tap, self.bare, strict=True)]

    @property
    def to_loop(self) -> list[float]:
        """The tap to the mending loop, turn by turn."""
        return [tap / loop for tap, loop in zip(self.tap, self.loop, strict=True)]


def main() -> None:
    """Measure, and print a table."""
    size = SIZES[told(__doc__, SIZES).size]
    measured = [measure(case, size) for case in CASES]
    first = measured[0]
    print(
        f"**{median(first.to_bare):.2f} times** the bare loop at {first.case.name} "
        f"({min(first.to_bare):.2f} to {max(first.to_bare):.2f}); {size.rows:,} rows, "
        f"{size.pairs} turns; medians of µs of processor time a row.\n"
    )
    for one in measured:
        if one.case.goal:
            print_goal(
                f"{one.case.name}: {one.case.goal} times the bare loop at most",
                is_reached=median(one.to_bare) <= one.case.goal,
            )
    head = ["", "bytes", "bare loop", "mending loop", "tap", "rows a second"]
    print_table([*head, "tap : bare loop", "tap : mending loop"], map(_cells, measured))


def _cells(one: Measured) -> list[object]:
    micros = [f"{median(each) * 1e6:.1f}" for each in (one.bare, one.loop, one.tap)]
    speed = f"{1 / median(one.tap):,.0f}"
    ratios = [f"{median(each):.2f}" for each in (one.to_bare, one.to_loop)]
    return [one.case.name, f"{one.wire:.0f}", *micros, speed, *ratios]


def measure(case: Case, size: Size) -> Measured:
    """What a case costs; loops and tap take turns."""
    account = Canned(case.columns, size.rows)
    bare, loop = Loop(account, mends=False), Loop(account, mends=True)
    with _quiet(), open(os.devnull, "w", encoding="utf-8") as out:  # noqa: PTH123 - no path
        runs: list[Callable[[], object]] = [
            lambda: bare.run(out.buffer.write),
            lambda: loop.run(out.buffer.write),
            lambda: run_tap(account, case),
        ]
        with contextlib.redirect_stdout(out):
            turns = [[_seconds(run) / size.rows for run in runs] for _ in range(size.pairs + 1)]
    # The first turn fills caches.
    return Measured(case, account.bytes_a_row, *zip(*turns[1:], strict=True))


class Tap(TapNetSuite):
    """The tap on an account of one table, whose pages are there at once."""

    account: Canned
    case: Case

    @cached_property
    def connection(self) -> Any:  # noqa: ANN401 - what the tap uses of a connection
        """The way to the account."""
        return SimpleNamespace(fetch=self._fetch, identity=None, close=lambda: None)

    def discover_streams(self) -> Sequence[Stream]:
        """The stream of the table."""
        streams = super().discover_streams()
        if self.case.is_public:
            for stream in streams:
                own = MethodType(Stream._write_record_message, stream)  # noqa: SLF001 - the SDK's
                vars(stream)["_write_record_message"] = own
        return streams

    def _found(self) -> Discovery:
        return Discovery((Readable(self.account.table),))

    def _fetch(self, query: Query) -> Page:
        found = self.account.answer(query.text, query.limit)
        has_more = found.total > found.count
        return Page(found.items, found.count, has_more, found.total, asked_at=NOW)


def run_tap(account: Canned, case: Case) -> None:
    """One run of the tap over all rows of an account, to stdout."""
    kind = type("Tap", (Tap,), {"account": account, "case": case})
    with signals_kept():
        kind(config={"demo": True, **({"stream_maps": case.maps} if case.maps else {})}).sync()


class Loop:
    """The rows of an account, decoded and encoded by hand.

    Attributes:
        mends: Whether it fills in nulls, makes booleans and lists, and so writes what the tap does.
    """

    def __init__(self, account: Canned, *, mends: bool) -> None:
        self.mends = mends
        self._account = account
        columns = account.table.columns
        self._nulls: Row = dict.fromkeys(column.name for column in columns)
        self._booleans = [c.name for c in columns if c.type is ColumnType.BOOLEAN]
        self._lists = [c.name for c in columns if c.type is ColumnType.MULTISELECT]
        self._decode: Callable[[bytes], list[Row]] = _typed(account.table)
        self._encode = msgspec.json.Encoder(decimal_format="number").encode_lines

    def run(self, write: Write) -> None:
        """Decodes and encodes all rows, a page at a time."""
        message = {"type": "RECORD", "stream": self._account.table.name}
        for first in range(1, self._account.rows + 1, PAGE_ROWS):
            ids = range(first, min(first + PAGE_ROWS, self._account.rows + 1))
            rows = self._decode(self._account.page(ids))
            if self.mends:
                rows = self._mended(rows)
            write(self._encode([message | {"record": row, "time_extracted": NOW} for row in rows]))

    def _mended(self, rows: list[Row]) -> list[Row]:
        rows = [self._nulls | row for row in rows]
        for name in self._booleans:
            for row in rows:
                if row[name] is not None:
                    row[name] = row[name] == "T"
        for name in self._lists:
            for row in rows:
                if row[name] is not None:
                    row[name] = [int(part) for part in row[name].split(", ")]
        return rows


def _typed(table: Table) -> Callable[[bytes], list[Row]]:
    """Decodes a page into dictionaries of numbers and texts, which are not looked at."""
    types: Mapping[ColumnType, type] = {ColumnType.INTEGER: int, ColumnType.DECIMAL: Decimal}
    fields = {column.name: types.get(column.type, str) for column in table.columns}
    row = TypedDict("row", fields, total=False)  # type: ignore[misc]
    rows: Any = list[row]
    decode: Callable[[bytes], list[Row]] = msgspec.json.Decoder(rows, strict=False).decode
    return decode


def _seconds(run: Callable[[], object]) -> float:
    """Processor time of a run, of all its threads."""
    began = time.process_time()
    run()
    return time.process_time() - began


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


if __name__ == "__main__":
    main()
