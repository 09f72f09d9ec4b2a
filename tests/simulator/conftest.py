"""Accounts with small tables."""

from collections.abc import Iterator

import pytest

from tap_netsuite_tba.simulator import Simulator

TABLES = """
    CREATE TABLE transaction (
        id BIGINT, tranid VARCHAR, entity BIGINT, trandate DATE, lastmodifieddate TIMESTAMP,
        foreigntotal DECIMAL(18, 2), memo VARCHAR, posting VARCHAR
    );
    INSERT INTO transaction
    SELECT i, 'INV' || i, i % 10, DATE '2026-01-01' + CAST(i AS INTEGER),
           TIMESTAMP '2026-01-02 03:04:05' + to_hours(CAST(i AS INTEGER)),
           i * 1.5 - 10, CASE WHEN i % 3 = 0 THEN 'say "hi"' END, 'T'
    FROM range(1, 3001) AS r(i);
    CREATE TABLE transactionline (uniquekey BIGINT, transaction BIGINT, quantity DECIMAL(18, 5));
    INSERT INTO transactionline
    SELECT i, 1 + i % 3000, i / 8 FROM range(1, 6001) AS r(i);
    CREATE TABLE subsidiary (id BIGINT, name VARCHAR);
    INSERT INTO subsidiary VALUES (1, 'North'), (2, 'South');
"""


@pytest.fixture(scope="session")
def shared() -> Iterator[Simulator]:
    """An account that no test changes."""
    with Simulator(company=False) as account:
        account.sql(TABLES)
        yield account


@pytest.fixture
def account() -> Iterator[Simulator]:
    """An account of a test's own."""
    with Simulator(company=False) as own:
        own.sql(TABLES)
        yield own
