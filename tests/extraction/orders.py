"""Records in memory: their ids as rows of a table, and their documents."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.documents import DocumentChunk
from tap_netsuite_tba.extraction.passes import Means, Pass, pass_steps
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Document, Fetch

from .account import BEGIN, TABLE, MemoryAccount

ORDERS = replace(
    TABLE,
    name="record_salesorder",
    columns=tuple(column for column in TABLE.columns if column.name != "memo"),
)


@dataclass
class Orders:
    """Sales orders with the ids 0, 1, 2, … and a document each.

    Attributes:
        before: What happens before a document is given; it may raise.
        asked: The ids of the documents that were asked for, in the order of their arrival.
    """

    count: int
    before: Callable[[int], object] = lambda _key: None
    workers: Workers = field(default_factory=lambda: Workers(4))
    document: Callable[[int], Document] = lambda key: {"id": str(key)}
    asked: list[int] = field(default_factory=list)
    _noting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.account = MemoryAccount(ORDERS, {(key,): BEGIN for key in range(self.count)})
        self.fetch: Fetch = self.account.fetch

    def read(self, key: int) -> Document:
        with self._noting:
            self.asked.append(key)
        self.before(key)
        return self.document(key)

    def means(self) -> Means:
        turn = Budget(self.workers).turn(is_mine=True)
        return Means(self.fetch, self.workers, turn, self.read)

    def reading(self, begun: Pass | None = None) -> Iterator[tuple[DocumentChunk, Pass]]:
        """The chunks of a pass with documents, and the pass once each is out."""
        selection = Selection(self.account.table, self.account.table.columns)
        for step in pass_steps(selection, self.means(), begun or Pass(None)):
            if isinstance(step, Waiting):
                step.wait()
            elif isinstance(step[0], DocumentChunk):
                yield step[0], step[1]

    def chunks(self) -> list[DocumentChunk]:
        return [chunk for chunk, _ in self.reading()]


def ids_of(chunks: list[DocumentChunk]) -> list[int]:
    """The ids of the documents of chunks, whose documents are the right ones."""
    for chunk in chunks:
        assert all(document["id"] == str(key) for key, document in chunk.documents)
        keys = [key for key, _ in chunk.documents] + [each.key for each in chunk.unread]
        assert sorted(keys) == [key for (key,) in chunk.keys]
        assert [row["id"] for row in chunk.rows] == [key for (key,) in chunk.keys]
    return [key for chunk in chunks for key, _ in chunk.documents]
