"""The company stays believable at every size."""

import multiprocessing
import resource
from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from tap_netsuite_tba.simulator.company import Company, build
from tests.simulator.company.conftest import Ask, asking

BORN = datetime(2026, 1, 7, 10, tzinfo=UTC)
LONG = pytest.mark.long
TWO_GIB = 2 * 1024 * 1024


@pytest.fixture(
    name="of_size",
    scope="module",
    params=[1_000, 10_000, pytest.param(100_000, marks=LONG), pytest.param(1_000_000, marks=LONG)],
)
def _of_size(request: pytest.FixtureRequest) -> Iterator[Ask]:
    with duckdb.connect() as connection:
        build(connection, Company(BORN, request.param, seed=5))
        yield asking(connection)


def test_lines_and_postings_balance(of_size: Ask) -> None:
    unbalanced = """
        SELECT transaction FROM transactionline GROUP BY 1
        HAVING sum(foreignamount) <> 0 OR sum(netamount) <> 0
        UNION ALL
        SELECT transaction FROM transactionaccountingline GROUP BY transaction, accountingbook
        HAVING sum(amount) <> 0
    """
    assert of_size(unbalanced) == []


def test_ids_are_dense_then_jump_by_millions_then_are_sparse(of_size: Ask) -> None:
    steps = """
        WITH step AS (
            SELECT id - lag(id) OVER (ORDER BY id) AS step,
                   percent_rank() OVER (ORDER BY id) AS rank
            FROM transaction
        )
        SELECT max(step) FILTER (rank < 0.69) = 2, count(*) FILTER (step > 1000000) = 1,
               max(step) > 4000000, avg(step) FILTER (rank > 0.71) BETWEEN 18 AND 20
        FROM step
    """
    assert of_size(steps) == [(True, True, True, True)]


def test_there_are_fifteen_types_and_more_with_letters_of_their_own(of_size: Ask) -> None:
    types = """
        SELECT count(DISTINCT type) >= 15,
               count(*) FILTER (s.id IS NULL), count(*) FILTER (status IS NULL)
        FROM transaction AS t
        LEFT JOIN transactionstatus AS s ON s.id = t.status AND s.trantype = t.type
    """
    assert of_size(types) == [(True, 0, 0)]


@pytest.mark.parametrize("table", ["customer", "vendor", "employee", "item"])
def test_some_are_inactive_and_most_are_not(of_size: Ask, table: str) -> None:
    counted = "SELECT count(*) FILTER (isinactive = 'T') / count(*) FROM {table}"
    [(share,)] = of_size(counted, table=table)

    assert 0.02 < share < 0.2


def test_one_customer_buys_a_third(of_size: Ask) -> None:
    first, second = (
        share
        for (share,) in of_size("""
            SELECT count(*) / sum(count(*)) OVER () FROM transaction
            WHERE type = 'SalesOrd' GROUP BY entity ORDER BY 1 DESC LIMIT 2
        """)
    )
    assert 0.3 < first < 0.5
    assert second < 0.2


def test_modification_dates_tie(of_size: Ask) -> None:
    ties = """
        SELECT count(*) > (SELECT count(*) FROM transaction) / 40 FROM transaction
        GROUP BY lastmodifieddate ORDER BY count(*) DESC LIMIT 3
    """
    assert of_size(ties) == [(True,)] * 3


def test_nothing_is_posted_into_a_closed_period(of_size: Ask) -> None:
    posted = """
        SELECT count(*) > 500, count(*) FILTER (createddate::DATE > closedondate)
        FROM transaction JOIN accountingperiod AS p ON p.id = postingperiod WHERE closed = 'T'
    """
    assert of_size(posted) == [(True, 0)]


def test_values_are_missing_where_they_are_in_life(of_size: Ask) -> None:
    shares = """
        SELECT (SELECT count(memo) / count(*) BETWEEN 0.2 AND 0.6 FROM transaction),
               (SELECT count(externalid) / count(*) BETWEEN 0.01 AND 0.2 FROM transaction),
               (SELECT count(email) / count(*) BETWEEN 0.4 AND 0.9 FROM customer),
               (SELECT bool_and((lastmodifieddate IS NULL) = (linelastmodifieddate < '2023-02-01'))
                FROM transactionaccountingline AS a JOIN transactionline AS l
                     ON l.transaction = a.transaction AND l.id = a.transactionline)
    """
    assert of_size(shares) == [(True, True, True, True)]


def test_keys_are_unique(of_size: Ask) -> None:
    for table, key in (
        ("transaction", "id"),
        ("transactionline", "uniquekey"),
        ("transactionaccountingline", "(transaction, transactionline, accountingbook)"),
        ("entity", "id"),
        ("item", "id"),
    ):
        [(count, keys)] = of_size(
            "SELECT count(*), count(DISTINCT {key}) FROM {table}", table=table, key=key
        )
        assert count == keys


def build_and_weigh(transactions: int) -> int:
    """Return the largest KiB that a process weighs in which a company is built."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        build(connection, Company(BORN, transactions))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.long
def test_a_million_transactions_fit_in_two_gibibytes() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as other:
        assert other.apply(build_and_weigh, (1_000_000,)) < TWO_GIB
