"""Tables in memory that are read one after another, each with those behind it ahead."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.passes import Means, Pass, Steps, pass_steps
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import KeyValue

from .account import BEGIN, TABLE, MemoryAccount, of_many_columns

LONG = 30.0


@dataclass
class Night:
    """Some tables in memory, read one after another.

    Attributes:
        held: Tables whose first page is not given before `release` is called.
        errors: What the first page of a table meets instead.
        asked: The tables of all queries, in the order of their arrival.
    """

    sizes: dict[str, int]
    workers: Workers = field(default_factory=lambda: Workers(4))
    held: set[str] = field(default_factory=set)
    errors: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cursor: str | None = TABLE.cursor
    _released: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        table = replace(of_many_columns(TABLE, 3), cursor=self.cursor)
        self.accounts = {
            name: MemoryAccount(replace(table, name=name), {(key,): BEGIN for key in range(size)})
            for name, size in self.sizes.items()
        }
        self.ahead = ReadAhead(self.workers)
        self.ahead.expect([(name, self.begin(name)) for name in self.sizes])

    def begin(self, name: str) -> Callable[[Turn], Steps]:
        table = self.accounts[name].table
        selection = Selection(table, table.columns)
        return lambda turn: pass_steps(selection, Means(self.fetch, self.workers, turn), Pass(None))

    def fetch(self, query: Query) -> Page:
        assert query.table
        with self._arrived:
            is_held = self.is_held(query)
            self.asked.append(query.table)
            self._arrived.notify_all()
        if is_held:
            assert self._released.wait(LONG)
        if query.table in self.errors:
            raise self.errors[query.table]
        return self.accounts[query.table].fetch(query)

    def is_held(self, query: Query) -> bool:
        """Whether a query is not answered before `release` is called."""
        return query.table in self.held and query.table not in self.asked

    def release(self) -> None:
        self._released.set()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._arrived:
            assert self._arrived.wait_for(condition, LONG)

    def keys(self, name: str) -> list[KeyValue]:
        """Reads a stream at its turn."""
        found: list[KeyValue] = []
        for read in self.ahead.read(name, self.begin(name)):
            if read and read[0]:
                found += read[0].keys
        return found
