"""Some queries as streams, and what a run of them asks and emits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tap_netsuite_tba.simulator import Served, Simulator
from tests.tap_process import configuration

TOTALS = {
    "name": "totals",
    "query": (
        "SELECT l.transaction AS id, COUNT(*) AS n, SUM(l.foreignamount) AS amount "
        "FROM transactionline l GROUP BY l.transaction ORDER BY 2 DESC; -- most lines first"
    ),
    "primary_keys": ["id"],
}
ORDERS = {
    "name": "orders",
    "query": (
        "SELECT t.id, t.tranid, t.lastmodifieddate AS changed, BUILTIN.DF(t.entity) AS customer "
        "FROM transaction t WHERE t.type = 'SalesOrd'"
    ),
    "primary_keys": ["id"],
    "replication_key": "changed",
}
KINDS = {
    "name": "kinds",
    "query": (
        "SELECT t.type AS kind, t.status, COUNT(*) AS n FROM transaction t "
        "GROUP BY t.type, t.status"
    ),
}


def settings(account: Simulator, *queries: dict[str, Any], **others: object) -> dict[str, Any]:
    return configuration(account, **{"tables": [], "queries": list(queries), **others})


@contextmanager
def asked(account: Simulator) -> Iterator[list[str]]:
    """The queries that arrive meanwhile."""
    texts: list[str] = []

    def watch(served: Served) -> None:
        if served.request.query:
            texts.append(served.request.query)

    account.watchers.append(watch)
    try:
        yield texts
    finally:
        account.watchers.remove(watch)


def records(messages: list[dict[str, Any]], stream: str) -> list[dict[str, Any]]:
    return [
        message["record"]
        for message in messages
        if (message["type"], message.get("stream")) == ("RECORD", stream)
    ]


def only(catalog: dict[str, Any], *streams: str) -> dict[str, Any]:
    return {
        "streams": [
            entry | {"metadata": [dict(each) for each in entry["metadata"]]}
            for entry in catalog["streams"]
            if entry["tap_stream_id"] in streams
        ]
    }
