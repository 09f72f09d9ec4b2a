"""Reads the sales orders of an account as documents, over HTTP, in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.documents import DocumentChunk, Unread
from tap_netsuite_tba.extraction.passes import Means, Pass, pass_steps
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.account import Account, Credentials
from tap_netsuite_tba.netsuite.client import Client, connect
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.netsuite.records import RecordService
from tap_netsuite_tba.netsuite.sessions import SessionPool
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Column, ColumnType, Table

TYPE = "salesorder"
IDS = Table(
    name=f"record_{TYPE}",
    key=("id",),
    columns=(
        Column("id", ColumnType.INTEGER),
        Column("lastmodifieddate", ColumnType.DATETIME),
    ),
    cursor="lastmodifieddate",
    source="transaction",
    only=(("recordtype", TYPE),),
)


@dataclass
class Read:
    """What was read.

    Attributes:
        documents: Each document of an id that came.
        unread: What could not be read.
        current: The pass as it stands.
    """

    documents: dict[int, list[Document]] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    current: Pass = field(default_factory=lambda: Pass(None))

    def take(self, chunk: DocumentChunk, current: Pass) -> None:
        for key, document in chunk.documents:
            self.documents.setdefault(key, []).append(document)
        self.unread += chunk.unread
        self.current = current

    @property
    def once(self) -> dict[int, Any]:
        """The documents as people compare them, each of which came once."""
        assert {len(documents) for documents in self.documents.values()} <= {1}
        return {key: without_links(document) for key, [document] in self.documents.items()}


def chunks(client: Client, begun: Pass | None = None) -> Iterator[tuple[DocumentChunk, Pass]]:
    """The chunks of a pass over all sales orders, as they come."""
    workers = Workers(7, threads=14)
    read = partial(RecordService(client.get).read, TYPE)
    means = Means(client.fetch, workers, Budget(workers).turn(is_mine=True), read)
    for step in pass_steps(Selection(IDS, IDS.columns), means, begun or Pass(None)):
        if isinstance(step, Waiting):
            step.wait()
        elif isinstance(step[0], DocumentChunk):
            yield step[0], step[1]
    workers.close()


def read_all(client: Client) -> Read:
    read = Read()
    for chunk, current in chunks(client):
        read.take(chunk, current)
    return read


@contextmanager
def client_of(account: Simulator, retry_timeout: float = 60) -> Iterator[Client]:
    given = account.credentials
    client = connect(
        Account.parse(given.account_id, account.base_url),
        Credentials(given.consumer_key, given.consumer_secret, given.token_id, given.token_secret),
        sessions=SessionPool(5),
        retry_timeout=retry_timeout,
        user_agent="tap-netsuite-tba/test",
    )
    yield client
    client.close()


def ids(account: Simulator) -> list[int]:
    text = "SELECT id FROM transaction WHERE recordtype = ? ORDER BY id"
    return [key for (key,) in account.sql(text, [TYPE])]


def truth(account: Simulator) -> dict[int, Any]:
    """All sales orders as they are, as people compare them."""
    return {key: without_links(account.records.document(TYPE, key)) for key in ids(account)}


def without_links(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        return {name: without_links(each) for name, each in value.items() if name != "links"}
    return [without_links(each) for each in value] if isinstance(value, list) else value
