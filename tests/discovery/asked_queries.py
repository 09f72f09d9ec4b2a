"""Queries that a simulator is asked, and what a discovery makes of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from tap_netsuite_tba.connection import Connection
from tap_netsuite_tba.discovery.queries import readable_query
from tap_netsuite_tba.errors import Unreadable
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.simulator import Simulator
from tap_netsuite_tba.tables import Table
from tests.tap_process import configuration


@dataclass
class Asked:
    """A simulator, and the queries that it was asked."""

    fetch_: Fetch
    texts: list[str] = field(default_factory=list)

    def fetch(self, query: Query) -> Page:
        self.texts.append(query.text)
        return self.fetch_(query)

    def found(self, query: OwnQuery, earlier: Table | None = None) -> Table:
        """What is found of a query; `texts` has what was asked for that."""
        self.texts.clear()
        return readable_query(query, self.fetch, earlier)


@contextmanager
def asking(account: Simulator) -> Iterator[Asked]:
    connection = Connection(read_settings(configuration(account)))
    try:
        yield Asked(connection.fetch_patiently)
    finally:
        connection.close()


def refusal(asked: Asked, query: OwnQuery) -> str:
    """Why a query is left out."""
    with pytest.raises(Unreadable) as caught:
        asked.found(query)
    return str(caught.value)
