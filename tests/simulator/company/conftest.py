from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

import duckdb
import pytest

from tap_netsuite_tba.simulator.company import Company, build

Rows = list[tuple[Any, ...]]


class Ask(Protocol):
    """A query; names in braces are put in, such as ``{table}``."""

    def __call__(self, sql: str, **names: str) -> Rows: ...


def asking(connection: duckdb.DuckDBPyConnection) -> Ask:
    def ask(sql: str, **names: str) -> Rows:
        return connection.execute(sql.format(**names)).fetchall()

    return ask


@pytest.fixture(scope="session")
def company() -> Company:
    # A Wednesday: the week of the birth is not a whole one.
    return Company(transactions=2_000, seed=7, born=datetime(2026, 1, 7, 10, tzinfo=UTC))


@pytest.fixture(scope="session")
def ask(company: Company) -> Iterator[Ask]:
    """A query of the company as it was born; nobody changes it."""
    with duckdb.connect() as connection:
        build(connection, company)
        yield asking(connection)
