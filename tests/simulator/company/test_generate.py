from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import duckdb
import pytest

from tap_netsuite_tba.simulator.company import Company, build

BORN = datetime(2026, 1, 7, 10, tzinfo=UTC)


def rows_of(company: Company) -> int:
    with duckdb.connect() as connection:
        build(connection, company)
        [(digest,)] = connection.execute(
            "SELECT sum(hash(row)::HUGEINT) FROM (FROM transaction) AS row",
        ).fetchall()
    return int(digest)


def test_equal_companies_have_equal_rows_and_others_do_not() -> None:
    company = Company(transactions=500, seed=3, born=BORN)
    same_instant = BORN.astimezone(timezone(timedelta(hours=-8)))

    first = rows_of(company)

    assert rows_of(replace(company, born=same_instant)) == first
    assert rows_of(replace(company, seed=4)) != first
    assert rows_of(replace(company, transactions=501)) != first
    assert rows_of(replace(company, born=BORN + timedelta(seconds=1))) != first


@pytest.mark.parametrize(("transactions", "types"), [(100, 9), (1_000, 18)])
def test_a_small_company_is_one_too(transactions: int, types: int) -> None:
    with duckdb.connect() as connection:
        build(connection, Company(transactions=transactions, born=BORN))
        counts = connection.execute("SELECT count(*), count(DISTINCT type) FROM transaction")
        [(rows, found)] = counts.fetchall()

        assert rows == transactions
        assert found >= types


def test_the_default_company_has_a_hundred_thousand_lines() -> None:
    with duckdb.connect() as connection:
        build(connection, Company(born=BORN))
        lines = connection.execute("SELECT count(*) FROM transactionline").fetchall()

        assert lines[0][0] >= 100_000


def test_a_company_is_built_once(company: Company) -> None:
    with duckdb.connect() as connection:
        build(connection, company)
        with pytest.raises(duckdb.CatalogException, match="already exists"):
            build(connection, company)


def test_a_birth_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Company(born=BORN.replace(tzinfo=None))


def test_a_birth_within_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        Company(born=BORN.replace(microsecond=1))


@pytest.mark.parametrize("transactions", [0, 99, 1_000_001])
def test_a_size_out_of_bounds_is_refused(transactions: int) -> None:
    with pytest.raises(ValueError, match="100 to 1,000,000"):
        Company(transactions=transactions, born=BORN)
